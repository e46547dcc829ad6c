/** Lists of buttons that are one stop of the Tab key: up and down move the focus among them. */
import type { KeyboardEvent } from 'react';

export function rove(event: KeyboardEvent<HTMLElement>): void {
  const row = event.currentTarget.closest('li');
  const next = event.key === 'ArrowDown' ? row?.nextElementSibling : event.key === 'ArrowUp' ? row?.previousElementSibling : null;
  const button = next?.querySelector('button');
  if (button === null || button === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  button.focus();
}

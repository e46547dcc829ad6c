/** The page's keys. A key that the focused element needs for itself is left to it. */
import { chooseTab } from '../panels/Tabs.tsx';
import { changeSpeed, refresh, step, storyStep, togglePlay } from '../run/controller.ts';
import { getState, update } from '../store/store.ts';

export function listenToKeys(): () => void {
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape') {
      update((draft) => {
        draft.isHelpOpen = false;
        draft.menu = null;
      });
      return;
    }
    if (isTaken(event)) return;
    const done = press(event.key, event.shiftKey);
    if (done) event.preventDefault();
  };
  document.addEventListener('keydown', onKeyDown);
  return () => document.removeEventListener('keydown', onKeyDown);
}

/** Text fields need every key, sliders the arrows, buttons the space bar. */
function isTaken({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest('[role=menu]') !== null) return true;
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  if (target instanceof HTMLInputElement) {
    if (target.type === 'range') return key.startsWith('Arrow');
    return target.type === 'checkbox' ? key === ' ' : true;
  }
  return key === ' ' && target.closest('button, summary, a, [role=treeitem]') !== null;
}

function press(key: string, isShifted: boolean): boolean {
  const { selected, stage } = getState();
  switch (key) {
    case ' ':
      togglePlay();
      return true;
    case 'ArrowRight':
    case 'ArrowLeft':
      step(key === 'ArrowRight' ? 1 : -1, isShifted ? selected : -1);
      return true;
    case 'n':
    case 'p':
      storyStep(key === 'n' ? 1 : -1);
      return true;
    case '[':
    case ']':
      changeSpeed(key === ']' ? 1 : -1);
      return true;
    case 'c':
      chooseTab('console');
      requestAnimationFrame(focusConsole);
      return true;
    case '?':
      update((draft) => void (draft.isHelpOpen = !draft.isHelpOpen));
      return true;
    default: {
      const server = /^[1-9]$/.test(key) ? stage.servers[Number(key) - 1] : undefined;
      if (server === undefined) return false;
      update((draft) => void (draft.selected = server.node));
      document.getElementById(`node-${server.node}`)?.focus();
      refresh();
      return true;
    }
  }
}

/** As soon as it is there: the panel comes with its first use. */
function focusConsole(): void {
  const input = document.querySelector<HTMLElement>('.console input');
  if (input !== null) input.focus();
  else if (getState().tab === 'console') requestAnimationFrame(focusConsole);
}

/** Light, dark, or as the system has it; remembered by the browser where it may. */
import type { Theme } from '../store/state.ts';
import { getState, update } from '../store/store.ts';

const KEY = 'zablab-theme';

export function readTheme(): void {
  let kept: string | null = null;
  try {
    kept = localStorage.getItem(KEY);
  } catch {
    // Storage is switched off: the system's choice holds.
  }
  setTheme(kept === 'light' || kept === 'dark' ? kept : 'system');
}

export function nextTheme(): void {
  const isDark = matchMedia('(prefers-color-scheme: dark)').matches;
  const order: readonly Theme[] = isDark ? ['system', 'light', 'dark'] : ['system', 'dark', 'light'];
  const next = order[(order.indexOf(getState().theme) + 1) % order.length] ?? 'system';
  setTheme(next);
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // As above: it lasts as long as the page.
  }
}

function setTheme(theme: Theme): void {
  update((draft) => void (draft.theme = theme));
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}

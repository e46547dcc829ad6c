/** The one store of the page. */
import { produce, setAutoFreeze, type Draft } from 'immer';
import { useSyncExternalStore } from 'react';
import { INITIAL, type State } from './state.ts';

// Pictures come from the worker sixty times a second and nobody writes to them: freezing each would cost more than drawing it.
setAutoFreeze(false);

let state: State = INITIAL;
const listeners = new Set<() => void>();

export function getState(): State {
  return state;
}

export function update(recipe: (draft: Draft<State>) => void): void {
  const next = produce(state, recipe);
  if (next === state) return;
  state = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** `select` returns a part of the state, not something made of it. */
export function useStore<T>(select: (state: State) => T): T {
  return useSyncExternalStore(subscribe, () => select(state));
}

import type { Mutation } from './mutation.ts';

/** Whoever is woken because the node before its own has gone takes the lock, or leads, without a look at the line: the one before may only have given up waiting. */
export const leadWhenWoken = {
  id: 'lead-when-woken',
  slug: 'lead-when-woken',
  letter: 'T27',
  issues: [],
  edits: [{ layer: 'client', set: 'looksAgainWhenWoken', to: false }],
  properties: ['I-RECIPE'],
  versions: '',
  difficulty: 1,
} as const satisfies Mutation;

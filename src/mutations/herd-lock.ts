import type { Mutation } from './mutation.ts';

/** Everybody who waits for a lock watches the whole line. No promise of mutual exclusion is broken: each release wakes all, and all but one in vain. */
export const herdLock = {
  id: 'herd-lock',
  slug: 'herd-lock',
  letter: 'T20',
  issues: [],
  edits: [{ layer: 'client', set: 'watchesInLine', to: 'parent' }],
  properties: ['I-RECIPE'],
  versions: '',
  difficulty: 1,
} as const satisfies Mutation;

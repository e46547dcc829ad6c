import type { Mutation } from './mutation.ts';

/** Whoever is done deletes its node of the double barrier and is gone, without waiting for the others. */
export const leaveAtOnce = {
  id: 'leave-at-once',
  slug: 'leave-at-once',
  letter: 'T27-barrier',
  issues: [],
  edits: [{ layer: 'client', set: 'leavesWithOthers', to: false }],
  properties: ['I-RECIPE'],
  versions: '',
  difficulty: 1,
} as const satisfies Mutation;

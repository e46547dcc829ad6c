import type { Mutation } from './mutation.ts';

/** The holder of a lock writes without naming the node by which it holds it: one that has lost the lock with its session, and does not know, writes all the same. */
export const lockWithoutFencing = {
  id: 'lock-without-fencing',
  slug: 'lock-without-fencing',
  letter: 'T21',
  issues: [],
  edits: [{ layer: 'client', set: 'fencesWrites', to: false }],
  properties: ['I-MUTEX'],
  versions: '',
  difficulty: 1,
} as const satisfies Mutation;

import type { Mutation } from './mutation.ts';

/**
 * A leader that has proposed nothing yet took 0 for its last proposal, and an empty server that joined, whose last zxid is 0 as well, for
 * one that has everything. Repaired in 3.4.1.
 */
export const zookeeper1319 = {
  id: 'ZOOKEEPER-1319',
  slug: 'lastproposed-not-initialised',
  letter: 'A19',
  issues: [],
  edits: [
    { layer: 'zab', set: 'initialisesLastProposed', to: false },
    { layer: 'zab', set: 'comparesLearnerWith', to: 'last-proposed' },
  ],
  properties: ['I-CODE', 'I-AGR'],
  versions: '3.4.0',
  difficulty: 1,
} as const satisfies Mutation;

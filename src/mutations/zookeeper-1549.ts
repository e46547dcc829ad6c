import type { Mutation } from './mutation.ts';

/**
 * A server that believes it leads takes a snapshot before anybody has agreed, with whatever its log held. When it is then told to
 * truncate, the log is cut and the newest snapshot is loaded again, the discarded transactions with it; the tree gets the zxid of the
 * cut as its label. So on master.
 */
export const zookeeper1549 = {
  id: 'ZOOKEEPER-1549',
  slug: 'dirty-snapshot-survives-trunc',
  letter: 'B4',
  issues: [2832, 4837],
  edits: [
    { plan: 'leaderLoadPlan', insert: 'snapshot', before: 'end' },
    { layer: 'zab', set: 'truncationSkipsNewerSnapshots', to: false },
  ],
  properties: ['I-AGR'],
  versions: '3.3.0-master',
  difficulty: 3,
} as const satisfies Mutation;

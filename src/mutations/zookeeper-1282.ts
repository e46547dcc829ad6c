import type { Mutation } from './mutation.ts';

/**
 * What was committed between NEWLEADER and UPTODATE went to memory, after the snapshot was taken and without being logged; and the epoch
 * was written at UPTODATE. A crash later lost it from the middle of the log. Repaired in 3.3.4 and 3.4.0.
 */
export const zookeeper1282 = {
  id: 'ZOOKEEPER-1282',
  slug: 'late-epoch-and-unlogged-commits',
  letter: 'A17',
  issues: [1264],
  edits: [
    { layer: 'zab', set: 'logsAfterNewLeader', to: false },
    { plan: 'newLeaderPlan', remove: 'write-current-epoch' },
    { plan: 'upToDatePlan', insert: 'write-current-epoch', before: 'ack' },
  ],
  properties: ['I-LOG'],
  versions: '3.3.0-3.3.3',
  difficulty: 1,
} as const satisfies Mutation;

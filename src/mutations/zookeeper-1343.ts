import type { Mutation } from './mutation.ts';

/**
 * A leader raised the epoch on offer only for a learner that had accepted a greater one. One that had accepted the very same epoch from
 * an earlier leader could not be counted, and no quorum formed. Repaired in 3.4.3.
 */
export const zookeeper1343 = {
  id: 'ZOOKEEPER-1343',
  slug: 'epoch-not-strictly-greater',
  letter: 'C3',
  issues: [],
  edits: [{ layer: 'zab', set: 'raisesEpoch', to: (lastAcceptedEpoch, epoch) => lastAcceptedEpoch > epoch }],
  properties: ['I-LIVE'],
  versions: '3.4.0-3.4.2',
  difficulty: 1,
} as const satisfies Mutation;

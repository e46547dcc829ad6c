import type { Mutation } from './mutation.ts';

/**
 * Before ZOOKEEPER-2678 a learner took a snapshot after every sync, by DIFF as well, and read its database from the disk again in each new
 * role: with a large database an ensemble was a long time without a leader. The snapshot was all that the disk had of the sync, and it was
 * not fsynced. Gen1 of the catalogue; read in the sources of 3.4.9 and 3.5.2.
 */
export const zookeeper2678 = {
  id: 'ZOOKEEPER-2678',
  slug: 'snapshot-after-every-sync',
  letter: 'A22',
  issues: [],
  edits: [
    { layer: 'zab', set: 'needsSnapshotAfter', to: () => true },
    { layer: 'zab', set: 'syncsSnapshotAfterTrunc', to: false },
    { layer: 'zab', set: 'keepsDatabase', to: false },
  ],
  properties: ['I-LOSS'],
  versions: '3.4.0-3.4.9, 3.5.0-3.5.2',
  difficulty: 3,
} as const satisfies Mutation;

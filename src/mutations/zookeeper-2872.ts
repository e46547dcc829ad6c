import type { Mutation } from './mutation.ts';

/**
 * The snapshot that a learner takes at NEWLEADER of what came by SNAP was not fsynced: it had vouched for a history that a power loss could
 * take from it. Since 3.5.10 and 3.6.0 it is; that after a TRUNC is not to this day (S9).
 */
export const zookeeper2872 = {
  id: 'ZOOKEEPER-2872',
  slug: 'snap-not-fsynced',
  letter: 'A23',
  issues: [],
  edits: [{ layer: 'zab', set: 'syncsSnapshotAfterSnap', to: false }],
  properties: ['I-LOSS'],
  versions: '3.4.0-3.5.9',
  difficulty: 3,
} as const satisfies Mutation;

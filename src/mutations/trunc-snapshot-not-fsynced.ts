import type { Mutation } from './mutation.ts';

/**
 * After TRUNC all that the leader sends before NEWLEADER is in memory and in one snapshot, which is not fsynced: only that after a SNAP
 * is. The acked history then is in the page cache alone. Read from the code of master, not confirmed on a real server.
 */
export const truncSnapshotNotFsynced = {
  id: 'trunc-snapshot-not-fsynced',
  slug: 'trunc-snapshot-not-fsynced',
  letter: 'S9',
  issues: [],
  edits: [{ layer: 'zab', set: 'syncsSnapshotAfterTrunc', to: false }],
  properties: ['I-REC', 'I-LOSS'],
  versions: '3.4.0-master',
  difficulty: 4,
} as const satisfies Mutation;

import type { Mutation } from './mutation.ts';

/**
 * The snapshot of the empty database, without which a log is refused (ZOOKEEPER-2325), is not fsynced: a server that loses power before
 * its second snapshot does not start again. Found in runs of this simulator on what the code of master does, not confirmed on a real
 * server.
 */
export const firstSnapshotNotFsynced = {
  id: 'first-snapshot-not-fsynced',
  slug: 'first-snapshot-not-fsynced',
  letter: 'H1',
  issues: [],
  edits: [{ layer: 'zab', set: 'syncsFirstSnapshot', to: false }],
  properties: ['I-BOOT'],
  versions: '3.5.3-master',
  difficulty: 1,
} as const satisfies Mutation;

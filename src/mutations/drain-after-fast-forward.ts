import type { Mutation } from './mutation.ts';

/**
 * FollowerZooKeeperServer.shutdown first lets its base class apply the rest of the log, and then stops the SyncThread, which logs what it
 * still has: memory, votes and ACKEPOCH do not know of it, as in ZOOKEEPER-2845. Since ZOOKEEPER-3642 a learner's shutdown does not come to
 * that method any more, and the SyncThread goes on (ZOOKEEPER-4712). Read in the sources of these releases.
 */
export const drainAfterFastForward = {
  id: 'drain-after-fast-forward',
  slug: 'drain-after-fast-forward',
  letter: 'A21',
  issues: [],
  edits: [{ plan: 'learnerShutdownPlan', move: 'drain-sync', after: 'fast-forward' }],
  properties: ['I-REC'],
  versions: '3.4.12-3.4.14, 3.5.4-3.5.9, 3.6.0-3.6.2',
  difficulty: 3,
} as const satisfies Mutation;

import type { Mutation } from './mutation.ts';

/**
 * Pull request 1930 of 2022, a repair of ZOOKEEPER-4394 alone: a second list knows what is not committed, so that a COMMIT before UPTODATE
 * always finds its proposal. All else is as in 3.8.0: currentEpoch first, and the SyncThread logs and acknowledges in its own time. Read in
 * its commit; no release has it. Its other list is not modelled: a COMMIT is noted without a look at any.
 */
export const pr1930 = {
  id: 'pr-1930',
  slug: 'commits-matched-log-async',
  letter: 'P2',
  issues: [],
  edits: [
    { plan: 'newLeaderPlan', replace: 'append-synced', by: 'enqueue-to-sync' },
    { plan: 'newLeaderPlan', insert: 'start-processors', before: 'enqueue-to-sync' },
    { plan: 'newLeaderPlan', remove: 'fsync' },
    { plan: 'newLeaderPlan', move: 'write-current-epoch', after: 'snapshot' },
    { layer: 'zab', set: 'keepsPendingAfterNewLeader', to: false },
    { layer: 'zab', set: 'appliesSyncedBeforeAck', to: false },
  ],
  properties: ['I-CODE'],
  versions: '',
  difficulty: 2,
} as const satisfies Mutation;

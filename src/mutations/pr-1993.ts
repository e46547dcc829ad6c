import type { Mutation } from './mutation.ts';

/**
 * Pull request 1993 of 2023, for ZOOKEEPER-4646 and 4685: the main thread appends and fsyncs what it was sent, and acknowledges it after
 * UPTODATE. currentEpoch still comes first (ZOOKEEPER-4643, which its author's pull request 2028 then was for), and the emptied list of
 * ZOOKEEPER-4394 and the late apply of 3023 stay. Read in its commit; no release has it.
 */
export const pr1993 = {
  id: 'pr-1993',
  slug: 'logged-before-ack-epoch-first',
  letter: 'P3',
  issues: [],
  edits: [
    { plan: 'newLeaderPlan', insert: 'start-processors', before: 'append-synced' },
    { plan: 'newLeaderPlan', move: 'write-current-epoch', after: 'snapshot' },
    { layer: 'zab', set: 'keepsPendingAfterNewLeader', to: false },
    { layer: 'zab', set: 'commitNeedsPending', to: true },
    { layer: 'zab', set: 'appliesSyncedBeforeAck', to: false },
  ],
  properties: ['I-LOSS'],
  versions: '',
  difficulty: 3,
} as const satisfies Mutation;

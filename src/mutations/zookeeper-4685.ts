import type { Mutation } from './mutation.ts';

/**
 * With the SyncThread at work before the ack of NEWLEADER, two threads write to the connection to the leader. An ack of a logged
 * transaction could come first, which the leader took for that of NEWLEADER, refused, and never read the right one: it waited for a
 * quorum until its time was up. Repaired by ZOOKEEPER-4785, which sends the acks of the sync after UPTODATE.
 */
export const zookeeper4685 = {
  id: 'ZOOKEEPER-4685',
  slug: 'proposal-ack-overtakes-newleader-ack',
  letter: 'A4',
  issues: [],
  edits: [
    { plan: 'newLeaderPlan', replace: 'append-synced', by: 'enqueue-to-sync' },
    { plan: 'newLeaderPlan', insert: 'start-processors', before: 'enqueue-to-sync' },
  ],
  properties: ['I-CODE'],
  versions: '3.5.10, 3.6.3-3.8.4, 3.9.0-3.9.1',
  difficulty: 2,
} as const satisfies Mutation;

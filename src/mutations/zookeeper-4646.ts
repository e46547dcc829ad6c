import type { Mutation } from './mutation.ts';

/**
 * The repair of ZOOKEEPER-3911 handed the transactions of the sync to the SyncThread before the ack of NEWLEADER, and did not wait for
 * it: an ack still could leave before anything was on disk. ZOOKEEPER-4785 makes the main thread append and fsync them itself.
 */
export const zookeeper4646 = {
  id: 'ZOOKEEPER-4646',
  slug: 'log-async-before-ack',
  letter: 'A2',
  issues: [4785],
  edits: [
    { plan: 'newLeaderPlan', replace: 'append-synced', by: 'enqueue-to-sync' },
    { plan: 'newLeaderPlan', insert: 'start-processors', before: 'enqueue-to-sync' },
    { plan: 'newLeaderPlan', remove: 'fsync' },
  ],
  properties: ['I-LOSS'],
  versions: '3.5.10, 3.6.3-3.8.4, 3.9.0-3.9.1',
  difficulty: 3,
} as const satisfies Mutation;

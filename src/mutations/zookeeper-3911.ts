import type { Mutation } from './mutation.ts';

/**
 * Since ZOOKEEPER-2678 a follower brought up to date by DIFF acknowledged the leader while the transactions of the sync were in memory
 * only, and logged them after UPTODATE. The leader counted it for their durability: when it crashed in between and the leader was gone
 * as well, what clients had read was lost. Repaired by logging before the ack, at first only in part (ZOOKEEPER-4646, 4643).
 */
export const zookeeper3911 = {
  id: 'ZOOKEEPER-3911',
  slug: 'ack-newleader-before-log',
  letter: 'A1',
  issues: [],
  edits: [
    { plan: 'newLeaderPlan', remove: 'append-synced' },
    { plan: 'newLeaderPlan', remove: 'fsync' },
  ],
  properties: ['I-LOSS'],
  versions: '3.4.10-3.4.14, 3.5.3-3.5.9, 3.6.0-3.6.2',
  difficulty: 3,
} as const satisfies Mutation;

import type { Mutation } from './mutation.ts';

/**
 * Pull request 1848 of 2022, closed in favour of 2152: at NEWLEADER what is committed is logged, fsynced and applied, which mends
 * ZOOKEEPER-3023, 4394, 4646 and 4685; the processors start before the ack. currentEpoch still comes first, so that ZOOKEEPER-4643 is as
 * before. Read in its two commits; no release has it.
 */
export const pr1848 = {
  id: 'pr-1848',
  slug: 'synced-and-applied-epoch-first',
  letter: 'P1',
  issues: [],
  edits: [
    { plan: 'newLeaderPlan', move: 'write-current-epoch', after: 'snapshot' },
    { plan: 'newLeaderPlan', insert: 'start-processors', before: 'ack' },
  ],
  properties: ['I-LOSS'],
  versions: '',
  difficulty: 3,
} as const satisfies Mutation;

import type { Mutation } from './mutation.ts';

/**
 * At NEWLEADER a follower logged all that it had been sent, committed or not, and emptied the list. A commit between NEWLEADER and
 * UPTODATE looked at the head of the empty list: a null pointer, and the follower left, again and again while writes kept coming. Since
 * 3.9.3 what is not committed stays in the list.
 */
export const zookeeper4394 = {
  id: 'ZOOKEEPER-4394',
  slug: 'commit-in-sync-npe',
  letter: 'A5',
  issues: [],
  edits: [
    { plan: 'newLeaderPlan', insert: 'start-processors', before: 'append-synced' },
    { layer: 'zab', set: 'keepsPendingAfterNewLeader', to: false },
    { layer: 'zab', set: 'commitNeedsPending', to: true },
  ],
  properties: ['I-CODE'],
  versions: '3.5.10, 3.6.3-3.9.2',
  difficulty: 1,
} as const satisfies Mutation;

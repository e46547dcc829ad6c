import type { Mutation } from './mutation.ts';

/**
 * Pull request 2111 of 2024, merged for ZOOKEEPER-4785 and in 3.8.5 and 3.9.2: history on disk, then currentEpoch, then the ack. What it
 * left are ZOOKEEPER-4394, since it logs what is not committed as well and empties the list, and 3023. The releases that have it name those
 * two (Gen4 of the catalogue), so that this one names none.
 */
export const pr2111 = {
  id: 'pr-2111',
  slug: 'logged-before-epoch-list-emptied',
  letter: 'P4',
  issues: [],
  edits: [
    { plan: 'newLeaderPlan', insert: 'start-processors', before: 'append-synced' },
    { layer: 'zab', set: 'keepsPendingAfterNewLeader', to: false },
    { layer: 'zab', set: 'commitNeedsPending', to: true },
    { layer: 'zab', set: 'appliesSyncedBeforeAck', to: false },
  ],
  properties: ['I-CODE'],
  versions: '',
  difficulty: 1,
} as const satisfies Mutation;

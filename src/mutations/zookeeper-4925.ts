import type { Mutation } from './mutation.ts';

/**
 * What a learner was sent in its synchronisation did not enter its list of the last committed transactions, and nothing looked at
 * whether that list or what a learner is sent has holes. As a leader it brought others up to date across the hole. Before
 * 3.9.3 that was so of what came after a SNAP or TRUNC before NEWLEADER, in 3.9.3 of every sync; repaired in 3.9.4.
 */
export const zookeeper4925 = {
  id: 'ZOOKEEPER-4925',
  slug: 'sync-leaves-hole-in-committed-log',
  letter: 'A20',
  issues: [],
  edits: [
    { layer: 'zab', set: 'cachesSyncedTxns', to: false },
    { layer: 'zab', set: 'checksCommittedLog', to: false },
    { layer: 'zab', set: 'refusesDiscontinuousSync', to: false },
  ],
  properties: ['I-LOG'],
  versions: '3.4.0-3.9.3',
  difficulty: 2,
} as const satisfies Mutation;

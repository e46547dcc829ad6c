import type { Mutation } from './mutation.ts';

/**
 * The order of votes compared ids whenever the zxids were equal, whatever the epochs: two votes could each beat the other, and an
 * election went round and round. Repaired in 3.4.4.
 */
export const zookeeper1419 = {
  id: 'ZOOKEEPER-1419',
  slug: 'vote-order-not-total',
  letter: 'C7',
  issues: [],
  edits: [
    {
      layer: 'zab',
      set: 'voteBeats',
      to: (candidate, mine) =>
        candidate.peerEpoch > mine.peerEpoch ||
        (candidate.peerEpoch === mine.peerEpoch && candidate.zxid > mine.zxid) ||
        (candidate.zxid === mine.zxid && candidate.leader > mine.leader),
    },
  ],
  properties: ['I-LIVE'],
  versions: '3.4.0-3.4.3',
  difficulty: 1,
} as const satisfies Mutation;

import type { Mutation } from './mutation.ts';

/**
 * Votes are ordered by zxid and id, whatever epoch the server had joined. A leader so elected may have less than a follower: the check
 * at ACKEPOCH then refuses it, again and again; without that check (T28) what was committed is lost.
 */
export const voteWithoutEpoch = {
  id: 'vote-without-epoch',
  slug: 'vote-without-epoch',
  letter: 'T4',
  issues: [],
  edits: [
    {
      layer: 'zab',
      set: 'voteBeats',
      to: (candidate, mine) => candidate.zxid > mine.zxid || (candidate.zxid === mine.zxid && candidate.leader > mine.leader),
    },
  ],
  properties: ['I-LIVE'],
  versions: '',
  difficulty: 3,
} as const satisfies Mutation;

import type { Mutation } from './mutation.ts';

/** One ack commits: the leader is content with its own disk. */
export const commitWithMinority = {
  id: 'commit-with-minority',
  slug: 'commit-with-minority',
  letter: 'T2',
  issues: [],
  edits: [{ layer: 'zab', set: 'commits', to: (_isQuorum, acks) => acks.length >= 1 }],
  properties: ['I-LOSS'],
  versions: '',
  difficulty: 1,
} as const satisfies Mutation;

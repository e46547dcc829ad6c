import type { Mutation } from './mutation.ts';

/**
 * A server that has accepted a later epoch than the running leader's is refused again and again, and the leader does not step down for
 * it: it stays away until something else ends the term. Found in runs of this simulator on what the code of master does, not confirmed
 * on a real server.
 */
export const newerEpochIgnored = {
  id: 'newer-epoch-ignored',
  slug: 'newer-epoch-ignored',
  letter: 'H8',
  issues: [],
  edits: [{ layer: 'zab', set: 'stepsDownForNewerEpoch', to: false }],
  properties: ['I-LIVE'],
  versions: '3.4.0-master',
  difficulty: 2,
} as const satisfies Mutation;

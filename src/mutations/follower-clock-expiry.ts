import type { Mutation } from './mutation.ts';

/** A follower expires the sessions of its own clients by its own clock. */
export const followerClockExpiry = {
  id: 'follower-clock-expiry',
  slug: 'follower-clock-expiry',
  letter: 'T22',
  issues: [],
  edits: [{ layer: 'server', set: 'learnersExpireSessions', to: true }],
  properties: ['I-SESS'],
  versions: '',
  difficulty: 1,
} as const satisfies Mutation;

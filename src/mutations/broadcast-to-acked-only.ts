import type { Mutation } from './mutation.ts';

/**
 * A proposal goes to those that have acknowledged NEWLEADER, as descriptions of Zab have it, and not to the one that is being synchronised
 * meanwhile: it joins without what was committed in between.
 */
export const broadcastToAckedOnly = {
  id: 'broadcast-to-acked-only',
  slug: 'broadcast-to-acked-only',
  letter: 'T6',
  issues: [],
  edits: [
    { layer: 'zab', set: 'proposesToSyncing', to: false },
    { layer: 'zab', set: 'commitsToSyncing', to: false },
  ],
  properties: ['I-LOG', 'I-CODE'],
  versions: '',
  difficulty: 1,
} as const satisfies Mutation;

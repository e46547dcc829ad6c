import type { Mutation } from './mutation.ts';

/** The leader applies and answers a write when it has proposed it. */
export const leaderAppliesOnPropose = {
  id: 'leader-applies-on-propose',
  slug: 'leader-applies-on-propose',
  letter: 'T13',
  issues: [],
  edits: [{ layer: 'server', set: 'leaderAppliesAt', to: 'proposal' }],
  properties: ['I-UNC'],
  versions: '',
  difficulty: 1,
} as const satisfies Mutation;

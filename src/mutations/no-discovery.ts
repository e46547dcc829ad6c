import type { Mutation } from './mutation.ts';

/** A leader takes the next epoch without asking a quorum which epochs have been accepted. */
export const noDiscovery = {
  id: 'no-discovery',
  slug: 'no-discovery',
  letter: 'T5',
  issues: [],
  edits: [{ layer: 'zab', set: 'epochNeedsQuorum', to: false }],
  properties: ['I-LEAD'],
  versions: '',
  difficulty: 2,
} as const satisfies Mutation;

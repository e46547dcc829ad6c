import type { Mutation } from './mutation.ts';

/** A server takes in a client that has seen a newer state than its own. */
export const noLastzxidCheck = {
  id: 'no-lastzxid-check',
  slug: 'no-lastzxid-check',
  letter: 'T16',
  issues: [],
  edits: [{ layer: 'server', set: 'refusesClientAhead', to: false }],
  properties: ['I-MONO'],
  versions: '',
  difficulty: 1,
} as const satisfies Mutation;

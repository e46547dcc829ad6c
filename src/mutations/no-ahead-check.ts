import type { Mutation } from './mutation.ts';

/**
 * A leader does not look whether a learner that acknowledges its epoch has a newer history. The election makes sure of that, so that
 * nothing happens unless the election is wrong as well (T4).
 */
export const noAheadCheck = {
  id: 'no-ahead-check',
  slug: 'no-ahead-check',
  letter: 'T28',
  issues: [],
  edits: [{ layer: 'zab', set: 'refusesFollowerAhead', to: false }],
  properties: ['I-LOSS'],
  versions: '',
  difficulty: 3,
} as const satisfies Mutation;

import type { Mutation } from './mutation.ts';

/** A leader goes on without a quorum of followers. */
export const noStepdown = {
  id: 'no-stepdown',
  slug: 'no-stepdown',
  letter: 'T9',
  issues: [],
  edits: [{ layer: 'zab', set: 'stepsDownWithoutQuorum', to: false }],
  properties: ['I-LIVE'],
  versions: '',
  difficulty: 1,
} as const satisfies Mutation;

import type { Mutation } from './mutation.ts';

/** A client does not set its watches again on a new connection. */
export const watchNotRearmed = {
  id: 'watch-not-rearmed',
  slug: 'watch-not-rearmed',
  letter: 'T19',
  issues: [],
  edits: [{ layer: 'client', set: 'rearmsWatches', to: false }],
  properties: ['I-WLOST'],
  versions: '',
  difficulty: 1,
} as const satisfies Mutation;

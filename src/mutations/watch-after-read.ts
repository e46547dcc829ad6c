import type { Mutation } from './mutation.ts';

/** A watch is registered in a step after the read that sets it: a write in between fires nothing. */
export const watchAfterRead = {
  id: 'watch-after-read',
  slug: 'watch-after-read',
  letter: 'T17',
  issues: [],
  edits: [{ layer: 'server', set: 'watchRegisteredWithRead', to: false }],
  properties: ['I-WLOST'],
  versions: '',
  difficulty: 1,
} as const satisfies Mutation;

import type { Mutation } from './mutation.ts';

/** The leader takes a request from any server, whichever one the session has moved to. */
export const sessionMovedUnchecked = {
  id: 'session-moved-unchecked',
  slug: 'session-moved-unchecked',
  letter: 'T23',
  issues: [],
  edits: [{ layer: 'server', set: 'checksSessionOwner', to: false }],
  properties: ['I-FIFO'],
  versions: '',
  difficulty: 1,
} as const satisfies Mutation;

import type { Mutation } from './mutation.ts';

/** The end of a session takes the session out of the table and leaves its ephemeral nodes. */
export const ephemeralsNotDeleted = {
  id: 'ephemerals-not-deleted',
  slug: 'ephemerals-not-deleted',
  letter: 'T15',
  issues: [],
  edits: [{ layer: 'server', set: 'ephemeralsDeletedOnClose', to: false }],
  properties: ['I-EPH'],
  versions: '',
  difficulty: 1,
} as const satisfies Mutation;

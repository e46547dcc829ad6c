import type { Mutation } from './mutation.ts';

/**
 * The body of deleteContainer is taken for the path as it stands, which the container manager's own requests are; a client's begins with the
 * length of its path, and is refused.
 */
export const deleteContainerUndecoded = {
  id: 'delete-container-undecoded',
  slug: 'delete-container-undecoded',
  letter: 'O5',
  issues: [],
  edits: [{ layer: 'server', set: 'decodesDeleteContainer', to: false }],
  properties: [],
  versions: '3.5.1-3.8.6',
  difficulty: 1,
} as const satisfies Mutation;

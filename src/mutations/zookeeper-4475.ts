import type { Mutation } from './mutation.ts';

/**
 * A client's recursive watch is told of NodeChildrenChanged below it, which a standard watch of the same client made the server send.
 * Repaired in 3.9.0.
 */
export const zookeeper4475 = {
  id: 'ZOOKEEPER-4475',
  slug: 'recursive-watch-gets-children-event',
  letter: 'F7',
  issues: [],
  edits: [{ layer: 'client', set: 'recursiveHearsOfChildren', to: true }],
  properties: [],
  versions: '3.6.0-3.8.6',
  difficulty: 1,
} as const satisfies Mutation;

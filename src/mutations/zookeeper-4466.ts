import type { Mutation } from './mutation.ts';

/**
 * A connection watches a path in one mode, the last that was set: a getData watch on the path of a persistent watch makes that a watch
 * that fires once. A recursive watch is in the table of children too. checkWatches finds the watch of any connection. Repaired in 3.9.0.
 */
export const zookeeper4466 = {
  id: 'ZOOKEEPER-4466',
  slug: 'one-watch-mode-per-path',
  letter: 'W1',
  issues: [],
  edits: [{ layer: 'server', set: 'watchModes', to: 'last-set' }],
  properties: ['I-WLOST'],
  versions: '3.6.0-3.8.6',
  difficulty: 1,
} as const satisfies Mutation;

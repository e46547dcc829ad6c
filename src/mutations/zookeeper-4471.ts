import type { Mutation } from './mutation.ts';

/**
 * removeWatches and checkWatches of type Data or Children mean a table and whatever is in it: half of a persistent watch goes. Types 4 and
 * 5, which name the persistent modes, are unknown (ZOOKEEPER-4472). Repaired in 3.9.0.
 */
export const zookeeper4471 = {
  id: 'ZOOKEEPER-4471',
  slug: 'watches-removed-by-table',
  letter: 'W2',
  issues: [4472],
  edits: [{ layer: 'server', set: 'watcherTypes', to: 'by-table' }],
  properties: [],
  versions: '3.6.0-3.8.6',
  difficulty: 1,
} as const satisfies Mutation;

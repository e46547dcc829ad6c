import type { Mutation } from './mutation.ts';

/**
 * After 2^32 - 1 changes a node has the version -1, which no client can ask for: it means any.
 */
export const zookeeper4743 = {
  id: 'ZOOKEEPER-4743',
  slug: 'version-minus-one',
  letter: 'O4',
  issues: [],
  edits: [{ layer: 'server', set: 'skipsVersionMinusOne', to: false }],
  properties: [],
  versions: '3.0.0-3.9.5',
  difficulty: 1,
} as const satisfies Mutation;

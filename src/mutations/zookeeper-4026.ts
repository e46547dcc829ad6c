import type { Mutation } from './mutation.ts';

/**
 * In a multi the mode alone says what a create makes, so that create2 is answered without a Stat and createContainer makes plain nodes.
 */
export const zookeeper4026 = {
  id: 'ZOOKEEPER-4026',
  slug: 'create2-in-multi',
  letter: 'O3',
  issues: [],
  edits: [{ layer: 'server', set: 'multiKeepsCreateOperation', to: false }],
  properties: [],
  versions: '3.5.0-3.7.1, 3.8.0-3.8.1',
  difficulty: 1,
} as const satisfies Mutation;

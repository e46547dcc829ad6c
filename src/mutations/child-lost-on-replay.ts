import type { Mutation } from './mutation.ts';

/**
 * A fuzzy snapshot may hold a child and not its name below the parent. Since the repair of ZOOKEEPER-4846 the replay of the create finds
 * the child and leaves it at that: a node that nobody lists. Found in runs of this simulator on what the code of master does, not
 * confirmed on a real server.
 */
export const childLostOnReplay = {
  id: 'child-lost-on-replay',
  slug: 'child-lost-on-replay',
  letter: 'H9',
  issues: [4846],
  edits: [{ layer: 'server', set: 'existingChildRejoinsParent', to: false }],
  properties: ['I-DIG'],
  versions: '3.8.5-3.8.6, 3.9.4-master',
  difficulty: 2,
} as const satisfies Mutation;

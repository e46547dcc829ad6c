import type { Mutation } from './mutation.ts';

/**
 * A snapshot that is walked while nodes come and go may lack a parent that was deleted in the end, and the log creates a child below it. Such
 * a replay was taken for a damaged log, and the server refused to start. Repaired in 3.4.6.
 */
export const zookeeper1573 = {
  id: 'ZOOKEEPER-1573',
  slug: 'parent-missing-on-replay',
  letter: 'E5',
  issues: [1333],
  edits: [{ layer: 'zab', set: 'replaysWithoutParent', to: false }],
  properties: ['I-BOOT'],
  versions: '3.4.0-3.4.5',
  difficulty: 1,
} as const satisfies Mutation;

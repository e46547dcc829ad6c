import type { Mutation } from './mutation.ts';

/**
 * The position in the file at which a log was cut came out too low, so that TRUNC took a committed transaction along. Repaired in 3.3.4.
 */
export const zookeeper1156 = {
  id: 'ZOOKEEPER-1156',
  slug: 'truncate-too-much',
  letter: 'B2',
  issues: [],
  edits: [{ layer: 'zab', set: 'truncationKeeps', to: (records) => records - 1 }],
  properties: ['I-CODE'],
  versions: '3.3.0-3.3.3',
  difficulty: 1,
} as const satisfies Mutation;

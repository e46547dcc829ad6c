import type { Mutation } from './mutation.ts';

/**
 * The same as ZOOKEEPER-3642 for TRUNC: what follows it before NEWLEADER goes to memory only, and an interrupted sync clears the
 * database after SNAP alone. Still so on master.
 */
export const zookeeper5094 = {
  id: 'ZOOKEEPER-5094',
  slug: 'retain-db-after-partial-trunc',
  letter: 'A12',
  issues: [],
  edits: [{ layer: 'zab', set: 'clearsDatabaseAfterTrunc', to: false }],
  properties: ['I-LOG'],
  versions: '3.4.10-3.4.14, 3.5.3-master',
  difficulty: 3,
} as const satisfies Mutation;

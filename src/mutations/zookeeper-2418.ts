import type { Mutation } from './mutation.ts';

/**
 * A leader that brought a learner up to date from its log on disk went on with the committed ones in memory without asking whether they
 * joined. Where the log ended before, the learner skipped what lay between. Repaired in 3.6.0.
 */
export const zookeeper2418 = {
  id: 'ZOOKEEPER-2418',
  slug: 'txnlog-committedlog-gap',
  letter: 'B7',
  issues: [],
  edits: [{ layer: 'zab', set: 'detectsLogGap', to: false }],
  properties: ['I-CODE'],
  versions: '3.5.0-3.5.10',
  difficulty: 1,
} as const satisfies Mutation;

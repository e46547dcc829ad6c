import type { Mutation } from './mutation.ts';

/**
 * A data directory without a readable snapshot was taken for that of a new server, and what was left of the log for all of the history.
 * Since 3.5.3 and later a log without a snapshot is refused.
 */
export const zookeeper2325 = {
  id: 'ZOOKEEPER-2325',
  slug: 'trust-empty-snapshot',
  letter: 'B6',
  issues: [3644, 3781],
  edits: [{ layer: 'zab', set: 'trustsEmptySnapshot', to: true }],
  properties: ['I-REC'],
  versions: '3.3.0-3.5.2',
  difficulty: 1,
} as const satisfies Mutation;

import type { Mutation } from './mutation.ts';

/**
 * A leader sent DIFF whenever the last zxid of a learner lay within its committed ones, without asking whether it had that transaction
 * at all. A deposed leader kept in the middle of its log what nobody else had. Since 3.3.4 the learner is truncated first.
 */
export const zookeeper1154 = {
  id: 'ZOOKEEPER-1154',
  slug: 'diff-without-trunc',
  letter: 'B1',
  issues: [],
  edits: [{ layer: 'zab', set: 'looksForPeerZxid', to: false }],
  properties: ['I-LOG'],
  versions: '3.3.0-3.3.3',
  difficulty: 1,
} as const satisfies Mutation;

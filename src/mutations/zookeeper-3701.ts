import type { Mutation } from './mutation.ts';

/** A learner that could not cut its log, for a full disk or a lost file, went on as if it had. Since 3.5.7 and 3.6.0 it ends. */
export const zookeeper3701 = {
  id: 'ZOOKEEPER-3701',
  slug: 'trunc-failure-ignored',
  letter: 'B5',
  issues: [],
  edits: [{ layer: 'zab', set: 'exitsWhenNotTruncated', to: false }],
  properties: ['I-LOG', 'I-AGR'],
  versions: '3.4.0-3.5.6',
  difficulty: 2,
} as const satisfies Mutation;

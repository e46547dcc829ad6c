import type { Mutation } from './mutation.ts';

/**
 * A learner wrote currentEpoch before the history that this epoch stands for. Crashed in between it came back with the newest epoch and
 * an old log, won the next election by its epoch, and had the others truncate what was committed. The paper takes both in one step;
 * since ZOOKEEPER-4785 the history comes first.
 */
export const zookeeper4643 = {
  id: 'ZOOKEEPER-4643',
  slug: 'epoch-before-history',
  letter: 'A3',
  issues: [],
  edits: [{ plan: 'newLeaderPlan', move: 'write-current-epoch', after: 'snapshot' }],
  properties: ['I-LOSS'],
  versions: '3.4.10-3.4.14, 3.5.3-3.8.4, 3.9.0-3.9.1',
  difficulty: 3,
} as const satisfies Mutation;

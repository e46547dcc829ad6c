import type { Mutation } from './mutation.ts';

/**
 * lastProcessedZxid was raised before the transaction was applied: a snapshot that began in between was named after a transaction which
 * it might not hold. Repaired in 3.4.0.
 */
export const zookeeper1090 = {
  id: 'ZOOKEEPER-1090',
  slug: 'zxid-before-apply',
  letter: 'E1',
  issues: [],
  edits: [{ layer: 'server', set: 'advancesZxidBeforeApply', to: true }],
  properties: ['I-REC'],
  versions: '3.3.0-3.3.6',
  difficulty: 1,
} as const satisfies Mutation;

import type { Mutation } from './mutation.ts';

/**
 * The counter of the zxid ran over into the epoch: the leader went on in an epoch that nobody had agreed on, and the next elected leader
 * took the same. Since 3.3.5 and 3.4.4 a leader steps down instead.
 */
export const zookeeper1277 = {
  id: 'ZOOKEEPER-1277',
  slug: 'zxid-rollover',
  letter: 'C12',
  issues: [4883],
  edits: [{ layer: 'zab', set: 'stepsDownAtLastCounter', to: false }],
  properties: ['I-PO'],
  versions: '3.3.0-3.3.4, 3.4.0-3.4.3',
  difficulty: 1,
} as const satisfies Mutation;

import type { Mutation } from './mutation.ts';

/**
 * Before Zab 1.0 a server had no memory of epochs but its last zxid. An epoch in which nothing was written was forgotten with the
 * process, and the next leader took it once more: two leaders, and transactions of the same name. Since 3.4.0 acceptedEpoch and
 * currentEpoch are files.
 */
export const zookeeper335 = {
  id: 'ZOOKEEPER-335',
  slug: 'no-epoch-files',
  letter: 'C1',
  issues: [1081, 1082],
  edits: [{ layer: 'zab', set: 'keepsEpochFiles', to: false }],
  properties: ['I-LEAD'],
  versions: '3.0.0-3.3.6',
  difficulty: 2,
} as const satisfies Mutation;

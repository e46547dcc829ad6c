import type { Mutation } from './mutation.ts';

/**
 * The epoch in memory was assigned before its file was written. After an I/O error the memory promised what no disk held, the next
 * leader went on from there, and currentEpoch passed acceptedEpoch: the server does not start any more. Repaired in 3.5.8 and 3.6.3.
 */
export const zookeeper2307 = {
  id: 'ZOOKEEPER-2307',
  slug: 'epoch-memory-before-file',
  letter: 'C6',
  issues: [],
  edits: [{ layer: 'zab', set: 'assignsEpochBeforeFile', to: true }],
  properties: ['I-BOOT'],
  versions: '3.4.0-3.5.7, 3.6.0-3.6.2',
  difficulty: 1,
} as const satisfies Mutation;

import type { Mutation } from './mutation.ts';

/**
 * A learner that joins an epoch has its history on disk before currentEpoch. Killed in between it finds a log of a later epoch than the
 * file says, and refuses to start. Between 3.4.6 and 3.4.14 a marker
 * file tells. So on master, where the order of ZOOKEEPER-4785 opened the window for DIFF as well; there only a
 * half-written currentEpoch.tmp saves it.
 */
export const zookeeper1653 = {
  id: 'ZOOKEEPER-1653',
  slug: 'epoch-file-crash-window',
  letter: 'C5',
  issues: [2354, 4269],
  edits: [{ layer: 'zab', set: 'startsWithUnfinishedEpoch', to: false }],
  properties: ['I-BOOT'],
  versions: '3.4.0-3.4.5, 3.5.0-master',
  difficulty: 1,
} as const satisfies Mutation;

import type { Mutation } from './mutation.ts';

/**
 * A leader settles the epoch before it has written acceptedEpoch. When the write fails, the others that wait go on with the epoch when
 * their time is up, and currentEpoch passes acceptedEpoch: the server does not start any more. Found in runs of this simulator on what
 * the code of master does, not confirmed on a real server.
 */
export const epochFrozenBeforeFile = {
  id: 'epoch-frozen-before-file',
  slug: 'epoch-frozen-before-file',
  letter: 'H7',
  issues: [],
  edits: [{ layer: 'zab', set: 'freezesEpochBeforeFile', to: true }],
  properties: ['I-BOOT'],
  versions: '3.4.0-master',
  difficulty: 2,
} as const satisfies Mutation;

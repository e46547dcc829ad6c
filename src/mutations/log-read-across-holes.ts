import type { Mutation } from './mutation.ts';

/**
 * After a SNAP the log of a learner lacks what the snapshot brought. As a leader it reads that log across the hole to bring others up to
 * date, and cannot tell it from the start of an epoch. Found in runs of this simulator on what the code of master does, not confirmed on
 * a real server.
 */
export const logReadAcrossHoles = {
  id: 'log-read-across-holes',
  slug: 'log-read-across-holes',
  letter: 'H5',
  issues: [],
  edits: [{ layer: 'zab', set: 'readsLogAcrossHoles', to: true }],
  properties: ['I-LOG'],
  versions: '3.5.0-master',
  difficulty: 3,
} as const satisfies Mutation;

import type { Mutation } from './mutation.ts';

/**
 * After a SNAP the log keeps what it held beyond the snapshot: proposals that the leader sends anew are logged a second time, and others
 * that it does not have come back with the next load. Found in runs of this simulator on what the code of master does, not confirmed on
 * a real server.
 */
export const logKeptBeyondSnapshot = {
  id: 'log-kept-beyond-snapshot',
  slug: 'log-kept-beyond-snapshot',
  letter: 'H11',
  issues: [],
  edits: [{ layer: 'zab', set: 'cutsLogBeyondSnapshot', to: false }],
  properties: ['I-LOG'],
  versions: '3.3.0-master',
  difficulty: 2,
} as const satisfies Mutation;

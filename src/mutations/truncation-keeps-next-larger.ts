import type { Mutation } from './mutation.ts';

/**
 * Where the zxid of a TRUNC is not in the log, since a snapshot has brought it, the log is cut after the next larger record: the very
 * one that was to go. Found in runs of this simulator on what the code of master does, not confirmed on a real server.
 */
export const truncationKeepsNextLarger = {
  id: 'truncation-keeps-next-larger',
  slug: 'truncation-keeps-next-larger',
  letter: 'H12',
  issues: [],
  edits: [{ layer: 'zab', set: 'truncationKeepsNextLarger', to: true }],
  properties: ['I-LOG'],
  versions: '3.3.4-master',
  difficulty: 3,
} as const satisfies Mutation;

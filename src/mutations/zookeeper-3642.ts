import type { Mutation } from './mutation.ts';

/**
 * A snapshot had come from the leader into memory, and the connection broke before it was written. The database was kept: at the next
 * try the server was as good as up to date, got an empty DIFF, and logged on after a hole that only its memory had filled. Since 3.5.10
 * and 3.6.3 an interrupted SNAP clears it.
 */
export const zookeeper3642 = {
  id: 'ZOOKEEPER-3642',
  slug: 'diff-after-partial-snap',
  letter: 'A11',
  issues: [],
  edits: [{ layer: 'zab', set: 'clearsDatabaseAfterSnap', to: false }],
  properties: ['I-LOG'],
  versions: '3.4.10-3.4.14, 3.5.3-3.5.9, 3.6.0-3.6.2',
  difficulty: 2,
} as const satisfies Mutation;

import type { Mutation } from './mutation.ts';

/**
 * Disks answer an fsync before anything is on the platter. The servers are right, and what they rest on is not: this is their assumption.
 */
export const fsyncLies = {
  id: 'fsync-lies',
  slug: 'fsync-lies',
  letter: 'T26',
  issues: [],
  edits: [{ layer: 'kernel', set: 'fsyncIsDurable', to: false }],
  properties: ['I-LOSS'],
  versions: '',
  difficulty: 1,
} as const satisfies Mutation;

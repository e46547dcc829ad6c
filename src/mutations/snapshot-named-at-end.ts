import type { Mutation } from './mutation.ts';

/**
 * A snapshot is named by the last transaction at the end of the walk: what changed nodes behind the walk is in neither the file nor the
 * replay.
 */
export const snapshotNamedAtEnd = {
  id: 'snapshot-named-at-end',
  slug: 'snapshot-named-at-end',
  letter: 'E6',
  issues: [],
  edits: [{ layer: 'zab', set: 'namesSnapshotAtEnd', to: true }],
  properties: ['I-DIG'],
  versions: '',
  difficulty: 1,
} as const satisfies Mutation;

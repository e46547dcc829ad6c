import type { Mutation } from './mutation.ts';

/** A leader's snapshot shows nodes as its outstanding proposals will leave them. One that is never committed stays in the snapshot all the same. */
export const snapshotReadUncommitted = {
  id: 'snapshot-read-uncommitted',
  slug: 'snapshot-read-uncommitted',
  letter: 'T24',
  issues: [],
  edits: [{ layer: 'server', set: 'snapshotReadsOutstanding', to: true }],
  properties: ['I-REC'],
  versions: '',
  difficulty: 2,
} as const satisfies Mutation;

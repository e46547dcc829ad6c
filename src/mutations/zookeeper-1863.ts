import type { Mutation } from './mutation.ts';

/**
 * The CommitProcessor looked for commits before requests that were queued already. A commit could be taken for that of another server
 * while its own request was still in the queue, which then waited for a commit that had gone by. Repaired before 3.5.0: no release
 * had it.
 */
export const zookeeper1863 = {
  id: 'ZOOKEEPER-1863',
  slug: 'commit-before-queued-request',
  letter: 'F1',
  issues: [],
  edits: [{ layer: 'server', set: 'drainsRequestsBeforeCommit', to: false }],
  properties: ['I-LIVE'],
  versions: '',
  difficulty: 1,
} as const satisfies Mutation;

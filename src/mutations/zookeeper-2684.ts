import type { Mutation } from './mutation.ts';

/**
 * The CommitProcessor held a commit of a session for that of the session's first write here. After a session had moved it could be another,
 * sent through the server before, and the thread died of the difference. Only in 3.6.0 before its release.
 */
export const zookeeper2684 = {
  id: 'ZOOKEEPER-2684',
  slug: 'session-moved-commit',
  letter: 'F4',
  issues: [],
  edits: [{ layer: 'server', set: 'appliesForeignCommits', to: false }],
  properties: ['I-CODE'],
  versions: '',
  difficulty: 1,
} as const satisfies Mutation;

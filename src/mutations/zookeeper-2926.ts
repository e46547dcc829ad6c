import type { Mutation } from './mutation.ts';

/**
 * The leader entered a session into the table of the database when its creation was prepared. When it lost the leadership before the
 * commit it kept a session that no other server knew. Repaired in 3.6.0.
 */
export const zookeeper2926 = {
  id: 'ZOOKEEPER-2926',
  slug: 'session-in-db-before-commit',
  letter: 'D5',
  issues: [],
  edits: [{ layer: 'server', set: 'sessionEntersTableAtCommit', to: false }],
  properties: ['I-SESS'],
  versions: '3.4.0-3.5.10',
  difficulty: 2,
} as const satisfies Mutation;

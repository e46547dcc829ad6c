import type { Mutation } from './mutation.ts';

/**
 * When the log thread fails, memory may hold commits that the own log lacks, for a commit need not wait for the own disk. The database
 * is kept, and the next role logs on after the hole. Found in runs of this simulator on what the code of master does, not confirmed on a
 * real server.
 */
export const databaseKeptAfterLogFailure = {
  id: 'database-kept-after-log-failure',
  slug: 'database-kept-after-log-failure',
  letter: 'H6',
  issues: [],
  edits: [{ layer: 'zab', set: 'clearsDatabaseAfterFailure', to: false }],
  properties: ['I-LOG'],
  versions: '3.4.10-3.4.14, 3.5.3-master',
  difficulty: 2,
} as const satisfies Mutation;

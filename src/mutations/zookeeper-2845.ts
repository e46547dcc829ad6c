import type { Mutation } from './mutation.ts';

/**
 * ZOOKEEPER-2678 kept the database in memory over elections. It lagged behind the log by what was logged and not committed, so that
 * votes and ACKEPOCH told of less than the log held: no leader had it truncated, and it came back with the next start. Since 3.4.12 and
 * 3.5.4 a shutdown applies the rest of the log.
 */
export const zookeeper2845 = {
  id: 'ZOOKEEPER-2845',
  slug: 'retain-db-without-fastforward',
  letter: 'A7',
  issues: [],
  edits: [
    { plan: 'learnerShutdownPlan', remove: 'fast-forward' },
    { plan: 'leaderShutdownPlan', remove: 'fast-forward' },
  ],
  properties: ['I-REC'],
  versions: '3.4.10-3.4.11, 3.5.3',
  difficulty: 2,
} as const satisfies Mutation;

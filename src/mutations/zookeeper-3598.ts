import type { Mutation } from './mutation.ts';

/**
 * CommitProcessor.shutdown does not wait for its main thread. A commit that this thread has taken can be applied while the main thread
 * replays the log over the same tree. The repair was taken back before 3.6.0, so master has it.
 */
export const zookeeper3598 = {
  id: 'ZOOKEEPER-3598',
  slug: 'commit-thread-outlives-shutdown',
  letter: 'A16',
  issues: [],
  edits: [
    { plan: 'learnerShutdownPlan', remove: 'join-commit' },
    { plan: 'leaderShutdownPlan', remove: 'join-commit' },
  ],
  properties: ['I-PO'],
  versions: '3.4.10-3.4.14, 3.5.3-master',
  difficulty: 2,
} as const satisfies Mutation;

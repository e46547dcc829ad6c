import type { Mutation } from './mutation.ts';

/**
 * The CommitProcessor looked at its queues, took the lock and went to sleep on what it had seen. A request that came in between woke nobody:
 * it waits until the next one comes, or the client's next ping.
 */
export const zookeeper4537 = {
  id: 'ZOOKEEPER-4537',
  slug: 'lost-wakeup-in-commit',
  letter: 'F2',
  issues: [],
  edits: [{ layer: 'server', set: 'looksBeforeSleeping', to: false }],
  properties: ['I-LIVE'],
  versions: '3.6.0-3.6.3, 3.7.0-3.7.1, 3.8.0',
  difficulty: 1,
} as const satisfies Mutation;

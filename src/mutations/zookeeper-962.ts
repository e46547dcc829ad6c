import type { Mutation } from './mutation.ts';

/**
 * The transactions that a joining learner lacked were picked, and only then was it registered for new ones, without a lock around both:
 * what was committed and applied in between never came to it. Repaired in 3.3.3.
 */
export const zookeeper962 = {
  id: 'ZOOKEEPER-962',
  slug: 'diff-and-forwarding-not-atomic',
  letter: 'A18',
  issues: [],
  edits: [{ plan: 'learnerSyncPlan', move: 'start-forwarding', before: 'send-snapshot' }],
  properties: ['I-LOG'],
  versions: '3.3.0-3.3.2',
  difficulty: 1,
} as const satisfies Mutation;

import type { Mutation } from './mutation.ts';

/**
 * NEWLEADER was queued before the snapshot was serialised, and with it whatever had come since forwarding began. A write in between was
 * in the snapshot and behind NEWLEADER: the learner applied the older ones over it, and stored a snapshot with a name newer than its
 * content. Repaired in 3.5.5 and 3.6.0.
 */
export const zookeeper3104 = {
  id: 'ZOOKEEPER-3104',
  slug: 'newleader-before-snap',
  letter: 'A14',
  issues: [],
  edits: [{ plan: 'learnerSyncPlan', move: 'queue-newleader', before: 'send-snapshot' }],
  properties: ['I-REC'],
  versions: '3.4.0-3.5.4',
  difficulty: 3,
} as const satisfies Mutation;

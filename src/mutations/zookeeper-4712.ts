import type { Mutation } from './mutation.ts';

/**
 * Learner.shutdown called one form of shutdown and the server classes had overridden the other, so that the SyncThread of a role was
 * neither stopped nor emptied. It went on to log proposals of the old epoch after the server had told its last zxid to the next leader.
 * Repaired in 3.9.3; the 3.8 line has it still.
 */
export const zookeeper4712 = {
  id: 'ZOOKEEPER-4712',
  slug: 'shutdown-leaks-sync-thread',
  letter: 'A8',
  issues: [4541],
  edits: [{ plan: 'learnerShutdownPlan', remove: 'drain-sync' }],
  properties: ['I-LOG'],
  versions: '3.5.10, 3.6.3-3.8.6, 3.9.0-3.9.2',
  difficulty: 3,
} as const satisfies Mutation;

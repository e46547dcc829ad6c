import type { Mutation } from './mutation.ts';

/**
 * The tracker forgot a session that ran out before its close was prepared: a request that came meanwhile found it in the database, and
 * it came to life again. Since 3.4.4 it is marked as closing.
 */
export const zookeeper1496 = {
  id: 'ZOOKEEPER-1496',
  slug: 'expire-removes-session-first',
  letter: 'D2',
  issues: [],
  edits: [{ layer: 'server', set: 'expiryMarksClosing', to: false }],
  properties: ['I-EPH'],
  versions: '3.3.0-3.4.3',
  difficulty: 2,
} as const satisfies Mutation;

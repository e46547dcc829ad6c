import type { Mutation } from './mutation.ts';

/**
 * A reply carried the zxid of its own request instead of the last one that the server had processed. A client could say that it had seen
 * less than it had. Repaired in 3.3.5 and 3.4.4.
 */
export const zookeeper1412 = {
  id: 'ZOOKEEPER-1412',
  slug: 'reply-zxid-not-last-processed',
  letter: 'F3',
  issues: [],
  edits: [{ layer: 'server', set: 'replyZxid', to: 'request' }],
  properties: ['I-MONO'],
  versions: '3.3.0-3.3.4, 3.4.0-3.4.3',
  difficulty: 1,
} as const satisfies Mutation;

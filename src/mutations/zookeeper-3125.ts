import type { Mutation } from './mutation.ts';

/**
 * A fuzzy snapshot may hold a parent as it was before the delete of a child and not the child. The replay of that delete found nothing
 * to delete and left the zxid of the parent as it was: a watch for children, set again after a reconnect, missed the change. Repaired in
 * 3.5.5.
 */
export const zookeeper3125 = {
  id: 'ZOOKEEPER-3125',
  slug: 'delete-replay-skips-pzxid',
  letter: 'E3',
  issues: [],
  edits: [{ layer: 'server', set: 'deleteOfMissingRaisesPzxid', to: false }],
  properties: ['I-REC'],
  versions: '3.4.0-3.5.4',
  difficulty: 1,
} as const satisfies Mutation;

import type { Mutation } from './mutation.ts';

/**
 * A check outside a multi is taken for a write. It has no answer for success, and its transaction is one that followers and logs cannot read;
 * only the missing answer is modelled.
 */
export const zookeeper2623 = {
  id: 'ZOOKEEPER-2623',
  slug: 'check-outside-multi',
  letter: 'O2',
  issues: [],
  edits: [{ layer: 'server', set: 'servesTopLevelCheck', to: true }],
  properties: [],
  versions: '3.4.0-3.8.4, 3.9.0-3.9.2',
  difficulty: 1,
} as const satisfies Mutation;

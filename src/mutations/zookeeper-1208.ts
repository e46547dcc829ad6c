import type { Mutation } from './mutation.ts';

/**
 * The nodes that a closeSession deletes are fixed when it is prepared, and the session stayed open until it was applied: a create in
 * between left an ephemeral node without an owner for ever. Since 3.3.4 and 3.4.0 the session is closing from the preparation on.
 */
export const zookeeper1208 = {
  id: 'ZOOKEEPER-1208',
  slug: 'ephemeral-after-close',
  letter: 'D1',
  issues: [],
  edits: [{ layer: 'server', set: 'setsSessionClosingAtPrep', to: false }],
  properties: ['I-EPH'],
  versions: '3.3.0-3.3.3',
  difficulty: 1,
} as const satisfies Mutation;

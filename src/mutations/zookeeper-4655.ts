import type { Mutation } from './mutation.ts';

/** The header of a watch event says -1 and not which transaction fired it. Since 3.9.0 it does. */
export const zookeeper4655 = {
  id: 'ZOOKEEPER-4655',
  slug: 'event-without-zxid',
  letter: 'W3',
  issues: [],
  edits: [{ layer: 'server', set: 'eventCarriesZxid', to: false }],
  properties: [],
  versions: '3.3.0-3.8.6',
  difficulty: 1,
} as const satisfies Mutation;

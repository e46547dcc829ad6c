import type { Mutation } from './mutation.ts';

/**
 * A watch event goes to whoever watches, without a look at the node's ACL: a persistent watch on a parent tells the names of nodes that
 * its client may not read (CVE-2024-23944). Repaired in 3.8.4 and 3.9.2, and in Debian's package of 3.8.0.
 */
export const zookeeper4799 = {
  id: 'ZOOKEEPER-4799',
  slug: 'event-without-read-permission',
  letter: 'W4',
  issues: [],
  edits: [{ layer: 'server', set: 'checksReadOfWatchers', to: false }],
  properties: [],
  versions: '3.3.0-3.8.3, 3.9.0-3.9.1',
  difficulty: 1,
} as const satisfies Mutation;

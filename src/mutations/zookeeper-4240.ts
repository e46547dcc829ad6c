import type { Mutation } from './mutation.ts';

/** An ACL cannot name an IPv6 address: such an entry is not valid. */
export const zookeeper4240 = {
  id: 'ZOOKEEPER-4240',
  slug: 'no-ipv6-acl',
  letter: 'O7',
  issues: [],
  edits: [{ layer: 'server', set: 'aclTakesIpv6', to: false }],
  properties: [],
  versions: '3.0.0-3.9.3',
  difficulty: 1,
} as const satisfies Mutation;

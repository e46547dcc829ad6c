import type { Mutation } from './mutation.ts';

/**
 * exists asks for no permission: anybody is told that a node is there, and its Stat. Since ZOOKEEPER-2590 READ is needed.
 */
export const zookeeper2590 = {
  id: 'ZOOKEEPER-2590',
  slug: 'exists-without-acl',
  letter: 'O1',
  issues: [],
  edits: [{ layer: 'server', set: 'existsChecksAcl', to: false }],
  properties: [],
  versions: '3.0.0-3.8.3, 3.9.0-3.9.1',
  difficulty: 1,
} as const satisfies Mutation;

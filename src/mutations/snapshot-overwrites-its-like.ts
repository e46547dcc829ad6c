import type { Mutation } from './mutation.ts';

/**
 * A snapshot whose name is there already, at the same zxid, is written over: the durable one is emptied first, and a power loss leaves
 * neither. Found in runs of this simulator on what the code of master does, not confirmed on a real server.
 */
export const snapshotOverwritesItsLike = {
  id: 'snapshot-overwrites-its-like',
  slug: 'snapshot-overwrites-its-like',
  letter: 'H2',
  issues: [],
  edits: [
    { layer: 'zab', set: 'overwritesSnapshots', to: true },
    { plan: 'leaderLoadPlan', insert: 'snapshot', before: 'end' },
  ],
  properties: ['I-BOOT'],
  versions: '3.3.0-master',
  difficulty: 2,
} as const satisfies Mutation;

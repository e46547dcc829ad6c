import type { Mutation } from './mutation.ts';

/** A container that never had a child is kept for ever, unless the configuration sets a limit; by default it is 5 minutes on master. */
export const zookeeper4915 = {
  id: 'ZOOKEEPER-4915',
  slug: 'unused-containers-kept',
  letter: 'O6',
  issues: [],
  edits: [{ layer: 'server', set: 'containerMaxNeverUsedIntervalMs', to: 0 }],
  properties: [],
  versions: '3.5.1-3.9.5',
  difficulty: 1,
} as const satisfies Mutation;

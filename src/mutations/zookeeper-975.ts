import type { Mutation } from './mutation.ts';

/**
 * An election ended as soon as every server had been heard, agreed or not. A server that came late could lead by votes that nobody stood
 * by any more. Repaired in 3.4.0.
 */
export const zookeeper975 = {
  id: 'ZOOKEEPER-975',
  slug: 'fle-accept-full-view',
  letter: 'C13',
  issues: [],
  edits: [{ layer: 'zab', set: 'endsElectionAtFullView', to: true }],
  properties: ['I-LIVE'],
  versions: '3.3.0-3.3.6',
  difficulty: 2,
} as const satisfies Mutation;

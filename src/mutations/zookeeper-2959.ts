import type { Mutation } from './mutation.ts';

/**
 * Whoever registered with a new leader was counted, observers too. With their help it offers an epoch that a voter on its way has been
 * past already, and waits in vain for a quorum of those. Repaired in 3.4.13 and 3.5.4.
 */
export const zookeeper2959 = {
  id: 'ZOOKEEPER-2959',
  slug: 'observer-counted-in-quorum',
  letter: 'C11',
  issues: [764],
  edits: [{ layer: 'zab', set: 'countsObserversInDiscovery', to: true }],
  properties: ['I-LIVE'],
  versions: '3.4.0-3.4.12, 3.5.0-3.5.3',
  difficulty: 2,
} as const satisfies Mutation;

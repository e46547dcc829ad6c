import type { Mutation } from './mutation.ts';

/**
 * What a leader sent to bring a server up to date went to its tree and not to its session table: sessions that were opened meanwhile are
 * unknown to it, and those that were closed live on. Once it leads, nobody expires the former's ephemerals. Repaired in 3.3.5 and 3.4.3.
 */
export const zookeeper1367 = {
  id: 'ZOOKEEPER-1367',
  slug: 'sync-txns-bypass-session-table',
  letter: 'D3',
  issues: [],
  edits: [{ layer: 'server', set: 'syncFeedsSessionTable', to: false }],
  properties: ['I-SESS'],
  versions: '3.0.0-3.3.4, 3.4.0-3.4.2',
  difficulty: 2,
} as const satisfies Mutation;

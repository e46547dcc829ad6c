import type { Mutation } from './mutation.ts';

/**
 * The header of a DIFF set lastProcessedZxid to the zxid of the leader before the transactions had come. A connection that broke in
 * between left a server that called itself up to date without them: an ephemeral node of a closed session stayed on it. Repaired in
 * 3.4.11 and 3.5.4.
 */
export const zookeeper2355 = {
  id: 'ZOOKEEPER-2355',
  slug: 'lastprocessed-before-apply',
  letter: 'A15',
  issues: [],
  edits: [{ layer: 'zab', set: 'diffSetsLastProcessed', to: true }],
  properties: ['I-LOG'],
  versions: '3.4.10, 3.5.3',
  difficulty: 1,
} as const satisfies Mutation;

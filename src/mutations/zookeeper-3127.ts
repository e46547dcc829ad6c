import type { Mutation } from './mutation.ts';

/**
 * Each operation of a multi raised lastProcessedZxid to that of the whole. A snapshot that began after the first was named after the
 * multi, whose rest the replay then skipped. Repaired in 3.5.5.
 */
export const zookeeper3127 = {
  id: 'ZOOKEEPER-3127',
  slug: 'multi-advances-zxid-per-subop',
  letter: 'E2',
  issues: [],
  edits: [{ layer: 'server', set: 'multiAdvancesZxidPerSubop', to: true }],
  properties: ['I-REC'],
  versions: '3.4.0-3.5.4',
  difficulty: 1,
} as const satisfies Mutation;

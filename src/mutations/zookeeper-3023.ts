import type { Mutation } from './mutation.ts';

/**
 * The transactions of the sync were logged at NEWLEADER, and applied only after UPTODATE, by the CommitProcessor, while the server was
 * open already: clients could read a tree without the history that the server had just vouched for. Since 3.9.3 they are applied before
 * the ack.
 */
export const zookeeper3023 = {
  id: 'ZOOKEEPER-3023',
  slug: 'serve-before-catchup',
  letter: 'A6',
  issues: [],
  edits: [{ layer: 'zab', set: 'appliesSyncedBeforeAck', to: false }],
  properties: ['I-CODE'],
  versions: '3.4.10-3.4.14, 3.5.3-3.8.6, 3.9.0-3.9.2',
  difficulty: 1,
} as const satisfies Mutation;

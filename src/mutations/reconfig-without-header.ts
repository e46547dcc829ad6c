import type { Mutation } from './mutation.ts';

/**
 * A reconfig is read before it gets a zxid, and one that cannot be read goes on without a header: nobody proposes it, and the CommitProcessor
 * of its server waits for the commit. Its session gets no answer any more.
 */
export const reconfigWithoutHeader = {
  id: 'reconfig-without-header',
  slug: 'reconfig-without-header',
  letter: 'O8',
  issues: [],
  edits: [{ layer: 'server', set: 'undecodableReconfigIsTxn', to: false }],
  properties: [],
  versions: '3.5.0-3.8.6',
  difficulty: 1,
} as const satisfies Mutation;

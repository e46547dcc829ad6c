import type { Mutation } from './mutation.ts';

/** A proposal with a quorum of acks is committed although the one before it has none yet. */
export const outOfOrderCommit = {
  id: 'out-of-order-commit',
  slug: 'out-of-order-commit',
  letter: 'T3',
  issues: [],
  edits: [{ layer: 'zab', set: 'commitsInOrder', to: false }],
  properties: ['I-CODE', 'I-PO'],
  versions: '',
  difficulty: 2,
} as const satisfies Mutation;

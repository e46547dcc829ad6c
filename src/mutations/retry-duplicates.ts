import type { Mutation } from './mutation.ts';

/** After CONNECTIONLOSS of its create a client that stands in line makes another node, though the first may be there: nobody ever deletes that, and the line stops at it. */
export const retryDuplicates = {
  id: 'retry-duplicates',
  slug: 'retry-duplicates',
  letter: 'F9',
  issues: [],
  edits: [{ layer: 'client', set: 'looksForOwnNode', to: false }],
  properties: ['I-RECIPE'],
  versions: '',
  difficulty: 1,
} as const satisfies Mutation;

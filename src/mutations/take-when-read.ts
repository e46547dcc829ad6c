import type { Mutation } from './mutation.ts';

/** A consumer of a queue takes what it has read, whether its own delete succeeded or somebody else had deleted the item before. */
export const takeWhenRead = {
  id: 'take-when-read',
  slug: 'take-when-read',
  letter: 'T27-queue',
  issues: [],
  edits: [{ layer: 'client', set: 'takesByDelete', to: false }],
  properties: ['I-RECIPE'],
  versions: '',
  difficulty: 1,
} as const satisfies Mutation;

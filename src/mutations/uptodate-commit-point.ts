import type { Mutation } from './mutation.ts';

/**
 * What a joining server acknowledges with NEWLEADER is taken for all that is committed there: it has the proposal of a write that is
 * committed before its acknowledgement comes, and never hears of the commit.
 */
export const uptodateCommitPoint = {
  id: 'uptodate-commit-point',
  slug: 'uptodate-commit-point',
  letter: 'T7',
  issues: [],
  edits: [{ layer: 'zab', set: 'commitsToSyncing', to: false }],
  properties: ['I-CODE'],
  versions: '',
  difficulty: 1,
} as const satisfies Mutation;

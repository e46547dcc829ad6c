import type { Mutation } from './mutation.ts';

/**
 * A learner whose last zxid is of an epoch in which the leader has nothing is cut back into an older one, below which its log need not
 * be that of the leader. Found in runs of this simulator on what the code of master does, not confirmed on a real server.
 */
export const truncationAcrossEpochs = {
  id: 'truncation-across-epochs',
  slug: 'truncation-across-epochs',
  letter: 'H13',
  issues: [],
  edits: [{ layer: 'zab', set: 'truncatesAcrossEpochs', to: true }],
  properties: ['I-AGR'],
  versions: '3.4.0-master',
  difficulty: 3,
} as const satisfies Mutation;

import type { Mutation } from './mutation.ts';

/** A batch is passed on before it is on disk: a quorum that loses power has committed what none of it holds. */
export const ackBeforeFsync = {
  id: 'ack-before-fsync',
  slug: 'ack-before-fsync',
  letter: 'T1',
  issues: [],
  edits: [{ plan: 'flushPlan', move: 'pass-on', before: 'fsync' }],
  properties: ['I-LOSS'],
  versions: '',
  difficulty: 1,
} as const satisfies Mutation;

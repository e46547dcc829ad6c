import type { Mutation } from './mutation.ts';

/**
 * A client that found no server went on looking for ever, and never told its application that the session must have run out. Since 3.9.3
 * it gives up after four thirds of the timeout.
 */
export const zookeeper4508 = {
  id: 'ZOOKEEPER-4508',
  slug: 'client-never-gives-up',
  letter: 'F10',
  issues: [4923],
  edits: [{ layer: 'client', set: 'declaresExpiry', to: false }],
  properties: ['I-LIVE'],
  versions: '3.3.0-3.9.2',
  difficulty: 1,
} as const satisfies Mutation;

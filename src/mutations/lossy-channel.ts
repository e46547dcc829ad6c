import type { Mutation } from './mutation.ts';

/**
 * Between servers every twentieth packet of a connection is lost, and the connection goes on: Zab rests on channels that lose nothing but
 * their end.
 */
export const lossyChannel = {
  id: 'lossy-channel',
  slug: 'lossy-channel',
  letter: 'T11',
  issues: [],
  edits: [{ layer: 'kernel', set: 'losesPacket', to: (port, n) => port === 'quorum' && n % 20 === 0 }],
  properties: ['I-CODE', 'I-LOG'],
  versions: '',
  difficulty: 1,
} as const satisfies Mutation;

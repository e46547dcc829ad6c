import type { Mutation } from './mutation.ts';

/**
 * A session belongs to the server that its client is connected to, not to the connection. When the client leaves a server and comes back, or
 * only tried to, what the server still has of the first time is taken for new: an old write commits after later ones. Found in runs of
 * this simulator on what the code of master does, not confirmed on a real server.
 */
export const sessionOwnedByServer = {
  id: 'session-owned-by-server',
  slug: 'session-owned-by-server',
  letter: 'H10',
  issues: [],
  edits: [{ layer: 'server', set: 'ownerIsConnection', to: false }],
  properties: ['I-FIFO'],
  versions: '3.3.0-master',
  difficulty: 2,
} as const satisfies Mutation;

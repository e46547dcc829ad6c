import type { Mutation } from './mutation.ts';

/**
 * A killed server leaves in the page cache what it had logged last. The next start replays it, votes with it and vouches for it, and
 * nothing makes it durable: a power loss then takes what a quorum was counted for. Found in runs of this simulator on what the code of
 * master does, not confirmed on a real server.
 */
export const recoveredLogNotFsynced = {
  id: 'recovered-log-not-fsynced',
  slug: 'recovered-log-not-fsynced',
  letter: 'H3',
  issues: [],
  edits: [{ layer: 'zab', set: 'syncsRecoveredLog', to: false }],
  properties: ['I-LOSS'],
  versions: '3.3.0-master',
  difficulty: 3,
} as const satisfies Mutation;

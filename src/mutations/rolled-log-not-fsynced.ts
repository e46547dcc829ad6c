import type { Mutation } from './mutation.ts';

/**
 * When the log rolls, the file before is fsynced together with the next one, not before it exists. A power loss may keep the new file
 * and not the end of the old: a hole in the log. Found in runs of this simulator on what the code of master does, not confirmed on a
 * real server.
 */
export const rolledLogNotFsynced = {
  id: 'rolled-log-not-fsynced',
  slug: 'rolled-log-not-fsynced',
  letter: 'H4',
  issues: [],
  edits: [{ layer: 'zab', set: 'syncsRolledLog', to: false }],
  properties: ['I-CODE', 'I-BOOT'],
  versions: '3.3.0-master',
  difficulty: 2,
} as const satisfies Mutation;

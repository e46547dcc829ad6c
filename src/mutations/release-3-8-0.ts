import type { Mutation } from './mutation.ts';

/** What a server of Debian's 3.8.0 calls itself: clients and tools choose by it what they ask for. */
export const release380 = {
  id: 'release-3.8.0',
  slug: 'release-3.8.0',
  letter: 'O9',
  issues: [],
  edits: [{ layer: 'server', set: 'versionText', to: '3.8.0-zablab, built on 2024-12-29 17:54 UTC' }],
  properties: [],
  versions: '3.8.0',
  difficulty: 1,
} as const satisfies Mutation;

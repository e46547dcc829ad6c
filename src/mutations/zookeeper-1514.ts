import type { Mutation } from './mutation.ts';

/**
 * A former leader that came back at once was told by its followers, which had not noticed yet, that it led, and believed them: it led
 * alone. Since 3.4.4 their word counts only for the round it is in.
 */
export const zookeeper1514 = {
  id: 'ZOOKEEPER-1514',
  slug: 'checkleader-ignores-round',
  letter: 'C8',
  issues: [],
  edits: [{ layer: 'zab', set: 'checksLeaderRound', to: false }],
  properties: ['I-LIVE'],
  versions: '3.4.0-3.4.3',
  difficulty: 1,
} as const satisfies Mutation;

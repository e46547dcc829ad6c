import type { Mutation } from './mutation.ts';

/**
 * The leader logs a request before it has proposed it. A crash in between leaves in a log what no primary ever broadcast, and the next
 * start delivers it.
 */
export const logBeforePropose = {
  id: 'log-before-propose',
  slug: 'log-before-propose',
  letter: 'T30',
  issues: [],
  edits: [{ layer: 'server', set: 'proposesBeforeLogging', to: false }],
  properties: ['I-INT'],
  versions: '',
  difficulty: 1,
} as const satisfies Mutation;

import type { Mutation } from './mutation.ts';

/** Watch events go out beside the queue of replies: a client can read the new state before it hears of the change. */
export const eventAfterReply = {
  id: 'event-after-reply',
  slug: 'event-after-reply',
  letter: 'T18',
  issues: [],
  edits: [{ layer: 'server', set: 'queuesEventsWithReplies', to: false }],
  properties: ['I-WORD'],
  versions: '',
  difficulty: 1,
} as const satisfies Mutation;

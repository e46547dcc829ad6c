import type { Mutation } from './mutation.ts';

/** A client does not say what it has seen when it connects again: any server takes it in, however far behind. */
export const clientForgetsZxid = {
  id: 'client-forgets-zxid',
  slug: 'client-forgets-zxid',
  letter: 'T31',
  issues: [],
  edits: [{ layer: 'client', set: 'sendsLastZxid', to: false }],
  properties: ['I-MONO'],
  versions: '',
  difficulty: 1,
} as const satisfies Mutation;

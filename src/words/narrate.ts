/** From notes to sentences: narration for the terminal, the page and transcripts. */
import type { Note } from '../ensemble/note.ts';
import { ENGLISH_CLIENT } from './english-client.ts';
import { ENGLISH_ENSEMBLE } from './english-ensemble.ts';
import { ENGLISH_SERVER } from './english-server.ts';
import { ENGLISH_ZAB, type WordsFor } from './english-zab.ts';
import type { Names } from './names.ts';

const ENGLISH: WordsFor<Note> = { ...ENGLISH_ZAB, ...ENGLISH_SERVER, ...ENGLISH_CLIENT, ...ENGLISH_ENSEMBLE };

/** Every type of note. */
export const NOTE_TYPES: readonly string[] = Object.keys(ENGLISH);

/** A sentence without its subject, which is the node that noted it. */
export function sentenceOf(note: Note, names: Names): string {
  const words = ENGLISH[note.type] as (note: Note, names: Names) => string;
  return words(note, names);
}

/** How much a reader wants to hear. story: what changes the course of things. detail: every decision. */
export type Level = 'story' | 'detail';

const STORY: ReadonlySet<Note['type']> = new Set<Note['type']>([
  'state',
  'established',
  'elected',
  'election-started',
  'sync-plan',
  'learner-acked-newleader',
  'left-role',
  'committed',
  'truncated',
  'recovered',
  'refused-to-start',
  'bad',
  'follower-ahead',
  'epoch-refused',
  'fast-forwarded',
  'session-expired',
  'session-moved',
  'connect-refused-newer-zxid',
  'client-session',
  'client-state',
  'client-expired',
  'client-sequence',
  'client-sequence-done',
  'client-waits',
  'client-invoked',
  'client-returned',
  'client-event',
  'node-up',
  'node-down',
  'node-paused',
  'node-resumed',
  'acted',
  'calm',
  'said',
]);

/** Lines of a script that did not do what they say. */
const FAILURES: readonly string[] = ['timed-out', 'nobody', 'down', 'nothing'];

/** Is the note part of a narration at that level? */
export function isTold(note: Note, level: Level): boolean {
  if (note.type === 'script') return FAILURES.includes(note.what);
  if (level === 'detail') return note.type !== 'digest';
  if (note.type === 'acted') return !['start', 'kill', 'power-loss', 'pause', 'resume', 'invoke'].includes(note.action.type) || !note.bit;
  return STORY.has(note.type);
}

/** Notes of machines and the network have no subject of their own. */
export function hasSubject(note: Note): boolean {
  return note.type !== 'acted' && note.type !== 'calm' && note.type !== 'script' && note.type !== 'said';
}

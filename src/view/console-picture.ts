/** What a client has asked and been answered: the console of the page. */
import type { Names } from '../words/names.ts';
import { operationText, resultWords, toldWords } from '../words/english-operations.ts';
import { sentenceOf } from '../words/narrate.ts';
import { entriesUpTo, type Tale } from './tale.ts';

export interface ConsoleLine {
  readonly event: number;
  readonly at: number;
  readonly call: number;
  readonly kind: 'asked' | 'answered' | 'failed' | 'told';
  readonly text: string;
}

const LINES_MAX = 60;

/** The newest lines of one client up to event `id`, oldest first. */
export function consoleLines(tale: Tale, id: number, node: number, names: Names): ConsoleLine[] {
  const lines: ConsoleLine[] = [];
  for (let i = entriesUpTo(tale, id) - 1; i >= 0 && lines.length < LINES_MAX; i--) {
    const entry = tale.entries[i];
    if (entry?.node !== node) continue;
    for (const note of entry.notes.toReversed()) {
      const where = { event: entry.event, at: entry.at };
      if (note.type === 'client-sequence') lines.push({ ...where, call: note.call, kind: 'asked', text: operationText(note.command) });
      else if (note.type === 'client-sequence-done') {
        const kind = note.error === 'OK' ? 'answered' : 'failed';
        lines.push({ ...where, call: note.call, kind, text: toldWords(note.error, note.told) });
      } else if (note.type === 'client-invoked')
        lines.push({ ...where, call: note.call, kind: 'asked', text: operationText(note.operation) });
      else if (note.type === 'client-returned') {
        lines.push({
          ...where,
          call: note.call,
          kind: note.error === 'OK' ? 'answered' : 'failed',
          text: resultWords(note.error, note.result),
        });
      } else if (
        note.type === 'client-event' ||
        note.type === 'client-state' ||
        note.type === 'client-expired' ||
        note.type === 'client-session'
      ) {
        lines.push({ ...where, call: -1, kind: 'told', text: sentenceOf(note, names) });
      }
    }
  }
  return lines.reverse();
}

/** A window of the list of events, either the story (what was told) or every event of the run. */
import type { Ensemble } from '../ensemble/ensemble.ts';
import type { TraceEvent } from '../ensemble/trace.ts';
import { hasSubject } from '../words/narrate.ts';
import type { Names } from '../words/names.ts';
import { eventRow, noteText, type EventRow } from './event-picture.ts';
import { entriesUpTo, type Tale, type TaleEntry } from './tale.ts';

export interface EventListPicture {
  readonly mode: 'story' | 'all';
  /** Rows of the whole list. */
  readonly total: number;
  /** Index of the first row here. */
  readonly first: number;
  readonly rows: readonly EventRow[];
  /** Index of the last row at or before the cursor; -1 for none. */
  readonly cursor: number;
}

/** Which rows: from an index on, or around the cursor. */
export interface ListWindow {
  readonly first: number | 'cursor';
  readonly count: number;
}

export function storyList(tale: Tale, cursor: number, window: ListWindow, names: Names): EventListPicture {
  const { entries } = tale;
  const at = entriesUpTo(tale, cursor) - 1;
  const first = firstRow(window, at, entries.length);
  const rows = entries.slice(first, first + window.count).map((entry) => storyRow(entry, names));
  return { mode: 'story', total: entries.length, first, rows, cursor: at };
}

/** `eventsOf` makes full events again by replay. */
export function fullList(
  ensemble: Ensemble,
  total: number,
  cursor: number,
  window: ListWindow,
  names: Names,
  eventsOf: (first: number, last: number) => readonly TraceEvent[],
): EventListPicture {
  const first = firstRow(window, cursor - 1, total);
  const last = Math.min(total, first + window.count);
  const rows = last <= first ? [] : eventsOf(first + 1, last).map((event) => eventRow(event, ensemble, names));
  return { mode: 'all', total, first, rows, cursor: cursor - 1 };
}

/** Around the cursor, more of what came before than of what follows. */
function firstRow({ first, count }: ListWindow, cursor: number, total: number): number {
  const wanted = first === 'cursor' ? cursor - Math.floor(count * 0.6) : first;
  return Math.max(0, Math.min(wanted, total - count));
}

function storyRow({ event, at, node, notes }: TaleEntry, names: Names): EventRow {
  const [first] = notes;
  const subject = first === undefined || !hasSubject(first) || node === -1 ? '' : names.node(node);
  return { event, at, node, subject, text: notes.map((note) => noteText(note, names)).join('; '), isTelling: true };
}

/** The newest sentence of the story at the cursor, with who it is about. */
export function narration(tale: Tale, cursor: number, names: Names): EventRow | null {
  const entry = tale.entries[entriesUpTo(tale, cursor) - 1];
  return entry === undefined ? null : storyRow(entry, names);
}

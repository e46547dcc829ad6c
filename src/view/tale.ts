/**
 * What a run has told so far, event by event: the notes that change the course of things. The list grows with the head of a run; it is what the
 * story, the marks on the tape, the console and the epochs' colours are read from.
 */
import type { Zxid } from '../base/zxid.ts';
import { counterOf, epochOf } from '../base/zxid.ts';
import type { Ensemble } from '../ensemble/ensemble.ts';
import { notesOf, type Note } from '../ensemble/note.ts';
import { isTold } from '../words/narrate.ts';

export interface TaleEntry {
  readonly event: number;
  readonly at: number;
  readonly node: number;
  readonly notes: readonly Note[];
}

export interface Tale {
  readonly entries: TaleEntry[];
  /** Event of the last entry looked at: a replay tells nothing twice. */
  upTo: number;
}

export function makeTale(): Tale {
  return { entries: [], upTo: 0 };
}

/** The same up to event `id`: a branch has the past of its trunk. */
export function taleUpTo(tale: Tale, id: number): Tale {
  return { entries: tale.entries.slice(0, entriesUpTo(tale, id)), upTo: id };
}

/** Looks at the event just run. */
export function tell(tale: Tale, { world }: Ensemble): void {
  const { record } = world;
  if (record.id <= tale.upTo) return;
  tale.upTo = record.id;
  if (record.notes.length === 0) return;
  const notes = notesOf(record).filter((note) => isTold(note, 'story'));
  if (notes.length > 0) tale.entries.push({ event: record.id, at: record.at, node: record.node, notes });
}

/** How many entries there are up to event `id`. */
export function entriesUpTo({ entries }: Tale, id: number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((entries[middle]?.event ?? Infinity) <= id) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Largest committed counter of each epoch, up to event `id`: what leaders decided, and the histories they were established with. */
export function committedUpTo(tale: Tale, id: number): ReadonlyMap<number, number> {
  const committed = new Map<number, number>();
  const raise = (zxid: Zxid): void => {
    if (zxid < 0) return;
    const epoch = epochOf(zxid);
    committed.set(epoch, Math.max(committed.get(epoch) ?? 0, counterOf(zxid)));
  };
  const count = entriesUpTo(tale, id);
  for (let i = 0; i < count; i++) {
    for (const note of tale.entries[i]?.notes ?? []) {
      if (note.type === 'committed') raise(note.zxid);
      else if (note.type === 'established') raise(note.history);
    }
  }
  return committed;
}

export type MarkKind = 'established' | 'election' | 'crash' | 'start' | 'fault' | 'heal' | 'call' | 'violation';

export interface Mark {
  readonly event: number;
  readonly at: number;
  readonly kind: MarkKind;
  readonly node: number;
  /** Of `established`. */
  readonly epoch: number;
}

const FAULTS: readonly string[] = ['partition', 'cut', 'break', 'disk', 'tear-tail', 'link', 'message-rule', 'packet', 'packets'];
const HEALS: readonly string[] = ['mend', 'heal', 'calm', 'remove-rule'];

/** What the tape shows of entries from index `first` on. */
export function marksOf({ entries }: Tale, first = 0): Mark[] {
  const marks: Mark[] = [];
  for (let i = first; i < entries.length; i++) {
    const entry = entries[i];
    if (entry === undefined) continue;
    for (const note of entry.notes) {
      const kind = markKind(note);
      if (kind !== null)
        marks.push({ event: entry.event, at: entry.at, kind, node: entry.node, epoch: note.type === 'established' ? note.epoch : -1 });
    }
  }
  return marks;
}

function markKind(note: Note): MarkKind | null {
  switch (note.type) {
    case 'established':
      return 'established';
    case 'state':
      return note.state === 'LOOKING' ? 'election' : null;
    case 'node-down':
    case 'refused-to-start':
      return 'crash';
    case 'node-up':
      return 'start';
    case 'client-sequence':
    case 'client-invoked':
      return 'call';
    case 'acted':
      if (!note.bit) return null;
      return FAULTS.includes(note.action.type) ? 'fault' : HEALS.includes(note.action.type) ? 'heal' : null;
    default:
      return null;
  }
}

// What is due to persistent and recursive watches, by walking over all notes each time: the twin of lasting-watches.ts.

import type { NoteOf, Txn } from '../../src/check/fact.ts';
import { forEachChange } from '../../src/ensemble/txn-view.ts';
import type { Told } from './naive-history.ts';

type Lasting = 'persistent' | 'recursive';
type Event = NoteOf<'watch-fired'>['event'];

interface Watch {
  readonly table: Lasting;
  readonly path: string;
  readonly since: number;
  readonly armed: boolean;
}

export interface Due {
  readonly event: Event;
  readonly path: string;
  readonly zxid: number;
  readonly fired: boolean;
  readonly overdueAt: number | null;
}

interface Book {
  watches: Watch[];
  dues: Due[];
}

/** One note after the other; `walk` says what the twin of one-shot watches knows too: what was committed by it, and whose session it is about. */
export interface Step {
  readonly told: Told;
  readonly fresh: readonly Txn[];
  readonly committed: readonly Txn[];
  readonly endsAll: boolean;
  readonly isOwn: boolean;
}

export function duesOf(steps: readonly Step[], node: number): Due[] {
  const book: Book = { watches: [], dues: [] };
  for (const step of steps) learn(book, step, node);
  return book.dues;
}

function learn(book: Book, { told: { note, where }, fresh, committed, endsAll, isOwn }: Step, node: number): void {
  for (const watch of book.watches) owe(book, watch, fresh);
  if (endsAll) {
    book.watches = [];
    book.dues = [];
    return;
  }
  if (note.type === 'watch-fired' && isOwn) {
    const found = book.dues.find((due) => isOf(due, note) && !due.fired && (note.zxid === -1 || note.zxid === due.zxid));
    book.dues = book.dues.map((due) => (due === found ? { ...due, fired: true } : due));
  }
  if (note.type === 'watch-withheld' && isOwn) book.dues = book.dues.filter((due) => !isOf(due, note) || due.zxid !== note.zxid);
  if (where.node === node) learnOwn(book, note, where.at, committed);
}

function learnOwn(book: Book, note: Told['note'], at: number, committed: readonly Txn[]): void {
  switch (note.type) {
    case 'client-state':
      book.dues = [];
      book.watches = book.watches.map((watch) => ({ ...watch, armed: false }));
      return;
    case 'client-watches-on':
      book.watches = book.watches.map((watch) => {
        if (watch.armed || !note[watch.table].includes(watch.path)) return watch;
        const armed = { ...watch, armed: true, since: note.zxid };
        owe(book, armed, committed);
        return armed;
      });
      return;
    case 'client-invoked': {
      const { operation } = note;
      if (operation.op !== 'removeWatches') return;
      book.watches = book.watches.map((watch) => (watch.path === operation.path ? { ...watch, armed: false } : watch));
      book.dues = book.dues.filter(({ path }) => !isAtOrBelow(path, operation.path));
      return;
    }
    case 'client-event': {
      book.watches = book.watches.filter(({ table, path }) => path !== note.path || !note.consumed.includes(table));
      const found = book.dues.find((due) => isTold(due, note));
      book.dues = book.dues.filter((due) => due !== found);
      return;
    }
    case 'client-returned':
      book.dues = book.dues.map((due) => (due.zxid <= note.zxid && due.overdueAt === null ? { ...due, overdueAt: at } : due));
      register(book, note, committed);
      break;
    default:
  }
}

function register(book: Book, { operation, error, zxid }: NoteOf<'client-returned'>, committed: readonly Txn[]): void {
  if (operation.op !== 'addWatch' || error !== 'OK') return;
  const table = operation.mode === 0 ? 'persistent' : 'recursive';
  const { path } = operation;
  const known = book.watches.find((watch) => watch.table === table && watch.path === path);
  if (known?.armed === true) return;
  const watch = { table, path, since: zxid, armed: true } as const;
  book.watches = [...book.watches.filter((each) => each !== known), watch];
  owe(book, watch, committed);
}

function isOf(due: Due, { event, path }: { readonly event: string; readonly path: string }): boolean {
  return due.event === event && due.path === path;
}

export function isTold(due: Due, note: NoteOf<'client-event'>): boolean {
  return isOf(due, note) && (note.zxid === -1 || note.zxid === due.zxid);
}

function owe(book: Book, watch: Watch, txns: readonly Txn[]): void {
  if (!watch.armed) return;
  for (const txn of txns) {
    if (txn.zxid <= watch.since) continue;
    forEachChange(txn, null, (_, change, path) => {
      const event = change === 'setData' ? 'NodeDataChanged' : change === 'delete' ? 'NodeDeleted' : 'NodeCreated';
      const concerned = watch.table === 'recursive' ? isAtOrBelow(path, watch.path) : path === watch.path;
      if (concerned) add(book, event, path, txn.zxid);
      const parent = path.slice(0, path.lastIndexOf('/')) || '/';
      if (watch.table === 'persistent' && change !== 'setData' && parent === watch.path) add(book, 'NodeChildrenChanged', parent, txn.zxid);
    });
  }
}

function add(book: Book, event: Event, path: string, zxid: number): void {
  if (book.dues.some((due) => due.event === event && due.path === path && due.zxid === zxid)) return;
  book.dues.push({ event, path, zxid, fired: false, overdueAt: null });
}

function isAtOrBelow(path: string, ancestor: string): boolean {
  return ancestor === '/' || path === ancestor || path.startsWith(`${ancestor}/`);
}

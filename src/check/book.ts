/**
 * Every broadcast of the run by zxid: which primary made it and when, and the digest of the tree after it as the first server had it. Zxids of
 * an epoch are consecutive, so an epoch is a list; what does not fit there, as when two leaders give out one zxid, lies apart.
 */
import { epochOf, type Zxid } from '../base/zxid.ts';
import { copyChunked, itemAt, makeChunked, pushItem, setItem, type Chunked } from './chunked.ts';
import { sameTxn, type Txn } from './fact.ts';

export interface BookEntry {
  readonly txn: Txn;
  /** The primary's node, and the event of the broadcast. */
  readonly node: number;
  readonly event: number;
  /** Of the tree after it, and the first server that told; null before. */
  readonly digest: string | null;
  readonly digestNode: number;
}

interface EpochBook {
  readonly first: Zxid;
  readonly entries: Chunked<BookEntry>;
}

export interface Book {
  readonly epochs: Map<number, EpochBook>;
  readonly odd: Map<Zxid, readonly BookEntry[]>;
  /** The epoch asked for last: nearly always the one asked for next. */
  recent: EpochBook | null;
}

export function makeBook(): Book {
  return { epochs: new Map(), odd: new Map(), recent: null };
}

export function copyBook(book: Book): Book {
  const epochs = new Map<number, EpochBook>();
  for (const [epoch, { first, entries }] of book.epochs) epochs.set(epoch, { first, entries: copyChunked(entries) });
  return { epochs, odd: new Map(book.odd), recent: null };
}

export function enterBroadcast(book: Book, txn: Txn, node: number, event: number): void {
  const { zxid } = txn;
  const entry: BookEntry = { txn, node, event, digest: null, digestNode: -1 };
  let epoch = epochBook(book, zxid);
  if (epoch === null) {
    epoch = { first: zxid, entries: makeChunked() };
    book.epochs.set(epochOf(zxid), epoch);
  }
  if (zxid === epoch.first + epoch.entries.length) pushItem(epoch.entries, entry);
  else book.odd.set(zxid, [...(book.odd.get(zxid) ?? []), entry]);
}

/** The first broadcast with this zxid. */
export function entryAt(book: Book, zxid: Zxid): BookEntry | null {
  const epoch = epochBook(book, zxid);
  const listed = epoch === null || zxid < epoch.first ? undefined : itemAt(epoch.entries, zxid - epoch.first);
  return listed ?? book.odd.get(zxid)?.[0] ?? null;
}

/** The broadcast of this very transaction. */
export function entryOf(book: Book, txn: Txn): BookEntry | null {
  const first = entryAt(book, txn.zxid);
  if (first !== null && sameTxn(first.txn, txn)) return first;
  for (const entry of book.odd.get(txn.zxid) ?? []) if (sameTxn(entry.txn, txn)) return entry;
  return null;
}

/** The broadcast with this zxid by this primary, the latest one if there are several. */
export function entryBy(book: Book, zxid: Zxid, node: number): BookEntry | null {
  let found: BookEntry | null = null;
  for (const entry of book.odd.get(zxid) ?? []) if (entry.node === node) found = entry;
  if (found !== null) return found;
  const first = entryAt(book, zxid);
  return first !== null && first.node === node ? first : null;
}

/** The first server to tell its digest after this zxid sets what the others must have. */
export function enterDigest(book: Book, zxid: Zxid, digest: string, node: number): void {
  const entry = entryAt(book, zxid);
  if (entry === null || entry.digest !== null) return;
  const known: BookEntry = { txn: entry.txn, node: entry.node, event: entry.event, digest, digestNode: node };
  const epoch = epochBook(book, zxid);
  if (epoch !== null && itemAt(epoch.entries, zxid - epoch.first) === entry) setItem(epoch.entries, zxid - epoch.first, known);
  else book.odd.set(zxid, [known, ...(book.odd.get(zxid) ?? []).slice(1)]);
}

function epochBook(book: Book, zxid: Zxid): EpochBook | null {
  const { recent } = book;
  if (recent !== null && zxid >= recent.first && zxid <= recent.first + recent.entries.length) return recent;
  const found = book.epochs.get(epochOf(zxid)) ?? null;
  if (found !== null) book.recent = found;
  return found;
}

/** A disk: files as lists of records with a durable watermark; between the two lies the page cache. */
import { hashPlain, makeHash, type Lanes } from '../base/hash.ts';
import { makePartKind, type Ref } from '../base/parts.ts';
import type { Effect, Item, ThreadId } from '../base/step.ts';
import type { Table } from '../base/table.ts';

export const CHUNK_RECORDS = 64;

/** So many records that are no longer appended to: immutable, and shared by every fork. */
export interface FullChunk {
  /** null: torn, no read gets it back. */
  readonly records: readonly (Item | null)[];
  readonly sizes: readonly number[];
}

export interface FilePart {
  readonly node: number;
  name: string;
  /** Full chunks, then the rest, so that a fork of a long log copies little. */
  full: readonly FullChunk[];
  records: (Item | null)[];
  sizes: number[];
  length: number;
  bytes: number;
  /** Records that survive a power loss. */
  synced: number;
  /** The file itself survives a power loss even when empty: it was fsynced once. */
  durable: boolean;
}

export interface SyncMark {
  readonly file: string;
  /** Records that were there when the fsync began. */
  readonly length: number;
}

export interface PendingSync {
  readonly thread: ThreadId;
  readonly marks: readonly SyncMark[];
  readonly at: number;
  readonly cause: number;
}

export interface DiskFaults {
  /** The next so many operations of the kind fail; 'any' counts every operation. */
  readonly failing: { readonly op: DiskOperation | 'any'; readonly times: number } | null;
  readonly full: boolean;
  /** fsync takes so many times longer. */
  readonly slow: number;
  /** fsync returns without making anything durable. */
  readonly lying: boolean;
}

export type DiskEffect = Extract<Effect, { type: 'create' | 'append' | 'rename' | 'truncate' | 'delete' }>;
export type DiskOperation = DiskEffect['type'] | 'fsync';

export interface DiskPart {
  readonly node: number;
  files: Table<Ref<FilePart>>;
  pending: PendingSync[];
  faults: DiskFaults;
  /** Power losses so far: each draws anew. */
  losses: number;
}

export const HEALTHY: DiskFaults = { failing: null, full: false, slow: 1, lying: false };

/** A memory of what has been hashed. */
const hashes = new WeakMap<FullChunk, Lanes>();
const NOTHING: ReadonlySet<string> = new Set();

function hashOfChunk(chunk: FullChunk): Lanes {
  const known = hashes.get(chunk);
  if (known !== undefined) return known;
  const hash = makeHash();
  hashPlain(chunk.records, NOTHING, hash);
  hashes.set(chunk, hash);
  return hash;
}

export const FILE = makePartKind<FilePart>('file', {
  copy: (part) => ({ ...part, records: part.records.slice(), sizes: part.sizes.slice() }),
  essence: ({ node, name, full, records, length, synced, durable }) => [
    node,
    name,
    length,
    synced,
    durable,
    records,
    full.map(hashOfChunk),
  ],
  named: true,
});

/** The files speak for themselves. */
export const DISK = makePartKind<DiskPart>('disk', {
  copy: (part) => ({ ...part, files: new Map(part.files), pending: part.pending.slice() }),
  essence: ({ pending, faults }) => [pending.map(({ thread, marks }) => ({ thread, marks })), faults.failing, faults.full, faults.lying],
});

export function makeDisk(node: number): DiskPart {
  return { node, files: new Map(), pending: [], faults: HEALTHY, losses: 0 };
}

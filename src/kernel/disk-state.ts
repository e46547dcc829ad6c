/** A disk: files as lists of records with a durable watermark; between the two lies the page cache. */
import { makePartKind, type Ref } from '../base/parts.ts';
import type { Item } from '../base/step.ts';
import type { Table } from '../base/table.ts';

export const CHUNK_RECORDS = 64;

export interface FileChunk {
  records: Item[];
  sizes: number[];
}

export interface FilePart {
  chunks: Ref<FileChunk>[];
  length: number;
  bytes: number;
  /** Records that survive a power loss. */
  synced: number;
  /** The file itself survives a power loss even when empty: it was fsynced once. */
  durable: boolean;
  /** The last record is torn: the length counts it, reading it fails. */
  torn: boolean;
}

export interface PendingSync {
  readonly thread: Ref<unknown>;
  readonly process: number;
  readonly marks: readonly { readonly file: string; readonly length: number }[];
  readonly at: number;
  readonly cause: number;
}

export interface DiskFaults {
  /** The next so many operations of the kind fail; 'any' counts every operation. */
  readonly failing: { readonly op: 'append' | 'fsync' | 'create' | 'rename' | 'truncate' | 'delete' | 'any'; readonly times: number } | null;
  readonly full: boolean;
  /** fsync takes so many times longer. */
  readonly slow: number;
  /** fsync returns without making anything durable. */
  readonly lying: boolean;
}

export interface DiskPart {
  readonly node: number;
  files: Table<Ref<FilePart>>;
  pending: PendingSync[];
  faults: DiskFaults;
  syncs: number;
}

export const HEALTHY: DiskFaults = { failing: null, full: false, slow: 1, lying: false };

export const CHUNK = makePartKind<FileChunk>('file-chunk', {
  copy: (part) => ({ records: part.records.slice(), sizes: part.sizes.slice() }),
});
export const FILE = makePartKind<FilePart>('file', { copy: (part) => ({ ...part, chunks: part.chunks.slice() }) });
export const DISK = makePartKind<DiskPart>('disk', {
  copy: (part) => ({ ...part, files: new Map(part.files), pending: part.pending.slice() }),
  skip: ['at', 'cause', 'syncs'],
});

export function makeDisk(node: number): DiskPart {
  return { node, files: new Map(), pending: [], faults: HEALTHY, syncs: 0 };
}

/** The files of one disk: lists of records, the full chunks of which are immutable. */
import { allot, own, peek, release, type Parts, type Ref } from '../base/parts.ts';
import type { Item } from '../base/step.ts';
import { CHUNK_RECORDS, FILE, type DiskPart, type FilePart, type SyncMark } from './disk-state.ts';

/** An empty file, in the place of one of that name. */
export function createFile(parts: Parts, ref: Ref<DiskPart>, name: string): void {
  removeFile(parts, ref, name);
  const disk = own(parts, ref);
  disk.files.set(name, allot(parts, FILE, makeFile(disk.node, name)));
}

function makeFile(node: number, name: string): FilePart {
  return { node, name, full: [], records: [], sizes: [], length: 0, bytes: 0, synced: 0, durable: false };
}

export function appendRecord(parts: Parts, ref: Ref<FilePart>, record: Item, bytes: number): void {
  const file = own(parts, ref);
  file.records.push(record);
  file.sizes.push(bytes);
  file.length += 1;
  file.bytes += bytes;
  if (file.records.length < CHUNK_RECORDS) return;
  file.full = [...file.full, { records: file.records, sizes: file.sizes }];
  file.records = [];
  file.sizes = [];
}

/** null where there is none, or none that can be read. */
export function recordAt(file: Readonly<FilePart>, index: number): Item | null {
  if (index < 0 || index >= file.length) return null;
  const chunk = file.full[Math.floor(index / CHUNK_RECORDS)];
  return (chunk === undefined ? file.records : chunk.records)[index % CHUNK_RECORDS] ?? null;
}

/** False when there is no such file. */
export function renameFile(parts: Parts, ref: Ref<DiskPart>, from: string, to: string): boolean {
  const moved = peek(parts, ref).files.get(from);
  if (moved === undefined) return false;
  if (from === to) return true;
  removeFile(parts, ref, to);
  const disk = own(parts, ref);
  disk.files.delete(from);
  disk.files.set(to, moved);
  // An fsync that is under way is of the file, whatever its name.
  changeMarks(disk, from, (mark) => ({ ...mark, file: to }));
  own(parts, moved).name = to;
  return true;
}

/** Keeps the first `records`. An fsync that is under way says nothing of what is written in the place of the others. */
export function truncateFile(parts: Parts, ref: Ref<DiskPart>, name: string, records: number): void {
  const file = peek(parts, ref).files.get(name);
  if (file === undefined) return;
  cutFile(parts, file, records);
  changeMarks(own(parts, ref), name, (mark) => ({ ...mark, length: Math.min(mark.length, records) }));
}

/** Keeps the first `records`. */
export function cutFile(parts: Parts, ref: Ref<FilePart>, records: number): void {
  if (records >= peek(parts, ref).length) return;
  const file = own(parts, ref);
  reopenChunk(file, Math.floor(records / CHUNK_RECORDS));
  file.records.length = records % CHUNK_RECORDS;
  file.sizes.length = file.records.length;
  file.length = records;
  file.synced = Math.min(file.synced, records);
  file.bytes = 0;
  for (const { sizes } of file.full) for (const size of sizes) file.bytes += size;
  for (const size of file.sizes) file.bytes += size;
}

/** Makes chunk `index` the one that is appended to, without those after it. */
function reopenChunk(file: FilePart, index: number): void {
  const chunk = file.full[index];
  if (chunk === undefined) return;
  file.full = file.full.slice(0, index);
  file.records = chunk.records.slice();
  file.sizes = chunk.sizes.slice();
}

/** The record counts as before and cannot be read any more, whatever is appended to the file. */
export function tearRecord(parts: Parts, ref: Ref<FilePart>, index: number): void {
  const file = own(parts, ref);
  const at = Math.floor(index / CHUNK_RECORDS);
  const chunk = file.full[at];
  if (chunk === undefined) file.records[index % CHUNK_RECORDS] = null;
  else file.full = file.full.with(at, { records: chunk.records.with(index % CHUNK_RECORDS, null), sizes: chunk.sizes });
}

export function removeFile(parts: Parts, ref: Ref<DiskPart>, name: string): void {
  const removed = peek(parts, ref).files.get(name);
  if (removed === undefined) return;
  release(parts, removed);
  const disk = own(parts, ref);
  disk.files.delete(name);
  // An fsync that is under way says nothing of a later file of that name.
  changeMarks(disk, name, () => null);
}

function changeMarks(disk: DiskPart, name: string, change: (mark: SyncMark) => SyncMark | null): void {
  if (disk.pending.length === 0) return;
  const changed = (mark: SyncMark): SyncMark[] => {
    const made = mark.file === name ? change(mark) : mark;
    return made === null ? [] : [made];
  };
  disk.pending = disk.pending.map((sync) => ({ ...sync, marks: sync.marks.flatMap(changed) }));
}

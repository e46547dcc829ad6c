/** The files of one disk: lists of records in chunks, so that a long log is not copied for one record more. */
import { assert } from '../base/assert.ts';
import { allot, own, peek, release, type Parts, type Ref } from '../base/parts.ts';
import type { Item } from '../base/step.ts';
import { CHUNK, CHUNK_RECORDS, FILE, type DiskPart, type FileChunk, type FilePart, type SyncMark } from './disk-state.ts';

/** An empty file, in the place of one of that name. */
export function createFile(parts: Parts, ref: Ref<DiskPart>, name: string): void {
  removeFile(parts, ref, name);
  const disk = own(parts, ref);
  disk.files.set(name, allot(parts, FILE, { node: disk.node, name, chunks: [], length: 0, bytes: 0, synced: 0, durable: false }));
}

export function appendRecord(parts: Parts, ref: Ref<FilePart>, record: Item, bytes: number): void {
  const file = own(parts, ref);
  if (file.length % CHUNK_RECORDS === 0) file.chunks.push(allot(parts, CHUNK, makeChunk(file)));
  const last = file.chunks[file.chunks.length - 1];
  assert(last !== undefined, 'a chunk for the record');
  const chunk = own(parts, last);
  chunk.records.push(record);
  chunk.sizes.push(bytes);
  file.length += 1;
  file.bytes += bytes;
}

function makeChunk(file: FilePart): FileChunk {
  return { node: file.node, file: file.name, index: file.chunks.length, records: [], sizes: [] };
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
  const file = own(parts, moved);
  file.name = to;
  for (const chunk of file.chunks) own(parts, chunk).file = to;
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
  const chunks = Math.ceil(records / CHUNK_RECORDS);
  for (const extra of file.chunks.splice(chunks)) {
    for (const size of peek(parts, extra).sizes) file.bytes -= size;
    release(parts, extra);
  }
  const last = file.chunks[chunks - 1];
  if (last !== undefined) {
    const chunk = own(parts, last);
    const rest = records - (chunks - 1) * CHUNK_RECORDS;
    for (const size of chunk.sizes.splice(rest)) file.bytes -= size;
    chunk.records.length = rest;
  }
  file.length = records;
  file.synced = Math.min(file.synced, records);
}

/** The record counts as before and cannot be read any more, whatever is appended to the file. */
export function tearRecord(parts: Parts, ref: Ref<FilePart>, index: number): void {
  const chunk = peek(parts, ref).chunks[Math.floor(index / CHUNK_RECORDS)];
  assert(chunk !== undefined, 'tears a record that is there');
  own(parts, chunk).records[index % CHUNK_RECORDS] = null;
}

export function removeFile(parts: Parts, ref: Ref<DiskPart>, name: string): void {
  const removed = peek(parts, ref).files.get(name);
  if (removed === undefined) return;
  for (const chunk of peek(parts, removed).chunks) release(parts, chunk);
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

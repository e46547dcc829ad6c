/** What a disk does: operations in the page cache at once, fsync in its own time, and what a power loss leaves. */
import { drawBelow, streamOf, subStream } from '../base/draw.ts';
import { allot, own, peek, release, type Ref } from '../base/parts.ts';
import type { Effect, Item } from '../base/step.ts';
import { sortedKeys } from '../base/table.ts';
import { CHUNK, CHUNK_RECORDS, FILE, type DiskFaults, type DiskPart, type FilePart } from './disk-state.ts';
import { scheduleDisk, scheduleThread } from './schedule.ts';
import type { ThreadPart } from './thread-state.ts';
import type { NodeHandle, World } from './world.ts';

const FSYNC = streamOf('fsync');
const POWER_LOSS = streamOf('power-loss');

export type DiskEffect = Extract<Effect, { type: 'create' | 'append' | 'rename' | 'truncate' | 'delete' }>;

/** Performs all but fsync; an error name when it failed. */
export function performDisk(world: World, handle: NodeHandle, effect: DiskEffect): 'io' | 'full' | null {
  if (takeFailure(world, handle, effect.type)) return 'io';
  switch (effect.type) {
    case 'create':
      return createFile(world, handle, effect.file);
    case 'append':
      return append(world, handle, effect.file, effect.record, effect.bytes);
    case 'rename':
      return rename(world, handle, effect.from, effect.to);
    case 'truncate':
      truncate(world, handle, effect.file, effect.records);
      return null;
    case 'delete':
      removeFile(world, handle, effect.file);
      return null;
  }
}

function takeFailure(world: World, handle: NodeHandle, op: NonNullable<DiskFaults['failing']>['op']): boolean {
  const { failing } = peek(world.parts, handle.disk).faults;
  if (failing === null || (failing.op !== 'any' && failing.op !== op)) return false;
  const disk = own(world.parts, handle.disk);
  disk.faults = { ...disk.faults, failing: failing.times > 1 ? { ...failing, times: failing.times - 1 } : null };
  return true;
}

function createFile(world: World, handle: NodeHandle, name: string): 'full' | null {
  if (peek(world.parts, handle.disk).faults.full) return 'full';
  removeFile(world, handle, name);
  const ref = allot(world.parts, FILE, { chunks: [], length: 0, bytes: 0, synced: 0, durable: false, torn: false });
  own(world.parts, handle.disk).files.set(name, ref);
  return null;
}

function append(world: World, handle: NodeHandle, name: string, record: Item, bytes: number): 'io' | 'full' | null {
  const disk = peek(world.parts, handle.disk);
  if (disk.faults.full) return 'full';
  const ref = disk.files.get(name);
  if (ref === undefined) return 'io';
  const file = own(world.parts, ref);
  const at = file.length % CHUNK_RECORDS;
  if (at === 0) file.chunks.push(allot(world.parts, CHUNK, { records: [], sizes: [] }));
  const last = file.chunks[file.chunks.length - 1];
  if (last === undefined) return 'io';
  const chunk = own(world.parts, last);
  chunk.records.push(record);
  chunk.sizes.push(bytes);
  file.length += 1;
  file.bytes += bytes;
  return null;
}

function rename(world: World, handle: NodeHandle, from: string, to: string): 'io' | null {
  const ref = peek(world.parts, handle.disk).files.get(from);
  if (ref === undefined) return 'io';
  removeFile(world, handle, to);
  const disk = own(world.parts, handle.disk);
  disk.files.delete(from);
  disk.files.set(to, ref);
  return null;
}

function truncate(world: World, handle: NodeHandle, name: string, records: number): void {
  const ref = peek(world.parts, handle.disk).files.get(name);
  if (ref !== undefined) cut(world, own(world.parts, ref), records);
}

function cut(world: World, file: FilePart, records: number): void {
  if (records >= file.length) return;
  const chunks = Math.ceil(records / CHUNK_RECORDS);
  for (const extra of file.chunks.splice(chunks)) release(world.parts, extra);
  const last = file.chunks[chunks - 1];
  const rest = records - (chunks - 1) * CHUNK_RECORDS;
  if (last !== undefined) {
    const chunk = own(world.parts, last);
    chunk.records.length = rest;
    chunk.sizes.length = rest;
  }
  file.length = records;
  file.synced = Math.min(file.synced, records);
  file.torn = false;
  file.bytes = 0;
  for (const chunk of file.chunks) for (const size of peek(world.parts, chunk).sizes) file.bytes += size;
}

export function removeFile(world: World, handle: NodeHandle, name: string): void {
  const ref = peek(world.parts, handle.disk).files.get(name);
  if (ref === undefined) return;
  for (const chunk of peek(world.parts, ref).chunks) release(world.parts, chunk);
  release(world.parts, ref);
  own(world.parts, handle.disk).files.delete(name);
}

/** Starts an fsync: the thread is blocked until the disk's own event. */
export function startSync(world: World, handle: NodeHandle, slot: Ref<ThreadPart>, files: readonly string[]): 'io' | null {
  if (takeFailure(world, handle, 'fsync')) return 'io';
  const disk = own(world.parts, handle.disk);
  const times = handle.fsyncTimes;
  const time = times[drawBelow(world.key, subStream(handle.stream, FSYNC), disk.syncs, times.length)] ?? 0;
  disk.syncs += 1;
  const marks = files.map((file) => {
    const ref = disk.files.get(file);
    return { file, length: ref === undefined ? 0 : peek(world.parts, ref).length };
  });
  const { process } = peek(world.parts, handle.part);
  disk.pending.push({ thread: slot, process, marks, at: world.now + time * disk.faults.slow, cause: world.record.id });
  own(world.parts, slot).syncing = true;
  scheduleDisk(world, handle.disk);
  return null;
}

/** The disk's event: its earliest fsync is done. */
export function runDisk(world: World, slot: Ref<DiskPart>): void {
  const disk = own(world.parts, slot);
  let first = 0;
  for (let i = 1; i < disk.pending.length; i++) if ((disk.pending[i]?.at ?? 0) < (disk.pending[first]?.at ?? 0)) first = i;
  const [done] = disk.pending.splice(first, 1);
  if (done === undefined) return;
  world.record.cause = done.cause;
  world.record.effect = { type: 'fsync', files: done.marks.map((mark) => mark.file) };
  if (!disk.faults.lying) {
    for (const mark of done.marks) {
      const ref = disk.files.get(mark.file);
      if (ref === undefined) continue;
      const file = own(world.parts, ref);
      file.durable = true;
      file.synced = Math.max(file.synced, Math.min(mark.length, file.length));
    }
  }
  const thread: Ref<ThreadPart> = done.thread as Ref<ThreadPart>;
  const waiting = own(world.parts, thread);
  waiting.syncing = false;
  waiting.readyAt = world.now;
  waiting.lastEvent = world.record.id;
  scheduleThread(world, thread);
  scheduleDisk(world, slot);
}

/** The process ended: nobody waits for these any more. What is in the page cache stays there. */
export function forgetSyncs(world: World, handle: NodeHandle): void {
  own(world.parts, handle.disk).pending = [];
  scheduleDisk(world, handle.disk);
}

/** What a power loss keeps of each file with unsynced records: a number of records, or drawn for each file on its own. */
export interface PowerLoss {
  readonly keep: ReadonlyMap<string, number> | 'none' | 'all' | 'drawn';
  /** The last record kept of a file that loses some is torn. */
  readonly torn: boolean;
}

export function loseUnsynced(world: World, handle: NodeHandle, how: PowerLoss): void {
  const { process } = peek(world.parts, handle.part);
  const stream = subStream(subStream(handle.stream, POWER_LOSS), process);
  for (const [i, name] of sortedKeys(peek(world.parts, handle.disk).files).entries()) {
    const ref = peek(world.parts, handle.disk).files.get(name);
    if (ref === undefined) continue;
    const { length, synced, durable } = peek(world.parts, ref);
    if (length === synced && durable) continue;
    const kept = synced + keptOf(world, how, name, length - synced, stream, i);
    if (kept === 0 && !durable) {
      removeFile(world, handle, name);
      continue;
    }
    const file = own(world.parts, ref);
    const torn = how.torn && kept < length;
    cut(world, file, torn ? kept + 1 : kept);
    file.torn = torn;
    file.synced = file.length;
    file.durable = true;
  }
}

function keptOf(world: World, how: PowerLoss, name: string, unsynced: number, stream: number, i: number): number {
  if (how.keep === 'none') return 0;
  if (how.keep === 'all') return unsynced;
  if (how.keep === 'drawn') return drawBelow(world.key, stream, i, unsynced + 1);
  return Math.min(unsynced, how.keep.get(name) ?? 0);
}

export function setDiskFaults(world: World, handle: NodeHandle, faults: Partial<DiskFaults>): void {
  const disk = own(world.parts, handle.disk);
  disk.faults = { ...disk.faults, ...faults };
}

/** Damages the last record of a file on a stopped machine. */
export function tearTail(world: World, handle: NodeHandle, name: string): boolean {
  const ref = peek(world.parts, handle.disk).files.get(name);
  if (ref === undefined || peek(world.parts, ref).length === 0) return false;
  own(world.parts, ref).torn = true;
  return true;
}

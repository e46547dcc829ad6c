/**
 * What a disk does: operations in the page cache at once, fsync in its own time, and what a power loss leaves. Names are durable at once,
 * as on a journalling file system: create, rename, truncate and delete happen whole and in order. Contents are durable by fsync alone.
 */
import { unreachable } from '../base/assert.ts';
import { drawBelow, streamOf, subStream } from '../base/draw.ts';
import { hashString } from '../base/hash.ts';
import { own, peek, type Ref } from '../base/parts.ts';
import { sortedKeys } from '../base/table.ts';
import type { DiskEffect, DiskFaults, DiskOperation, DiskPart, FilePart, SyncMark } from './disk-state.ts';
import { appendRecord, createFile, cutFile, removeFile, renameFile, tearRecord, truncateFile } from './file.ts';
import { threadRef } from './nodes.ts';
import { scheduleDisk } from './schedule.ts';
import { settleThread } from './thread.ts';
import type { ThreadPart } from './thread-state.ts';
import type { NodeHandle, World } from './world.ts';

const FSYNC = streamOf('fsync');
const POWER_LOSS = streamOf('power-loss');

/** Performs all but fsync; an error name when it failed. */
export function performDisk(world: World, handle: NodeHandle, effect: DiskEffect): 'io' | 'full' | null {
  if (takeFailure(world, handle, effect.type)) return 'io';
  const { parts } = world;
  const { files, faults } = peek(parts, handle.disk);
  switch (effect.type) {
    case 'create':
      if (faults.full) return 'full';
      createFile(parts, handle.disk, effect.file);
      return null;
    case 'append': {
      const ref = files.get(effect.file);
      if (ref === undefined) return 'io';
      if (faults.full) return 'full';
      appendRecord(parts, ref, effect.record, effect.bytes);
      return null;
    }
    case 'rename':
      return renameFile(parts, handle.disk, effect.from, effect.to) ? null : 'io';
    case 'truncate':
      truncateFile(parts, handle.disk, effect.file, effect.records);
      return null;
    case 'delete':
      removeFile(parts, handle.disk, effect.file);
      return null;
    default:
      return unreachable(effect);
  }
}

function takeFailure(world: World, handle: NodeHandle, op: DiskOperation): boolean {
  const { failing } = peek(world.parts, handle.disk).faults;
  if (failing === null || (failing.op !== 'any' && failing.op !== op)) return false;
  const disk = own(world.parts, handle.disk);
  disk.faults = { ...disk.faults, failing: failing.times > 1 ? { ...failing, times: failing.times - 1 } : null };
  return true;
}

/** Starts an fsync: the thread is blocked until the disk's own event. */
export function startSync(world: World, handle: NodeHandle, slot: Ref<ThreadPart>, names: readonly string[]): 'io' | null {
  if (takeFailure(world, handle, 'fsync')) return 'io';
  const disk = own(world.parts, handle.disk);
  const thread = own(world.parts, slot);
  const marks = names.map((file): SyncMark => {
    const ref = disk.files.get(file);
    return { file, length: ref === undefined ? 0 : peek(world.parts, ref).length };
  });
  const time = Math.round(syncTime(world, handle, thread, marks) * disk.faults.slow);
  disk.pending.push({ thread: thread.id, marks, at: world.now + time, cause: world.record.id });
  thread.syncing = true;
  scheduleDisk(world, handle.disk);
  return null;
}

/** Drawn by what is synced: an fsync more or less before does not shift it. */
function syncTime(world: World, handle: NodeHandle, thread: ThreadPart, marks: readonly SyncMark[]): number {
  const times = handle.fsyncTimes;
  if (times.length === 0 || world.choosing) return 0;
  let stream = subStream(thread.stream, FSYNC);
  for (const { file, length } of marks) stream = subStream(stream, hashString(file) * 0x100000 + (length % 0x100000));
  return times[drawBelow(world.key, stream, 0, times.length)] ?? 0;
}

/** The disk's event: an fsync is done, the earliest or that of thread `id`. */
export function runDisk(world: World, slot: Ref<DiskPart>, id = -1): void {
  const disk = own(world.parts, slot);
  let first = 0;
  for (let i = 0; i < disk.pending.length; i++) {
    const sync = disk.pending[i];
    if (sync !== undefined && (sync.thread === id || (id === -1 && sync.at < (disk.pending[first]?.at ?? 0)))) first = i;
  }
  const [done] = disk.pending.splice(first, 1);
  if (done === undefined) return;
  const { record } = world;
  record.cause = done.cause;
  record.effect = { type: 'fsync', files: done.marks.map((mark) => mark.file) };
  if (!disk.faults.lying && world.decide.fsyncIsDurable) for (const mark of done.marks) keepSynced(world, disk, mark);
  scheduleDisk(world, slot);
  const thread = threadRef(world, disk.node, done.thread);
  if (thread === null) return;
  own(world.parts, thread).syncing = false;
  settleThread(world, thread);
}

function keepSynced(world: World, disk: DiskPart, { file: name, length }: SyncMark): void {
  const ref = disk.files.get(name);
  if (ref === undefined) return;
  const file = own(world.parts, ref);
  file.durable = true;
  file.synced = Math.max(file.synced, Math.min(length, file.length));
}

/** The process ended: nobody waits for these any more. What is in the page cache stays there. */
export function forgetSyncs(world: World, handle: NodeHandle): void {
  own(world.parts, handle.disk).pending = [];
  scheduleDisk(world, handle.disk);
}

/** What a power loss keeps of each file with unsynced records: a number of records, or drawn for each file on its own. */
export interface PowerLoss {
  readonly keep: ReadonlyMap<string, number> | 'none' | 'all' | 'drawn';
  /** One record more of a file that loses some is there, and torn. */
  readonly torn: boolean;
}

export function loseUnsynced(world: World, handle: NodeHandle, how: PowerLoss): void {
  const { parts } = world;
  const disk = own(parts, handle.disk);
  const stream = subStream(subStream(handle.stream, POWER_LOSS), disk.losses);
  disk.losses += 1;
  for (const name of sortedKeys(disk.files)) {
    const ref = disk.files.get(name);
    if (ref === undefined) continue;
    const { length, synced, durable } = peek(parts, ref);
    if (length === synced && durable) continue;
    const kept = synced + keptOf(world, how, name, length - synced, stream);
    const torn = how.torn && kept < length;
    if (kept === 0 && !durable && !torn) removeFile(parts, handle.disk, name);
    else keepPrefix(world, ref, kept, torn);
  }
}

function keepPrefix(world: World, ref: Ref<FilePart>, kept: number, torn: boolean): void {
  cutFile(world.parts, ref, torn ? kept + 1 : kept);
  if (torn) tearRecord(world.parts, ref, kept);
  const file = own(world.parts, ref);
  file.synced = file.length;
  file.durable = true;
}

/** A prefix of each file, any combination of files. */
function keptOf(world: World, how: PowerLoss, name: string, unsynced: number, stream: number): number {
  if (how.keep === 'none') return 0;
  if (how.keep === 'all') return unsynced;
  if (how.keep === 'drawn') return drawBelow(world.key, subStream(stream, hashString(name)), 0, unsynced + 1);
  return Math.min(unsynced, how.keep.get(name) ?? 0);
}

export function setDiskFaults(world: World, handle: NodeHandle, faults: Partial<DiskFaults>): void {
  const disk = own(world.parts, handle.disk);
  disk.faults = { ...disk.faults, ...faults };
}

/** Damages the last record of a file, for good. */
export function tearTail(world: World, handle: NodeHandle, name: string): boolean {
  const ref = peek(world.parts, handle.disk).files.get(name);
  if (ref === undefined) return false;
  const { length } = peek(world.parts, ref);
  if (length === 0) return false;
  tearRecord(world.parts, ref, length - 1);
  return true;
}

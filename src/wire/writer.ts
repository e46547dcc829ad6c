/* Jute's writing half (WIRE-01): one growing array, which becomes a frame when its length is put in front. */
import { assert } from '../base/assert.ts';
import { putBytes, type Bytes } from '../base/bytes.ts';
import { hiOf, loOf, type Int64 } from '../base/int64.ts';
import { encodeUtf8 } from '../base/utf8.ts';
import { javaUtf8Length, putJavaUtf8 } from './java-utf8.ts';

/** `bytes` from `start` to before `at` are written. */
export interface Writer {
  bytes: Uint8Array;
  start: number;
  at: number;
  /** A server writes strings as Jute's Java does, unit by unit; clients in other languages write real UTF-8. */
  readonly isServer: boolean;
}

const twoTo32 = 0x1_0000_0000;
const lengthSize = 4;

/**
 * Frames lie one behind the other in a larger array: one of its own for each small frame would take longer than to write it. Nothing is written
 * twice in there, so that a frame stays what it is.
 */
let slab = new Uint8Array(0);
let slabUsed = 0;
const SLAB_SIZE = 0x4000;
/** What most frames fit into. */
const ROOM = 512;

/** An empty frame: its length is filled in by `frameOf`. No other is begun before. */
export function makeFrame(side: 'client' | 'server'): Writer {
  if (slab.length - slabUsed < ROOM) {
    slab = new Uint8Array(SLAB_SIZE);
    slabUsed = 0;
  }
  return { bytes: slab, start: slabUsed, at: slabUsed + lengthSize, isServer: side === 'server' };
}

/** The frame with its length in front. The writer is used up. */
export function frameOf(to: Writer): Uint8Array {
  const { start, at: end } = to;
  to.at = start;
  writeInt(to, end - start - lengthSize);
  if (to.bytes === slab) slabUsed = end;
  return to.bytes.subarray(start, end);
}

function makeRoom(to: Writer, count: number): void {
  const needed = to.at + count;
  if (needed <= to.bytes.length) return;
  const { bytes, start, at } = to;
  const larger = new Uint8Array(Math.max(needed - start, 2 * (at - start)));
  larger.set(bytes.subarray(start, at));
  to.bytes = larger;
  to.start = 0;
  to.at = at - start;
}

export function writeInt(to: Writer, value: number): void {
  makeRoom(to, 4);
  const { bytes, at } = to;
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
  to.at += 4;
}

export function writeBoolean(to: Writer, value: boolean): void {
  makeRoom(to, 1);
  to.bytes[to.at++] = value ? 1 : 0;
}

export function writeInt64(to: Writer, value: Int64): void {
  writeInt(to, hiOf(value));
  writeInt(to, loOf(value));
}

/** A safe integer. */
export function writeLong(to: Writer, value: number): void {
  assert(Number.isSafeInteger(value), () => `${value} is no long`);
  const hi = Math.floor(value / twoTo32);
  writeInt(to, hi);
  writeInt(to, value - hi * twoTo32);
}

export function writeBuffer(to: Writer, value: Bytes | null): void {
  writeInt(to, value === null ? -1 : value.length);
  if (value === null) return;
  makeRoom(to, value.length);
  putBytes(to.bytes, to.at, value);
  to.at += value.length;
}

export function writeString(to: Writer, value: string | null): void {
  if (value === null) {
    writeInt(to, -1);
  } else if (to.isServer) {
    const length = javaUtf8Length(value);
    writeInt(to, length);
    makeRoom(to, length);
    to.at = putJavaUtf8(to.bytes, to.at, value);
  } else {
    const utf8 = encodeUtf8(value);
    writeInt(to, utf8.length);
    makeRoom(to, utf8.length);
    to.bytes.set(utf8, to.at);
    to.at += utf8.length;
  }
}

export function writeVector<T>(to: Writer, items: readonly T[], writeItem: (to: Writer, item: T) => void): void {
  writeInt(to, items.length);
  for (const item of items) writeItem(to, item);
}

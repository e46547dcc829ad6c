/*
 * Jute's reading half (WIRE-01): big-endian integers, counted buffers, strings and vectors, taken from one frame. What does not fit throws
 * a WireError before anything is allocated for it; it never leaves this layer.
 */
import { bytesOfArray, type Bytes } from '../base/bytes.ts';
import { int64, type Int64 } from '../base/int64.ts';
import { decodeJavaUtf8 } from './java-utf8.ts';

/** What the bytes are instead of what was expected, and where. */
export class WireError extends Error {
  override readonly name = 'WireError';
}

/** Bytes `at` to before `bytes.length` are unread. */
export interface Reader {
  readonly bytes: Uint8Array;
  at: number;
}

const twoTo32 = 0x1_0000_0000;

export function readerOfFrame(bytes: Uint8Array): Reader {
  return { bytes, at: 0 };
}

export function bytesLeft(from: Readonly<Reader>): number {
  return from.bytes.length - from.at;
}

function expectBytes(from: Readonly<Reader>, count: number, what: string): void {
  if (bytesLeft(from) < count) throw new WireError(`byte ${from.at}: expected ${what} of ${count} bytes, found ${bytesLeft(from)}`);
}

export function readInt(from: Reader): number {
  expectBytes(from, 4, 'an int');
  const { bytes, at } = from;
  from.at += 4;
  return ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
}

/** As Java reads it: whatever is not 0 is true. */
export function readBoolean(from: Reader): boolean {
  expectBytes(from, 1, 'a boolean');
  return from.bytes[from.at++] !== 0;
}

export function readInt64(from: Reader): Int64 {
  expectBytes(from, 8, 'a long');
  const hi = readInt(from);
  return int64(hi, readInt(from));
}

/** A long that is reckoned with: what is beyond the safe integers becomes the nearest of them. */
export function readLong(from: Reader): number {
  expectBytes(from, 8, 'a long');
  const hi = readInt(from);
  const value = hi * twoTo32 + (readInt(from) >>> 0);
  return Math.min(Math.max(value, Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER);
}

/** The bytes behind a length, as a view of the frame; null for the length -1. */
function readCounted(from: Reader, what: string): Uint8Array | null {
  const start = from.at;
  const length = readInt(from);
  if (length === -1) return null;
  if (length < 0 || length > bytesLeft(from)) {
    throw new WireError(`byte ${start}: ${what} of ${length} bytes, expected -1 to ${bytesLeft(from)}`);
  }
  from.at += length;
  return from.bytes.subarray(from.at - length, from.at);
}

export function readBuffer(from: Reader): Bytes | null {
  const buffer = readCounted(from, 'a buffer');
  return buffer === null ? null : bytesOfArray(buffer);
}

export function readString(from: Reader): string | null {
  const utf8 = readCounted(from, 'a string');
  return utf8 === null ? null : decodeJavaUtf8(utf8);
}

/** The items behind a count; null for the count -1. Java takes any other negative count for an empty vector. */
export function readVector<T>(from: Reader, bytesMin: number, readItem: (from: Reader) => T): T[] | null {
  const start = from.at;
  const count = readInt(from);
  if (count === -1) return null;
  if (count * bytesMin > bytesLeft(from)) {
    throw new WireError(`byte ${start}: a vector of ${count} items of at least ${bytesMin} bytes, expected ${bytesLeft(from)} bytes`);
  }
  const items: T[] = [];
  for (let i = 0; i < count; i++) items.push(readItem(from));
  return items;
}

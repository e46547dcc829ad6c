/*
 * 64-bit values of the wire (session ids, ephemeral owners) as 16 lowercase hex digits, two's complement: plain data that compares and hashes
 * as text. Zxids, which are reckoned with, are numbers instead.
 */
import { assert } from './assert.ts';
import { compareText } from './text.ts';

/** Exactly 16 lowercase hex digits. */
export type Int64 = string;

export const zeroInt64: Int64 = '0000000000000000';

const twoTo32 = 0x1_0000_0000;

/** From the two halves, as signed or unsigned 32-bit integers. */
export function int64(hi: number, lo: number): Int64 {
  return half(hi) + half(lo);
}

/** By pairs of digits: a digest is written at every transaction, and this takes a third of the time of toString and padStart. */
function half(word: number): string {
  return pair(word >>> 24) + pair(word >>> 16) + (pair(word >>> 8) + pair(word));
}

const pairs: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

function pair(byte: number): string {
  return pairs[byte & 0xff] ?? '';
}

/** The upper half, unsigned. */
export function hiOf(value: Int64): number {
  assert(value.length === 16, () => `'${value}' is not an Int64`);
  return parseInt(value.slice(0, 8), 16);
}

/** The lower half, unsigned. */
export function loOf(value: Int64): number {
  assert(value.length === 16, () => `'${value}' is not an Int64`);
  return parseInt(value.slice(8), 16);
}

/** From a safe integer, such as a zxid. */
export function int64OfNumber(n: number): Int64 {
  assert(Number.isSafeInteger(n), () => `${n} is not a safe integer`);
  return int64(Math.floor(n / twoTo32), n);
}

/** As a number, signed. Throws Bug on a value that is not a safe integer. */
export function numberOfInt64(value: Int64): number {
  const n = (hiOf(value) | 0) * twoTo32 + loOf(value);
  assert(Number.isSafeInteger(n), () => `0x${value} is not a safe integer`);
  return n;
}

/** As Java orders longs: negative values, whose top bit is set, come first. */
export function compareInt64(a: Int64, b: Int64): number {
  const negativeA = isNegative(a);
  return negativeA === isNegative(b) ? compareText(a, b) : negativeA ? -1 : 1;
}

export function compareInt64Unsigned(a: Int64, b: Int64): number {
  return compareText(a, b);
}

/** Whether the top bit is set. */
function isNegative(value: Int64): boolean {
  return value >= '8';
}

/** `value` + n modulo 2^64, for a safe integer n. */
export function addToInt64(value: Int64, n: number): Int64 {
  assert(Number.isSafeInteger(n), () => `${n} is not a safe integer`);
  const upper = Math.floor(n / twoTo32);
  const lower = loOf(value) + (n - upper * twoTo32);
  return int64(hiOf(value) + upper + (lower >= twoTo32 ? 1 : 0), lower);
}

/** The highest of the eight bytes, 0..255: in a session id the server that made it (ID-28). */
export function topByteOf(value: Int64): number {
  return hiOf(value) >>> 24;
}

/** As Java's Long.toHexString: without the leading zeros. */
export function int64Hex(value: Int64): string {
  return value.replace(/^0{1,15}/, '');
}

/** As Java's Long.toString: signed decimal. */
export function int64Decimal(value: Int64): string {
  let hi = hiOf(value);
  let lo = loOf(value);
  const negative = isNegative(value);
  if (negative) {
    hi = ((lo === 0 ? 0 : -1) - hi) >>> 0;
    lo = -lo >>> 0;
  }
  let digits = '';
  // By six digits, so that remainder * 2^32 + lo stays a safe integer.
  while (hi > 0 || lo >= 1_000_000) {
    const rest = (hi % 1_000_000) * twoTo32 + lo;
    const group = rest % 1_000_000;
    digits = String(group).padStart(6, '0') + digits;
    hi = Math.floor(hi / 1_000_000);
    lo = (rest - group) / 1_000_000;
  }
  return (negative ? '-' : '') + String(lo) + digits;
}

/** Reads '0x' and up to 16 hex digits; null on anything else. */
export function parseInt64Hex(text: string): Int64 | null {
  return /^0x[0-9a-f]{1,16}$/i.test(text) ? text.slice(2).toLowerCase().padStart(16, '0') : null;
}

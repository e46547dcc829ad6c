/*
 * Keyed draws. A draw depends on the seed, the stream it is taken from and its number in that stream, and on nothing else: there is no
 * generator whose state another draw could shift. So removing a fault or a message from a run leaves all other draws as they were.
 *
 * seedrandom turns the text of the seed into four key words, once; from there on it is exact integer arithmetic, the same on every engine.
 */
import alea from 'seedrandom/lib/alea.js';
import { assert } from './assert.ts';
import { mixText } from './hash.ts';
import { mix, mixed, upperLane } from './mix.ts';

/** Four signed 32-bit words. Plain data. */
export type DrawKey = { readonly a: number; readonly b: number; readonly c: number; readonly d: number };

/** Any safe integer; make it from a name with `streamOf`, and from the numbers that make it unique with `subStream`. */
export type Stream = number;

export function makeKey(seedText: string): DrawKey {
  const words = alea(seedText);
  return { a: words.int32(), b: words.int32(), c: words.int32(), d: words.int32() };
}

/** The stream of a name: 53 bits. Keep it rather than asking again in a hot path. */
export function streamOf(name: string): Stream {
  mixText(name);
  return safeIntegerOfMixed();
}

/** The stream of one member of a family, such as a link's incarnation; 53 bits. `n` is a safe integer. */
export function subStream(stream: Stream, n: number): Stream {
  mix(stream ^ 0x243f6a88, upperLane(stream));
  mix((mixed[0] ?? 0) ^ n, (mixed[1] ?? 0) ^ upperLane(n));
  return safeIntegerOfMixed();
}

function safeIntegerOfMixed(): number {
  return ((mixed[1] ?? 0) >>> 11) * 0x1_0000_0000 + ((mixed[0] ?? 0) >>> 0);
}

/** An unsigned 32-bit number. `stream` and `counter` are safe integers. */
export function draw(key: DrawKey, stream: Stream, counter: number): number {
  mix(key.a ^ stream, key.b ^ upperLane(stream));
  mix((mixed[0] ?? 0) ^ key.c ^ counter, (mixed[1] ?? 0) ^ key.d ^ upperLane(counter));
  mix(mixed[0] ?? 0, mixed[1] ?? 0);
  return (mixed[0] ?? 0) >>> 0;
}

/**
 * An integer in 0..n-1, for 1 <= n <= 2^32: the upper word of the 64-bit product draw * n, whose bias, at most n / 2^32 of a value's share,
 * no simulation can see. The product is taken by halves, because in one piece it would not be an exact double.
 */
export function drawBelow(key: DrawKey, stream: Stream, counter: number, n: number): number {
  assert(Number.isInteger(n) && n >= 1 && n <= 0x1_0000_0000, 'drawBelow takes an integer n, 1 <= n <= 2^32');
  const bits = draw(key, stream, counter);
  const carry = Math.floor(((bits & 0xffff) * n) / 0x1_0000);
  return Math.floor(((bits >>> 16) * n + carry) / 0x1_0000);
}

/** An integer in low..high, both included; at most 2^32 of them. */
export function drawBetween(key: DrawKey, stream: Stream, counter: number, low: number, high: number): number {
  return low + drawBelow(key, stream, counter, high - low + 1);
}

/** One member of `table`, all equally likely. Throws Bug on an empty table. */
export function drawFrom<T>(key: DrawKey, stream: Stream, counter: number, table: readonly T[]): T {
  return table[drawBelow(key, stream, counter, table.length)] as T; // in range, and T itself may include undefined
}

/** True with a probability of `perMillion` / 1,000,000. */
export function chance(key: DrawKey, stream: Stream, counter: number, perMillion: number): boolean {
  return drawBelow(key, stream, counter, 1_000_000) < perMillion;
}

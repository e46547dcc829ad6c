/*
 * 64-bit hashes of plain data, for `stateKey` and `traceHash`: equal data give equal hashes on every machine and engine, whatever the
 * order in which properties or table entries were inserted. Not for enemies: anyone can construct a collision.
 *
 * A value hashes to two 32-bit lanes. Arrays and strings absorb their members in order; objects and tables add up one mixed pair per entry,
 * since addition forgets the order. The hot path allocates nothing: results travel through `mixed`.
 */
import { assert, Bug } from './assert.ts';
import { mix, mixed, upperLane } from './mix.ts';

/** A 64-bit hash as two signed 32-bit integers. Plain data. */
export type Lanes = { lo: number; hi: number };

/** Distinct kinds start from distinct lanes, so that [], {}, '', 0 and an empty table differ. */
const numberHi = 0x51ab_3f07;
const textLo = 0x1b87_3593;
const arrayLo = 0x2f0b_4c47;
const objectLo = 0x3c6e_f372;
const tableLo = 0x5be0_cd19;
const kindHi = 0x6a09_e667;

const noSkip: ReadonlySet<string> = new Set();

export function makeHash(): Lanes {
  return { lo: 0x243f_6a88, hi: 0x13198a2e };
}

/** `hash` as 16 lowercase hex digits. */
export function hashText(hash: Lanes): string {
  return laneText(hash.hi) + laneText(hash.lo);
}

function laneText(lane: number): string {
  return (lane >>> 0).toString(16).padStart(8, '0');
}

export function sameHash(a: Lanes, b: Lanes): boolean {
  return a.lo === b.lo && a.hi === b.hi;
}

/** Absorbs a safe integer; the order of rolls counts. Throws Bug on any other number. */
export function roll(state: Lanes, n: number): void {
  if ((n | 0) === n) {
    mix(state.lo ^ n, state.hi ^ (n >> 31));
  } else {
    assert(Number.isSafeInteger(n), () => `cannot hash the number ${n}`);
    mix(state.lo ^ n, state.hi ^ upperLane(n));
  }
  store(state);
}

export { roll as mixLanes };

/** Absorbs another hash, for example that of a part; the order of rolls counts. */
export function rollHash(state: Lanes, other: Lanes): void {
  mix(state.lo ^ other.lo, state.hi ^ other.hi);
  store(state);
}

/** Absorbs a text; the order of rolls counts. */
export function rollText(state: Lanes, text: string): void {
  mixText(text);
  mix(state.lo ^ mixedLo(), state.hi ^ mixedHi());
  store(state);
}

/** The unsigned lower 32 bits of a text's hash, by UTF-16 units. */
export function hashString(text: string): number {
  mixText(text);
  return mixedLo() >>> 0;
}

/**
 * Writes the hash of `value` to `out`. Plain data only: null, booleans, safe integers, strings, arrays, plain objects and Maps with string
 * keys; anything else (fractions, undefined, functions, class instances) throws Bug. Object properties named in `skip` are left out at every
 * depth; the keys of Maps come from outside and are never skipped.
 */
export function hashPlain(value: unknown, skip: ReadonlySet<string>, out: Lanes): void {
  mixValue(value, skip.size === 0 ? noSkip : skip);
  mix(mixedLo() ^ kindHi, mixedHi());
  store(out);
}

function store(out: Lanes): void {
  out.lo = mixedLo();
  out.hi = mixedHi();
}

function mixedLo(): number {
  return mixed[0] ?? 0;
}

function mixedHi(): number {
  return mixed[1] ?? 0;
}

function mixValue(value: unknown, skip: ReadonlySet<string>): void {
  if (typeof value === 'number') mixNumber(value);
  else if (typeof value === 'string') mixCachedText(value);
  else if (typeof value === 'object') mixComposite(value, skip);
  else if (typeof value === 'boolean') mix(value ? 2 : 1, kindHi);
  else throw new Bug(`cannot hash a value of type ${typeof value}`);
}

function mixNumber(n: number): void {
  if ((n | 0) === n) {
    mix(n, numberHi ^ (n >> 31));
    return;
  }
  assert(Number.isSafeInteger(n), () => `cannot hash the number ${n}`);
  mix(n | 0, numberHi ^ upperLane(n));
}

/** One look at the prototype tells the kinds apart and refuses Sets, Dates and class instances, whose content no loop here would see. */
function mixComposite(value: object | null, skip: ReadonlySet<string>): void {
  if (value === null) {
    mix(3, kindHi);
    return;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) mixObject(value, skip);
  else if (Array.isArray(value)) mixArray(value, skip);
  else if (value instanceof Map) mixTable(value, skip);
  else throw new Bug(`cannot hash a ${value.constructor.name}`);
}

function mixArray(items: readonly unknown[], skip: ReadonlySet<string>): void {
  let lo = arrayLo ^ items.length;
  let hi = kindHi;
  for (let i = 0; i < items.length; i++) {
    const item = items[i];
    if (typeof item === 'number' && (item | 0) === item) {
      mix(lo ^ item, hi ^ numberHi ^ (item >> 31)); // one round is enough, and numbers are what there is most of
    } else {
      mixValue(item, skip);
      mix(lo ^ mixedLo(), hi ^ mixedHi());
    }
    lo = mixedLo();
    hi = mixedHi();
  }
  mix(lo, hi);
}

function mixObject(value: object, skip: ReadonlySet<string>): void {
  const fields = value as Record<string, unknown>; // any plain object is one: its values are checked as they are met
  let lo = 0;
  let hi = 0;
  let count = 0;
  for (const key in fields) {
    if (skip !== noSkip && skip.has(key)) continue;
    mixEntry(key, fields[key], skip);
    lo = (lo + mixedLo()) | 0;
    hi = (hi + mixedHi()) | 0;
    count++;
  }
  mix(lo ^ objectLo ^ count, hi ^ kindHi);
}

function mixTable(table: ReadonlyMap<unknown, unknown>, skip: ReadonlySet<string>): void {
  let lo = 0;
  let hi = 0;
  for (const [key, value] of table) {
    if (typeof key !== 'string') throw new Bug(`cannot hash a Map with a key of type ${typeof key}`);
    mixEntry(key, value, skip);
    lo = (lo + mixedLo()) | 0;
    hi = (hi + mixedHi()) | 0;
  }
  mix(lo ^ tableLo ^ table.size, hi ^ kindHi);
}

function mixEntry(key: string, value: unknown, skip: ReadonlySet<string>): void {
  if (typeof value === 'number' && (value | 0) === value) {
    mixCachedText(key);
    mix(mixedLo() ^ value, mixedHi() ^ numberHi ^ (value >> 31));
    return;
  }
  mixValue(value, skip);
  const lo = mixedLo();
  const hi = mixedHi();
  mixCachedText(key);
  // Rotated, so that {a: 'b'} and {b: 'a'} differ.
  mix(mixedLo() ^ ((lo << 13) | (lo >>> 19)), mixedHi() ^ ((hi << 7) | (hi >>> 25)));
}

/** Leaves the 64-bit hash of `text` in `mixed`. */
export function mixText(text: string): void {
  const length = text.length;
  const whole = length & ~3;
  let lo = textLo ^ length;
  let hi = kindHi;
  for (let i = 0; i < whole; i += 4) {
    mix(lo ^ text.charCodeAt(i) ^ (text.charCodeAt(i + 1) << 16), hi ^ text.charCodeAt(i + 2) ^ (text.charCodeAt(i + 3) << 16));
    lo = mixedLo();
    hi = mixedHi();
  }
  // The length is in the seed, so an absent unit may count as zero.
  if (whole < length) lo ^= text.charCodeAt(whole);
  if (whole + 1 < length) lo ^= text.charCodeAt(whole + 1) << 16;
  if (whole + 2 < length) hi ^= text.charCodeAt(whole + 2);
  mix(lo, hi);
}

/*
 * The lanes of texts seen lately. Only a memory: a full one is emptied, and no result depends on it. Field names and states recur in every
 * part; the map finds them faster than their units could be read.
 */
const textsMax = 1 << 14;
const textLengthMax = 256;
const slotOfText = new Map<string, number>();
const textLanes = new Int32Array(2 * textsMax);

function mixCachedText(text: string): void {
  const slot = slotOfText.get(text);
  if (slot !== undefined) {
    mixed[0] = textLanes[slot] ?? 0;
    mixed[1] = textLanes[slot + 1] ?? 0;
    return;
  }
  mixText(text);
  if (text.length > textLengthMax) return;
  if (slotOfText.size === textsMax) slotOfText.clear();
  const free = 2 * slotOfText.size;
  slotOfText.set(text, free);
  textLanes[free] = mixedLo();
  textLanes[free + 1] = mixedHi();
}

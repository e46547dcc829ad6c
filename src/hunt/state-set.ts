/** A set of 64-bit keys in typed arrays, with open addressing: eight bytes a key and no object, so that millions of states fit. */
import { assert } from '../base/assert.ts';

export interface StateSet {
  lo: Int32Array;
  hi: Int32Array;
  /** Keys in it; the key 0, which marks a free place, counts apart. */
  size: number;
  hasZero: boolean;
}

const SMALLEST = 1 << 12;

export function makeStateSet(capacity = SMALLEST): StateSet {
  assert(capacity > 0 && (capacity & (capacity - 1)) === 0, 'a capacity is a power of two');
  return { lo: new Int32Array(capacity), hi: new Int32Array(capacity), size: 0, hasZero: false };
}

/** Adds the key; false when it was there. */
export function addState(set: StateSet, lo: number, hi: number): boolean {
  if (lo === 0 && hi === 0) {
    if (set.hasZero) return false;
    set.hasZero = true;
    set.size += 1;
    return true;
  }
  if (!place(set, lo, hi)) return false;
  set.size += 1;
  if (set.size * 3 > set.lo.length * 2) grow(set);
  return true;
}

function place({ lo: los, hi: his }: StateSet, lo: number, hi: number): boolean {
  const mask = los.length - 1;
  // Both lanes are well mixed; each alone would do.
  let at = (lo ^ (hi >>> 7)) & mask;
  while (los[at] !== 0 || his[at] !== 0) {
    if (los[at] === lo && his[at] === hi) return false;
    at = (at + 1) & mask;
  }
  los[at] = lo;
  his[at] = hi;
  return true;
}

function grow(set: StateSet): void {
  const { lo, hi } = set;
  set.lo = new Int32Array(lo.length * 2);
  set.hi = new Int32Array(hi.length * 2);
  for (let i = 0; i < lo.length; i++) if (lo[i] !== 0 || hi[i] !== 0) place(set, lo[i] ?? 0, hi[i] ?? 0);
}

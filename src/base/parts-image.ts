/**
 * A world's parts put away and taken out again, for whoever goes through a hundred thousand worlds a second: one world runs them all, and what
 * is kept of each is what differs from another. The sum of the hashes goes along, so that a key costs only the parts that changed.
 */
import type { Lanes } from './hash.ts';
import { hashSlot, type Parts } from './parts.ts';

/** Whole and immutable. */
export interface PartsImage {
  readonly values: readonly unknown[];
  readonly kinds: Parts['kinds'];
  readonly hashes: readonly (Lanes | null)[];
  readonly free: readonly number[];
  /** Of all hashes. */
  readonly sum: Lanes;
}

/** What differs from an image. */
export interface PartsChange {
  readonly slots: readonly number[];
  readonly values: readonly unknown[];
  readonly hashes: readonly (Lanes | null)[];
  readonly kinds: Parts['kinds'];
  readonly free: readonly number[];
  readonly sum: Lanes;
}

/** The parts as they are; from now on none may be written to without a copy. */
export function imageOf(parts: Parts): PartsImage {
  parts.owned.fill(0);
  parts.kindsShared = true;
  const hashes = parts.values.map((_, slot) => hashSlot(parts, slot));
  const sum = { lo: 0, hi: 0 };
  for (const hash of hashes) if (hash !== null) add(sum, hash);
  parts.hashes = hashes.slice();
  return { values: parts.values.slice(), kinds: parts.kinds, hashes, free: parts.free.slice(), sum };
}

/** Makes the parts those of the image. */
export function load(parts: Parts, image: PartsImage): void {
  parts.values = image.values.slice();
  parts.kinds = image.kinds;
  parts.kindsShared = true;
  parts.hashes = image.hashes.slice();
  parts.owned.fill(0);
  parts.free = image.free.slice();
}

/** What has been done to the parts since they were the image. */
export function changeSince(parts: Parts, image: PartsImage): PartsChange {
  const slots = ownedSlots(parts);
  const sum = { lo: image.sum.lo, hi: image.sum.hi };
  const hashes: (Lanes | null)[] = [];
  const values: unknown[] = [];
  for (const slot of slots) {
    const before = image.hashes[slot] ?? null;
    if (before !== null) subtract(sum, before);
    const hash = hashSlot(parts, slot);
    if (hash !== null) add(sum, hash);
    hashes.push(hash);
    values.push(parts.values[slot]);
  }
  return { slots, values, hashes, kinds: parts.kinds, free: parts.kinds === image.kinds ? image.free : parts.free.slice(), sum };
}

/** Makes the parts those of the image again, of which only the owned ones have changed since. */
export function undo(parts: Parts, image: PartsImage, { slots, kinds }: PartsChange): void {
  const { values, hashes } = parts;
  for (const slot of slots) {
    values[slot] = image.values[slot];
    if (hashes !== null) hashes[slot] = image.hashes[slot] ?? null;
    parts.owned[slot >> 4] = 0;
  }
  if (kinds === image.kinds) return;
  // Slots come and go with their kinds.
  values.length = image.values.length;
  if (hashes !== null) hashes.length = image.values.length;
  parts.kinds = image.kinds;
  parts.kindsShared = true;
  parts.free = image.free.slice();
}

/** The image with the change made. */
export function changed(image: PartsImage, change: PartsChange): PartsImage {
  const values = image.values.slice();
  const hashes = image.hashes.slice();
  change.slots.forEach((slot, i) => {
    values[slot] = change.values[i];
    hashes[slot] = change.hashes[i] ?? null;
  });
  return { values, hashes, kinds: change.kinds, free: change.free, sum: change.sum };
}

/** Every change owns its slot first: what is owned is what may differ. */
function ownedSlots({ owned }: Parts): number[] {
  const slots: number[] = [];
  for (let word = 0; word < owned.length; word++) {
    for (let bits = owned[word] ?? 0; bits !== 0; bits &= bits - 1) slots.push((word << 4) + 31 - Math.clz32(bits & -bits));
  }
  return slots;
}

function add(sum: Lanes, { lo, hi }: Lanes): void {
  sum.lo = (sum.lo + lo) | 0;
  sum.hi = (sum.hi + hi) | 0;
}

function subtract(sum: Lanes, { lo, hi }: Lanes): void {
  sum.lo = (sum.lo - lo) | 0;
  sum.hi = (sum.hi - hi) | 0;
}

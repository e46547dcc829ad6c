/**
 * A world's parts put away and taken out again, for whoever goes through a hundred thousand worlds a second: one world runs them all, and what
 * is kept of each is what differs from another.
 */
import type { Lanes } from './hash.ts';
import type { Parts } from './parts.ts';

/** Whole and immutable. `hashes` are the caller's own, which need not be those of the parts. */
export interface PartsImage {
  readonly values: readonly unknown[];
  readonly kinds: Parts['kinds'];
  readonly hashes: readonly (Lanes | null)[];
  readonly free: readonly number[];
}

/** What differs from an image. Slots have come or gone where `kinds` is not null. */
export interface PartsChange {
  readonly slots: readonly number[];
  readonly values: readonly unknown[];
  readonly hashes: readonly (Lanes | null)[];
  readonly kinds: Parts['kinds'] | null;
  readonly free: readonly number[];
}

type HashOf = (parts: Parts, slot: number) => Lanes | null;

/** The parts as they are; from now on none may be written to without a copy. */
export function imageOf(parts: Parts, hashOf: HashOf): PartsImage {
  parts.owned.fill(0);
  parts.kindsShared = true;
  parts.hashes = null;
  const { values, kinds, free } = parts;
  return { values: values.slice(), kinds, hashes: values.map((_, slot) => hashOf(parts, slot)), free: free.slice() };
}

/** Makes the parts those of the image. */
export function load(parts: Parts, { values, kinds, free }: PartsImage): void {
  parts.values = values.slice();
  parts.kinds = kinds;
  parts.kindsShared = true;
  parts.hashes = null;
  parts.owned.fill(0);
  parts.free = free.slice();
}

/** What has been done to the parts since they were the image. */
export function changeSince(parts: Parts, image: PartsImage, hashOf: HashOf): PartsChange {
  const slots = ownedSlots(parts);
  return {
    slots,
    values: slots.map((slot) => parts.values[slot]),
    hashes: slots.map((slot) => hashOf(parts, slot)),
    kinds: parts.kinds === image.kinds ? null : parts.kinds,
    free: parts.kinds === image.kinds ? image.free : parts.free.slice(),
  };
}

/** Makes the parts those of the image again, of which only the owned ones have changed since. */
export function undo(parts: Parts, image: PartsImage, { slots, kinds }: PartsChange): void {
  const { values } = parts;
  for (const slot of slots) {
    values[slot] = image.values[slot];
    parts.owned[slot >> 4] = 0;
  }
  if (kinds === null) return;
  // Slots come and go with their kinds.
  values.length = image.values.length;
  parts.kinds = image.kinds;
  parts.kindsShared = true;
  parts.free = image.free.slice();
}

/** The image with the changes made, one after the other. */
export function changed(image: PartsImage, changes: readonly PartsChange[]): PartsImage {
  const values = image.values.slice();
  const hashes = image.hashes.slice();
  let { kinds, free } = image;
  for (const change of changes) {
    for (let i = 0; i < change.slots.length; i++) {
      const slot = change.slots[i] ?? 0;
      values[slot] = change.values[i];
      hashes[slot] = change.hashes[i] ?? null;
    }
    if (change.kinds !== null) ({ kinds, free } = { kinds: change.kinds, free: change.free });
  }
  return { values, hashes, kinds, free };
}

/** Every change owns its slot first: what is owned is what may differ. */
function ownedSlots({ owned }: Parts): number[] {
  const slots: number[] = [];
  for (let word = 0; word < owned.length; word++) {
    for (let bits = owned[word] ?? 0; bits !== 0; bits &= bits - 1) slots.push((word << 4) + 31 - Math.clz32(bits & -bits));
  }
  return slots;
}

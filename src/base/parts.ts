/**
 * The world is a flat list of parts: a thread's mailbox, a file, a log chunk, a tree chunk, a link, a client. Each is plain data at a
 * slot. A step reads with `peek` and obtains what it writes with `own`; a fork copies the list of references and leaves every part
 * shared until one side owns it. Scrubbing, exploration, shrinking and what-if are all this one mechanism, and the parts whose
 * reference changed are also "what this event changed".
 */
import { assert } from './assert.ts';
import { hashPlain, hashString, mixLanes, type Lanes } from './hash.ts';

declare const partOf: unique symbol;

/** The slot of a part of type T. */
export type Ref<T> = number & { readonly [partOf]?: T };

/** What the store must know of a kind of part. */
export interface PartKind<T> {
  readonly name: string;
  /** A copy that shares no mutable object with the original. Values that travel (packets, txns, znodes) are immutable and shared. */
  readonly copy: (part: T) => T;
  /** Fields left out of `stateKey` at every depth: times, sequence numbers, causes. */
  readonly skip: ReadonlySet<string>;
  /** What of the part counts for `stateKey`, where leaving out fields by name would leave out too much; null for the part itself. */
  readonly essence: ((part: T) => unknown) | null;
  /** The content says where the part belongs, so that its slot, which depends on history, does not count for `stateKey`. */
  readonly named: boolean;
  /** Hash of the name. */
  readonly tag: number;
}

interface AnyKind {
  readonly name: string;
  readonly copy: (part: never) => unknown;
  readonly skip: ReadonlySet<string>;
  readonly essence: ((part: never) => unknown) | null;
  readonly named: boolean;
  readonly tag: number;
}

export interface PartKindOptions<T> {
  /**
   * One literal with every field, in the order in which the part's maker has them: copies then have the shape of what they copy. A spread
   * gives each generation of copies another one, which slows down all that reads the part after a fork.
   */
  readonly copy?: (part: T) => T;
  readonly skip?: readonly string[];
  readonly essence?: (part: T) => unknown;
  readonly named?: boolean;
}

/** Plain arrays: up to a few thousand slots they are copied faster than typed ones. */
export interface Parts {
  values: unknown[];
  /** Shared with forks until a slot is allotted or released. */
  kinds: (AnyKind | null)[];
  kindsShared: boolean;
  /** One bit a slot, sixteen to a number: set where this world alone holds the part and may write to it. */
  owned: number[];
  /** Hash of each part, null where it must be taken anew; null as a whole until somebody asks for one. */
  hashes: (Lanes | null)[] | null;
  /** Released slots in descending order; the lowest is allotted first, so that slots depend little on history. */
  free: number[];
  /** In tests: what this world does not own is deeply frozen, so that a write without `own` throws. */
  guard: boolean;
}

const NO_SKIP: ReadonlySet<string> = new Set();

/** A kind whose parts are small: copied by walking arrays, plain objects and tables. */
export function makePartKind<T>(name: string, options: PartKindOptions<T> = {}): PartKind<T> {
  return {
    name,
    copy: options.copy ?? copyPlain,
    skip: options.skip === undefined ? NO_SKIP : new Set(options.skip),
    essence: options.essence ?? null,
    named: options.named ?? false,
    tag: hashString(name),
  };
}

export function makeParts(guard = false): Parts {
  return { values: [], kinds: [], kindsShared: false, owned: [], hashes: null, free: [], guard };
}

/** Puts a new part at the lowest free slot. */
export function allot<T>(parts: Parts, kind: PartKind<T>, value: T): Ref<T> {
  const slot = parts.free.pop() ?? parts.values.length;
  if (slot >> 4 >= parts.owned.length) parts.owned.push(0);
  parts.values[slot] = value;
  setKind(parts, slot, kind);
  setOwned(parts, slot);
  return slot;
}

/** Takes a part out of the world; its slot may be used again. */
export function release(parts: Parts, ref: Ref<unknown>): void {
  assert(parts.kinds[ref] !== null && parts.kinds[ref] !== undefined, 'released a part that is not there');
  parts.values[ref] = null;
  setKind(parts, ref, null);
  setOwned(parts, ref);
  addDescending(parts.free, ref);
}

function setKind(parts: Parts, slot: number, kind: AnyKind | null): void {
  if (parts.kindsShared) {
    parts.kinds = parts.kinds.slice();
    parts.kindsShared = false;
  }
  parts.kinds[slot] = kind;
}

function setOwned(parts: Parts, slot: number): void {
  parts.owned[slot >> 4] = (parts.owned[slot >> 4] ?? 0) | (1 << (slot & 15));
  if (parts.hashes !== null) parts.hashes[slot] = null;
}

/** The part, for reading only. */
export function peek<T>(parts: Parts, ref: Ref<T>): Readonly<T> {
  return parts.values[ref] as T;
}

/** The part, for writing: copied first when another world shares it. */
export function own<T>(parts: Parts, ref: Ref<T>): T {
  if (((parts.owned[ref >> 4] ?? 0) & (1 << (ref & 15))) === 0) takeOver(parts, ref);
  else if (parts.hashes !== null) parts.hashes[ref] = null;
  return parts.values[ref] as T;
}

function takeOver<T>(parts: Parts, ref: Ref<T>): void {
  const kind = parts.kinds[ref] as PartKind<T> | null | undefined;
  assert(kind !== null && kind !== undefined, 'owned a part that is not there');
  parts.values[ref] = kind.copy(parts.values[ref] as T);
  setOwned(parts, ref);
}

/** Puts a fresh value at the slot, as when a process starts anew. */
export function replace<T>(parts: Parts, ref: Ref<T>, value: T): void {
  parts.values[ref] = value;
  setOwned(parts, ref);
}

/** A second world with the same parts; from now on neither may write to one without copying it. */
export function forkParts(parts: Parts): Parts {
  if (parts.guard) seal(parts);
  else parts.owned.fill(0);
  parts.kindsShared = true;
  return {
    values: parts.values.slice(),
    kinds: parts.kinds,
    kindsShared: true,
    owned: parts.owned.slice(),
    hashes: parts.hashes === null ? null : parts.hashes.slice(),
    free: parts.free.slice(),
    guard: parts.guard,
  };
}

/** Gives up every part: each must be owned again before it is written. With `guard`, at every event. */
export function seal(parts: Parts): void {
  for (let slot = 0; slot < parts.values.length; slot++) {
    if (((parts.owned[slot >> 4] ?? 0) & (1 << (slot & 15))) !== 0) freezeDeep(parts.values[slot]);
  }
  parts.owned.fill(0);
}

/** The slots whose part differs between two forks of one world, ascending. */
export function diffParts(before: Parts, after: Parts): number[] {
  const slots: number[] = [];
  const length = Math.max(before.values.length, after.values.length);
  for (let slot = 0; slot < length; slot++) if (before.values[slot] !== after.values[slot]) slots.push(slot);
  return slots;
}

/** Adds the hash of every part to `into`; each part's is kept until it is owned again. */
export function hashParts(parts: Parts, into: Lanes): void {
  const { values, kinds } = parts;
  parts.hashes ??= values.map(() => null);
  for (let slot = 0; slot < values.length; slot++) {
    const kind = kinds[slot];
    if (kind === null || kind === undefined) continue;
    let hash = parts.hashes[slot];
    if (hash === null || hash === undefined) {
      hash = hashOf(values[slot], kind, slot);
      parts.hashes[slot] = hash;
    }
    into.lo = (into.lo + hash.lo) | 0;
    into.hi = (into.hi + hash.hi) | 0;
  }
}

/** Of one part, kept or taken anew; null where there is none. */
export function hashSlot(parts: Parts, slot: number): Lanes | null {
  const kind = parts.kinds[slot];
  if (kind === null || kind === undefined) return null;
  return parts.hashes?.[slot] ?? hashOf(parts.values[slot], kind, slot);
}

function hashOf(value: unknown, kind: AnyKind, slot: number): Lanes {
  const hash: Lanes = { lo: 0, hi: 0 };
  hashPlain(kind.essence === null ? value : kind.essence(value as never), kind.skip, hash);
  mixLanes(hash, kind.named ? kind.tag : slot);
  return hash;
}

/** The copy of plain data: arrays, plain objects and tables are copied, everything else is shared. */
export function copyPlain<T>(value: T): T {
  return copyValue(value) as T;
}

function copyValue(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyValue);
  if (value instanceof Map) {
    const copy = new Map<unknown, unknown>();
    for (const [key, entry] of value) copy.set(key, copyValue(entry));
    return copy;
  }
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) copy[key] = copyValue((value as Record<string, unknown>)[key]);
  return copy;
}

function freezeDeep(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  if (value instanceof Map) {
    // A frozen Map still takes set(): its mutators are shadowed instead.
    for (const entry of value.values()) freezeDeep(entry);
    const refuse = (): never => {
      throw new TypeError('write to a table that is shared');
    };
    Object.assign(value, { set: refuse, delete: refuse, clear: refuse });
    Object.freeze(value);
    return;
  }
  if (ArrayBuffer.isView(value)) return;
  Object.freeze(value);
  for (const key of Object.keys(value)) freezeDeep((value as Record<string, unknown>)[key]);
}

function addDescending(free: number[], slot: number): void {
  let low = 0;
  let high = free.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((free[middle] ?? 0) > slot) low = middle + 1;
    else high = middle;
  }
  if (low === free.length) free.push(slot);
  else free.splice(low, 0, slot);
}

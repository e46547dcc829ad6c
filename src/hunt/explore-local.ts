/**
 * What an exploration remembers. An event reads and writes the parts of its own node and of its connections, and reads what all can see (the
 * machines, the network): so what it does is the same in all the many worlds in which those are equal, and is done once. It does the same, too,
 * after an event of its own node that changed nothing of what it looks at. That turns most steps of an exploration into a look-up, for there
 * are few states of a node and very many of their combinations.
 */
import { assert } from '../base/assert.ts';
import { makeHash, roll, type Lanes } from '../base/hash.ts';
import type { PartsChange, PartsImage } from '../base/parts-image.ts';
import type { Power } from '../kernel/node-state.ts';
import type { EventMove } from './explore-moves.ts';
import { COMMON, seersOf, type Layout } from './explore-layout.ts';
import type { Judged } from './explore-step.ts';

/** What a move did once. */
export interface Done {
  readonly change: PartsChange;
  /** Slots that it looked at. */
  readonly reads: ReadonlySet<number>;
  /** Of all parts' hashes. */
  readonly sum: Lanes;
  /** By node, and last of what all can see: changes of the sums of what each sees. Two numbers each. */
  readonly seen: readonly number[];
  /** What it needed and left where slots came or went; null where none did. */
  readonly layouts: { readonly before: Layout; readonly after: Layout } | null;
  readonly now: number;
  readonly answers: readonly Answer[];
  /** Something was noted that properties look at. */
  readonly isJudged: boolean;
  /** What the properties knew before, and after. */
  readonly judged: Map<Judged, Judged>;
}

/** What a stepper has done before its first step. */
export const NOTHING: Done = {
  change: { slots: [], values: [], hashes: [], kinds: null, free: [] },
  reads: new Set(),
  sum: { lo: 0, hi: 0 },
  seen: [],
  layouts: null,
  now: 0,
  answers: [],
  isJudged: false,
  judged: new Map(),
};

/** A call has returned. */
export interface Answer {
  readonly call: number;
  readonly text: string;
}

/** One node's side of a state: interned, and all that it depends on is in its lanes. */
export interface Local {
  readonly node: number;
  /** Of what the node alone sees. */
  readonly ownLo: number;
  readonly ownHi: number;
  readonly lo: number;
  readonly hi: number;
  /** Filled when a state with it is looked at first. */
  view: View | null;
  /** Until it has its view: states of the node that it was come to from, and by what. */
  readonly before: { readonly local: Local; readonly by: Done }[];
  /** Of lines and faults, by name; an event has its own. */
  readonly acts: Map<string, Memory>;
}

/** What a move did at a node in one state of it. */
export interface Memory {
  readonly node: number;
  /** Where slots neither came nor went. */
  done: Done | null;
  /** Where they did: by what the slots were. */
  readonly byLayout: Map<Layout, Done>;
}

interface View {
  readonly moves: readonly EventMove[];
  readonly power: Power;
}

export type Locals = Map<number, Local>;

const side = makeHash();

/** The one of what the node alone sees, what all can see, and the time. */
export function localOf(
  locals: Locals,
  node: number,
  ownLo: number,
  ownHi: number,
  commonLo: number,
  commonHi: number,
  now: number,
): Local {
  side.lo = ownLo;
  side.hi = ownHi;
  roll(side, now);
  side.lo = (side.lo + commonLo) | 0;
  side.hi = (side.hi + commonHi) | 0;
  roll(side, node);
  const { lo, hi } = side;
  const name = (lo >>> 0) * 0x20_0000 + (hi & 0x1f_ffff);
  const known = locals.get(name);
  if (known !== undefined) {
    assert(known.lo === lo && known.hi === hi, 'no two sides of states share 53 bits');
    return known;
  }
  const made: Local = { node, ownLo, ownHi, lo, hi, view: null, before: [], acts: new Map() };
  locals.set(name, made);
  return made;
}

/** Ways to come to one state of a node that are looked at: as many as it has threads that are busy at a time, about. */
const WAYS_MAX = 8;

export function cameFrom(local: Local, before: Local, by: Done): void {
  if (local.view !== null || local === before || local.before.length === WAYS_MAX) return;
  if (!local.before.some((way) => way.local === before)) local.before.push({ local: before, by });
}

/**
 * The events that can come at the node, each with what it did in a state before if the step in between changed nothing that it looks at or
 * writes to: then it does that still.
 */
export function setView(local: Local, moves: readonly EventMove[], power: Power): void {
  local.view = { moves, power };
  for (const move of moves) move.memory.done = doneBefore(local, move);
  local.before.length = 0;
}

function doneBefore(local: Local, { event }: EventMove): Done | null {
  for (const { local: before, by } of local.before) {
    for (const { event: other, memory } of before.view?.moves ?? []) {
      if (other.slot !== event.slot || other.want !== event.want || other.id !== event.id) continue;
      if (memory.done !== null && isApart(by, memory.done)) return memory.done;
    }
  }
  return null;
}

function isApart(first: Done, second: Done): boolean {
  if (first.layouts !== null || second.layouts !== null || first.now !== second.now) return false;
  return first.change.slots.every((slot) => !second.reads.has(slot));
}

export function makeMemory(node: number): Memory {
  return { node, done: null, byLayout: new Map() };
}

export function memoryOf({ node, acts }: Local, name: string): Memory {
  let memory = acts.get(name);
  if (memory === undefined) {
    memory = makeMemory(node);
    acts.set(name, memory);
  }
  return memory;
}

/** Sums over what each node sees of an image, and last over what all can see. */
export function sumsOf({ hashes }: PartsImage, { owners }: Layout, nodes: number): number[] {
  const sums = zeros(nodes);
  for (let slot = 0; slot < hashes.length; slot++) addTo(sums, owners[slot] ?? COMMON, hashes[slot] ?? null, slot, 1);
  return sums;
}

export function zeros(nodes: number): number[] {
  return Array.from({ length: 2 * nodes + 2 }, () => 0);
}

const seen = makeHash();

/** A hash counts for who sees the part, together with the slot: where it lies is part of what a node is. */
export function addTo(sums: number[], owner: number, hash: Lanes | null, slot: number, sign: 1 | -1): void {
  if (hash === null) return;
  seen.lo = hash.lo;
  seen.hi = hash.hi;
  roll(seen, slot);
  const nodes = sums.length / 2 - 1;
  if (owner === COMMON) add(sums, nodes, sign);
  else for (const node of seersOf(owner, nodes)) add(sums, node, sign);
}

function add(sums: number[], place: number, sign: 1 | -1): void {
  sums[2 * place] = ((sums[2 * place] ?? 0) + sign * seen.lo) | 0;
  sums[2 * place + 1] = ((sums[2 * place + 1] ?? 0) + sign * seen.hi) | 0;
}

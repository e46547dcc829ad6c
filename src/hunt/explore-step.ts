/**
 * One step of an exploration: looked up where it was done before, else done. A single world does all of them: it is made the state, makes the
 * move, and is made the state again. A state keeps what was done on the way to it, and no world of its own.
 */
import { assert } from '../base/assert.ts';
import { makeHash, roll, rollHash, type Lanes } from '../base/hash.ts';
import { hashSlot, peek, type Parts } from '../base/parts.ts';
import { changed, changeSince, imageOf, load, undo, type PartsImage } from '../base/parts-image.ts';
import { copyChecker, observeEvent, type Checker } from '../check/checker.ts';
import { checkLanes } from '../check/ghost-key.ts';
import { notesOf } from '../ensemble/note.ts';
import { NODE } from '../kernel/node-state.ts';
import { deadlineOf } from '../kernel/schedule.ts';
import { THREAD, type ThreadPart } from '../kernel/thread-state.ts';
import { isTimed } from './explore-bounds.ts';
import { COMMON, layoutOf, seersOf, type Layout, type Layouts } from './explore-layout.ts';
import {
  addTo,
  cameFrom,
  localOf,
  NOTHING,
  sumsOf,
  zeros,
  type Answer,
  type Done,
  type Local,
  type Locals,
  type Memory,
} from './explore-local.ts';
import type { Model } from './explore-model.ts';
import { actorOf, makeMove, type Move } from './explore-moves.ts';
import { makeSpent, spentOn, type Spent } from './explore-spent.ts';

/** What the properties know, shared by all states for which it is the same. */
export interface Judged {
  readonly checker: Checker;
  readonly lanes: Lanes;
  /** Events that it may have seen: numbers of later ones are higher. */
  readonly events: number;
}

export interface State {
  /** Where it was first reached from, and how; null at the beginning. */
  readonly parent: State | null;
  readonly via: Move | null;
  readonly done: Done | null;
  readonly depth: number;
  readonly now: number;
  /** Of all parts' hashes, and of those that all nodes see. Numbers, and no objects: there are very many states. */
  readonly sumLo: number;
  readonly sumHi: number;
  readonly commonLo: number;
  readonly commonHi: number;
  readonly locals: readonly Local[];
  readonly layout: Layout;
  readonly judged: Judged;
  readonly spent: Spent;
  /** The whole of it, where it is kept. */
  image: PartsImage | null;
}

export interface Stepper {
  readonly model: Model;
  readonly root: State;
  readonly layouts: Layouts;
  readonly locals: Locals;
  readonly judgements: Map<number, Judged>;
  /** What was done is looked up. Without it every step is done: slow, and the same. */
  readonly remembers: boolean;
  readonly hashOf: (parts: Parts, slot: number) => Lanes | null;
  /** The state that the world is, and its parts. */
  entered: State | null;
  image: PartsImage;
  /** Of the step under way: null until something is noted that a property looks at. */
  checker: Checker | null;
  readonly answers: Answer[];
  /** One for all, written anew by each step. */
  readonly stepped: Stepped;
  /** Steps that were done, of all. */
  performed: number;
}

/** What came of the last step. */
export interface Stepped {
  done: Done;
  judged: Judged;
  spent: Spent;
}

export function makeStepper(model: Model, remembers = true): Stepper {
  const { world } = model.run.ensemble;
  assert(!world.parts.guard, 'an exploration keeps its own account of what is owned');
  const layouts: Layouts = new Map();
  const layout = layoutOf(layouts, world, (slot) => model.births[slot] ?? COMMON);
  const hashOf = isTimed(model.bounds) ? timedHash : hashSlot;
  const image = imageOf(world.parts, hashOf);
  const nodes = world.nodes.length;
  const sums = sumsOf(image, layout, nodes);
  const [commonLo, commonHi] = [sums[2 * nodes] ?? 0, sums[2 * nodes + 1] ?? 0];
  const sum = sumOf(image);
  const locals: Locals = new Map();
  const { now, events } = world;
  const root: State = {
    parent: null,
    via: null,
    done: null,
    depth: 0,
    now,
    sumLo: sum.lo,
    sumHi: sum.hi,
    commonLo,
    commonHi,
    locals: world.nodes.map(({ index }) => localOf(locals, index, sums[2 * index] ?? 0, sums[2 * index + 1] ?? 0, commonLo, commonHi, now)),
    layout,
    judged: { checker: model.checker, lanes: lanesOf(model.checker), events },
    spent: makeSpent(model.sequences.length),
    image,
  };
  const { judged, spent } = root;
  const stepped = { done: NOTHING, judged, spent };
  const state = { entered: root, image, checker: null, answers: [], stepped, performed: 0 };
  const stepper: Stepper = { model, root, layouts, locals, judgements: new Map(), remembers, hashOf, ...state };
  world.observe = () => observe(stepper);
  return stepper;
}

/** Where timeouts may come it is part of a thread's state when. */
function timedHash(parts: Parts, slot: number): Lanes | null {
  const hash = hashSlot(parts, slot);
  if (hash === null || parts.kinds[slot] !== THREAD) return hash;
  const deadline = deadlineOf(peek<ThreadPart>(parts, slot).blockedOn);
  if (deadline !== Infinity) roll(hash, deadline);
  return hash;
}

function sumOf({ hashes }: PartsImage): Lanes {
  const sum = { lo: 0, hi: 0 };
  for (const hash of hashes) {
    sum.lo = (sum.lo + (hash?.lo ?? 0)) | 0;
    sum.hi = (sum.hi + (hash?.hi ?? 0)) | 0;
  }
  return sum;
}

function lanesOf(checker: Checker): Lanes {
  const lanes = makeHash();
  checkLanes(checker.state, lanes);
  return lanes;
}

/** Far from a kept image it takes long to make a world. */
const KEEP_EVERY = 64;

/** Makes the world this state. */
export function enter(stepper: Stepper, state: State): void {
  if (stepper.entered === state) return;
  const { world } = stepper.model.run.ensemble;
  const changes = [];
  let from = state;
  for (; from.image === null && from.parent !== null; from = from.parent) if (from.done !== null) changes.push(from.done.change);
  assert(from.image !== null, 'the beginning has its image');
  stepper.image = changed(from.image, changes.reverse());
  if (changes.length >= KEEP_EVERY) state.image = stepper.image;
  load(world.parts, stepper.image);
  world.now = state.now;
  stepper.entered = state;
}

/** `memory` has what the move did in another world that is the same for it. */
export function step(stepper: Stepper, state: State, move: Move, memory: Memory | null): void {
  const { stepped } = stepper;
  const usable = memory === null ? null : (memory.done ?? memory.byLayout.get(state.layout) ?? null);
  if (usable !== null && stepper.remembers) {
    const judged = usable.isJudged ? usable.judged.get(state.judged) : state.judged;
    if (judged !== undefined) {
      stepped.done = usable;
      stepped.judged = judged;
      stepped.spent = spentOn(state.spent, move, usable.answers);
      return;
    }
  }
  perform(stepper, state, move, usable);
  if (memory === null || usable !== null || !isLocal(stepper, state, stepped.done, memory.node)) return;
  if (stepped.done.layouts === null) memory.done = stepped.done;
  else memory.byLayout.set(state.layout, stepped.done);
}

function perform(stepper: Stepper, state: State, move: Move, known: Done | null): void {
  const { model, answers, stepped } = stepper;
  const { world } = model.run.ensemble;
  enter(stepper, state);
  world.events = state.judged.events;
  const reads = watched(world.parts, () => makeNoted(stepper, move));
  const judged = stepper.checker === null ? state.judged : judgedBy(stepper, stepper.checker, world.events);
  const done = known ?? doneBy(stepper, state, move, reads);
  if (stepper.checker !== null) done.judged.set(state.judged, judged);
  undo(world.parts, stepper.image, known === null ? done.change : changeSince(world.parts, stepper.image, noHash));
  world.now = state.now;
  stepper.performed += 1;
  stepped.done = done;
  stepped.judged = judged;
  stepped.spent = spentOn(state.spent, move, answers);
}

/** Slots that are looked at or written to on the way. The parts themselves know nothing of it: the simulator's hottest read stays as it is. */
function watched(parts: Parts, act: () => void): ReadonlySet<number> {
  const reads = new Set<number>();
  const { values } = parts;
  parts.values = new Proxy(values, {
    get: (target, name): unknown => {
      const slot = Number(name);
      if (slot >= 0) reads.add(slot);
      return Reflect.get(target, name);
    },
    set: (target, name, value) => {
      const slot = Number(name);
      if (slot >= 0) reads.add(slot);
      return Reflect.set(target, name, value);
    },
  });
  act();
  parts.values = values;
  return reads;
}

function noHash(): null {
  return null;
}

/** Makes the move in the world, for good. */
export function makeNoted(stepper: Stepper, move: Move): void {
  stepper.checker = null;
  stepper.answers.length = 0;
  makeMove(stepper.model, move);
}

function judgedBy({ judgements }: Stepper, checker: Checker, events: number): Judged {
  const lanes = lanesOf(checker);
  const name = (lanes.lo >>> 0) * 0x20_0000 + (lanes.hi & 0x1f_ffff);
  const known = judgements.get(name);
  // A violation is no part of what is known: who has one is not taken for who has none.
  if (known !== undefined && known.lanes.hi === lanes.hi && known.checker.violations.length === checker.violations.length) return known;
  const made = { checker, lanes, events };
  judgements.set(name, made);
  return made;
}

/** What the world has done since it was the state. */
function doneBy({ model, image, layouts, hashOf, answers, checker }: Stepper, state: State, move: Move, reads: ReadonlySet<number>): Done {
  const { world } = model.run.ensemble;
  const change = changeSince(world.parts, image, hashOf);
  const actor = actorOf(model, move);
  const { layout } = state;
  const bornOf = (slot: number): number =>
    world.parts.kinds[slot] === image.kinds[slot] ? (layout.owners[slot] ?? COMMON) : (actor ?? COMMON);
  const after = change.kinds === null ? layout : layoutOf(layouts, world, bornOf);
  const sum = { lo: 0, hi: 0 };
  const seen = zeros(world.nodes.length);
  change.slots.forEach((slot, i) => {
    const [was, is] = [image.hashes[slot] ?? null, change.hashes[i] ?? null];
    sum.lo = (sum.lo + (is?.lo ?? 0) - (was?.lo ?? 0)) | 0;
    sum.hi = (sum.hi + (is?.hi ?? 0) - (was?.hi ?? 0)) | 0;
    addTo(seen, layout.owners[slot] ?? COMMON, was, slot, -1);
    addTo(seen, after.owners[slot] ?? COMMON, is, slot, 1);
  });
  return {
    change: change.kinds === null ? change : { ...change, kinds: after.kinds },
    reads,
    sum,
    seen,
    layouts: change.kinds === null ? null : { before: layout, after },
    now: world.now,
    answers: answers.slice(),
    isJudged: checker !== null,
    judged: new Map(),
  };
}

/** Did it touch nothing but what its node sees? Then it does the same wherever that is the same. */
function isLocal({ model }: Stepper, state: State, { change, layouts }: Done, actor: number): boolean {
  const { nodes, parts } = model.run.ensemble.world;
  const own = nodes[actor]?.part;
  const isSeen = (owner = COMMON): boolean => owner === COMMON || seersOf(owner, nodes.length).includes(actor);
  return change.slots.every((slot) => {
    if (parts.kinds[slot] === NODE) return slot === own;
    return isSeen(state.layout.owners[slot]) && (layouts === null || isSeen(layouts.after.owners[slot]));
  });
}

/** The key of the state that the step led to. */
export function keyAfter(state: State, { done, judged, spent }: Stepped, key: Lanes): void {
  key.lo = (state.sumLo + done.sum.lo) | 0;
  key.hi = (state.sumHi + done.sum.hi) | 0;
  roll(key, done.now);
  rollHash(key, judged.lanes);
  rollHash(key, spent.lanes);
}

/** The state that the step led to. */
export function stateAfter({ locals: all, stepped }: Stepper, state: State, via: Move): State {
  const { done, judged, spent } = stepped;
  const { now, sum, seen, layouts } = done;
  const nodes = state.locals.length;
  const commonLo = (state.commonLo + (seen[2 * nodes] ?? 0)) | 0;
  const commonHi = (state.commonHi + (seen[2 * nodes + 1] ?? 0)) | 0;
  const isSame = commonLo === state.commonLo && commonHi === state.commonHi && now === state.now;
  const locals = state.locals.slice();
  for (let node = 0; node < nodes; node++) {
    const [lo, hi] = [seen[2 * node] ?? 0, seen[2 * node + 1] ?? 0];
    const local = state.locals[node];
    if (local === undefined || (isSame && lo === 0 && hi === 0)) continue;
    const next = localOf(all, node, (local.ownLo + lo) | 0, (local.ownHi + hi) | 0, commonLo, commonHi, now);
    cameFrom(next, local, done);
    locals[node] = next;
  }
  return {
    parent: state,
    via,
    done,
    depth: state.depth + 1,
    now,
    sumLo: (state.sumLo + sum.lo) | 0,
    sumHi: (state.sumHi + sum.hi) | 0,
    commonLo,
    commonHi,
    locals,
    layout: layouts === null ? state.layout : layouts.after,
    judged,
    spent,
    image: null,
  };
}

/** Most events note nothing, or nothing that a property looks at: the states around them share one checker. */
function observe(stepper: Stepper): void {
  const { ensemble } = stepper.model.run;
  const { record } = ensemble.world;
  const isExit = record.effect?.type === 'exit';
  if (record.notes.length === 0 && !isExit) return;
  const { interests } = stepper.model.checker;
  if (!isExit && !record.notes.some(({ type }) => interests.has(type))) return;
  stepper.checker ??= copyChecker(stepper.entered?.judged.checker ?? stepper.model.checker);
  observeEvent(stepper.checker, ensemble);
  for (const note of notesOf(record)) {
    if (note.type !== 'client-returned') continue;
    stepper.answers.push({ call: note.call, text: `${ensemble.world.nodes[record.node]?.name ?? ''} ${note.xid}: ${note.error}` });
  }
}

/**
 * One step of an exploration. A single world runs all of them: it is made what a state kept, makes a move, and is made that again. What a
 * state keeps is what differs from the state before it.
 */
import { assert } from '../base/assert.ts';
import { makeHash, rollHash, roll, type Lanes } from '../base/hash.ts';
import { peek } from '../base/parts.ts';
import { changed, changeSince, imageOf, load, undo, type PartsChange, type PartsImage } from '../base/parts-image.ts';
import { copyChecker, observeEvent, type Checker } from '../check/checker.ts';
import { checkLanes } from '../check/ghost-key.ts';
import { actOn } from '../ensemble/ensemble.ts';
import { notesOf } from '../ensemble/note.ts';
import { choose, runSuccessors } from '../kernel/run.ts';
import { deadlineOf } from '../kernel/schedule.ts';
import { THREAD, type ThreadPart } from '../kernel/thread-state.ts';
import { actionsOf } from '../scenario/script.ts';
import { scriptOf } from '../scenario/driver.ts';
import type { Model } from './explore-model.ts';
import type { Move } from './explore-moves.ts';
import { charge, makeSpent, spend, type Spent } from './explore-spent.ts';

/** What the properties know, shared by all states for which it is the same. */
export interface Judged {
  readonly checker: Checker;
  readonly lanes: Lanes;
}

/** A state, and how to make the world it. */
export interface State {
  readonly id: number;
  readonly depth: number;
  readonly from: PartsImage;
  readonly change: PartsChange | null;
  readonly now: number;
  readonly events: number;
  readonly judged: Judged;
  readonly spent: Spent;
}

export interface Stepper {
  readonly model: Model;
  /** Where all begins. */
  readonly root: State;
  /** The world has the parts of this image. */
  image: PartsImage;
  state: State;
  /** Of the step under way: null until something is noted. */
  checker: Checker | null;
  readonly returned: string[];
  readonly returnedCalls: number[];
}

export function makeStepper(model: Model): Stepper {
  const { ensemble } = model.run;
  assert(!ensemble.world.parts.guard, 'an exploration keeps its own account of what is owned');
  const image = imageOf(ensemble.world.parts);
  const { now, events } = ensemble.world;
  const spent = makeSpent(model.sequences.length);
  const judged = { checker: model.checker, lanes: lanesOf(model.checker) };
  const state: State = { id: 0, depth: 0, from: image, change: null, now, events, judged, spent };
  const stepper: Stepper = { model, root: state, image, state, checker: null, returned: [], returnedCalls: [] };
  ensemble.world.observe = () => observe(stepper);
  return stepper;
}

function lanesOf(checker: Checker): Lanes {
  const lanes = makeHash();
  checkLanes(checker.state, lanes);
  return lanes;
}

/** Makes the world this state. */
export function enter(stepper: Stepper, state: State): void {
  const { world } = stepper.model.run.ensemble;
  stepper.state = state;
  stepper.image = state.change === null ? state.from : changed(state.from, state.change);
  load(world.parts, stepper.image);
  world.now = state.now;
  world.events = state.events;
}

/** The outcome of a move, while the world is still there. */
export interface Stepped {
  readonly change: PartsChange;
  readonly now: number;
  readonly events: number;
  readonly judged: Judged;
  readonly spent: Spent;
}

/** Makes a move and tells what came of it; `back` must follow. Writes the key of the state to `key`. */
export function step(stepper: Stepper, move: Move, key: Lanes): Stepped {
  const { model, state } = stepper;
  const { world } = model.run.ensemble;
  const spent = advance(stepper, state.spent, move);
  const judged = stepper.checker === null ? state.judged : { checker: stepper.checker, lanes: lanesOf(stepper.checker) };
  const change = changeSince(world.parts, stepper.image);
  key.lo = change.sum.lo;
  key.hi = change.sum.hi;
  roll(key, world.now);
  rollHash(key, judged.lanes);
  rollHash(key, spent.lanes);
  if (model.bounds.waits > 0 || model.bounds.timeouts > 0) rollDeadlines(key, model);
  return { change, now: world.now, events: world.events, judged, spent };
}

/** Makes a move for good. */
export function advance(stepper: Stepper, spent: Spent, move: Move): Spent {
  const { model, returned, returnedCalls } = stepper;
  stepper.checker = null;
  returned.length = 0;
  returnedCalls.length = 0;
  const moved = makeMove(model, spent, move);
  return returnedCalls.length === 0 ? moved : withAnswers(moved, stepper);
}

/** Makes the world the state again that it was before the step. */
export function back({ model, image, state }: Stepper, { change }: Stepped): void {
  const { world } = model.run.ensemble;
  undo(world.parts, image, change);
  world.now = state.now;
  world.events = state.events;
}

/** Makes the move in the model's world, with its successors at once in coarse mode. */
function makeMove(model: Model, spent: Spent, move: Move): Spent {
  const { ensemble } = model.run;
  const { world } = ensemble;
  const used = charge(spent, move.budget);
  if (move.type === 'event') {
    choose(world, move.event);
    runSuccessors(world);
    return move.budget === null ? spent : spend(spent, { used });
  }
  if (move.type === 'fault') {
    actOn(ensemble, move.action);
    runSuccessors(world);
    const { type } = move.action;
    return spend(spent, { used, isolated: type === 'partition' || (spent.isolated && type !== 'heal') });
  }
  const { line, call } = move.line;
  for (const action of actionsOf(ensemble, line, scriptOf(world).bindings, call)) {
    actOn(ensemble, action);
    runSuccessors(world);
  }
  const done = spent.done.map((count, i) => (i === move.sequence ? count + 1 : count));
  const isAwaited = line.verb === 'operation' && line.async !== true;
  const calls = spent.calls.map((known, i) => (i === move.sequence && isAwaited ? call : known));
  return spend(spent, { used, done, calls });
}

function withAnswers(spent: Spent, { returned, returnedCalls }: Stepper): Spent {
  return spend(spent, {
    calls: spent.calls.map((call) => (returnedCalls.includes(call) ? -1 : call)),
    results: [...spent.results, ...returned].sort((a, b) => (a < b ? -1 : 1)),
  });
}

/** Most events note nothing, or nothing that a property looks at: the states around them share one checker. */
function observe(stepper: Stepper): void {
  const { ensemble } = stepper.model.run;
  const { record } = ensemble.world;
  if (record.notes.length === 0 && record.effect?.type !== 'exit') return;
  const { interests } = stepper.model.checker;
  if (record.effect?.type !== 'exit' && !record.notes.some(({ type }) => interests.has(type))) return;
  stepper.checker ??= copyChecker(stepper.state.judged.checker);
  observeEvent(stepper.checker, ensemble);
  for (const note of notesOf(record)) {
    if (note.type !== 'client-returned') continue;
    stepper.returnedCalls.push(note.call);
    stepper.returned.push(`${ensemble.world.nodes[record.node]?.name ?? ''} ${note.xid}: ${note.error}`);
  }
}

/** Which timeout is next is part of the state where timeouts may come. */
function rollDeadlines(key: Lanes, { run }: Model): void {
  const { parts } = run.ensemble.world;
  let lo = 0;
  let hi = 0;
  for (let slot = 0; slot < parts.kinds.length; slot++) {
    if (parts.kinds[slot] !== THREAD) continue;
    const { blockedOn, node, id } = peek<ThreadPart>(parts, slot);
    const deadline = deadlineOf(blockedOn);
    if (deadline === Infinity) continue;
    one.lo = node;
    one.hi = id;
    roll(one, deadline);
    lo = (lo + one.lo) | 0;
    hi = (hi + one.hi) | 0;
  }
  one.lo = lo;
  one.hi = hi;
  rollHash(key, one);
}

const one: Lanes = { lo: 0, hi: 0 };

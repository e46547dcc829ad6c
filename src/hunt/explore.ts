/**
 * Exhaustive exploration of a small model: every order of what can happen, breadth or depth first, over states that are told apart by 64-bit
 * keys.
 *
 * Time is left out: sending, syncing and working take none, and every order of what is due is tried (kernel/choosing.ts). A timeout comes when
 * nothing else can happen, or early from a budget, as if everything else were late. So what is found can happen, and what is not found can
 * still happen where more timeouts come than were allowed.
 *
 * Two histories are one state when the world's parts are equal but for times and counters, the properties know the same (check/ghost-key.ts),
 * the budgets and the virtual time are the same, and, where timeouts may come, all deadlines are. Draws are left out: a second election of one
 * server may draw other delays. There is no symmetry between servers, whose sids order votes, nor between clients, whose sessions do.
 *
 * In coarse mode what follows inside a process from a chosen event comes at once, as in a coarse run: fewer orders, each of them a fine one.
 * 64 bits take two of n states for one with a chance of about n * n / 2^65: for ten million states one in 370,000.
 */
import { makeHash } from '../base/hash.ts';
import { firstViolation } from '../check/checker.ts';
import type { Violation } from '../check/violation.ts';
import type { Model } from './explore-model.ts';
import { entryOf, movesOf, type Move } from './explore-moves.ts';
import { outcomeOf } from './explore-outcome.ts';
import { addPath, makePaths, pathTo, type Paths } from './explore-path.ts';
import { advance, back, enter, makeStepper, step, type State, type Stepped, type Stepper } from './explore-step.ts';
import { addState, makeStateSet, type StateSet } from './state-set.ts';

export type Entry = string | Readonly<Record<string, unknown>>;

export interface Explored {
  /** Different states. */
  readonly states: number;
  readonly transitions: number;
  /** Moves from the beginning to the farthest state. */
  readonly depth: number;
  /** States in which nothing more need happen. */
  readonly ends: number;
  /** What servers and clients came to in those, sorted. */
  readonly outcomes: readonly string[];
  /** What kept it from seeing everything within its budgets; null when it has. */
  readonly stopped: 'depth' | 'states' | 'violation' | 'interrupted' | null;
  readonly violation: { readonly violation: Violation; readonly schedule: readonly Entry[] } | null;
}

interface Search {
  readonly model: Model;
  readonly stepper: Stepper;
  readonly seen: StateSet;
  readonly paths: Paths;
  readonly outcomes: Set<string>;
  /** Of the level under way, or all in depth-first order. */
  todo: State[];
  next: State[];
  transitions: number;
  depth: number;
  ends: number;
  isCut: boolean;
  found: { readonly violation: Violation; readonly path: readonly number[] } | null;
}

/** Yields now and then, for whoever has to look up; what it has come to so far is `exploredOf`. */
export interface Exploration {
  readonly search: Search;
  readonly slices: Generator<void>;
}

const SLICE = 2000;

export function openExploration(model: Model): Exploration {
  const stepper = makeStepper(model);
  const search: Search = {
    model,
    stepper,
    seen: makeStateSet(),
    paths: makePaths(),
    outcomes: new Set(),
    todo: [],
    next: [],
    transitions: 0,
    depth: 0,
    ends: 0,
    isCut: false,
    found: null,
  };
  return { search, slices: slicesOf(search) };
}

function* slicesOf(search: Search): Generator<void> {
  const { model, stepper, seen, paths } = search;
  addPath(paths, 0, 0);
  addState(seen, stepper.image.sum.lo, stepper.image.sum.hi);
  search.todo.push(stepper.state);
  const early = firstViolation(model.checker);
  if (early !== null) search.found = { violation: early, path: [] };
  let expanded = 0;
  for (let state = take(search); state !== undefined && search.found === null; state = take(search)) {
    if (seen.size >= model.bounds.states) return;
    expand(search, state);
    expanded += 1;
    if (expanded % SLICE === 0) yield;
  }
}

function take(search: Search): State | undefined {
  if (search.model.bounds.order === 'dfs') return search.next.pop() ?? search.todo.pop();
  if (search.todo.length === 0) {
    search.todo = search.next.reverse();
    search.next = [];
  }
  return search.todo.pop();
}

function expand(search: Search, state: State): void {
  const { model, stepper } = search;
  enter(stepper, state);
  const moves = movesOf(model, state.spent);
  if (moves.every(isUncalledFor)) {
    search.ends += 1;
    search.outcomes.add(outcomeOf(model, state.spent));
  }
  if (moves.length === 0) return;
  if (state.depth >= model.bounds.depth) {
    search.isCut = true;
    return;
  }
  for (let i = 0; i < moves.length && search.found === null; i++) {
    const move = moves[i];
    if (move !== undefined) tryMove(search, state, move, i);
  }
}

/** A run may end before it: a fault comes or it does not, and so does a timeout that comes early. */
function isUncalledFor(move: Move): boolean {
  return move.type === 'fault' || move.budget === 'timeouts';
}

const key = makeHash();

function tryMove(search: Search, state: State, move: Move, index: number): void {
  const { model, stepper, seen, paths } = search;
  const stepped = step(stepper, move, key);
  search.transitions += 1;
  const violation = stepped.judged === state.judged ? null : firstViolation(stepped.judged.checker);
  if (violation !== null) {
    search.found = { violation, path: [...pathTo(paths, state.id), index] };
  } else if (addState(seen, key.lo, key.hi)) {
    const id = paths.length;
    addPath(paths, state.id, index);
    if (state.depth >= search.depth) search.depth = state.depth + 1;
    if (isWithin(model, stepped)) search.next.push(keep(stepper, stepped, id, state.depth + 1));
  }
  back(stepper, stepped);
}

function isWithin({ bounds, checker }: Model, { judged }: Stepped): boolean {
  if (bounds.elections === Infinity) return true;
  return judged.checker.state.ghost.maxEstablished - checker.state.ghost.maxEstablished <= bounds.elections;
}

function keep({ image }: Stepper, { change, now, events, judged, spent }: Stepped, id: number, depth: number): State {
  return { id, depth, from: image, change, now, events, judged, spent };
}

export function exploredOf({ search }: Exploration): Explored {
  const { model, seen, transitions, depth, ends, outcomes, found, todo, next, isCut, paths } = search;
  const isDone = todo.length + next.length === 0;
  const stopped = isDone ? (isCut ? 'depth' : null) : seen.size >= model.bounds.states ? 'states' : 'interrupted';
  return {
    states: paths.length,
    transitions,
    depth,
    ends,
    outcomes: [...outcomes].sort((a, b) => (a < b ? -1 : 1)),
    stopped: found === null ? stopped : 'violation',
    violation: found === null ? null : { violation: found.violation, schedule: scheduleOf(search, found.path) },
  };
}

/** The path by names: walked once more, for only on the way does each event have its name. */
function scheduleOf({ model, stepper }: Search, path: readonly number[]): Entry[] {
  enter(stepper, stepper.root);
  let { spent } = stepper.root;
  return path.map((index) => {
    const move = movesOf(model, spent)[index];
    if (move === undefined) throw new Error('a path is made of moves');
    const entry = entryOf(model, move);
    spent = advance(stepper, spent, move);
    return entry;
  });
}

/** To the end. */
export function explore(model: Model): Explored {
  const exploration = openExploration(model);
  for (const _ of exploration.slices);
  return exploredOf(exploration);
}

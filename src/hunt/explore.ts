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
import { peek } from '../base/parts.ts';
import { nodeOf } from '../kernel/nodes.ts';
import { isTimed } from './explore-bounds.ts';
import { memoryOf, setView, type Memory } from './explore-local.ts';
import type { Model } from './explore-model.ts';
import { actorOf, actsOf, budgetOf, entryOf, eventsByNode, nameOf, type Move } from './explore-moves.ts';
import { outcomeOf } from './explore-outcome.ts';
import { enter, keyAfter, makeNoted, makeStepper, stateAfter, step, type State, type Stepped, type Stepper } from './explore-step.ts';
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
  readonly outcomes: Set<string>;
  /** Of the level under way, or all in depth-first order. */
  todo: State[];
  next: State[];
  transitions: number;
  depth: number;
  ends: number;
  /** Of the state under way: moves that can be made, and those without which the run is not over. */
  possible: number;
  called: number;
  isCut: boolean;
  found: { readonly violation: Violation; readonly from: State; readonly via: Move | null } | null;
}

/** Yields now and then, for whoever has to look up; what it has come to so far is `exploredOf`. */
export interface Exploration {
  readonly search: Search;
  readonly slices: Generator<void>;
}

const SLICE = 2000;

/** `remembers: false` does every step anew: the twin that a test compares with. */
export function openExploration(model: Model, { remembers = true } = {}): Exploration {
  const search: Search = {
    model,
    stepper: makeStepper(model, remembers),
    seen: makeStateSet(),
    outcomes: new Set(),
    todo: [],
    next: [],
    transitions: 0,
    depth: 0,
    ends: 0,
    possible: 0,
    called: 0,
    isCut: false,
    found: null,
  };
  return { search, slices: slicesOf(search) };
}

function* slicesOf(search: Search): Generator<void> {
  const { model, stepper, seen } = search;
  const { root } = stepper;
  addState(seen, root.sumLo, root.sumHi);
  search.todo.push(root);
  const early = firstViolation(model.checker);
  if (early !== null) search.found = { violation: early, from: root, via: null };
  let expanded = 0;
  for (let state = take(search); state !== undefined && search.found === null; state = take(search)) {
    if (seen.size >= model.bounds.states) {
      search.todo.push(state);
      return;
    }
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
  for (const { view } of state.locals) if (view === null) look(stepper, state);
  search.possible = 0;
  search.called = 0;
  tryEvents(search, state);
  for (const act of actsOf(model, state.spent, state.locals)) {
    const local = state.locals[actorOf(model, act) ?? -1];
    consider(search, state, act, local === undefined ? null : memoryOf(local, nameOf(act)));
  }
  if (search.called === 0) endAt(search, state);
  if (state.depth >= model.bounds.depth && search.possible > 0) search.isCut = true;
}

function tryEvents(search: Search, state: State): void {
  const { model } = search;
  const first = isTimed(model.bounds) ? firstDue(state) : 0;
  for (const { view } of state.locals) {
    if (view === null) continue;
    for (const move of view.moves) {
      if (move.event.at <= state.now) {
        consider(search, state, move, move.memory);
        continue;
      }
      const budget = budgetOf(model, state.spent, move.event.at, state.now, first);
      if (budget !== null) consider(search, state, { ...move, budget }, move.memory);
    }
  }
}

function firstDue({ locals }: State): number {
  let first = Infinity;
  for (const { view } of locals) for (const { event } of view?.moves ?? []) if (event.at < first) first = event.at;
  return first;
}

function consider(search: Search, state: State, move: Move, memory: Memory | null): void {
  search.possible += 1;
  if (!isUncalledFor(move)) search.called += 1;
  if (state.depth < search.model.bounds.depth && search.found === null) tryMove(search, state, move, memory);
}

function endAt(search: Search, state: State): void {
  enter(search.stepper, state);
  search.outcomes.add(outcomeOf(search.model, state.spent));
  search.ends += 1;
}

/** A run may end before it: a fault comes or it does not, and so does a timeout that comes early. */
function isUncalledFor(move: Move): boolean {
  return move.type === 'fault' || move.budget === 'timeouts';
}

/** What can happen at the nodes that are in a state in which they were never looked at. */
function look(stepper: Stepper, state: State): void {
  const { model } = stepper;
  enter(stepper, state);
  const { world } = model.run.ensemble;
  const events = eventsByNode(model);
  for (const local of state.locals) {
    if (local.view === null) setView(local, events[local.node] ?? [], peek(world.parts, nodeOf(world, local.node).part).power);
  }
}

const key = makeHash();

function tryMove(search: Search, state: State, move: Move, memory: Memory | null): void {
  const { model, stepper, seen } = search;
  const { stepped } = stepper;
  step(stepper, state, move, memory);
  search.transitions += 1;
  const violation = stepped.judged === state.judged ? null : firstViolation(stepped.judged.checker);
  if (violation !== null) {
    search.found = { violation, from: state, via: move };
    return;
  }
  keyAfter(state, stepped, key);
  if (!addState(seen, key.lo, key.hi)) return;
  if (state.depth >= search.depth) search.depth = state.depth + 1;
  if (isWithin(model, stepped)) search.next.push(stateAfter(stepper, state, move));
}

function isWithin({ bounds, checker }: Model, { judged }: Stepped): boolean {
  if (bounds.elections === Infinity) return true;
  return judged.checker.state.ghost.maxEstablished - checker.state.ghost.maxEstablished <= bounds.elections;
}

export function exploredOf({ search }: Exploration): Explored {
  const { model, seen, transitions, depth, ends, outcomes, found, todo, next, isCut } = search;
  const isDone = todo.length + next.length === 0;
  const stopped = isDone ? (isCut ? 'depth' : null) : seen.size >= model.bounds.states ? 'states' : 'interrupted';
  return {
    states: seen.size,
    transitions,
    depth: found === null ? depth : found.from.depth + (found.via === null ? 0 : 1),
    ends,
    outcomes: [...outcomes].sort((a, b) => (a < b ? -1 : 1)),
    stopped: found === null ? stopped : 'violation',
    violation: found === null ? null : { violation: found.violation, schedule: scheduleOf(search, found.from, found.via) },
  };
}

/** The path by names: walked once more, for only on the way does each event have its name. */
function scheduleOf({ model, stepper }: Search, from: State, last: Move | null): Entry[] {
  const moves = last === null ? [] : [last];
  for (let state = from; state.parent !== null && state.via !== null; state = state.parent) moves.push(state.via);
  enter(stepper, stepper.root);
  const entries = moves.reverse().map((move) => {
    const entry = entryOf(model, move);
    makeNoted(stepper, move);
    return entry;
  });
  stepper.entered = null;
  return entries;
}

/** To the end. */
export function explore(model: Model): Explored {
  const exploration = openExploration(model);
  for (const _ of exploration.slices);
  return exploredOf(exploration);
}

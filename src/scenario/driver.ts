/**
 * Runs a script inside the world: one action is one event. Its state is data in the world, so a run that is forked, gone back to or shrunk
 * takes its script along.
 */
import { assert } from '../base/assert.ts';
import type { Item } from '../base/step.ts';
import { applyAction, type Action } from '../ensemble/action.ts';
import type { Ensemble } from '../ensemble/ensemble.ts';
import { clientView } from '../ensemble/views.ts';
import type { Note } from '../ensemble/note.ts';
import type { Driver, DriverPart } from '../kernel/driver.ts';
import type { World } from '../kernel/world.ts';
import { holds, parseCondition, type Condition } from './condition.ts';
import { DURATION_DEFAULTS } from './defaults.ts';
import type { ScriptLine } from './parse-scenario.ts';
import { actionsOf, resolveNodes, subjectsOf } from './script.ts';
import type { Bindings } from './server-ref.ts';

/** Immutable: replaced at every step. */
export interface ScriptState extends Item {
  readonly type: 'script';
  /** Index of the current line; the number of lines when done. */
  readonly line: number;
  /** starting: processes are being started. enter: due. acting: some of its actions are done. waiting: for its condition or answer. */
  readonly phase: 'starting' | 'enter' | 'acting' | 'waiting';
  readonly actions: readonly Action[];
  readonly bindings: Bindings;
  /** Calls that operations of this line wait for. */
  readonly calls: readonly number[];
  readonly deadline: number;
}

function scriptState(state: ScriptState): ScriptState {
  return state;
}

export const FIRST: ScriptState = { type: 'script', line: -1, phase: 'enter', actions: [], bindings: [], calls: [], deadline: Infinity };

/** `ensembleOf` gives the ensemble around a world: a driver belongs to a specification and serves all its forks. */
export function makeScriptDriver(lines: readonly ScriptLine[], startsAll: boolean, ensembleOf: (world: World) => Ensemble): Driver {
  const conditions = lines.map((line) => (line.verb === 'until' ? parseCondition(line.value) : null));
  return {
    wakes: (world, state) => isScript(state) && wakes(ensembleOf(world), lines[state.line], conditions[state.line] ?? null, state),
    step: (world, part) => {
      const state = isScript(part.state) ? part.state : FIRST;
      if (state.line === -1 && state.phase === 'enter') begin(world, part, lines, startsAll);
      else if (state.phase === 'waiting') endWait(world, part, state, lines);
      else runLine(world, part, state, lines, ensembleOf(world));
    },
  };
}

function isScript(state: Item): state is ScriptState {
  return state.type === 'script';
}

/** The first step: everything is started, one process an event, and then the lines follow. */
function begin(world: World, part: DriverPart, lines: readonly ScriptLine[], startsAll: boolean): void {
  const actions: Action[] = startsAll ? world.nodes.map(({ index }): Action => ({ type: 'start', node: index })) : [];
  proceed(world, part, { ...FIRST, phase: 'starting', actions }, lines);
}

/** Performs the next action of the line, or goes on to the next line. */
function proceed(world: World, part: DriverPart, state: ScriptState, lines: readonly ScriptLine[]): void {
  const [action, ...rest] = state.actions;
  if (action !== undefined) applyAction(world, action);
  if (rest.length > 0) {
    part.state = scriptState({ ...state, phase: state.phase === 'starting' ? 'starting' : 'acting', actions: rest });
    part.dueAt = world.now;
    return;
  }
  const line = lines[state.line];
  if (line?.verb === 'operation' && line.async !== true) {
    part.state = scriptState({ ...state, phase: 'waiting', actions: [], deadline: world.now + (line.within ?? DURATION_DEFAULTS.operationUs) });
    part.dueAt = world.now + (line.within ?? DURATION_DEFAULTS.operationUs);
    part.watching = true;
    return;
  }
  nextLine(world, part, state, lines, 0);
}

function nextLine(world: World, part: DriverPart, state: ScriptState, lines: readonly ScriptLine[], delay: number): void {
  const index = state.line + 1;
  const line = lines[index];
  part.state = scriptState({ ...state, line: index, phase: 'enter', actions: [], calls: [] });
  part.watching = false;
  part.dueAt = line === undefined ? Infinity : Math.max(world.now + delay, line.at ?? 0);
  if (line === undefined) say(world, { type: 'script', line: index, what: 'done' });
}

function runLine(world: World, part: DriverPart, state: ScriptState, lines: readonly ScriptLine[], ensemble: Ensemble): void {
  if (state.phase !== 'enter') {
    proceed(world, part, state, lines);
    return;
  }
  const line = lines[state.line];
  assert(line !== undefined, 'the script is over');
  say(world, { type: 'script', line: state.line, what: 'entered' });
  if (line.verb === 'wait') {
    nextLine(world, part, state, lines, line.value);
    return;
  }
  if (line.verb === 'until') {
    const within = line.within ?? DURATION_DEFAULTS.untilUs;
    part.state = scriptState({ ...state, phase: 'waiting', deadline: world.now + within });
    part.dueAt = world.now + within;
    part.watching = true;
    return;
  }
  const call = callNumber(world);
  const actions = actionsOf(ensemble, line, state.bindings, call);
  const bindings = line.as === undefined ? state.bindings : [...state.bindings.filter(([bound]) => bound !== line.as), [line.as, boundBy(ensemble, line, state, actions)] as const];
  proceed(world, part, { ...state, actions, bindings, calls: line.verb === 'operation' ? [call] : [] }, lines);
}

/** Calls are named by the event that submitted them: unique in a run, and the same in its replay. */
function callNumber(world: World): number {
  return world.record.id;
}

function boundBy(ensemble: Ensemble, line: ScriptLine, state: ScriptState, actions: readonly Action[]): number[] {
  if (line.verb === 'say') return resolveNodes(ensemble, line.value, state.bindings);
  return subjectsOf(actions);
}

function wakes(ensemble: Ensemble, line: ScriptLine | undefined, condition: Condition | null, state: ScriptState): boolean {
  if (line === undefined || state.phase !== 'waiting') return false;
  if (line.verb === 'until') return condition !== null && holds(ensemble, condition, state.bindings);
  return ensemble.world.record.notes.some((note) => isReturned(note, state.calls));
}

function isReturned(item: Item, calls: readonly number[]): boolean {
  const note = item as Note;
  return note.type === 'client-returned' && calls.includes(note.call);
}

/** The wait is over: what it waited for came, or did not come in time. */
function endWait(world: World, part: DriverPart, state: ScriptState, lines: readonly ScriptLine[]): void {
  say(world, { type: 'script', line: state.line, what: world.now >= state.deadline ? 'timed-out' : 'reached' });
  nextLine(world, part, state, lines, 0);
}

function say(world: World, note: Note): void {
  const notes: Item[] = world.record.notes;
  notes.push(note);
}

/** Is every call of every client answered? */
export function isIdle(ensemble: Ensemble): boolean {
  return ensemble.clients.every(({ node }) => clientView(ensemble, node).pending === 0);
}

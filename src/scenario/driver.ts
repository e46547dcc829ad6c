/**
 * Runs a script inside the world: one action is one event. Its state is data in the world, so a run that is forked, gone back to or shrunk
 * takes its script along.
 */
import { assert } from '../base/assert.ts';
import { lengthOf } from '../base/deque.ts';
import { own, peek } from '../base/parts.ts';
import { threadId, type Item } from '../base/step.ts';
import { isSequence } from '../client/sequence.ts';
import { SEND_THREAD } from '../client/thread-kinds.ts';
import { applyAction, type Action } from '../ensemble/action.ts';
import type { Ensemble } from '../ensemble/ensemble.ts';
import { notesOf, type Note } from '../ensemble/note.ts';
import { choiceNamed, type Choice } from '../kernel/choose.ts';
import { beginChoosing, endChoosing } from '../kernel/choosing.ts';
import type { Driver, DriverPart } from '../kernel/driver.ts';
import type { ThreadPart } from '../kernel/thread-state.ts';
import type { NodeHandle, World } from '../kernel/world.ts';
import { parseCondition, type Condition } from './condition.ts';
import { holds, mayHoldAfter } from './condition-holds.ts';
import { DURATION_DEFAULTS } from './defaults.ts';
import type { Scenario, ScheduleEntry, ScriptLine } from './parse-scenario.ts';
import { actionsOf, clientOfLine, mustBite, refsOfLine, subjectsOf } from './script.ts';
import { establishedLeader, resolveNodes, resolveRefs, type Bindings } from './server-ref.ts';

/** Immutable: replaced at every step. */
export interface ScriptState extends Item {
  readonly type: 'script';
  /** Index of the current line; the number of lines when done. */
  readonly line: number;
  /**
   * starting: processes are being started. enter: due. client: waiting for its client's process to be ready. acting: some of its actions are
   * done. waiting: for its condition or answer. scheduled: the lines are done, the schedule is under way.
   */
  readonly phase: 'starting' | 'enter' | 'client' | 'acting' | 'waiting' | 'scheduled';
  /** Entries of the schedule that are done. */
  readonly scheduled: number;
  readonly actions: readonly Action[];
  readonly bindings: Bindings;
  /** Calls that operations of this line wait for. */
  readonly calls: readonly number[];
}

const FIRST: ScriptState = { type: 'script', line: -1, phase: 'enter', scheduled: 0, actions: [], bindings: [], calls: [] };

function isScript(state: Item): state is ScriptState {
  return state.type === 'script';
}

/** Where the script of a world stands. */
export function scriptOf(world: World): ScriptState {
  const { state } = peek(world.parts, world.driver);
  return isScript(state) ? state : FIRST;
}

/** What a step of the driver works with. */
interface Turn {
  readonly ensemble: Ensemble;
  readonly world: World;
  readonly part: DriverPart;
  readonly lines: readonly ScriptLine[];
  readonly schedule: readonly ScheduleEntry[];
}

/** `ensembleOf` gives the ensemble around a world: a driver belongs to a specification and serves all its forks. */
export function makeScriptDriver(
  { lines, schedule }: Pick<Scenario, 'lines' | 'schedule'>,
  startsAll: boolean,
  ensembleOf: (world: World) => Ensemble,
): Driver {
  const conditions = lines.map((line) => (line.verb === 'until' ? parseCondition(line.value) : null));
  return {
    wakes: (world, state) => isScript(state) && wakes(ensembleOf(world), lines[state.line], conditions[state.line] ?? null, state),
    step: (world, part) => {
      const turn: Turn = { ensemble: ensembleOf(world), world, part, lines, schedule };
      const state = isScript(part.state) ? part.state : FIRST;
      if (state.line === -1 && state.phase === 'enter') begin(turn, startsAll);
      else if (state.phase === 'scheduled') runEntry(turn, state);
      else if (state.phase === 'waiting') endWait(turn, state, conditions[state.line] ?? null);
      else if (state.phase === 'enter' || state.phase === 'client') runLine(turn, state);
      else proceed(turn, state);
    },
    choose: (world) => chooseEntry(world, schedule),
  };
}

/** The first step: everything is started, one process an event, and then the lines follow. */
function begin(turn: Turn, startsAll: boolean): void {
  const actions = startsAll ? turn.world.nodes.map(({ index }): Action => ({ type: 'start', node: index })) : [];
  proceed(turn, { ...FIRST, phase: 'starting', actions });
}

/** Performs the next action of the line, or goes on to the next line. */
function proceed(turn: Turn, state: ScriptState): void {
  const { world, part, lines } = turn;
  const line = lines[state.line];
  const [action, ...rest] = state.actions;
  if (action !== undefined && !applyAction(world, action) && line !== undefined && mustBite(line))
    say(world, line, state, 'nothing', subjectName(turn, action));
  if (rest.length > 0) {
    enterState(part, { ...state, phase: state.phase === 'starting' ? 'starting' : 'acting', actions: rest });
    part.dueAt = world.now;
  } else if (line !== undefined && waitsForClient(line)) {
    wait(turn, { ...state, phase: 'waiting', actions: [] }, line.within ?? DURATION_DEFAULTS.operationUs);
  } else {
    nextLine(turn, state, 0);
  }
}

/** For the answer of an operation, or until the client has taken what it is told: the next line must not find it as it was before. */
function waitsForClient(line: ScriptLine): boolean {
  return line.verb === 'operation' ? line.async !== true : clientOfLine(line) !== null;
}

function subjectName({ world }: Turn, action: Action): string {
  return 'node' in action ? (world.nodes[action.node]?.name ?? '') : '';
}

function enterState(part: DriverPart, state: ScriptState): void {
  part.state = state;
}

/** Until the state's condition wakes it, or for so long. */
function wait({ world, part }: Turn, state: ScriptState, within: number): void {
  enterState(part, state);
  part.dueAt = world.now + within;
  part.watching = true;
}

function nextLine(turn: Turn, state: ScriptState, delay: number): void {
  const { world, part, lines } = turn;
  const index = state.line + 1;
  const line = lines[index];
  enterState(part, { ...state, line: index, phase: 'enter', actions: [], calls: [] });
  part.watching = false;
  part.dueAt = Math.max(world.now + delay, (world.config.startUs ?? 0) + (line?.at ?? 0));
  if (line === undefined && delay === 0) endLines(turn, index);
}

/** With the last line, or when its time is over if it is a wait. */
function endLines(turn: Turn, line: number): void {
  const { world, part, schedule } = turn;
  if (schedule.length === 0) return endScript(turn, line);
  enterState(part, { ...FIRST, bindings: scriptOf(world).bindings, line, phase: 'scheduled' });
  beginChoosing(world);
  part.dueAt = world.now;
}

function endScript({ world, part }: Turn, line: number): void {
  part.dueAt = Infinity;
  push(world, { type: 'script', line, what: 'done', text: '', name: '' });
}

/** The next event of the schedule that can happen, taken off; null where a line comes first, or the end. */
function chooseEntry(world: World, schedule: readonly ScheduleEntry[]): Choice | null {
  const state = scriptOf(world);
  if (state.phase !== 'scheduled' || state.actions.length > 0) return null;
  let { scheduled } = state;
  let choice: Choice | null = null;
  for (let entry = schedule[scheduled]; choice === null && typeof entry === 'string'; entry = schedule[scheduled]) {
    choice = choiceNamed(world, entry);
    scheduled += 1;
  }
  if (scheduled !== state.scheduled) enterState(own(world.parts, world.driver), { ...state, scheduled });
  return choice;
}

/** A line of the schedule, one action an event; behind the last one the clock decides again. */
function runEntry(turn: Turn, state: ScriptState): void {
  const { ensemble, world, part, schedule } = turn;
  const entry = schedule[state.scheduled];
  if (entry === undefined) {
    endChoosing(world);
    enterState(part, { ...state, phase: 'enter' });
    return endScript(turn, state.line);
  }
  assert(typeof entry !== 'string', 'events of a schedule are chosen');
  const isNew = state.actions.length === 0;
  const [action, ...rest] = isNew ? actionsOf(ensemble, entry, state.bindings, world.record.id) : state.actions;
  if (action !== undefined) applyAction(world, action);
  enterState(part, { ...state, actions: rest, scheduled: state.scheduled + (rest.length === 0 ? 1 : 0) });
  part.dueAt = world.now;
}

function runLine(turn: Turn, state: ScriptState): void {
  const { world, lines } = turn;
  const line = lines[state.line];
  if (line === undefined) return endLines(turn, state.line);
  if (state.phase === 'enter') say(world, line, state, 'entered');
  switch (line.verb) {
    case 'wait':
      return nextLine(turn, state, line.value);
    case 'until':
      return wait(turn, { ...state, phase: 'waiting' }, line.within ?? DURATION_DEFAULTS.untilUs);
    case 'check':
      return nextLine(turn, state, 0);
    case 'say':
      push(world, { type: 'said', text: line.value });
      return nextLine(turn, state, 0);
    default:
      return clientIsThere(turn, state, line) ? act(turn, state, line) : undefined;
  }
}

/** A process that has just been started takes calls only when its threads run. False when the line has to wait, or has failed. */
function clientIsThere(turn: Turn, state: ScriptState, line: ScriptLine): boolean {
  const name = clientOfLine(line);
  if (name === null || takesCalls(turn.ensemble, name)) return true;
  if (clientIsUp(turn.ensemble, name) && (state.phase === 'enter' || !turn.part.watching)) {
    wait(turn, { ...state, phase: 'client' }, line.within ?? DURATION_DEFAULTS.operationUs);
    return false;
  }
  say(turn.world, line, state, clientIsUp(turn.ensemble, name) ? 'timed-out' : 'down', name);
  nextLine(turn, state, 0);
  return false;
}

/** Its process is there, though it may not have begun yet. */
function clientIsUp(ensemble: Ensemble, name: string): boolean {
  const handle = handleOf(ensemble, name);
  return handle !== null && peek(ensemble.world.parts, handle.part).power === 'up';
}

function handleOf({ world, clients }: Ensemble, name: string): NodeHandle | null {
  return world.nodes[clients.find((client) => client.name === name)?.node ?? -1] ?? null;
}

function takesCalls(ensemble: Ensemble, name: string): boolean {
  return clientIsUp(ensemble, name) && sendThread(ensemble, name) !== null;
}

/** The thread that takes what the client is told; null while there is none. */
function sendThread(ensemble: Ensemble, name: string): Readonly<ThreadPart> | null {
  const { parts } = ensemble.world;
  const handle = handleOf(ensemble, name);
  const ref = handle === null ? undefined : peek(parts, handle.part).threads.get(threadId(SEND_THREAD, 0));
  return ref === undefined ? null : peek(parts, ref);
}

/** Has it taken everything that it was told? */
function hasTaken(ensemble: Ensemble, name: string): boolean {
  const thread = sendThread(ensemble, name);
  return thread === null || lengthOf(thread.mailbox) === 0;
}

function act(turn: Turn, state: ScriptState, line: ScriptLine): void {
  const { ensemble, world } = turn;
  const nobody = refsOfLine(line).find(({ text }) => resolveNodes(ensemble, text, state.bindings).length === 0);
  if (nobody !== undefined) {
    say(world, line, state, 'nobody', nobody.text);
    nextLine(turn, state, 0);
    return;
  }
  // Calls are named by the event that submits them: unique in a run, and the same in its replay.
  const call = world.record.id;
  const actions = actionsOf(ensemble, line, state.bindings, call);
  if (actions.length === 0 && line.verb !== 'pick') say(world, line, state, 'nothing');
  const bound = line.verb === 'pick' ? line.value.flatMap((text) => resolveNodes(ensemble, text, state.bindings)) : subjectsOf(actions);
  proceed(turn, { ...state, actions, bindings: bind(state.bindings, line.as, bound), calls: line.verb === 'operation' ? [call] : [] });
}

function bind(bindings: Bindings, name: string | undefined, nodes: readonly number[]): Bindings {
  return name === undefined ? bindings : [...bindings.filter(([bound]) => bound !== name), [name, nodes]];
}

function wakes(ensemble: Ensemble, line: ScriptLine | undefined, condition: Condition | null, state: ScriptState): boolean {
  if (line === undefined) return false;
  const client = clientOfLine(line);
  if (client !== null && !clientIsUp(ensemble, client)) return true;
  if (state.phase === 'client') return client !== null && takesCalls(ensemble, client);
  if (line.verb === 'until')
    return condition !== null && mayHoldAfter(ensemble.world.record, condition) && holds(ensemble, condition, state.bindings);
  if (line.verb !== 'operation') return client !== null && hasTaken(ensemble, client);
  const ending = isSequence(line.operation) ? 'client-sequence-done' : 'client-returned';
  return notesOf(ensemble.world.record).some((note) => note.type === ending && state.calls.includes(note.call));
}

/** The wait is over: what it waited for came, cannot come any more, or did not come in time, when the driver still watches. */
function endWait(turn: Turn, state: ScriptState, condition: Condition | null): void {
  const { ensemble, world, part, lines } = turn;
  const line = lines[state.line];
  assert(line !== undefined, 'a line waits');
  const client = clientOfLine(line);
  if (client !== null && !clientIsUp(ensemble, client)) say(world, line, state, 'down', client);
  else say(world, line, state, part.watching ? 'timed-out' : 'reached');
  const bound = line.as === undefined || condition === null ? [] : whoIs(ensemble, condition, state.bindings);
  nextLine(turn, { ...state, bindings: bind(state.bindings, line.as, bound) }, 0);
}

/** The servers that a condition speaks of, for `as`. */
function whoIs(ensemble: Ensemble, condition: Condition, bindings: Bindings): number[] {
  if (condition.is === 'leader-elected') {
    const leader = establishedLeader(ensemble);
    return leader === null ? [] : [leader.node];
  }
  return 'servers' in condition ? resolveRefs(ensemble, condition.servers, bindings) : [];
}

type What = Extract<Note, { readonly type: 'script' }>['what'];

function say(world: World, line: ScriptLine, { line: index }: ScriptState, what: What, name = ''): void {
  push(world, { type: 'script', line: index, what, text: line.text, name });
}

function push(world: World, note: Note): void {
  const notes: Item[] = world.record.notes;
  notes.push(note);
}

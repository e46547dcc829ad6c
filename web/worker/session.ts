/**
 * One open run with its branches and the cursor in it: all of the worker but its mailbox, so that tests drive it without a browser.
 * The run's truth is its scenario, seed and clicks; everything shown is a picture of the state at the cursor.
 */
import { report } from '../../src/check/checker.ts';
import { forkEnsemble, type Ensemble } from '../../src/ensemble/ensemble.ts';
import { actAtHead, advance, branch, eventsBetween, replayTo, seek, type Timeline } from '../../src/ensemble/timeline.ts';
import { rowOf, traceEventOf, type TraceEvent } from '../../src/ensemble/trace.ts';
import { nextTime } from '../../src/kernel/run.ts';
import { openRun, openTimeline, type Run, type ScenarioCompanion } from '../../src/scenario/run-scenario.ts';
import { parseScenario } from '../../src/scenario/parse-scenario.ts';
import { frameOf, type Frame, type Moment, type Want } from '../../src/view/frame.ts';
import { entriesUpTo, makeTale, taleUpTo, tell, type Tale } from '../../src/view/tale.ts';
import type { BranchInfo, BugInfo, Click, Destination, RunInfo } from '../protocol.ts';
import { actionsOfLine } from './script-line.ts';

/** Events between two checkpoints: a seek replays half of them on average. */
const SPACING = 200;
/** Events that one request may run, so that an answer never takes long. */
const EVENTS_PER_REQUEST = 20_000;
/** A run may not grow past this in a page. */
export const EVENTS_MAX = 2_000_000;
/** A step looks no further ahead for an event of one server, or of the story. */
const SEARCH_MAX = 200_000;

interface Branch {
  readonly timeline: Timeline;
  readonly tale: Tale;
  readonly clicks: Click[];
  readonly parent: number;
  readonly from: number;
}

/** The state shown. At the head of the branch `ensemble` is the head itself. */
interface Cursor {
  readonly ensemble: Ensemble;
  readonly companion: ScenarioCompanion;
}

export interface Session {
  readonly run: Run;
  readonly branches: Branch[];
  active: number;
  cursor: Cursor;
  time: number;
  bug: BugInfo | null;
}

/** Throws InputError when the scenario has a mistake. */
export function openSession(text: string, file: string, seed: string | null): Session {
  const run = openRun(parseScenario(text, file), seed === null ? {} : { seed });
  const timeline = openTimeline(run, SPACING);
  timeline.head.world.traced = true;
  const tale = makeTale();
  follow(timeline, tale);
  const session: Session = {
    run,
    branches: [{ timeline, tale, clicks: [], parent: -1, from: 0 }],
    active: 0,
    cursor: headOf(timeline),
    time: 0,
    bug: null,
  };
  return session;
}

/** The tale grows with the head alone: replays of the past tell nothing. */
function follow(timeline: Timeline, tale: Tale): void {
  const { head } = timeline;
  const { observe } = head.world;
  head.world.observe = (world) => {
    observe?.(world);
    tell(tale, head);
  };
}

function headOf({ head, companion }: Timeline): Cursor {
  return { ensemble: head, companion: companion as ScenarioCompanion };
}

function activeOf(session: Session): Branch {
  const active = session.branches[session.active];
  if (active === undefined) throw new RangeError(`no branch ${session.active}`);
  return active;
}

function isAtHead(session: Session): boolean {
  return session.cursor.ensemble === activeOf(session).timeline.head;
}

/** Does `work`; an exception in the simulation becomes a Bug report, and the run stays as it was before the event that threw. */
function guarded(session: Session, work: () => void): void {
  try {
    work();
  } catch (error) {
    const { timeline } = activeOf(session);
    const { world } = timeline.head;
    session.bug = {
      message: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
      seed: session.run.seed,
      event: timeline.trace.length + 1,
      at: world.now,
    };
    const { ensemble, companion } = seek(timeline, timeline.trace.length);
    timeline.head = ensemble;
    timeline.companion = companion;
    session.cursor = headOf(timeline);
    session.time = ensemble.world.now;
  }
}

/** Runs on at the head. Nothing runs after a Bug. */
function runOn(session: Session, until: number, eventsMax: number): number {
  if (session.bug !== null) return 0;
  const { timeline } = activeOf(session);
  const room = Math.min(eventsMax, EVENTS_MAX - timeline.head.world.events);
  let ran = 0;
  guarded(session, () => {
    ran = advance(timeline, until, room);
  });
  return ran;
}

export function moveTo(session: Session, to: Destination): void {
  if ('time' in to) moveToTime(session, to.time);
  else if ('event' in to) moveToEvent(session, to.event);
  else if ('step' in to) stepOf(session, to.step, to.node);
  else if ('story' in to) storyStep(session, to.story);
}

function moveToTime(session: Session, time: number): void {
  const { timeline } = activeOf(session);
  if (!isAtHead(session)) {
    const id = lastEventBy(timeline, time, session.cursor.ensemble.world.events);
    goTo(session, id);
    if (id < timeline.head.world.events) {
      session.time = Math.max(time, session.cursor.ensemble.world.now);
      return;
    }
  }
  runOn(session, time, EVENTS_PER_REQUEST);
  const { world } = activeOf(session).timeline.head;
  session.time = nextTime(world) <= time ? world.now : Math.max(time, world.now);
}

/** The last event at or before `time`, not before `from`, and not too far after it. */
function lastEventBy({ trace }: Timeline, time: number, from: number): number {
  let low = from;
  let high = Math.min(trace.length, from + EVENTS_PER_REQUEST);
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((rowOf(trace, middle)?.at ?? Infinity) <= time) low = middle;
    else high = middle - 1;
  }
  return low;
}

function moveToEvent(session: Session, event: number): void {
  const { timeline } = activeOf(session);
  const missing = event - timeline.head.world.events;
  if (missing > 0) {
    session.cursor = headOf(timeline);
    runOn(session, Infinity, Math.min(missing, EVENTS_PER_REQUEST));
  }
  goTo(session, Math.min(event, activeOf(session).timeline.head.world.events));
}

/** Puts the cursor on an event that has happened. */
function goTo(session: Session, id: number): void {
  const { timeline } = activeOf(session);
  const { ensemble, companion } = session.cursor;
  const here = ensemble.world.events;
  if (id === timeline.head.world.events) {
    session.cursor = headOf(timeline);
  } else if (!isAtHead(session) && here <= id && id - here <= SPACING) {
    ensemble.world.observe = () => companion.onEvent(ensemble);
    replayTo(timeline, ensemble, id);
    ensemble.world.observe = null;
  } else {
    const found = seek(timeline, id);
    session.cursor = { ensemble: found.ensemble, companion: found.companion as ScenarioCompanion };
  }
  session.time = session.cursor.ensemble.world.now;
}

function stepOf(session: Session, step: 1 | -1, node: number): void {
  const here = session.cursor.ensemble.world.events;
  const isMine = (id: number): boolean => node === -1 || rowOf(activeOf(session).timeline.trace, id)?.node === node;
  let id = here + step;
  for (let looked = 0; looked < SEARCH_MAX; looked++, id += step) {
    if (id < 1) break;
    if (id > activeOf(session).timeline.head.world.events && runOn(session, Infinity, 1) === 0) break;
    if (isMine(id)) {
      goTo(session, id);
      return;
    }
  }
  if (step === -1 && here > 0 && node === -1) goTo(session, 0);
  else goTo(session, Math.min(here, activeOf(session).timeline.head.world.events));
}

function storyStep(session: Session, step: 1 | -1): void {
  const { tale, timeline } = activeOf(session);
  const here = session.cursor.ensemble.world.events;
  const index = step === 1 ? entriesUpTo(tale, here) : entriesUpTo(tale, here - 1) - 1;
  if (step === 1) runUntilTold(session, index);
  const entry = tale.entries[index];
  if (entry !== undefined) goTo(session, entry.event);
  else goTo(session, step === -1 ? 0 : timeline.head.world.events);
}

/** Runs on until the tale has an entry at the index. */
function runUntilTold(session: Session, index: number): void {
  const { tale } = activeOf(session);
  for (let looked = 0; tale.entries.length <= index && looked < SEARCH_MAX; looked++) if (runOn(session, Infinity, 1) === 0) return;
}

/**
 * A click: a line of a script, run at the cursor. In the past it begins a branch; the run it leaves is kept. Throws InputError when the line
 * cannot be understood or names nobody. Returns whether a branch began.
 */
export function act(session: Session, line: string, time: number): boolean {
  if (session.bug !== null) return false;
  const isBranching = !isAtHead(session);
  actionsOfLine(session.run.scenario, session.cursor.ensemble, line, 0); // a mistake is told before anything changes
  if (isBranching) beginBranch(session);
  const { timeline, clicks } = activeOf(session);
  const { world } = timeline.head;
  const at = Math.max(Math.floor(time), world.now);
  clicks.push({ after: world.events, at, line });
  guarded(session, () => {
    const call = world.events + 1; // named by its event, as the script names its calls
    for (const action of actionsOfLine(session.run.scenario, timeline.head, line, call)) actAtHead(timeline, action, at);
  });
  if (session.bug === null) session.cursor = headOf(timeline);
  session.time = Math.max(session.time, timeline.head.world.now);
  return isBranching;
}

function beginBranch(session: Session): void {
  const { timeline, tale, clicks } = activeOf(session);
  const id = session.cursor.ensemble.world.events;
  const made = branch(timeline, id);
  made.head.world.traced = true;
  const own = taleUpTo(tale, id);
  follow(made, own);
  session.branches.push({ timeline: made, tale: own, clicks: clicks.filter(({ after }) => after < id), parent: session.active, from: id });
  session.active = session.branches.length - 1;
  session.cursor = headOf(made);
}

/** Shows another branch, at the same event where it has one. */
export function chooseBranch(session: Session, index: number): void {
  if (session.branches[index] === undefined) return;
  const here = session.cursor.ensemble.world.events;
  session.active = index;
  const { timeline } = activeOf(session);
  session.cursor = headOf(timeline);
  goTo(session, Math.min(here, timeline.head.world.events));
}

/** Runs a fresh session through clicks made before, then to the event. */
export function replayClicks(
  session: Session,
  clicks: readonly Click[],
  event: number | null,
  progress: (events: number, goal: number) => void,
): void {
  const goal = event ?? clicks.at(-1)?.after ?? 0;
  for (const { after, at, line } of clicks) {
    runTo(session, after, goal, progress);
    if (session.bug !== null || activeOf(session).timeline.head.world.events !== after) return;
    session.cursor = headOf(activeOf(session).timeline);
    act(session, line, at);
  }
  if (event === null) goTo(session, 0);
  else {
    runTo(session, event, goal, progress);
    goTo(session, Math.min(event, activeOf(session).timeline.head.world.events));
  }
}

function runTo(session: Session, event: number, goal: number, progress: (events: number, goal: number) => void): void {
  const { timeline } = activeOf(session);
  while (timeline.head.world.events < event && session.bug === null) {
    if (runOn(session, Infinity, Math.min(event - timeline.head.world.events, EVENTS_PER_REQUEST)) === 0) break;
    progress(timeline.head.world.events, goal);
  }
}

export function frameAt(session: Session, want: Want): Frame {
  return frameOf(momentOf(session), want);
}

function momentOf(session: Session): Moment {
  const { timeline, tale } = activeOf(session);
  const { ensemble, companion } = session.cursor;
  const { world } = ensemble;
  const head = timeline.head.world;
  const next = isAtHead(session) ? nextAtHead(session) : (rowOf(timeline.trace, world.events + 1)?.at ?? Infinity);
  return {
    ensemble,
    tale,
    reports: report(companion.checker),
    time: session.time,
    nextAt: next === Infinity ? null : next,
    head: head.events,
    headTime: head.now,
    eventAt: (id) => eventAt(timeline, id),
    eventsBetween: (first, last) => eventsBetween(timeline, first, last),
  };
}

function nextAtHead(session: Session): number {
  const { world } = activeOf(session).timeline.head;
  return session.bug !== null || world.events >= EVENTS_MAX ? Infinity : nextTime(world);
}

function eventAt(timeline: Timeline, id: number): { event: TraceEvent; before: Ensemble; after: Ensemble } {
  const before = seek(timeline, id - 1).ensemble;
  const after = forkEnsemble(before);
  const events: TraceEvent[] = [];
  after.world.traced = true;
  after.world.observe = (world) => events.push(traceEventOf(world.record));
  replayTo(timeline, after, id);
  const [event] = events;
  if (event === undefined) throw new RangeError(`no event ${id}`);
  return { event, before, after };
}

export function runInfo({ run }: Session): RunInfo {
  const { scenario, seed, preset, mutations, ensemble } = run;
  return {
    name: scenario.document.name,
    about: (scenario.document.about ?? '').trim(),
    seed,
    preset,
    mutations: mutations.map(({ id }) => id),
    nodes: [
      ...ensemble.servers.map(({ node, name }) => ({ node, name, kind: 'server' as const })),
      ...ensemble.clients.map(({ node, name }) => ({ node, name, kind: 'client' as const })),
    ],
  };
}

export function branchInfo({ branches, active }: Session): BranchInfo {
  return { active, branches: branches.map(({ from, parent, timeline }) => ({ from, parent, events: timeline.trace.length })) };
}

export function clicksOf(session: Session): readonly Click[] {
  return activeOf(session).clicks;
}

/**
 * Time travel: checkpoints, which are forks, plus deterministic replay of what follows. The truth of a run is its specification and its
 * input log; any event can be gone to, looked at and gone on from. A branch is a timeline of its own that shares everything before it.
 *
 * A checkpoint costs the copies of all that changes until the next one. Where a run grows long they get fewer: their number is bounded, and
 * with it the memory they take, and going to an event takes longer.
 */
import { assert } from '../base/assert.ts';
import { choiceNamed } from '../kernel/choose.ts';
import { choose, runUntil } from '../kernel/run.ts';
import { actOn, forkEnsemble, type Ensemble } from './ensemble.ts';
import type { Action } from './action.ts';
import { appendRow, copyTrace, makeTrace, traceEventOf, type Trace, type TraceEvent } from './trace.ts';

/** Something that follows the events beside the world and must go back with it: the properties, for one. */
export interface Companion {
  readonly onEvent: (ensemble: Ensemble) => void;
  readonly copy: () => Companion;
}

/** Of the events that can happen next, this one: by its name among the `choices`. */
export interface Choosing {
  readonly type: 'choose';
  readonly event: string;
}

/** What came from outside: after this event, not before this time. */
export interface InputEntry {
  readonly after: number;
  readonly at: number;
  readonly action: Action | Choosing;
}

interface Checkpoint {
  readonly events: number;
  readonly ensemble: Ensemble;
  readonly companion: Companion | null;
}

export interface Timeline {
  /** State after the last event of the run so far. */
  head: Ensemble;
  companion: Companion | null;
  readonly trace: Trace;
  readonly inputs: InputEntry[];
  /** Oldest first; the first is of the beginning. */
  checkpoints: Checkpoint[];
  /** Events between two checkpoints; doubles as often as there are too many. */
  spacing: number;
}

const SPACING = 5000;
/** Under the heaviest loads a checkpoint takes a quarter of a megabyte. */
const CHECKPOINTS_MAX = 400;

export function makeTimeline(ensemble: Ensemble, companion: Companion | null = null, spacing = SPACING): Timeline {
  assert(spacing >= 1, 'events lie between two checkpoints');
  const timeline: Timeline = { head: ensemble, companion, trace: makeTrace(), inputs: [], checkpoints: [], spacing };
  saveCheckpoint(timeline);
  follow(timeline);
  return timeline;
}

function saveCheckpoint(timeline: Timeline): void {
  const { head, companion, checkpoints } = timeline;
  checkpoints.push({ events: head.world.events, ensemble: forkEnsemble(head), companion: companion?.copy() ?? null });
  if (checkpoints.length <= CHECKPOINTS_MAX) return;
  timeline.spacing *= 2;
  timeline.checkpoints = thinned(checkpoints, timeline.spacing);
}

/** The first, and those that lie so far behind the one kept before. */
function thinned(checkpoints: readonly Checkpoint[], spacing: number): Checkpoint[] {
  const kept: Checkpoint[] = [];
  for (const checkpoint of checkpoints) if (checkpoint.events >= (kept.at(-1)?.events ?? -spacing) + spacing) kept.push(checkpoint);
  return kept;
}

/** The event after which the next checkpoint is due. */
function nextCheckpoint({ checkpoints, spacing }: Timeline): number {
  return (checkpoints[checkpoints.length - 1]?.events ?? 0) + spacing;
}

/** The head's events go to the trace and the companion. */
function follow(timeline: Timeline): void {
  const { head, trace } = timeline;
  head.world.observe = (world) => {
    appendRow(trace, world.record);
    timeline.companion?.onEvent(head);
  };
}

/** Goes on at the end of the run until the time, or so many events. Returns how many ran. */
export function advance(timeline: Timeline, until: number, eventsMax = Infinity): number {
  const { world } = timeline.head;
  const start = world.events;
  const last = start + eventsMax;
  while (world.events < last) {
    const due = nextCheckpoint(timeline);
    const wanted = Math.min(last, due) - world.events;
    const ran = runUntil(world, until, wanted);
    if (world.events >= due) saveCheckpoint(timeline);
    if (ran < wanted) break;
  }
  return world.events - start;
}

/** An action at the end of the run, or one of the events that can happen next there. False when it found nothing to act on. */
export function actAtHead(timeline: Timeline, action: Action | Choosing, at = timeline.head.world.now): boolean {
  const { head, inputs } = timeline;
  const after = head.world.events;
  inputs.push({ after, at, action });
  const bit = perform(head, action, at);
  if (head.world.events === after) inputs.pop();
  else if (head.world.events >= nextCheckpoint(timeline)) saveCheckpoint(timeline);
  return bit;
}

/** One event, but for a choice that cannot happen: that is none. */
function perform(ensemble: Ensemble, action: Action | Choosing, at: number): boolean {
  if (action.type !== 'choose') return actOn(ensemble, action, at);
  const choice = choiceNamed(ensemble.world, action.event);
  if (choice !== null) choose(ensemble.world, choice);
  return choice !== null;
}

/** The state after event `id`, as a world of its own, and what the companion knew then. */
export function seek(timeline: Timeline, id: number): { readonly ensemble: Ensemble; readonly companion: Companion | null } {
  assert(id >= 0 && id <= timeline.head.world.events, () => `event ${id} is not in the run`);
  const from = checkpointBefore(timeline, id);
  const ensemble = forkEnsemble(from.ensemble);
  const companion = from.companion?.copy() ?? null;
  if (companion !== null) ensemble.world.observe = () => companion.onEvent(ensemble);
  replayTo(timeline, ensemble, id);
  ensemble.world.observe = null;
  return { ensemble, companion };
}

function checkpointBefore({ checkpoints }: Timeline, id: number): Checkpoint {
  const found = checkpoints[firstIndex(checkpoints, ({ events }) => events > id) - 1];
  assert(found !== undefined, 'a timeline has a first checkpoint');
  return found;
}

/** Where the entries begin for which it holds; it holds for none before, and for all after. */
function firstIndex<T>(entries: readonly T[], holds: (entry: T) => boolean): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const entry = entries[middle];
    if (entry !== undefined && holds(entry)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Runs a fork of an earlier state up to event `id` with the inputs that the run had. */
export function replayTo({ inputs }: Timeline, ensemble: Ensemble, id: number): void {
  const { world } = ensemble;
  for (let next = firstIndex(inputs, ({ after }) => after >= world.events); world.events < id; next++) {
    const entry = inputs[next];
    const last = Math.min(id, entry?.after ?? id);
    runUntil(world, Infinity, last - world.events);
    assert(world.events === last, 'a replay has the events of its run');
    if (entry !== undefined && last < id) perform(ensemble, entry.action, entry.at);
  }
}

/** Full events `first..last`, made again by replay with every note. */
export function eventsBetween(timeline: Timeline, first: number, last: number): TraceEvent[] {
  const { ensemble } = seek(timeline, first - 1);
  const events: TraceEvent[] = [];
  ensemble.world.traced = true;
  ensemble.world.observe = (world) => events.push(traceEventOf(world.record));
  replayTo(timeline, ensemble, last);
  return events;
}

/** A new timeline that shares this one's past up to event `id` and goes its own way from there. */
export function branch(timeline: Timeline, id: number): Timeline {
  const { ensemble, companion } = seek(timeline, id);
  const made: Timeline = {
    head: ensemble,
    companion,
    trace: copyTrace(timeline.trace, id),
    inputs: timeline.inputs.filter(({ after }) => after < id),
    checkpoints: timeline.checkpoints.filter(({ events }) => events <= id),
    spacing: timeline.spacing,
  };
  follow(made);
  return made;
}

/**
 * Time travel: checkpoints, which are forks, plus deterministic replay of what follows. The truth of a run is its specification and its
 * input log; any event can be gone to, looked at and gone on from. A branch is a timeline of its own that shares everything before it.
 */
import { assert } from '../base/assert.ts';
import { nextTime, runNext } from '../kernel/run.ts';
import { actOn, forkEnsemble, type Ensemble } from './ensemble.ts';
import type { Action } from './action.ts';
import { appendRow, cutTrace, makeTrace, traceEventOf, type Trace, type TraceEvent } from './trace.ts';

/** Something that follows the events beside the world and must go back with it: the properties, for one. */
export interface Companion {
  readonly onEvent: (ensemble: Ensemble) => void;
  readonly copy: () => Companion;
}

/** An action that came from outside: after this event, at this time. */
export interface InputEntry {
  readonly after: number;
  readonly at: number;
  readonly action: Action;
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
  readonly checkpoints: Checkpoint[];
  /** Events between two checkpoints. */
  readonly spacing: number;
}

export function makeTimeline(ensemble: Ensemble, companion: Companion | null = null, spacing = 5000): Timeline {
  const timeline: Timeline = { head: ensemble, companion, trace: makeTrace(), inputs: [], checkpoints: [], spacing };
  saveCheckpoint(timeline);
  follow(timeline);
  return timeline;
}

function saveCheckpoint(timeline: Timeline): void {
  const { head, companion, checkpoints } = timeline;
  checkpoints.push({ events: head.world.events, ensemble: forkEnsemble(head), companion: companion?.copy() ?? null });
}

/** The head's events go to the trace, the companion and, now and then, a checkpoint. */
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
  while (world.events - start < eventsMax && nextTime(world) <= until) {
    if (!runNext(world)) break;
    if (world.events % timeline.spacing === 0) saveCheckpoint(timeline);
  }
  return world.events - start;
}

/** An action at the end of the run. */
export function actAtHead(timeline: Timeline, action: Action, at = timeline.head.world.now): boolean {
  timeline.inputs.push({ after: timeline.head.world.events, at, action });
  return actOn(timeline.head, action, at);
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

function checkpointBefore(timeline: Timeline, id: number): Checkpoint {
  const { checkpoints } = timeline;
  let low = 0;
  let high = checkpoints.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((checkpoints[middle]?.events ?? Infinity) <= id) low = middle;
    else high = middle - 1;
  }
  const found = checkpoints[low];
  assert(found !== undefined, 'a timeline has a first checkpoint');
  return found;
}

/** Runs a fork of an earlier state up to event `id` with the inputs that the run had. */
export function replayTo(timeline: Timeline, ensemble: Ensemble, id: number): void {
  const { world } = ensemble;
  const { inputs } = timeline;
  let next = inputs.findIndex((entry) => entry.after >= world.events);
  while (world.events < id) {
    const entry = next === -1 ? undefined : inputs[next];
    if (entry !== undefined && entry.after === world.events) {
      actOn(ensemble, entry.action, entry.at);
      next += 1;
    } else {
      assert(runNext(world), 'a replay has the events of its run');
    }
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
  const trace: Trace = {
    ...timeline.trace,
    blocks: copyBlocks(timeline.trace, id),
    kinds: timeline.trace.kinds.slice(),
    kindIndex: copyKinds(timeline.trace),
  };
  cutTrace(trace, id);
  const checkpoints = timeline.checkpoints.filter(({ events }) => events <= id);
  const inputs = timeline.inputs.filter(({ after }) => after < id);
  const made: Timeline = { head: ensemble, companion, trace, inputs, checkpoints, spacing: timeline.spacing };
  follow(made);
  return made;
}

/** Full blocks are shared, the one that goes on being written is copied. */
function copyBlocks(trace: Trace, id: number): Trace['blocks'] {
  const blocks = trace.blocks.slice(0, Math.ceil(id / 65_536));
  const last = blocks[blocks.length - 1];
  if (last !== undefined) {
    const { at, thread, zxid, cause, node, kind } = last;
    blocks[blocks.length - 1] = {
      at: at.slice(),
      thread: thread.slice(),
      zxid: zxid.slice(),
      cause: cause.slice(),
      node: node.slice(),
      kind: kind.slice(),
    };
  }
  return blocks;
}

function copyKinds(trace: Trace): Trace['kindIndex'] {
  const copy: Trace['kindIndex'] = new Map();
  for (const [input, byEffect] of trace.kindIndex) copy.set(input, new Map(byEffect));
  return copy;
}

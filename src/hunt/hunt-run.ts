/** Runs one plan under the properties, counts what bit and writes down what was done. */
import { hashText } from '../base/hash.ts';
import { peek } from '../base/parts.ts';
import { makeChecker, observeEvent, report, reportOf, type Checker, type PropertyReport } from '../check/checker.ts';
import type { PropertyId } from '../check/violation.ts';
import { isWell } from '../check/liveness.ts';
import type { Action } from '../ensemble/action.ts';
import { makeEnsemble, type Ensemble } from '../ensemble/ensemble.ts';
import { notesOf } from '../ensemble/note.ts';
import type { Decisions, EnsembleSpec } from '../ensemble/spec.ts';
import { nextTime, runNext } from '../kernel/run.ts';
import type { World } from '../kernel/world.ts';
import { documentOf } from '../scenario/parse-scenario.ts';
import { specOf } from '../scenario/spec-of.ts';
import { addCoverage, makeCoverage, type Coverage } from './coverage.ts';
import { isHuntState, type HuntPlan } from './plan.ts';

/** How often something happened, by name. */
export type Tally = Map<string, number>;

/** What was done, and when. */
export interface Act {
  readonly event: number;
  /** Virtual microseconds. */
  readonly at: number;
  readonly action: Action;
}

export interface HuntResult {
  readonly plan: HuntPlan;
  readonly events: number;
  readonly virtualUs: number;
  readonly traceHash: string;
  readonly properties: readonly PropertyReport[];
  readonly violations: readonly PropertyReport[];
  /** What bit, the first starts apart. */
  readonly acts: readonly Act[];
  /** Faults that found something to act on. */
  readonly faults: Tally;
  /** Synchronisations by mode, and `withData`: of a learner with data, in epoch 2 or later. */
  readonly syncs: Tally;
  /** Events up to the first synchronisation with data; Infinity for none. */
  readonly eventsToSync: number;
  readonly coverage: Coverage;
  /** Was it ended for its length? */
  readonly isUndecided: boolean;
}

export interface HuntOptions {
  readonly guard?: boolean;
  /** Ends the run with the first violation. */
  readonly stops?: boolean;
  /** Only these are judged; all when left out. */
  readonly properties?: readonly PropertyId[];
  readonly onEvent?: (world: World) => void;
}

export function specOfPlan({ head, seed, driver }: HuntPlan, decisions: Decisions, guard = false): EnsembleSpec {
  return specOf(documentOf({ name: 'hunt', ...head }), { seed, mode: head.mode, decisions }, driver, guard);
}

export function runPlan(
  plan: HuntPlan,
  decisions: Decisions,
  { guard = false, stops = false, properties: sought, onEvent }: HuntOptions = {},
): HuntResult {
  const ensemble = makeEnsemble(specOfPlan(plan, decisions, guard));
  const checker = makeChecker(ensemble, sought === undefined ? {} : { properties: sought });
  const { world } = ensemble;
  const tallies: Tallies = { faults: new Map(), syncs: new Map(), acts: [], eventsToSync: Infinity };
  const coverage = makeCoverage();
  const ending: Ending = { calmAt: -1, wellAt: -1, end: Infinity };
  world.observe = () => {
    observeEvent(checker, ensemble);
    onEvent?.(world);
    addCoverage(coverage, checker.state.ghost, world);
    if (world.record.notes.length > 0) follow(ensemble, checker, plan, tallies, ending);
  };
  while (nextTime(world) <= ending.end && runNext(world)) if ((stops && checker.violations.length > 0) || world.events >= EVENTS_MAX) break;
  const hasStopped = stops && checker.violations.length > 0;
  const properties = hasStopped ? report(checker) : reportOf(checker, ensemble);
  return {
    plan,
    events: world.events,
    virtualUs: world.now,
    traceHash: hashText(world.hash),
    properties,
    violations: properties.filter(({ status }) => status === 'violated'),
    ...tallies,
    acts: tallies.acts.slice(world.nodes.length),
    coverage,
    isUndecided: world.events >= EVENTS_MAX,
  };
}

interface Tallies {
  readonly faults: Tally;
  readonly syncs: Tally;
  readonly acts: Act[];
  eventsToSync: number;
}

interface Ending {
  calmAt: number;
  wellAt: number;
  end: number;
}

/** Counts the event's notes, and sees when the run is over. */
function follow(ensemble: Ensemble, checker: Checker, plan: HuntPlan, tallies: Tallies, ending: Ending): void {
  const { world } = ensemble;
  for (const note of notesOf(world.record)) {
    if (note.type === 'acted' && note.bit) {
      const { state } = peek(world.parts, world.driver);
      if (isHuntState(state) && state.last !== null) add(tallies.faults, state.last);
      tallies.acts.push({ event: world.events, at: world.now, action: note.action });
    } else if (note.type === 'sync-plan') {
      add(tallies.syncs, note.mode);
      if (!note.withData) continue;
      add(tallies.syncs, 'withData');
      tallies.eventsToSync = Math.min(tallies.eventsToSync, world.events);
    } else if (note.type === 'calm') {
      ending.calmAt = world.now;
    }
  }
  if (ending.calmAt === -1) return;
  // Until liveness has everything it asks for, or has been judged twice: for the ensemble, and for its clients' calls.
  if (!isWell(checker.state)) ending.wellAt = -1;
  else if (ending.wellAt === -1) ending.wellAt = world.now;
  const { calmAt, wellAt } = ending;
  const last = calmAt + 2 * checker.state.live.withinUs + 1;
  ending.end = wellAt === -1 ? last : Math.max(calmAt + plan.watchUs, wellAt + Math.min(plan.watchUs, GRACE_US));
}

/** A run that goes round in circles is not gone after for ever: it ends undecided. */
const EVENTS_MAX = 300_000;

/** Watch events may be so late. */
const GRACE_US = 1_200_000;

function add(tally: Tally, name: string): void {
  tally.set(name, (tally.get(name) ?? 0) + 1);
}

/** Adds one tally to another. */
export function addTally(into: Tally, from: ReadonlyMap<string, number>): void {
  for (const [name, n] of from) into.set(name, (into.get(name) ?? 0) + n);
}

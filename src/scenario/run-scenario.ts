/**
 * Runs a scenario: document to ensemble, script inside the world, properties and expectations beside it, verdict at the end. The same run
 * serves the command line, the page, tests and hunts.
 */
import { hashText } from '../base/hash.ts';
import { peek } from '../base/parts.ts';
import { zxidHex } from '../base/zxid.ts';
import { copyChecker, makeChecker, observeEvent, reportOf, type Checker, type PropertyReport } from '../check/checker.ts';
import { PROPERTY_IDS, USUAL_PROPERTIES } from '../check/violation.ts';
import { makeEnsemble, type Ensemble } from '../ensemble/ensemble.ts';
import { OUTSIDE } from '../ensemble/outside.ts';
import { FIXED } from '../ensemble/spec.ts';
import { advance, makeTimeline, type Companion, type Timeline } from '../ensemble/timeline.ts';
import { serverView } from '../ensemble/views.ts';
import { nextTime, runNext } from '../kernel/run.ts';
import type { World } from '../kernel/world.ts';
import { findMutation, inCatalogueOrder, MUTATIONS } from '../mutations/catalogue.ts';
import { applyMutations, MutationConflict, type Mutation } from '../mutations/mutation.ts';
import { presetMutations, PRESETS } from '../mutations/presets.ts';
import { watchedDecisions, type DecisionPoint } from '../mutations/watched-decisions.ts';
import { checkNames } from './check-names.ts';
import { DURATION_DEFAULTS } from './defaults.ts';
import { makeScriptDriver, scriptOf } from './driver.ts';
import { InputError, unknownName } from './input-error.ts';
import { copyOutcome, makeOutcome, matchesOf, observeOutcome, type ExpectationResult, type Outcome } from './outcome.ts';
import { parseCondition } from './condition.ts';
import { isReason } from './note-names.ts';
import type { Scenario } from './parse-scenario.ts';
import { clientsOf, serversOf, servingSpec, specOf, type Serving } from './spec-of.ts';
import { decideOutcome, unexpectedViolations } from './verdict.ts';

/** What the command line may say over the file's head. */
export interface RunOptions {
  readonly seed?: string;
  readonly preset?: string;
  /** Replaces the file's mutations; an empty list strips them. */
  readonly mutations?: readonly string[];
  readonly mode?: 'fine' | 'coarse';
  /** Properties to judge beside the usual ones, instead of the file's. */
  readonly check?: readonly string[];
  /** Ends the run at this time, virtual microseconds. */
  readonly untilUs?: number;
  readonly traced?: boolean;
  /** Clients from outside may take part, so that the script does not know every path. */
  readonly open?: boolean;
  /** Clients of the real world are let in. */
  readonly serving?: Serving;
  /** Hears each time a step asks for a decision. */
  readonly onDecision?: (point: DecisionPoint) => void;
  /** In tests: shared parts are frozen. */
  readonly guard?: boolean;
}

/** A scenario made ready: nothing has happened yet. */
export interface Run {
  readonly scenario: Scenario;
  readonly seed: string;
  readonly preset: string;
  readonly mutations: readonly Mutation[];
  /** Properties judged beside the usual ones. */
  readonly check: readonly string[];
  readonly mode: 'fine' | 'coarse';
  readonly untilUs: number | null;
  readonly ensemble: Ensemble;
  readonly companion: ScenarioCompanion;
}

/** Properties and expectations: what follows the events. */
export interface ScenarioCompanion extends Companion {
  readonly checker: Checker;
  readonly outcome: Outcome;
  readonly copy: () => ScenarioCompanion;
}

export interface RunResult {
  readonly scenario: string;
  readonly seed: string;
  readonly preset: string;
  readonly mutations: readonly string[];
  readonly mode: 'fine' | 'coarse';
  readonly ok: boolean;
  readonly events: number;
  readonly virtualUs: number;
  readonly traceHash: string;
  readonly properties: readonly PropertyReport[];
  readonly expectations: readonly ExpectationResult[];
  /** The first violation that the scenario does not expect, else the first of all. */
  readonly violation: PropertyReport | null;
  readonly servers: readonly {
    readonly name: string;
    readonly sid: number;
    readonly state: string;
    readonly epoch: number;
    readonly zxid: string;
  }[];
}

/** Checks every name and builds the world. Throws InputError. */
export function openRun(scenario: Scenario, options: RunOptions = {}): Run {
  const { document } = scenario;
  const servers = serversOf(document);
  const known = {
    servers: servers.map(({ name }) => name),
    clients: clientsOf(document).map(({ name }) => name),
    outside: options.serving === undefined ? [] : [OUTSIDE],
    presets: PRESETS,
    mutations: MUTATIONS.flatMap(({ id, slug, letter }) => [id, slug, letter]),
    properties: PROPERTY_IDS,
  };
  checkNames(scenario, known, options.open !== true && options.serving === undefined);
  const preset = options.preset ?? document.preset ?? 'fixed';
  const mutations = mutationsOf(preset, options.mutations ?? document.mutations ?? [], scenario);
  const seed = options.seed ?? document.seed ?? '1';
  const mode = options.mode ?? document.mode ?? (options.serving === undefined ? 'fine' : 'coarse');
  let made: Ensemble | null = null;
  const ensembleOf = (world: World): Ensemble => {
    if (made === null) throw new Error('a driver runs in a world that is there');
    return made.world === world ? made : { ...made, world };
  };
  const driver = makeScriptDriver(scenario, document.start !== 'none', ensembleOf);
  const table = decisionsOf(mutations, scenario);
  const choices = { seed, mode, decisions: options.onDecision === undefined ? table : watchedDecisions(table, options.onDecision) };
  const ensemble = makeEnsemble(
    options.serving === undefined
      ? specOf(document, choices, driver, options.guard ?? false)
      : servingSpec(document, choices, driver, options.serving),
  );
  made = ensemble;
  ensemble.world.traced = options.traced === true || asksForReasons(scenario);
  const { liveWithin: withinUs } = document;
  const check = options.check ?? document.check ?? [];
  const properties = PROPERTY_IDS.filter((id) => USUAL_PROPERTIES.includes(id) || check.includes(id));
  const checker = makeChecker(ensemble, { properties, ...(withinUs === undefined ? {} : { live: { withinUs } }) });
  return {
    scenario,
    seed,
    preset,
    mutations,
    check,
    mode,
    untilUs: options.untilUs ?? document.until ?? null,
    ensemble,
    companion: makeCompanion(scenario, checker, makeOutcome(scenario)),
  };
}

/** Reasons are noted only in a traced run, and a verdict must not depend on whether somebody listens. */
function asksForReasons({ document, lines }: Scenario): boolean {
  const waits = lines.flatMap((line) => (line.verb === 'until' ? (parseCondition(line.value) ?? []) : []));
  const matches = [...(document.expect ?? []).flatMap(matchesOf), ...waits.flatMap((each) => (each.is === 'noted' ? [each.match] : []))];
  return matches.some(({ note = '' }) => isReason(note));
}

function decisionsOf(mutations: readonly Mutation[], scenario: Scenario): typeof FIXED {
  try {
    return applyMutations(FIXED, mutations);
  } catch (error) {
    if (error instanceof MutationConflict) throw new InputError({ ...scenario.placeOf(['mutations']) }, error.message);
    throw error;
  }
}

function mutationsOf(preset: string, names: readonly string[], scenario: Scenario): Mutation[] {
  const place = { file: scenario.file, line: 0, column: 0 };
  const base = presetMutations(preset);
  if (base === null) throw new InputError(place, unknownName('preset', preset, PRESETS));
  const added = names.map((name) => {
    const mutation = findMutation(name);
    if (mutation === null)
      throw new InputError(
        place,
        unknownName(
          'mutation',
          name,
          MUTATIONS.map(({ id }) => id),
        ),
      );
    return mutation;
  });
  return inCatalogueOrder([...base, ...added]);
}

function makeCompanion(scenario: Scenario, checker: Checker, outcome: Outcome): ScenarioCompanion {
  return {
    checker,
    outcome,
    onEvent: (ensemble) => {
      observeEvent(checker, ensemble);
      observeOutcome(outcome, scenario, ensemble);
    },
    copy: () => makeCompanion(scenario, copyChecker(checker), copyOutcome(outcome)),
  };
}

/** Runs to the end, without keeping a timeline. `onEvent` sees every event after the properties did. */
export function runToEnd(run: Run, onEvent?: (ensemble: Ensemble) => void): RunResult {
  for (const _ of slicesOf(run, Infinity, onEvent));
  return resultOf(run, run.ensemble, run.companion);
}

/** The same in slices of so many events, for whoever has to look up now and then. */
export function* slicesOf(run: Run, eventsMax: number, onEvent?: (ensemble: Ensemble) => void): Generator<void> {
  const { ensemble, companion } = run;
  const { world } = ensemble;
  world.observe = () => {
    companion.onEvent(ensemble);
    onEvent?.(ensemble);
  };
  let end = endOf(run, ensemble);
  let sliceEnd = world.events + eventsMax;
  while (nextTime(world) <= end) {
    if (!runNext(world)) break;
    if (end === DURATION_DEFAULTS.runUs) end = endOf(run, ensemble);
    if (world.events < sliceEnd) continue;
    sliceEnd = world.events + eventsMax;
    yield;
  }
  world.observe = null;
}

/** The time at which the run ends, as far as it is known now: a while after the script, unless a time is given. */
export function endOf(run: Run, ensemble: Ensemble): number {
  if (run.untilUs !== null) return run.untilUs;
  return scriptIsDone(run, ensemble) ? ensemble.world.now + DURATION_DEFAULTS.tailUs : DURATION_DEFAULTS.runUs;
}

/** Has the script said everything it had to say? */
export function scriptIsDone({ scenario }: Run, { world }: Ensemble): boolean {
  // A last line that waits is over when its time is.
  return scriptOf(world).line >= scenario.lines.length && peek(world.parts, world.driver).dueAt === Infinity;
}

/** The same with checkpoints and a stored trace, for going back and forth. */
export function openTimeline(run: Run, spacing?: number): Timeline {
  return makeTimeline(run.ensemble, run.companion, spacing);
}

/** Advances a timeline, or a branch of one, to the end of its script and a while longer. */
export function playToEnd(run: Run, timeline: Timeline): void {
  while (endOf(run, timeline.head) === DURATION_DEFAULTS.runUs && nextTime(timeline.head.world) <= DURATION_DEFAULTS.runUs) {
    if (advance(timeline, Infinity, 1) === 0) return;
  }
  advance(timeline, endOf(run, timeline.head));
}

/** Does the run have every mutation that its file asks for? */
function hasOwnMutations({ scenario, mutations }: Run): boolean {
  return (scenario.document.mutations ?? []).every((name) => {
    const mutation = findMutation(name);
    return mutation !== null && mutations.includes(mutation);
  });
}

/** What the run has come to; `ensemble` and `companion` are those of its end, or of any moment before. */
export function resultOf(run: Run, ensemble: Ensemble, companion: ScenarioCompanion): RunResult {
  const { world } = ensemble;
  const properties = reportOf(companion.checker, ensemble);
  const violated = properties.filter(({ status }) => status === 'violated');
  const expectations = decideOutcome(companion.outcome, run.scenario, ensemble, properties, hasOwnMutations(run));
  const unexpected = unexpectedViolations(run.scenario, properties, hasOwnMutations(run));
  return {
    scenario: run.scenario.document.name,
    seed: run.seed,
    preset: run.preset,
    mutations: run.mutations.map(({ id }) => id),
    mode: run.mode,
    ok: expectations.every(({ ok }) => ok) && unexpected.length === 0,
    events: world.events,
    virtualUs: world.now,
    traceHash: hashText(world.hash),
    properties,
    expectations,
    violation: unexpected[0] ?? violated[0] ?? null,
    servers: ensemble.servers.map(({ node }) => {
      const { name, sid, power, state, currentEpoch, lastProcessedZxid } = serverView(ensemble, node);
      return { name, sid, state: power === 'up' ? state : power, epoch: currentEpoch, zxid: zxidHex(lastProcessedZxid) };
    }),
  };
}

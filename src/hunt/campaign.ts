/**
 * A hunt as chunks of seeds. What a chunk finds depends on its settings and its seeds alone, so it may be run anywhere, again and in any order;
 * reports add up by (version, settings, seeds).
 */
import { addCoverageOf, makeCoverage, type Coverage } from './coverage.ts';
import { culpritsOf, decisionsOf } from './culprit.ts';
import { counterexampleOf } from './counterexample.ts';
import { addTally, runPlan, type HuntResult, type Tally } from './hunt-run.ts';
import type { GivenEnsemble } from './plan.ts';
import type { PropertyId } from '../check/violation.ts';
import { planOf, type StrategyName } from './strategy.ts';
import type { Kept } from './variant.ts';

export interface HuntSettings {
  readonly preset: string;
  /** Beside the preset's; ids. */
  readonly mutations: readonly string[];
  /** Of both, set aside: what is known already hides what is not. */
  readonly without: readonly string[];
  readonly strategy: StrategyName;
  /** Empty for all. */
  readonly properties: readonly PropertyId[];
  /** The ensemble of a file; null for drawn ones. */
  readonly given: GivenEnsemble | null;
}

export interface Find {
  readonly property: PropertyId;
  /** The mutations without which the run holds; empty where the ensemble of the preset has nothing wrong that is known. */
  readonly mutations: readonly string[];
  readonly strategy: string;
  readonly seed: number;
  readonly eventsInRun: number;
  readonly deviations: number;
  /** The scenario file; null where the run could not be written as one, which is a mistake of ours. */
  readonly repro: string | null;
}

/** What some runs came to; they add up. */
export interface Totals {
  runs: number;
  events: number;
  /** Runs that were ended for their length. */
  undecided: number;
  readonly faults: Tally;
  readonly syncs: Tally;
  readonly coverage: Coverage;
  /** Runs and events up to the first synchronisation of a learner with data in epoch 2 or later; null for none. */
  firstSync: { readonly runs: number; readonly events: number } | null;
  /** Times of which being stuck was legitimate, by the reason. */
  readonly excuses: Tally;
}

export function makeTotals(): Totals {
  return {
    runs: 0,
    events: 0,
    undecided: 0,
    faults: new Map(),
    syncs: new Map(),
    coverage: makeCoverage(),
    firstSync: null,
    excuses: new Map(),
  };
}

/** One run of a hunt. */
export interface Ran {
  readonly seed: number;
  readonly result: HuntResult;
  readonly find: Find | null;
}

/** Runs the seeds, one at a time. */
export function* huntSeeds(settings: HuntSettings, first: number, last: number): Generator<Ran> {
  const quarry = { preset: settings.preset, mutations: settings.mutations, without: settings.without };
  const decisions = decisionsOf(quarry);
  const corpus: Kept[] = [];
  const seen = makeCoverage();
  const options = { stops: true, ...(settings.properties.length === 0 ? {} : { properties: settings.properties }) };
  for (let seed = first; seed <= last; seed++) {
    const result = runPlan(planOf(settings.strategy, String(seed), corpus, settings.given), decisions, options);
    if (settings.strategy === 'coverage' && addCoverageOf(seen, result.coverage) > 0) corpus.push({ plan: result.plan, acts: result.acts });
    const [violated] = result.violations;
    if (violated === undefined) {
      yield { seed, result, find: null };
      continue;
    }
    const mutations = culpritsOf(result.plan, quarry, violated.id, options);
    const example = counterexampleOf(result, quarry, violated);
    yield {
      seed,
      result,
      find: {
        property: violated.id,
        mutations,
        strategy: result.plan.strategy,
        seed,
        eventsInRun: result.events,
        deviations: result.acts.length,
        repro: example,
      },
    };
  }
}

/** Adds one run. */
export function addRun(totals: Totals, { result }: Ran): void {
  totals.runs += 1;
  if (totals.firstSync === null && result.eventsToSync < Infinity)
    totals.firstSync = { runs: totals.runs, events: totals.events + result.eventsToSync };
  totals.events += result.events;
  if (result.isUndecided) totals.undecided += 1;
  addTally(totals.faults, result.faults);
  addTally(totals.syncs, result.syncs);
  addCoverageOf(totals.coverage, result.coverage);
  for (const { excuse } of result.properties) if (excuse !== null) addTally(totals.excuses, new Map([[excuse, 1]]));
}

/**
 * Why a fix works, computed: the scenario runs with its mutations and without them, event by event side by side, up to the first event that is
 * another one in the two runs, or leaves another state. Both runs have the same seed, so what they share up to there they share to the bit.
 */
import { assert } from '../base/assert.ts';
import type { Lanes } from '../base/hash.ts';
import { hashParts } from '../base/parts.ts';
import { forkEnsemble, type Ensemble } from '../ensemble/ensemble.ts';
import { traceEventOf, type TraceEvent } from '../ensemble/trace.ts';
import { decisionDifferences, type DecisionDifference, type DecisionPoint } from '../mutations/watched-decisions.ts';
import type { Scenario } from '../scenario/parse-scenario.ts';
import { openRun, resultOf, slicesOf, type Run, type RunOptions, type RunResult } from '../scenario/run-scenario.ts';

/** One of the two runs at the first difference. */
export interface DifferingSide {
  readonly run: Run;
  /** null: the run was over before. */
  readonly event: TraceEvent | null;
  /** Before the event, and after it. */
  readonly before: Ensemble;
  readonly after: Ensemble;
  /** What came of the whole run. */
  readonly result: RunResult;
}

export interface AskedDecision extends DecisionDifference {
  /** The event that asked for it last, up to the first difference; null when none did. */
  readonly askedAt: number | null;
}

export interface FirstDifference {
  /** Number of the first event that differs. */
  readonly event: number;
  /** event: another event happens. state: the same happens, and leaves something else behind. */
  readonly what: 'event' | 'state';
  readonly mutated: DifferingSide;
  readonly fixed: DifferingSide;
  /** Where the two runs decide by another rule, those asked for last first. */
  readonly decisions: readonly AskedDecision[];
}

/** Without the file's mutations; a file that has none of its own is held against `fixed`. */
export function optionsOfFixed({ document }: Scenario): RunOptions {
  return (document.mutations ?? []).length > 0 ? { mutations: [] } : { preset: 'fixed' };
}

/** null: the two runs are the same from beginning to end. */
export function firstDifference(scenario: Scenario, options: RunOptions = {}): FirstDifference | null {
  const found = search(scenario, options);
  if (found === null) return null;
  const { event, what, asked } = found;
  const mutated = sideAt(scenario, options, event);
  const fixed = sideAt(scenario, { ...options, ...optionsOfFixed(scenario) }, event);
  const differing = decisionDifferences(mutated.run.ensemble.spec.decisions, fixed.run.ensemble.spec.decisions);
  const decisions = differing.map((each) => ({ ...each, askedAt: asked.get(keyOf(each)) ?? null }));
  decisions.sort((a, b) => (b.askedAt ?? 0) - (a.askedAt ?? 0));
  return { event, what, mutated, fixed, decisions };
}

function keyOf({ layer, name }: DecisionPoint): string {
  return `${layer}.${name}`;
}

interface Found {
  readonly event: number;
  readonly what: FirstDifference['what'];
  /** By decision point, the event that asked for it last. */
  readonly asked: ReadonlyMap<string, number>;
}

function search(scenario: Scenario, options: RunOptions): Found | null {
  const asked = new Map<string, number>();
  let now = (): number => 0;
  const onDecision = (point: DecisionPoint): void => void asked.set(keyOf(point), now());
  const mutated = openRun(scenario, { ...options, onDecision });
  const fixed = openRun(scenario, { ...options, ...optionsOfFixed(scenario) });
  now = () => mutated.ensemble.world.events;
  const [left, right] = [slicesOf(mutated, 1), slicesOf(fixed, 1)];
  for (let event = 1; ; event++) {
    const [isLeftOver, isRightOver] = [left.next().done === true, right.next().done === true];
    const [one, other] = [mutated.ensemble.world, fixed.ensemble.world];
    if (isLeftOver && isRightOver) return null;
    if (isLeftOver !== isRightOver || one.hash.lo !== other.hash.lo || one.hash.hi !== other.hash.hi)
      return { event, what: 'event', asked };
    assert(one.events === event && other.events === event, 'a slice is one event');
    const [state, otherState] = [stateOf(mutated), stateOf(fixed)];
    if (state.lo !== otherState.lo || state.hi !== otherState.hi) return { event, what: 'state', asked };
  }
}

/** Each part keeps its hash until it is written to, so that this costs little after every event. */
function stateOf({ ensemble }: Run): Lanes {
  const hash: Lanes = { lo: 0, hi: 0 };
  hashParts(ensemble.world.parts, hash);
  return hash;
}

/** The run once more, stopped around the event, and then to its end. */
function sideAt(scenario: Scenario, options: RunOptions, event: number): DifferingSide {
  const run = openRun(scenario, { ...options, traced: true });
  const { ensemble } = run;
  let found: { readonly event: TraceEvent; readonly after: Ensemble } | null = null;
  const slices = slicesOf(run, 1, () => {
    if (ensemble.world.events === event) found = { event: traceEventOf(ensemble.world.record), after: forkEnsemble(ensemble) };
  });
  while (ensemble.world.events < event - 1 && slices.next().done !== true) continue;
  const before = forkEnsemble(ensemble);
  while (slices.next().done !== true) continue;
  return { run, before, ...(found ?? { event: null, after: before }), result: resultOf(run, ensemble, run.companion) };
}

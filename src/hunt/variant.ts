/**
 * The coverage-guided strategy: runs that saw something new are kept, and others are made of them: with lines left out, put elsewhere or
 * moved in time, with the end of another one, or with another seed of the world under the same lines.
 */
import { assert } from '../base/assert.ts';
import { makeKey, streamOf } from '../base/draw.ts';
import { applyAction } from '../ensemble/action.ts';
import type { Driver, DriverPart } from '../kernel/driver.ts';
import type { World } from '../kernel/world.ts';
import type { Act } from './hunt-run.ts';
import { drawsOf, isHuntState, pickFrom, type Below, type HuntPlan, type HuntState } from './plan.ts';

/** A run worth going on from. */
export interface Kept {
  readonly plan: HuntPlan;
  readonly acts: readonly Act[];
}

const VARIANT = streamOf('variant');

/** What the seed makes of the runs kept so far. */
export function variantPlanOf(seed: string, corpus: readonly Kept[]): HuntPlan {
  const below = drawsOf(makeKey(`coverage ${seed}`), VARIANT);
  const base = pickFrom(below, corpus);
  // Lines name nodes, so another's end fits only an ensemble of the same shape.
  const alike = corpus.filter(
    ({ plan }) => plan.servers === base.plan.servers && plan.head.clients.length === base.plan.head.clients.length,
  );
  const acts = changed(base.acts, pickFrom(below, alike).acts, below);
  return {
    ...base.plan,
    strategy: 'coverage',
    seed: below(3) === 0 ? `coverage ${seed}` : base.plan.seed,
    driver: makeReplayDriver(acts),
    watchUs: 1_200_000,
  };
}

function changed(acts: readonly Act[], others: readonly Act[], below: Below): Act[] {
  const list = acts.filter(({ action }) => action.type !== 'calm' && below(12) > 0);
  for (let n = below(4); n > 0 && list.length > 0; n--) {
    const at = below(list.length);
    const act = list[at];
    assert(act !== undefined, 'an act of the list');
    list[at] = { ...act, at: Math.max(0, act.at + pickFrom(below, SHIFTS)) };
  }
  const cut = list[below(Math.max(1, list.length))]?.at ?? 0;
  const spliced =
    below(3) === 0
      ? [...list.filter(({ at }) => at < cut), ...others.filter(({ at, action }) => at >= cut && action.type !== 'calm')]
      : list;
  const other = others[below(Math.max(1, others.length))];
  if (other !== undefined && below(2) === 0) spliced.push({ ...other, at: cut });
  const sorted = spliced.map((act, i) => ({ act, i })).sort((a, b) => a.act.at - b.act.at || a.i - b.i);
  const last = sorted.at(-1)?.act.at ?? 0;
  return [...sorted.map(({ act }) => act), { event: 0, at: last + 500_000, action: { type: 'calm' } }];
}

const SHIFTS = [-100_000, -5000, -500, -50, 50, 500, 5000, 100_000] as const;

/** Starts everything, then does each thing at its time. */
function makeReplayDriver(acts: readonly Act[]): Driver {
  return { wakes: () => false, step: (world, part) => stepReplay(world, part, acts) };
}

function stepReplay(world: World, part: DriverPart, acts: readonly Act[]): void {
  const step = isHuntState(part.state) ? part.state.step : 0;
  const nodes = world.nodes.length;
  const act = acts[step - nodes];
  const action = step < nodes ? ({ type: 'start', node: step } as const) : act?.action;
  if (action !== undefined) applyAction(world, action);
  const state: HuntState = {
    type: 'hunt',
    step: step + 1,
    last: step < nodes || action === undefined || action.type === 'invoke' ? null : action.type,
  };
  part.state = state;
  const next = acts[step + 1 - nodes];
  part.dueAt = step + 1 < nodes ? world.now : next === undefined ? Infinity : Math.max(world.now, next.at);
}

/**
 * Ways to search, behind one interface: from a seed, and for the one that learns from what earlier runs of the same chunk saw, a plan. None
 * is told what is wrong with the ensemble.
 */
import { unreachable } from '../base/assert.ts';
import { makeKey, streamOf, drawBelow } from '../base/draw.ts';
import { episodeConfigOf, episodePlanOf } from './episodes.ts';
import type { GivenEnsemble, HuntPlan } from './plan.ts';
import { swarmConfigOf, swarmPlanOf } from './swarm.ts';
import { variantPlanOf, type Kept } from './variant.ts';

export const STRATEGIES = ['mixed', 'random', 'episodes', 'pct', 'delay', 'coverage'] as const;
export type StrategyName = (typeof STRATEGIES)[number];

const MIX = ['episodes', 'episodes', 'pct', 'delay', 'random'] as const;
const STRATEGY = streamOf('strategy');
/** Runs that coverage begins with, before there is something to go on from. */
const FIRST_RUNS = 8;

export function planOf(strategy: StrategyName, seed: string, corpus: readonly Kept[], given: GivenEnsemble | null = null): HuntPlan {
  switch (strategy) {
    case 'mixed':
      return planOf(MIX[drawBelow(makeKey(seed), STRATEGY, 0, MIX.length)] ?? 'episodes', seed, corpus, given);
    case 'random':
      return swarmPlanOf(swarmConfigOf(seed), given);
    case 'episodes':
    case 'pct':
    case 'delay':
      return episodePlanOf(episodeConfigOf(seed, strategy, given));
    case 'coverage':
      return corpus.length < FIRST_RUNS ? planOf('mixed', seed, corpus, given) : variantPlanOf(seed, corpus);
    default:
      return unreachable(strategy);
  }
}

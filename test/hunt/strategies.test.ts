// The strategies on `fixed`: they hold, and what they do bites.

import { expect, test } from 'vitest';
import { FIXED } from '../../src/ensemble/spec.ts';
import { addTally, runPlan, type Tally } from '../../src/hunt/hunt-run.ts';
import { huntSeeds } from '../../src/hunt/campaign.ts';
import { planOf } from '../../src/hunt/strategy.ts';

test.each(['episodes', 'pct', 'delay'] as const)('%s, 120 seeds: no property of `fixed` is violated', { timeout: 300_000 }, (strategy) => {
  const faults: Tally = new Map();
  const syncs: Tally = new Map();
  const violations: string[] = [];
  let live = 0;
  for (let seed = 1; seed <= 120; seed++) {
    const result = runPlan(planOf(strategy, String(seed), []), FIXED);
    addTally(faults, result.faults);
    addTally(syncs, result.syncs);
    if (result.properties.some(({ id, status }) => id === 'I-LIVE' && status === 'held')) live += 1;
    for (const { id, violation } of result.violations) violations.push(`seed ${seed}: ${id} ${JSON.stringify(violation)}`);
    expect(result.isUndecided, `seed ${seed}`).toBe(false);
  }
  expect(violations).toEqual([]);
  // The others had lost their quorum for good, and say so.
  expect(live).toBeGreaterThan(110);
  for (const fault of ['kill', 'power-loss', 'isolate', 'pause', 'break', 'quorum', 'stall'])
    expect(faults.get(fault) ?? 0, fault).toBeGreaterThan(0);
  for (const mode of ['DIFF', 'TRUNC', 'SNAP', 'withData']) expect(syncs.get(mode) ?? 0, mode).toBeGreaterThan(0);
});

test('coverage goes on from runs that saw something new, and a chunk is the same each time', { timeout: 300_000 }, () => {
  const settings = { preset: 'fixed', mutations: [], without: [], strategy: 'coverage', properties: [], given: null } as const;
  const chunk = (): string[] =>
    [...huntSeeds(settings, 1, 40)].map(({ seed, result }) => `${seed} ${result.plan.strategy} ${result.traceHash}`);
  const first = chunk();
  expect(first.filter((line) => line.includes('coverage')).length).toBeGreaterThan(20);
  expect(chunk()).toEqual(first);
});

// Exhaustive exploration: counts of states are pinned; if one moves, the commit says why.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { BoundOptions } from '../../src/hunt/explore-bounds.ts';
import { openModel } from '../../src/hunt/explore-model.ts';
import { explore, exploredOf, openExploration, type Explored } from '../../src/hunt/explore.ts';
import { parseScenario, type Scenario } from '../../src/scenario/parse-scenario.ts';
import { openRun, runToEnd, type RunOptions } from '../../src/scenario/run-scenario.ts';
import { scheduledScenario } from '../../src/scenario/scheduled-scenario.ts';

function model(name: string): Scenario {
  const file = `scenarios/models/${name}.yaml`;
  return parseScenario(readFileSync(file, 'utf8'), file);
}

function exploreModel(name: string, options: RunOptions = {}, bounds: BoundOptions = {}): Explored {
  return explore(openModel(model(name), options, bounds));
}

function sizeOf({ states, transitions, depth, ends, stopped }: Explored): object {
  return { states, transitions, depth, ends, stopped };
}

test('one write, coarse: every order is seen and there is one outcome', () => {
  const explored = exploreModel('one-write');
  expect(sizeOf(explored)).toEqual({ states: 71, transitions: 145, depth: 14, ends: 1, stopped: null });
  expect(explored.outcomes).toHaveLength(1);
  expect(explored.outcomes[0]).toMatch(/^s1 FOLLOWING .*tree 1\.2 .*; alice 1: OK$/);
});

test('one write, fine: more orders, the same outcome', () => {
  const explored = exploreModel('one-write', { mode: 'fine' });
  expect(sizeOf(explored)).toEqual({ states: 5622, transitions: 20_760, depth: 43, ends: 1, stopped: null });
  expect(explored.outcomes).toEqual(exploreModel('one-write').outcomes);
});

test('two writers, coarse: either comes first, and nothing else can be', () => {
  const { outcomes, ...explored } = exploreModel('two-writers');
  expect(sizeOf({ outcomes, ...explored })).toEqual({ states: 5955, transitions: 20_711, depth: 27, ends: 2, stopped: null });
  expect(outcomes.map((outcome) => outcome.slice(outcome.indexOf('alice')))).toEqual([
    'alice 1: NODEEXISTS; bob 1: OK',
    'alice 1: OK; bob 1: NODEEXISTS',
  ]);
});

test('what coarse runs come to, fine ones come to as well: a machine may lose its power at any time', () => {
  const fine = exploreModel('one-write', { mode: 'fine' }, { powerLosses: 1 });
  const coarse = exploreModel('one-write', {}, { powerLosses: 1 });
  expect([coarse.states, coarse.stopped, fine.states, fine.stopped]).toEqual([372, null, 25_148, null]);
  expect(coarse.outcomes.filter((outcome) => !fine.outcomes.includes(outcome))).toEqual([]);
  expect([coarse.outcomes.length, fine.outcomes.length]).toEqual([13, 24]);
});

test('ZOOKEEPER-4394: breadth first finds a shortest way to the commit that finds nothing, and the repaired server is exhausted', () => {
  const broken = exploreModel('joining-follower', { mutations: ['ZOOKEEPER-4394'] });
  expect(sizeOf(broken)).toEqual({ states: 378, transitions: 821, depth: 18, ends: 0, stopped: 'violation' });
  expect(broken.violation?.violation).toMatchObject({ property: 'I-CODE', kind: 'bad-commit' });
  expect(broken.violation?.schedule).toHaveLength(18);
  const repaired = exploreModel('joining-follower');
  expect(sizeOf(repaired)).toEqual({ states: 474, transitions: 1138, depth: 24, ends: 2, stopped: null });
});

test.for(['bfs', 'dfs'] as const)('what is found replays from its file alone: %s', (order) => {
  const scenario = model('joining-follower');
  const opened = openModel(scenario, { mutations: ['ZOOKEEPER-4394'] }, { order });
  const { violation } = explore(opened);
  if (violation === null) throw new Error('the bug is found');
  // No order finds a shorter one.
  expect(violation.schedule.length).toBeGreaterThanOrEqual(18);
  const found = { prefix: opened.prefix, schedule: violation.schedule, violates: violation.violation.property };
  const file = parseScenario(scheduledScenario(scenario, opened.run, found), 'found.yaml');
  const again = runToEnd(openRun(file));
  expect(again.ok).toBe(true);
  expect(again.properties.find(({ id }) => id === 'I-CODE')?.violation).toMatchObject({ kind: 'bad-commit' });
  expect(runToEnd(openRun(file)).traceHash).toBe(again.traceHash);
  expect(runToEnd(openRun(file, { mutations: [] })).properties.filter(({ status }) => status === 'violated')).toEqual([]);
});

test('bounds hold: what they cut off is said', () => {
  expect(sizeOf(exploreModel('one-write', {}, { depth: 5 }))).toMatchObject({ depth: 5, stopped: 'depth' });
  expect(exploreModel('one-write', { mode: 'fine' }, { states: 1000 })).toMatchObject({ stopped: 'states', violation: null });
  expect(sizeOf(exploreModel('one-write', {}, { transactions: 0 }))).toMatchObject({ states: 2, ends: 1, stopped: null });
});

test('a fault that the budget allows is tried in every state, and no more of them than it allows', () => {
  const without = exploreModel('one-write');
  const once = exploreModel('one-write', {}, { powerLosses: 1, transactions: 0 });
  // Nothing has been written: each of the three machines is off, or none is.
  expect(once.outcomes).toHaveLength(4);
  expect(once.outcomes.filter((outcome) => outcome.includes(' off, '))).toHaveLength(3);
  expect(without.outcomes.filter((outcome) => outcome.includes(' off, '))).toEqual([]);
});

test.for<[string, string, RunOptions, BoundOptions]>([
  ['one write, fine', 'one-write', { mode: 'fine' }, {}],
  ['a crash at any time', 'one-write', {}, { crashes: 1, depth: 8 }],
  ['power loss, restart and election', 'one-write', {}, { powerLosses: 1, restarts: 1, waits: 2, depth: 7 }],
  ['broken connections and a partition', 'one-write', {}, { breaks: 1, partitions: 1, depth: 5 }],
  ['timeouts that come early', 'one-write', {}, { timeouts: 1, depth: 4 }],
  ['a follower that joins', 'joining-follower', {}, {}],
  ['two writers, fine', 'two-writers', { mode: 'fine' }, { depth: 14 }],
])('what was done before is what would be done now: %s', ([, name, options, bounds]) => {
  const twin = openExploration(openModel(model(name), options, bounds), { remembers: false });
  for (const _ of twin.slices);
  const quick = openExploration(openModel(model(name), options, bounds));
  for (const _ of quick.slices);
  expect(exploredOf(quick)).toEqual(exploredOf(twin));
  expect(twin.search.stepper.performed).toBe(exploredOf(twin).transitions);
  expect(quick.search.stepper.performed).toBeLessThan(twin.search.stepper.performed);
});

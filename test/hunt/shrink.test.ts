import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { deviationsOf } from '../../src/hunt/shrink-document.ts';
import { openModel } from '../../src/hunt/explore-model.ts';
import { exploredOf, openExploration } from '../../src/hunt/explore.ts';
import { openShrinking, shrunkOf, type OpenShrinking, type Shrunk } from '../../src/hunt/shrink.ts';
import { expectedViolations } from '../../src/scenario/outcome.ts';
import { parseScenario } from '../../src/scenario/parse-scenario.ts';
import { openRun, runToEnd } from '../../src/scenario/run-scenario.ts';
import { scheduledScenario } from '../../src/scenario/scheduled-scenario.ts';
import { noisyCounterexample } from '../support/noise.ts';

function bugText(name: string): string {
  return readFileSync(`scenarios/bugs/${name}.yaml`, 'utf8');
}

function opened(text: string): OpenShrinking {
  const open = openShrinking(text, 'repro.yaml');
  if (open === null) throw new Error('the file violates nothing');
  return open;
}

function shrunk(text: string): Shrunk & { readonly open: OpenShrinking } {
  const open = opened(text);
  while (open.passes.next().done !== true);
  expect(open.shrinking.broke).toBeNull();
  return { ...shrunkOf(open), open };
}

/** The first seed whose lines leave the violation as it is. */
function noisy(name: string, extra: number): string {
  for (let seed = 1; seed <= 20; seed++) {
    const text = noisyCounterexample(bugText(name), name, String(seed), extra);
    if (text !== null) return text;
  }
  throw new Error(`${name}: no seed leaves its violation`);
}

/** Shrinks it, and looks at what came of it as whoever gets the file will. */
function expectSmall(text: string, most: number): Shrunk {
  const before = parseScenario(text, 'before');
  const small = shrunk(text);
  const after = parseScenario(small.text, 'after');
  const replayed = runToEnd(openRun(after));
  expect(replayed.traceHash).toBe(after.document.traceHash);
  expect(replayed.traceHash).toBe(small.result.traceHash);
  const [property] = expectedViolations(after);
  expect(expectedViolations(before)).toContain(property);
  expect(replayed.properties.find(({ id }) => id === property)?.status).toBe('violated');
  const whole = runToEnd(openRun(after, { preset: 'fixed', mutations: [] }));
  expect(whole.properties.find(({ id }) => id === property)?.status).not.toBe('violated');
  expect(small.deviations).toBeLessThanOrEqual(most);
  return small;
}

describe('R21: what a bug does not need is taken away again', () => {
  test.for([
    'ack-before-fsync',
    'commit-with-minority',
    'epoch-frozen-before-file',
    'first-snapshot-not-fsynced',
    'ephemerals-not-deleted',
    'zookeeper-3911',
    'zookeeper-4394',
    'log-kept-beyond-snapshot',
    'zookeeper-4712',
    'zookeeper-2845',
    'zookeeper-3023',
    'zookeeper-4685',
  ])('%s among 25 lines more: at most 12 deviations, and it replays', (name) => {
    const text = noisy(name, 25);
    expect(deviationsOf(opened(text).shrinking.best)).toBeGreaterThan(25);
    expectSmall(text, 12);
  });
});

test('of a preset the mutation that did it is left, and the preset is not', () => {
  const text = bugText('zookeeper-4643').replace('mutations: ZOOKEEPER-4643', 'preset: 3.8.0');
  const { scenario } = expectSmall(text, 12);
  expect(scenario.document.preset).toBeUndefined();
  expect(scenario.document.mutations).toHaveLength(1);
});

test('of five servers three are left, of three clients those that are needed', () => {
  const text = bugText('ephemerals-not-deleted')
    .replace(/^clients:/m, 'ensemble: { servers: 5, observers: 1 }\nclients:\n  - nina')
    .replace(/^mutations:.*/m, 'mutations: [ephemerals-not-deleted, ZOOKEEPER-1282]');
  const { scenario } = expectSmall(text, 12);
  expect(scenario.document.ensemble).toBeUndefined();
  expect(scenario.document.mutations).toEqual(['ephemerals-not-deleted']);
  expect(scenario.document.clients?.length ?? 0).toBeLessThanOrEqual(1);
});

test('of a schedule that an exploration found few entries are left', () => {
  const scenario = parseScenario(readFileSync('scenarios/models/joining-follower.yaml', 'utf8'), 'model');
  const model = openModel(scenario, { mutations: ['ZOOKEEPER-4394'] }, {});
  const exploration = openExploration(model);
  while (exploration.slices.next().done !== true);
  const { violation } = exploredOf(exploration);
  if (violation === null) throw new Error('the exploration found nothing');
  const { seed, preset, mode, mutations } = model.run;
  const found = { prefix: model.prefix, schedule: violation.schedule, violates: violation.violation.property };
  const text = scheduledScenario(scenario, { seed, preset, mode, mutations }, found);
  expect(deviationsOf(opened(text).shrinking.best)).toBeGreaterThan(12);
  expectSmall(text, 12);
});

test('the same file is shrunk to the same file, and a shrunk one to no other number of deviations', () => {
  const text = noisy('ack-before-fsync', 10);
  const first = shrunk(text);
  expect(shrunk(text).text).toBe(first.text);
  expect(shrunk(first.text).deviations).toBe(first.deviations);
});

test('at every moment there is a file that violates the property', () => {
  const open = opened(noisy('zookeeper-4394', 10));
  let fewest = open.from;
  for (let i = 0; open.passes.next().done !== true; i++) {
    const deviations = deviationsOf(open.shrinking.best);
    if (deviations < fewest || i === 0) expect(shrunkOf(open).deviations).toBe(deviations);
    fewest = Math.min(fewest, deviations);
  }
  expect(fewest).toBeLessThan(open.from);
});

test('what violates nothing is not shrunk', () => {
  expect(openShrinking(bugText('zookeeper-4643').replace(/^mutations:.*$/m, ''), 'repro.yaml')).toBeNull();
});

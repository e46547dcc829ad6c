import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { differenceReport, differenceText } from '../../src/hunt/difference-report.ts';
import { firstDifference } from '../../src/hunt/first-difference.ts';
import { parseScenario } from '../../src/scenario/parse-scenario.ts';
import { openRun, runToEnd } from '../../src/scenario/run-scenario.ts';

const folder = new URL('../../scenarios/bugs/', import.meta.url);
const bugs = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
const read = (name: string) => parseScenario(readFileSync(new URL(name, folder), 'utf8'), name);

test.for(bugs)('%s: the first event that differs asked for a decision of the mutation, and is told in words', (name) => {
  const found = firstDifference(read(name));
  if (found === null) throw new Error('no difference');
  const report = differenceReport(found);
  expect(report.decisions[0]?.askedAt).toBe(report.event);
  expect(report.decisions[0]?.mutated).not.toBe(report.decisions[0]?.fixed);
  expect([report.mutated.happens, report.fixed.happens]).not.toContain(null);
  expect(report.mutated).not.toEqual(report.fixed);
  expect(report.mutated.violated.length).toBeGreaterThan(0);
  expect(differenceText(report)).toContain(`vent ${report.event} (`);
});

test('before the first difference both runs have the same events', () => {
  const found = firstDifference(read('zookeeper-4712.yaml'));
  if (found === null) throw new Error('no difference');
  const lines = (mutations: boolean): string[] => {
    const list: string[] = [];
    const run = openRun(read('zookeeper-4712.yaml'), mutations ? {} : { mutations: [] });
    runToEnd(run, ({ world }) => {
      const { id, at, node, thread, cause, input, effect } = world.record;
      if (world.events <= found.event) list.push(JSON.stringify({ id, at, node, thread, cause, input, effect }));
    });
    return list;
  };
  const [left, right] = [lines(true), lines(false)];
  expect(left.slice(0, -1)).toEqual(right.slice(0, -1));
  expect(left.at(-1)).not.toBe(right.at(-1));
});

test('a run without the bug has no difference', () => {
  expect(firstDifference(read('zookeeper-4712.yaml'), { mutations: [] })).toBeNull();
});

test('being watched does not change the run', () => {
  const scenario = read('zookeeper-4643.yaml');
  const asked: string[] = [];
  const watched = runToEnd(openRun(scenario, { onDecision: ({ name }) => asked.push(name) }));
  expect(watched.traceHash).toBe(runToEnd(openRun(scenario)).traceHash);
  expect(asked).toContain('newLeaderPlan');
});

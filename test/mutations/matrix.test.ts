// Every scenario of a bug breaks what it names with its mutation, and nothing without; which properties each mutation breaks is a golden file.

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { PROPERTY_IDS } from '../../src/check/violation.ts';
import { findMutation, MUTATIONS } from '../../src/mutations/catalogue.ts';
import { parseScenario, type Scenario } from '../../src/scenario/parse-scenario.ts';
import { openRun, runToEnd, type RunResult } from '../../src/scenario/run-scenario.ts';

const folder = 'scenarios/bugs';
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml'))
  .sort((a, b) => (a < b ? -1 : 1));

/** Properties that no mutation breaks yet, and what they wait for. */
const unbroken: Readonly<Record<string, string>> = {};

function scenarioOf(name: string): Scenario {
  const file = `${folder}/${name}`;
  return parseScenario(readFileSync(file, 'utf8'), file);
}

function violatedIn(result: RunResult): string[] {
  return result.properties.filter(({ status }) => status === 'violated').map(({ id }) => id);
}

/** Each scenario with the properties it breaks. */
const rows: (readonly [mutations: string, violated: readonly string[]])[] = [];

describe('the scenarios of bugs', () => {
  test.each(files)('%s breaks what it names, and nothing without its mutation', (name) => {
    const scenario = scenarioOf(name);
    const broken = runToEnd(openRun(scenario));
    expect(broken.expectations.filter(({ ok }) => !ok)).toEqual([]);
    expect(broken.ok).toBe(true);
    rows.push([broken.mutations.join(' + '), violatedIn(broken)]);
    const [only, ...others] = broken.mutations;
    if (others.length === 0) expect(violatedIn(broken)).toContain(findMutation(only ?? '')?.properties[0]);
    const whole = runToEnd(openRun(scenario, { preset: 'fixed', mutations: [] }));
    expect(violatedIn(whole)).toEqual([]);
  });

  test('the matrix of mutations and properties', async () => {
    const wide = Math.max(...rows.map(([mutations]) => mutations.length));
    const header = `${' '.repeat(wide)}  ${PROPERTY_IDS.join(' ')}`;
    const lines = rows
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([mutations, violated]) => {
        const cells = PROPERTY_IDS.map((id) => (violated.includes(id) ? 'x' : '.').padEnd(id.length));
        return `${mutations.padEnd(wide)}  ${cells.join(' ')}`.trimEnd();
      });
    const shown = new Set(rows.flatMap(([mutations]) => mutations.split(' + ')));
    const waiting = MUTATIONS.filter(({ id }) => !shown.has(id)).map(({ id }) => id);
    const footer = `\nwithout a scenario yet: ${waiting.join(', ')}`;
    await expect(`${[header, ...lines, footer].join('\n')}\n`).toMatchFileSnapshot('golden/matrix.txt');
  });

  test('every property is broken by some mutation, or it is said what it waits for', () => {
    const broken = new Set(rows.flatMap(([, violated]) => violated));
    expect(PROPERTY_IDS.filter((id) => !broken.has(id))).toEqual(Object.keys(unbroken));
  });
});

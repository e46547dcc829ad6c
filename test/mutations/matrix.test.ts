// Every scenario of a bug breaks what it names with its mutation, and nothing without; which properties each mutation breaks is a golden file.

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { PROPERTY_IDS } from '../../src/check/violation.ts';
import { findMutation, MUTATIONS } from '../../src/mutations/catalogue.ts';
import { presetMutations } from '../../src/mutations/presets.ts';
import { expectedViolations } from '../../src/scenario/outcome.ts';
import { parseScenario, type Scenario } from '../../src/scenario/parse-scenario.ts';
import { openRun, runToEnd, type RunOptions, type RunResult } from '../../src/scenario/run-scenario.ts';
import { UNBROKEN, WITHOUT_MUTATION, WITHOUT_SCENARIO } from './exceptions.ts';

const folder = 'scenarios/bugs';
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml'))
  .sort((a, b) => (a < b ? -1 : 1));

/** Beside the first, whose violations are pinned: what a scenario shows must not hang on the draws of one. */
const OTHER_SEEDS = ['2', '3', '4'];

function scenarioOf(name: string): Scenario {
  const file = `${folder}/${name}`;
  return parseScenario(readFileSync(file, 'utf8'), file);
}

function play(scenario: Scenario, options: RunOptions = {}): RunResult {
  return runToEnd(openRun(scenario, options));
}

/** The first to be seen first. */
function violatedIn({ properties }: RunResult): string[] {
  return properties
    .filter(({ status }) => status === 'violated')
    .toSorted((a, b) => (a.violation?.event ?? 0) - (b.violation?.event ?? 0))
    .map(({ id }) => id);
}

/** Expectations that failed, those of violations apart. */
function failures({ expectations }: RunResult): string[] {
  return expectations
    .filter(({ ok, text }) => !ok && !text.startsWith('violates'))
    .map(({ text, place, found }) => `${place.line}: ${text}: ${found}`);
}

/** Each scenario with the properties it breaks. */
const rows: (readonly [mutations: string, violated: readonly string[]])[] = [];

describe('the scenarios of bugs', () => {
  test.each(files)('%s breaks what it names, and nothing without its mutation', (name) => {
    const scenario = scenarioOf(name);
    const broken = play(scenario);
    expect([...failures(broken), broken.ok]).toEqual([true]);
    const own = findMutation(name.replace('.yaml', ''));
    expect(broken.mutations).toContain(own?.id);
    expect(own?.properties).toEqual(expectedViolations(scenario));
    expect(expectedViolations(scenario)).toContain(violatedIn(broken)[0]);
    rows.push([broken.mutations.join(' + '), violatedIn(broken)]);
    const whole = play(scenario, { preset: 'fixed', mutations: [] });
    expect([...failures(whole), ...violatedIn(whole)]).toEqual([]);
  });

  test.each(files)('%s does not hang on its seed', (name) => {
    const scenario = scenarioOf(name);
    for (const seed of OTHER_SEEDS) {
      const broken = play(scenario, { seed });
      expect([seed, ...failures(broken), broken.ok]).toEqual([seed, true]);
      const whole = play(scenario, { seed, preset: 'fixed', mutations: [] });
      expect([seed, ...failures(whole), ...violatedIn(whole)]).toEqual([seed]);
    }
  });

  test('of several mutations in one scenario none can be spared', () => {
    for (const name of files) {
      const scenario = scenarioOf(name);
      const { mutations } = scenario.document;
      if (mutations === undefined || mutations.length < 2) continue;
      for (const spared of mutations) {
        const result = play(scenario, { mutations: mutations.filter((each) => each !== spared) });
        expect([name, spared, ...violatedIn(result)]).toEqual([name, spared]);
      }
    }
  });

  test('the preset master has each of its defects', () => {
    for (const { id } of presetMutations('master') ?? []) {
      if (id in WITHOUT_SCENARIO) continue;
      const result = play(scenarioOf(`${id.toLowerCase()}.yaml`), { preset: 'master', mutations: [] });
      expect([id, violatedIn(result).length > 0]).toEqual([id, true]);
    }
  });

  test('the matrix of mutations and properties: 1 marks what is violated first', async () => {
    const wide = Math.max(...rows.map(([mutations]) => mutations.length));
    const header = `${' '.repeat(wide)}  ${PROPERTY_IDS.join(' ')}`;
    const lines = rows
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([mutations, violated]) => {
        const cells = PROPERTY_IDS.map((id) => (id === violated[0] ? '1' : violated.includes(id) ? 'x' : '.').padEnd(id.length));
        return `${mutations.padEnd(wide)}  ${cells.join(' ')}`.trimEnd();
      });
    const footer = `\nwithout a scenario: ${Object.keys(WITHOUT_SCENARIO).join(', ')}`;
    await expect(`${[header, ...lines, footer].join('\n')}\n`).toMatchFileSnapshot('golden/matrix.txt');
  });

  test('every mutation has a scenario, or it is said why not', () => {
    const shown = new Set(rows.flatMap(([mutations]) => mutations.split(' + ')));
    const missing = MUTATIONS.filter(({ id }) => !shown.has(id)).map(({ id }) => id);
    expect(missing.toSorted()).toEqual(Object.keys(WITHOUT_SCENARIO).toSorted());
  });

  test('an entry of the catalogue that is said to have no mutation has none', () => {
    expect(Object.keys(WITHOUT_MUTATION).filter((letter) => findMutation(letter) !== null)).toEqual([]);
  });

  test('every property is named by a scenario that breaks it, or it is said what it waits for', () => {
    const broken = new Set(files.flatMap((name) => expectedViolations(scenarioOf(name))));
    expect(PROPERTY_IDS.filter((id) => !broken.has(id))).toEqual(Object.keys(UNBROKEN));
  });
});

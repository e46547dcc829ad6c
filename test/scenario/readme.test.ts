// What the page about scenarios shows is right: its example runs, and its conditions can be read.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CONDITION_FORMS, parseCondition } from '../../src/scenario/condition.ts';
import { VERBS } from '../../src/scenario/lines.ts';
import { parseScenario } from '../../src/scenario/parse-scenario.ts';
import { openRun, runToEnd } from '../../src/scenario/run-scenario.ts';

const page = readFileSync('scenarios/README.md', 'utf8');
const [, ...blocks] = page.split(/^```\w*\n/m);
const [example = '', , conditions = '', , expectations = ''] = blocks;

test('the example runs and meets its expectations', () => {
  const { ok, expectations: decided } = runToEnd(openRun(parseScenario(example, 'README.md')));
  expect(decided.filter((one) => !one.ok)).toEqual([]);
  expect(ok).toBe(true);
});

test('every condition can be read, and every form has one', () => {
  const shown = conditions.split('\n').flatMap((line) =>
    line
      .replace(/ \(also .*\)| {2,}(in the event|the same, by).*/, '')
      .split(/ {2,}/)
      .filter((text) => text !== ''),
  );
  expect(shown.filter((text) => parseCondition(text) === null)).toEqual([]);
  expect(new Set(shown.map((text) => parseCondition(text)?.is)).size).toBe(15);
  expect(CONDITION_FORMS).toHaveLength(17);
});

test('every kind of expectation can be read', () => {
  const { document } = parseScenario(`name: x\n${expectations}`, 'README.md');
  expect(document.expect).toHaveLength(6);
});

test('every verb is named', () => {
  expect(VERBS.filter((verb) => !page.includes(`${verb}:`) && !page.includes(`\`${verb}\``) && !page.includes(`\`${verb}:`))).toEqual([]);
});

// Which violations are nobody's expectation: those before the first one that is expected, and all where none is.

import { describe, expect, test } from 'vitest';
import type { PropertyReport } from '../../src/check/checker.ts';
import type { PropertyId } from '../../src/check/violation.ts';
import { parseScenario } from '../../src/scenario/parse-scenario.ts';
import { openRun, runToEnd } from '../../src/scenario/run-scenario.ts';
import { isCountForm, unexpectedViolations } from '../../src/scenario/verdict.ts';

function violated(id: PropertyId, event: number): PropertyReport {
  const violation = { property: id, event, at: event } as unknown as PropertyReport['violation'];
  return { id, status: 'violated', count: 1, violation, excuse: null };
}

const held: PropertyReport = { id: 'I-LOG', status: 'held', count: 1, violation: null, excuse: null };

function unexpected(expectations: string, reports: readonly PropertyReport[], isMutated = true): string[] {
  return unexpectedViolations(parseScenario(`name: x\nexpect: ${expectations}\n`, 'x.yaml'), reports, isMutated).map(({ id }) => id);
}

describe('unexpected', () => {
  const reports = [held, violated('I-AGR', 30), violated('I-LOSS', 20), violated('I-LEAD', 10)];

  test.for<[string, string, string[]]>([
    ['all, in the order of events, where nothing is expected', '[]', ['I-LEAD', 'I-LOSS', 'I-AGR']],
    ['what came before the one that is expected', '[{ violates: I-LOSS }]', ['I-LEAD']],
    ['nothing, when what came first is expected', '[{ violates: I-LEAD }]', []],
    ['nothing, when all are expected', '[{ violates: [I-LEAD, I-LOSS] }, { violates: I-AGR }]', []],
    ['what came before the first of several', '[{ violates: I-AGR }, { violates: I-LOSS }]', ['I-LEAD']],
    ['all, when the one that is expected held', '[{ violates: I-LOG }]', ['I-LEAD', 'I-LOSS', 'I-AGR']],
  ])('%s', ([, expectations, ids]) => expect(unexpected(expectations, reports)).toEqual(ids));

  test('of one event, what is violated with the one that is expected', () => {
    expect(unexpected('[{ violates: I-LOSS }]', [violated('I-LOSS', 5), violated('I-AGR', 5), violated('I-LEAD', 4)])).toEqual(['I-LEAD']);
  });
});

test.for<[string, boolean]>([
  ['1', true],
  ['0', true],
  ['2+', true],
  ['2..4', true],
  ['', false],
  ['+', false],
  ['2..', false],
  ['..2', false],
  ['-1', false],
  ['1.5', false],
  ['two', false],
])('a number of times: %j', ([text, ok]) => expect(isCountForm(text)).toBe(ok));

test('without the mutations that the file asks for, what it expects to be violated must hold', () => {
  expect(unexpected('[{ violates: I-LOSS }]', [violated('I-LOSS', 5)], false)).toEqual(['I-LOSS']);
  const source = 'name: x\nmutations: ack-before-fsync\nuntil: 1s\nexpect: [{ violates: I-LOSS }]\n';
  const verdict = (mutations?: readonly string[]): boolean => {
    const scenario = parseScenario(source, 'x.yaml');
    return runToEnd(openRun(scenario, mutations === undefined ? {} : { mutations })).ok;
  };
  expect(verdict()).toBe(false);
  expect(verdict([])).toBe(true);
});

import { expect, test } from 'vitest';
import { listJson, type ListJson } from '../../src/cli/list-json.ts';
import { zablab } from '../support/command-line.ts';

async function list(...argv: string[]): Promise<ListJson> {
  const { code, out } = await zablab(['list', ...argv, '--json']);
  expect(code).toBe(0);
  return listJson.parse(JSON.parse(out));
}

test('all four lists in the documented shape', async () => {
  const { scenarios, presets, mutations, properties } = await list();
  expect(scenarios).toContainEqual(expect.objectContaining({ id: 'failures/leader-crash', name: 'Leader crash' }));
  expect(presets).toContainEqual({ id: 'fixed', mutations: [] });
  expect(mutations).toBeInstanceOf(Array);
  expect(properties).toContainEqual({ id: 'I-LOSS', demands: expect.stringContaining('every later leader') });
});

test('every mutation has a title, a symptom and a difficulty, and what has no mutation a reason', async () => {
  const { mutations = [], notModelled = [] } = await list('mutations');
  for (const { id, title, symptom, difficulty } of mutations) {
    expect([id, title.length > 3, symptom.length > 20]).toEqual([id, true, true]);
    expect([1, 2, 3, 4]).toContain(difficulty);
  }
  expect(mutations).toContainEqual(
    expect.objectContaining({ letter: 'C3', title: 'ZOOKEEPER-1343, the same epoch once more', difficulty: 1 }),
  );
  expect(notModelled).toContainEqual(expect.objectContaining({ letter: 'B9', issues: [3526] }));
  const letters = new Set(mutations.map(({ letter }) => letter));
  expect(notModelled.filter(({ letter, slug }) => letters.has(letter) && slug !== 'acl-missing-on-replay')).toEqual([]);
});

test('one list alone', async () => {
  expect(Object.keys(await list('presets'))).toEqual(['formatVersion', 'presets']);
});

test('as text, each with what it is', async () => {
  const { out } = await zablab(['list', 'properties']);
  expect(out).toMatch(/^Properties\n  I-LEAD    an epoch has at most one established leader\n/);
});

test('every scenario that comes with Zablab can be read', async () => {
  const { scenarios } = await list('scenarios');
  expect(scenarios?.filter(({ about }) => about.startsWith('scenarios/'))).toEqual([]);
});

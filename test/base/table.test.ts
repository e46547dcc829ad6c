import { expect, test } from 'vitest';
import { copyTable, entriesOf, makeTable, sortedKeys } from '../../src/base/table.ts';

const awkward = ['b', '10', '1', '01', '-1', '__proto__', 'constructor', 'toString', '', 'a'];

test('awkward keys are kept, in insertion order', () => {
  const table = makeTable<number>();
  for (const [i, key] of awkward.entries()) table.set(key, i);
  expect([...table.keys()]).toEqual(awkward);
  expect(awkward.map((key) => table.get(key))).toEqual(awkward.map((_, i) => i));
});

test('an empty table has no key', () => {
  expect(awkward.some((key) => makeTable().has(key))).toBe(false);
});

test('sorted keys are by UTF-16 unit', () => {
  expect(sortedKeys(makeTable(awkward.map((key) => [key, 0])))).toEqual([
    '',
    '-1',
    '01',
    '1',
    '10',
    '__proto__',
    'a',
    'b',
    'constructor',
    'toString',
  ]);
});

test('a copy is independent', () => {
  const table = makeTable([['a', 1]]);
  const copy = copyTable(table);
  copy.set('b', 2);
  table.delete('a');
  expect(entriesOf(copy)).toEqual([
    ['a', 1],
    ['b', 2],
  ]);
  expect(entriesOf(table)).toEqual([]);
});

test('entries come back through JSON', () => {
  const table = makeTable(awkward.map((key, i): [string, number] => [key, i]));
  const entries = JSON.parse(JSON.stringify(entriesOf(table))) as [string, number][];
  expect(entriesOf(makeTable(entries))).toEqual(entriesOf(table));
});

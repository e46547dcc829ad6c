import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareText, editsBetween, nearest } from '../../src/base/text.ts';

test('order is by UTF-16 unit', () => {
  expect(['b', 'a', 'B', '10', '2', 'ä', ''].sort(compareText)).toEqual(['', '10', '2', 'B', 'a', 'b', 'ä']);
  fc.assert(fc.property(fc.string(), fc.string(), (a, b) => compareText(a, b) + compareText(b, a) === 0));
});

test.each([
  ['', '', 0],
  ['abc', 'abc', 0],
  ['abc', 'acb', 1],
  ['abc', 'ab', 1],
  ['ab', 'abc', 1],
  ['abc', 'abd', 1],
  ['kitten', 'sitting', 3],
  ['ca', 'abc', 3],
])('from %j to %j: %i edits', (a, b, edits) => {
  expect(editsBetween(a, b, 9)).toBe(edits);
});

test('more edits than the limit are only known to be more', () => {
  expect(editsBetween('a', 'abcdef', 2)).toBeGreaterThan(2);
  expect(editsBetween('abc', 'xyz', 2)).toBeGreaterThan(2);
});

test('nearest finds what was meant, or nothing', () => {
  const commands = ['run', 'hunt', 'explore', 'replay', 'shrink'];
  expect(nearest('explroe', commands)).toBe('explore');
  expect(nearest('RUN', commands)).toBe('run');
  expect(nearest('hunts', commands)).toBe('hunt');
  expect(nearest('rum', ['rub', 'run'])).toBe('rub');
  expect(nearest('zookeeper', commands)).toBeNull();
  expect(nearest('', commands)).toBeNull();
});

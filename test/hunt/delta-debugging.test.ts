import { expect, test } from 'vitest';
import { smallestPart, withoutPairs, type Enough } from '../../src/hunt/delta-debugging.ts';

const hundred = Array.from({ length: 100 }, (_, i) => i);

/** Enough is what has all of these. */
function needs(needed: readonly number[], asked: { n: number }): Enough<number> {
  return function* (kept) {
    asked.n += 1;
    yield;
    return needed.every((each) => kept.includes(each));
  };
}

/** What a pass returns once it is over. */
function resultOf<T>(pass: Generator<void, T>): T {
  for (;;) {
    const { done, value } = pass.next();
    if (done === true) return value;
  }
}

test.for<[string, number[], number]>([
  ['nothing', [], 1],
  ['one of a hundred', [42], 24],
  ['the first and the last', [0, 99], 50],
  ['five far apart', [3, 20, 41, 77, 98], 100],
])('the smallest part that is enough: %s', ([, needed, most]) => {
  const asked = { n: 0 };
  expect(resultOf(smallestPart(hundred, needs(needed, asked)))).toEqual(needed);
  expect(asked.n).toBeLessThanOrEqual(most);
});

test('what only goes two at a time is found by pairs', () => {
  const together: Enough<number> = function* (kept) {
    yield;
    return kept.includes(5) && kept.includes(2) === kept.includes(7);
  };
  expect(resultOf(smallestPart([2, 5, 7], together))).toEqual([2, 5, 7]);
  expect(resultOf(withoutPairs([2, 5, 7], together))).toEqual([5]);
});

test('who asks looks up after every question', () => {
  const asked = { n: 0 };
  const pass = smallestPart(hundred, needs([42], asked));
  pass.next();
  pass.next();
  expect(asked.n).toBe(2);
});

import { expect, test } from 'vitest';
import { addState, makeStateSet } from '../../src/hunt/state-set.ts';

test('a set of keys says of each whether it is new, as a set of texts does, however it grows', () => {
  const set = makeStateSet(4);
  const twin = new Set<string>();
  let seed = 1;
  const draw = (): number => (seed = (Math.imul(seed, 0x5bd1_e995) + 0x1234_5677) | 0);
  for (let i = 0; i < 20_000; i++) {
    // Few enough values that keys recur, with zeros and lanes that agree in one half.
    const [lo, hi] = [draw() % 97, draw() % 61];
    expect(addState(set, lo, hi)).toBe(!twin.has(`${lo} ${hi}`));
    twin.add(`${lo} ${hi}`);
    expect(set.size).toBe(twin.size);
  }
  expect(twin.has('0 0')).toBe(true);
});

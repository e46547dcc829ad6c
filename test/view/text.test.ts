import { expect, test } from 'vitest';
import { hueOf, HUES } from '../../src/view/epoch.ts';
import { fieldsText, valueText } from '../../src/view/field-text.ts';
import { DEFAULT_SPEED, shortTime, SPEEDS, speedText, spanText, timeText } from '../../src/view/time-text.ts';

test('virtual time is written to the microsecond, in groups', () => {
  expect(timeText(0)).toBe('0.000 000 s');
  expect(timeText(1_527_307)).toBe('1.527 307 s');
  expect(timeText(61_000_001.9)).toBe('61.000 001 s');
  expect(shortTime(1_527_307)).toBe('1.527 s');
});

test('spans and speeds have the unit that suits them', () => {
  expect([20, 1500, 2000, 200_000, 10_000_000].map(spanText)).toEqual(['20 µs', '1.5 ms', '2 ms', '200 ms', '10 s']);
  expect(speedText(2000)).toBe('2 ms/s');
});

test('speeds rise by about the same factor, and the default is one of them', () => {
  for (let i = 1; i < SPEEDS.length; i++) expect(SPEEDS[i]! / SPEEDS[i - 1]!).toBeGreaterThanOrEqual(2);
  expect(SPEEDS[DEFAULT_SPEED]).toBe(2000);
});

test('epochs have hues in turn, and no epoch has none', () => {
  expect([-1, 0, 1, 2, HUES, HUES + 1].map(hueOf)).toEqual([0, 0, 1, 2, HUES, 1]);
});

test('plain data becomes short text, zxids as epoch and counter', () => {
  expect(valueText(4_294_967_299, 'zxid')).toBe('1.3');
  expect(valueText(4_294_967_299, 'count')).toBe('4294967299');
  expect(valueText(-1, 'lastZxid')).toBe('-1');
  expect(valueText(null)).toBe('–');
  expect(valueText([1, 2, 3, 4, 5, 6, 7])).toBe('1, 2, 3, 4, 5, 6, … (7)');
  expect(valueText({ items: [0, { item: { type: 'PING', zxid: 4_294_967_296 } }], head: 1 })).toBe('PING 1.0');
  expect(valueText(new Map([['a', 1]]))).toBe('1 entry');
  expect(fieldsText({ type: 'x', mode: 'DIFF', zxid: 4_294_967_297 })).toBe('mode DIFF, zxid 1.1');
});

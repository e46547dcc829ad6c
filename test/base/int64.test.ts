import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Bug } from '../../src/base/assert.ts';
import {
  addToInt64,
  compareInt64,
  compareInt64Unsigned,
  hiOf,
  int64,
  int64Decimal,
  int64Hex,
  int64OfNumber,
  loOf,
  numberOfInt64,
  parseInt64Hex,
  topByteOf,
  zeroInt64,
} from '../../src/base/int64.ts';

/** The oracle: the tests may use bigint, the source may not. */
const wire = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const textOf = (n: bigint): string => BigInt.asUintN(64, n).toString(16).padStart(16, '0');
const signOf = (n: bigint): number => (n < 0n ? -1 : n > 0n ? 1 : 0);

test('halves, decimal, hex and top byte agree with bigint', () => {
  fc.assert(
    fc.property(wire, (n) => {
      const value = textOf(n);
      expect(int64(hiOf(value), loOf(value))).toBe(value);
      expect(int64(hiOf(value) | 0, loOf(value) | 0)).toBe(value);
      expect(int64Decimal(value)).toBe(n.toString());
      expect(int64Hex(value)).toBe(BigInt.asUintN(64, n).toString(16));
      expect(topByteOf(value)).toBe(Number(BigInt.asUintN(64, n) >> 56n));
    }),
    { numRuns: 2000 },
  );
});

test('order agrees with bigint, signed and unsigned', () => {
  fc.assert(
    fc.property(wire, wire, (a, b) => {
      expect(compareInt64(textOf(a), textOf(b))).toBe(signOf(a - b));
      expect(compareInt64Unsigned(textOf(a), textOf(b))).toBe(signOf(BigInt.asUintN(64, a) - BigInt.asUintN(64, b)));
    }),
  );
});

test('adding a safe integer wraps as in Java', () => {
  fc.assert(
    fc.property(wire, fc.maxSafeInteger(), (a, n) => {
      expect(addToInt64(textOf(a), n)).toBe(textOf(a + BigInt(n)));
    }),
  );
  expect(addToInt64('00000000ffffffff', 1)).toBe('0000000100000000');
  expect(addToInt64('ffffffffffffffff', 1)).toBe(zeroInt64);
  expect(addToInt64(zeroInt64, -1)).toBe('ffffffffffffffff');
});

test('safe integers come back', () => {
  fc.assert(fc.property(fc.maxSafeInteger(), (n) => numberOfInt64(int64OfNumber(n)) === n));
  expect(int64OfNumber(-1)).toBe('ffffffffffffffff');
});

test.each([
  ['0000000000000000', '0'],
  ['7fffffffffffffff', '9223372036854775807'],
  ['8000000000000000', '-9223372036854775808'],
  ['ffffffff00000000', '-4294967296'],
  ['ffffffffffffffff', '-1'],
  ['00000000000f4240', '1000000'],
])('%s is %s in decimal', (value, decimal) => {
  expect(int64Decimal(value)).toBe(decimal);
});

test('hex from people', () => {
  expect(parseInt64Hex('0x100ABC')).toBe('0000000000100abc');
  expect(parseInt64Hex('100abc')).toBeNull();
  expect(parseInt64Hex('0x')).toBeNull();
  expect(parseInt64Hex('0x00000000000000000')).toBeNull();
});

test('what is no safe integer or no Int64 is refused', () => {
  expect(() => numberOfInt64('0100000000000000')).toThrow(Bug);
  expect(() => int64OfNumber(1.5)).toThrow(Bug);
  expect(() => addToInt64(zeroInt64, 1e300)).toThrow(Bug);
  expect(() => hiOf('12')).toThrow(Bug);
  expect(() => loOf('12')).toThrow(Bug);
});

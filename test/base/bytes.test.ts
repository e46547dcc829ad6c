import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Bug } from '../../src/base/assert.ts';
import {
  arrayOfBytes,
  byteAt,
  bytesLength,
  bytesOfArray,
  bytesOfHex,
  bytesOfUnits,
  bytesOfUtf8,
  concatBytes,
  hexOfBytes,
  noBytes,
  sliceBytes,
  utf8OfBytes,
} from '../../src/base/bytes.ts';

const arrays = fc.uint8Array({ maxLength: 60 });

test('arrays, hex and JSON come back', () => {
  fc.assert(
    fc.property(arrays, (array) => {
      const bytes = bytesOfArray(array);
      expect(bytesLength(bytes)).toBe(array.length);
      expect([...arrayOfBytes(bytes)]).toEqual([...array]);
      expect(bytesOfHex(hexOfBytes(bytes))).toBe(bytes);
      expect(bytesOfUnits(String(JSON.parse(JSON.stringify(bytes))))).toBe(bytes);
    }),
  );
});

test('text comes back through UTF-8', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => utf8OfBytes(bytesOfUtf8(text)) === text));
  expect(hexOfBytes(bytesOfUtf8('é€'))).toBe('c3a9e282ac');
  expect(hexOfBytes(bytesOfUtf8('\0a\n'))).toBe('00610a');
  expect(utf8OfBytes(bytesOfHex('61ff62'))).toBe('a\ufffdb');
});

test('pieces and wholes', () => {
  fc.assert(
    fc.property(arrays, arrays, (a, b) => {
      const whole = concatBytes(bytesOfArray(a), bytesOfArray(b));
      expect(sliceBytes(whole, 0, a.length)).toBe(bytesOfArray(a));
      expect(sliceBytes(whole, a.length)).toBe(bytesOfArray(b));
    }),
  );
  expect(concatBytes()).toBe(noBytes);
  expect(byteAt(bytesOfHex('00ff'), 1)).toBe(255);
});

test('a megabyte', () => {
  const array = Uint8Array.from({ length: 1 << 20 }, (_, i) => i * 7);
  const back = arrayOfBytes(bytesOfArray(array));
  expect(back.length).toBe(array.length);
  expect(back.every((byte, i) => byte === array[i])).toBe(true);
});

test('order is by unsigned byte', () => {
  expect(bytesOfHex('7f') < bytesOfHex('80')).toBe(true);
});

test('what is no byte is refused', () => {
  expect(() => bytesOfUnits('a\u0100')).toThrow(Bug);
  expect(() => bytesOfArray([256])).toThrow(Bug);
  expect(() => bytesOfHex('abc')).toThrow(Bug);
  expect(() => bytesOfHex('zz')).toThrow(Bug);
  expect(() => byteAt(noBytes, 0)).toThrow(Bug);
  expect(() => sliceBytes(noBytes, 0, 1)).toThrow(Bug);
});

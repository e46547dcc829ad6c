import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Bug } from '../../src/base/assert.ts';
import { counterMax, counterOf, epochLimit, epochOf, makeZxid, noZxid, parseZxid, zxidHex, zxidText } from '../../src/base/zxid.ts';

const epochs = fc.integer({ min: 0, max: epochLimit - 1 });
const counters = fc.integer({ min: 0, max: counterMax });

test('epoch and counter come back, and order is by epoch, then counter', () => {
  fc.assert(
    fc.property(epochs, counters, epochs, counters, (epoch, counter, epoch2, counter2) => {
      const zxid = makeZxid(epoch, counter);
      expect([epochOf(zxid), counterOf(zxid)]).toEqual([epoch, counter]);
      const other = makeZxid(epoch2, counter2);
      expect(zxid < other).toBe(epoch < epoch2 || (epoch === epoch2 && counter < counter2));
    }),
  );
});

test('both texts parse back', () => {
  fc.assert(
    fc.property(epochs, counters, (epoch, counter) => {
      const zxid = makeZxid(epoch, counter);
      expect(parseZxid(zxidText(zxid))).toBe(zxid);
      expect(parseZxid(`0x${zxidHex(zxid)}`)).toBe(zxid);
      expect(zxidHex(zxid)).toBe((BigInt(epoch) * 2n ** 32n + BigInt(counter)).toString(16));
    }),
  );
});

test.each([
  [makeZxid(0, 0), '0', '0.0'],
  [makeZxid(1, 0), '100000000', '1.0'],
  [makeZxid(3, 17), '300000011', '3.17'],
  [makeZxid(1, counterMax), '1ffffffff', '1.4294967295'],
  [makeZxid(epochLimit - 1, counterMax), '1fffffffffffff', '2097151.4294967295'],
  [noZxid, 'ffffffffffffffff', '-1'],
])('%i is %s in a file name and %s in words', (zxid, hex, text) => {
  expect(zxidHex(zxid)).toBe(hex);
  expect(zxidText(zxid)).toBe(text);
});

test('none has epoch -1, as in Java, and lies before every zxid', () => {
  expect(epochOf(noZxid)).toBe(-1);
  expect(counterOf(noZxid)).toBe(counterMax);
  expect(noZxid).toBeLessThan(makeZxid(0, 0));
  expect(parseZxid('-1')).toBe(noZxid);
  expect(parseZxid('0xFFFFFFFFFFFFFFFF')).toBe(noZxid);
});

describe('refused', () => {
  test.each([
    [epochLimit, 0],
    [-1, 0],
    [1.5, 0],
    [Number.NaN, 0],
    [0, counterMax + 1],
    [0, -1],
    [0, 0.5],
  ])('epoch %d, counter %d', (epoch, counter) => {
    expect(() => makeZxid(epoch, counter)).toThrow(Bug);
  });

  test.each([
    '',
    '1',
    '1.',
    '.1',
    '1.2.3',
    ' 1.2',
    '1.2 ',
    '-1.2',
    '2097152.0',
    '1.4294967296',
    '0x',
    '0xg',
    '100000000',
    '0x20000000000000',
    '0x8000000000000000',
    '1e3.1',
  ])('%j', (text) => {
    expect(parseZxid(text)).toBeNull();
  });
});

import { describe, expect, test } from 'vitest';
import { Bug } from '../../src/base/assert.ts';
import { chance, draw, drawBelow, drawBetween, drawFrom, makeKey, type Stream, streamOf, subStream } from '../../src/base/draw.ts';

const key = makeKey('1');
const stream = streamOf('election-timeout');

// If these move, every recorded run moves with them.
describe('known answers', () => {
  test('keys', () => {
    expect(['', '1', '2', '18446744073709551616', 'é'].map(makeKey)).toEqual([
      { a: 715789690, b: 2091287642, c: 486307, d: -428376138 },
      { a: -2035612224, b: 526750310, c: 2051790815, d: -1625913352 },
      { a: 1965238556, b: -1045859498, c: -420269579, d: -1856570862 },
      { a: 540104128, b: 285852101, c: -233178318, d: 1906299440 },
      { a: 1610078544, b: -1618137417, c: 1642315626, d: 2039781525 },
    ]);
  });

  test('streams', () => {
    expect(['', 'a', 'election-timeout', 'é'].map(streamOf)).toEqual([
      5713620140087142, 5459093843070958, 1781716790911469, 2065538855444119,
    ]);
    expect([0, 1, -1, 4294967296].map((n) => subStream(stream, n))).toEqual([
      8798545967184953, 1993522428984180, 8904092993711876, 7010350319981347,
    ]);
  });

  test('draws', () => {
    expect([0, 1, 2, -1, 4294967296, Number.MAX_SAFE_INTEGER].map((counter) => draw(key, stream, counter))).toEqual([
      3144468703, 2212661512, 231095632, 561015635, 3532829705, 21330428,
    ]);
    expect([0, 1, -1, 4294967296].map((stream) => draw(key, stream, 0))).toEqual([3210136714, 3067676730, 1125582328, 2813184536]);
    expect([1, 2, 1000, 50_000_000, 2 ** 32].map((n) => drawBelow(key, stream, 7, n))).toEqual([0, 0, 377, 18862259, 1620255769]);
  });
});

test('a key is plain data', () => {
  expect(draw(JSON.parse(JSON.stringify(key)) as typeof key, stream, 5)).toBe(draw(key, stream, 5));
});

test('drawBelow is the upper word of the product', () => {
  for (let i = 0; i < 20_000; i++) {
    const n = (draw(key, 99, i) >>> (i & 31)) + 1;
    expect(BigInt(drawBelow(key, stream, i, n))).toBe((BigInt(draw(key, stream, i)) * BigInt(n)) >> 32n);
  }
});

test('bounds', () => {
  for (let i = 0; i < 1000; i++) {
    expect(drawBelow(key, stream, i, 1)).toBe(0);
    expect(drawBetween(key, stream, i, -2, 2)).toSatisfy((n: number) => Number.isInteger(n) && n >= -2 && n <= 2);
    expect(['a', 'b']).toContain(drawFrom(key, stream, i, ['a', 'b']));
    expect(chance(key, stream, i, 0)).toBe(false);
    expect(chance(key, stream, i, 1_000_000)).toBe(true);
  }
  for (const n of [0, -1, 1.5, Number.NaN, 2 ** 32 + 1]) expect(() => drawBelow(key, stream, 0, n)).toThrow(Bug);
  expect(() => drawFrom(key, stream, 0, [])).toThrow(Bug);
});

test('a chance comes true as often as it says', () => {
  let hits = 0;
  for (let i = 0; i < 1_000_000; i++) if (chance(key, stream, i, 2500)) hits++;
  expect(Math.abs(hits - 2500)).toBeLessThan(5 * 50);
});

test('streams of many names and numbers are distinct', () => {
  const streams = new Set<Stream>();
  for (let i = 0; i < 100_000; i++) {
    streams.add(streamOf(`link ${i}`));
    streams.add(subStream(stream, i));
    streams.add(subStream(i, 0));
  }
  expect(streams.size).toBe(300_000);
  for (const stream of streams) if (!Number.isSafeInteger(stream) || stream < 0) throw new Error(`stream ${stream}`);
});

/** Ways in which simulations step through draws: each must look random. */
const walks: [string, (i: number) => number][] = [
  ['counters', (i) => draw(key, stream, i)],
  ['counters above 2^32', (i) => draw(key, stream, 4294967296 * i)],
  ['streams 0, 1, 2, ...', (i) => draw(key, i, 0)],
  ['streams by 2^32', (i) => draw(key, 4294967296 * i, 0)],
  ['stream and counter together', (i) => draw(key, i, i)],
  ['sub-streams', (i) => draw(key, subStream(stream, i), 0)],
  ['named streams', (i) => draw(key, streamOf(`s${i}`), 0)],
  ['seeds', (i) => draw(makeKey(String(i)), stream, 0)],
];
const length = 1 << 17;

describe.each(walks)('%s', (_, walk) => {
  const draws = Uint32Array.from({ length }, (_, i) => walk(i));

  /** How far the counts of equally likely cells lie from the expected, in standard deviations of chi-square. */
  function surprise(cells: number, cellOf: (i: number) => number): number {
    const counts = new Float64Array(cells);
    for (let i = 0; i < length; i++) counts[cellOf(i)]! += 1;
    const expected = length / cells;
    const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    return (chiSquare - (cells - 1)) / Math.sqrt(2 * (cells - 1));
  }

  test('the upper, middle and lower bits are uniform', () => {
    for (const shift of [22, 11, 0]) expect(Math.abs(surprise(1024, (i) => (draws[i]! >>> shift) & 1023))).toBeLessThan(5);
  });

  test('neighbours are independent', () => {
    for (const lag of [1, 2, 16]) {
      expect(Math.abs(surprise(1024, (i) => ((draws[i]! >>> 27) << 5) | (draws[(i + lag) % length]! >>> 27)))).toBeLessThan(5);
      expect(Math.abs(surprise(1024, (i) => ((draws[i]! & 31) << 5) | (draws[(i + lag) % length]! & 31)))).toBeLessThan(5);
    }
  });

  test('neighbours differ in half of their bits', () => {
    for (let bit = 0; bit < 32; bit++) {
      let flips = 0;
      for (let i = 1; i < length; i++) flips += ((draws[i]! ^ draws[i - 1]!) >>> bit) & 1;
      expect(Math.abs(flips - length / 2)).toBeLessThan(5 * Math.sqrt(length / 4));
    }
  });
});

test('two streams, and two seeds, are not alike', () => {
  const other = makeKey('2');
  for (const twin of [(i: number) => draw(key, subStream(stream, 1), i), (i: number) => draw(other, stream, i)]) {
    let equalBits = 0;
    for (let i = 0; i < length; i++) for (let bits = ~(draw(key, stream, i) ^ twin(i)); bits !== 0; bits &= bits - 1) equalBits++;
    expect(Math.abs(equalBits - 16 * length)).toBeLessThan(5 * Math.sqrt(8 * length));
  }
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Bug } from '../../src/base/assert.ts';
import { hashPlain, hashString, hashText, type Lanes, makeHash, roll, rollHash, rollText, sameHash } from '../../src/base/hash.ts';
import { mix, mixed } from '../../src/base/mix.ts';

const none: ReadonlySet<string> = new Set();
const scratch = makeHash();

function hashOf(value: unknown, skip = none): string {
  hashPlain(value, skip, scratch);
  return hashText(scratch);
}

/** JSON-like data with awkward keys and numbers; Maps among them. */
const plain = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(null, true, false, 0, -1, 1, ''),
    fc.maxSafeInteger(),
    fc.string(),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('__proto__', '1', '01')), tie('value'), { maxKeys: 4 }),
    fc.array(fc.tuple(fc.string(), tie('value')), { maxLength: 4 }).map((entries) => new Map(entries)),
  ),
})).value;

/** The same data with every object and Map built in the opposite order. */
function reversed(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(reversed);
  const entries = (value instanceof Map ? [...value] : Object.entries(value))
    .toReversed()
    .map(([key, entry]): [string, unknown] => [key, reversed(entry)]);
  return value instanceof Map ? new Map(entries) : Object.fromEntries(entries);
}

test('the order of insertion does not matter', () => {
  fc.assert(fc.property(plain, (value) => hashOf(value) === hashOf(reversed(value))));
  expect(hashOf({ b: 1, a: 2 })).toBe(hashOf({ a: 2, b: 1 }));
});

test('a hash depends on nothing but the value, not on what was hashed before', () => {
  const before = hashOf({ path: '/a', zxid: 4294967297 });
  for (let i = 0; i < 40_000; i++) hashOf(`filler ${i}`); // more texts than are remembered
  expect(hashOf({ path: '/a', zxid: 4294967297 })).toBe(before);
});

test('distinct values have distinct hashes', () => {
  const groups: unknown[][] = [
    [null, true, false, 0, 1, -1, 2, 3, '', '0', '1', 'true', 'null', [], {}, new Map()],
    [[0], [[]], [{}], [null], ['0'], [0, 0], [1, 2], [2, 1], [[1], 2], [1, [2]], [[1, 2]], [[], []]],
    [{ a: 1 }, { a: '1' }, { a: 'b' }, { b: 'a' }, { a: 'a' }, { a: null }, { a: [] }, { a: {} }, { a: { a: 1 } }, [{ a: 1 }], ['a', 1]],
    [{ a: 1, b: 2 }, { a: 2, b: 1 }, { a: { b: 1 } }, { b: { a: 1 } }, { ab: 1 }],
    [new Map([['a', 1]]), new Map([['a', '1']]), new Map([['a', new Map()]]), new Map([['b', 1]])],
    [4294967296, 4294967297, -4294967296, 2147483648, -2147483648, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER],
    ['a', 'a\0', '\0', '\0\0', 'ab', 'ba', 'abcd', 'abcde', 'abcd\0', '\u0100', '\ud83d'],
  ];
  const values = groups.flat();
  expect(new Set(values.map((value) => hashOf(value))).size).toBe(values.length);
});

test('an awkward key is a key like any other', () => {
  expect(hashOf(JSON.parse('{"__proto__": 1}'))).not.toBe(hashOf({}));
  expect(hashOf(JSON.parse('{"__proto__": 1}'))).not.toBe(hashOf(JSON.parse('{"__proto__": 2}')));
});

test('skipped fields do not count at any depth, but keys from outside do', () => {
  const skip = new Set(['time', 'seq']);
  expect(hashOf({ time: 1, a: [{ seq: 2, b: 3 }] }, skip)).toBe(hashOf({ a: [{ b: 3 }] }));
  expect(hashOf(new Map([['time', { time: 4 }]]), skip)).toBe(hashOf(new Map([['time', {}]])));
  expect(hashOf(new Map([['time', 1]]), skip)).not.toBe(hashOf(new Map()));
});

describe('refused', () => {
  test.each([
    ['a fraction', 0.5],
    ['NaN', Number.NaN],
    ['Infinity', Infinity],
    ['an unsafe integer', 2 ** 53],
    ['undefined', undefined],
    ['a bigint', 1n],
    ['a symbol', Symbol('a')],
    ['a function', () => 1],
    ['a Set', new Set()],
    ['a Date', new Date(0)],
    ['a typed array', new Uint8Array(1)],
    [
      'a class instance',
      new (class Session {
        id = 1;
      })(),
    ],
    ['a Map with a key that is no string', new Map([[1, 1]])],
  ])('%s', (_, value) => {
    expect(() => hashOf(value)).toThrow(Bug);
    expect(() => hashOf([{ a: value }])).toThrow(Bug);
  });
});

describe('rolling', () => {
  const rolled = (...numbers: number[]): Lanes => {
    const state = makeHash();
    for (const n of numbers) roll(state, n);
    return state;
  };

  test('order, number and sign count', () => {
    const states = [[], [0], [0, 0], [1], [-1], [1, 2], [2, 1], [4294967296], [1, 0], [0, 1]].map((numbers) =>
      hashText(rolled(...numbers)),
    );
    expect(new Set(states).size).toBe(states.length);
  });

  test('the state is plain data: it goes on after JSON', () => {
    const state = JSON.parse(JSON.stringify(rolled(1, 2))) as Lanes;
    roll(state, 3);
    expect(sameHash(state, rolled(1, 2, 3))).toBe(true);
    expect(sameHash(state, rolled(1, 2, 4))).toBe(false);
  });

  test('texts and hashes roll too', () => {
    const a = makeHash();
    rollText(a, 'PROPOSAL');
    const b = makeHash();
    rollText(b, 'COMMIT');
    expect(sameHash(a, b)).toBe(false);
    const c = makeHash();
    rollHash(c, a);
    rollHash(c, b);
    const d = makeHash();
    rollHash(d, b);
    rollHash(d, a);
    expect(sameHash(c, d)).toBe(false);
  });

  test('only safe integers', () => {
    expect(() => rolled(0.5)).toThrow(Bug);
    expect(() => rolled(2 ** 53)).toThrow(Bug);
    expect(() => rolled(Number.NaN)).toThrow(Bug);
  });
});

// If these move, every recorded traceHash and stateKey moves with them.
describe('known answers', () => {
  test('mix', () => {
    mix(0, 0);
    expect([...mixed]).toEqual([-1644299396, -1351242135]);
    mix(1, -1);
    expect([...mixed]).toEqual([-293885280, -1403902028]);
  });

  test('texts', () => {
    expect(['', 'a', 'LOOKING', '/zookeeper/quota', 'é€😀'].map(hashString)).toEqual([
      3671381862, 1431293934, 1300970900, 3849593858, 1467851422,
    ]);
  });

  test('values', () => {
    const values = [null, true, 0, -1, 4294967297, 'COMMIT', [1, 2, 3], { sid: 1, state: 'LOOKING' }, new Map([['/a', { version: 0 }]])];
    expect(values.map((value) => hashOf(value))).toEqual([
      'a8e4ffe006cae72b',
      '0b9060baab0985d2',
      '4c836827fab101ac',
      '967331355f9937f3',
      'b6d8dcf389b0cbfc',
      '70080399dadc343c',
      '78ffcdb45ada9d01',
      '94dacf195665d93b',
      'fb39ac599db4b44f',
    ]);
  });

  test('a million rolls', () => {
    const state = makeHash();
    for (let i = 0; i < 1_000_000; i++) roll(state, i * 4294967 - 1e12);
    expect(hashText(state)).toBe('a022512597abfb84');
  });
});

/**
 * 2^20 values a family. Among random hashes, 32 bits of them collide 128 times, give or take 11; 53 bits never. A family whose structure the
 * hash preserved would collide far more often in one lane, or never.
 */
describe('a million small variations collide as random numbers do', () => {
  const count = 1 << 20;
  const low = (i: number): number => i & 1023;
  const high = (i: number): number => i >>> 10;
  const names = Array.from({ length: 20 }, (_, k) => `flag ${k}`);
  const flagArray = names.map(() => false);
  const flagObject = Object.fromEntries(names.map((name) => [name, false]));
  const isSet = (i: number, k: number): boolean => ((i >> k) & 1) === 1;

  const families: [string, (i: number) => unknown][] = [
    ['counters', (i) => i],
    ['epochs', (i) => i * 4294967296],
    ['pairs of numbers', (i) => [low(i), high(i)]],
    ['pairs of high bits', (i) => [low(i) * 4194304, high(i) * 4194304]],
    ['fields', (i) => ({ a: low(i), b: high(i) })],
    ['zxid fields', (i) => ({ a: low(i) * 4294967296, b: high(i) * 4294967296 })],
    ['twenty flags in an array', (i) => names.reduce((flags, _, k) => ((flags[k] = isSet(i, k)), flags), flagArray)],
    ['twenty flags in an object', (i) => names.reduce((flags, name, k) => ((flags[name] = isSet(i, k)), flags), flagObject)],
    ['tables', (i) => new Map([[`/a/${low(i)}`, high(i)]])],
    ['paths', (i) => `/node-${i}`],
    ['sequential names', (i) => `/n${String(i).padStart(10, '0')}`],
    ['logs', (i) => [0, 4, 8, 12, 16].map((k) => ({ type: 'COMMIT', zxid: (i >> k) & 15 }))],
  ];

  test.each(families)('%s', (_, make) => {
    const lo = new Uint32Array(count);
    const hi = new Uint32Array(count);
    const both = new Float64Array(count);
    for (let i = 0; i < count; i++) {
      hashPlain(make(i), none, scratch);
      lo[i] = scratch.lo;
      hi[i] = scratch.hi;
      both[i] = (hi[i]! >>> 11) * 4294967296 + lo[i]!; // 53 bits, as many as a double holds
    }
    expect(repeatsIn(both)).toBe(0);
    for (const repeats of [repeatsIn(lo), repeatsIn(hi)]) {
      expect(repeats).toBeGreaterThan(128 - 5 * 11.3);
      expect(repeats).toBeLessThan(128 + 5 * 11.3);
    }
  });

  function repeatsIn(hashes: Uint32Array | Float64Array): number {
    hashes.sort(); // typed arrays sort by number
    let repeats = 0;
    for (let i = 1; i < hashes.length; i++) if (hashes[i] === hashes[i - 1]) repeats++;
    return repeats;
  }
});

test('avalanche: a flipped bit of a rolled number flips each output bit half of the time', () => {
  const runs = 4000;
  for (const bit of [0, 1, 7, 15, 16, 30, 31, 32, 40, 51]) {
    const flips = new Float64Array(64);
    for (let i = 0; i < runs; i++) {
      const n = Math.imul(i, 0x9e3779b1) >>> 0;
      const flipped = Math.floor(n / 2 ** bit) % 2 === 0 ? n + 2 ** bit : n - 2 ** bit;
      const a = makeHash();
      const b = makeHash();
      for (const [state, value] of [
        [a, n],
        [b, flipped],
      ] as const) {
        roll(state, value);
        roll(state, 0);
      }
      for (let k = 0; k < 32; k++) {
        flips[k]! += ((a.lo ^ b.lo) >>> k) & 1;
        flips[32 + k]! += ((a.hi ^ b.hi) >>> k) & 1;
      }
    }
    for (const flip of flips) expect(Math.abs(flip / runs - 0.5)).toBeLessThan(0.05);
  }
});

import { describe, expect, test } from 'vitest';
import { makeHash, hashText } from '../../src/base/hash.ts';
import {
  allot,
  diffParts,
  forkParts,
  hashParts,
  makePartKind,
  makeParts,
  own,
  peek,
  release,
  replace,
  seal,
  type Parts,
} from '../../src/base/parts.ts';
import { makeTable, type Table } from '../../src/base/table.ts';

interface Box {
  n: number;
  at: number;
  list: { x: number }[];
  table: Table<number[]>;
}

const BOX = makePartKind<Box>('box', { skip: ['at'] });
const NAME = makePartKind<{ name: string; at: number }>('name', { essence: ({ name }) => name, named: true });

function box(n: number): Box {
  return { n, at: 0, list: [{ x: 1 }], table: makeTable([['k', [1]]]) };
}

function hashOf(parts: Parts): string {
  const lanes = makeHash();
  hashParts(parts, lanes);
  return hashText(lanes);
}

describe('parts', () => {
  test('a fork shares every part until one side owns it, and then only that side changes', () => {
    const parts = makeParts();
    const a = allot(parts, BOX, box(1));
    const b = allot(parts, BOX, box(2));
    const fork = forkParts(parts);
    expect(peek(fork, a)).toBe(peek(parts, a));
    own(fork, a).list[0]!.x = 9;
    own(fork, a).table.get('k')?.push(2);
    expect(peek(parts, a)).toEqual(box(1));
    own(parts, b).n = 7;
    expect(peek(fork, b).n).toBe(2);
    expect(diffParts(parts, fork)).toEqual([a, b]);
  });

  test('what is owned already is not copied again', () => {
    const parts = makeParts();
    const a = allot(parts, BOX, box(1));
    const mine = own(parts, a);
    expect(own(parts, a)).toBe(mine);
    forkParts(parts);
    expect(own(parts, a)).not.toBe(mine);
    expect(own(parts, a)).toBe(peek(parts, a));
  });

  test('a released slot is used again, the lowest first, and only in the world that released it', () => {
    const parts = makeParts();
    const refs = Array.from({ length: 6 }, (_, i) => allot(parts, BOX, box(i)));
    const fork = forkParts(parts);
    for (const i of [4, 1, 3]) release(parts, refs[i]!);
    expect(peek(parts, refs[1]!)).toBeNull();
    expect([7, 8, 9, 10].map((n) => allot(parts, BOX, box(n)))).toEqual([1, 3, 4, 6]);
    expect(peek(fork, refs[3]!).n).toBe(3);
    expect(allot(fork, BOX, box(11))).toBe(6);
    expect(() => release(parts, 99)).toThrow('not there');
  });

  test('replace puts a fresh value in a slot that another world shares', () => {
    const parts = makeParts();
    const a = allot(parts, BOX, box(1));
    const fork = forkParts(parts);
    replace(fork, a, box(5));
    expect([peek(parts, a).n, peek(fork, a).n]).toEqual([1, 5]);
  });
});

describe('guarded parts', () => {
  test('throw on a write without owning, at any depth, in either world', () => {
    const parts = makeParts(true);
    const a = allot(parts, BOX, box(1));
    const mine = own(parts, a);
    mine.n = 2;
    const fork = forkParts(parts);
    for (const world of [parts, fork]) {
      const shared = peek(world, a) as Box;
      expect(() => (shared.n = 3)).toThrow(TypeError);
      expect(() => (shared.list[0]!.x = 3)).toThrow(TypeError);
      expect(() => shared.list.push({ x: 3 })).toThrow(TypeError);
      expect(() => shared.table.set('l', [])).toThrow(TypeError);
      expect(() => shared.table.get('k')?.push(3)).toThrow(TypeError);
    }
    own(fork, a).table.set('l', []);
    own(fork, a).list[0]!.x = 3;
  });

  test('once sealed must be owned again', () => {
    const parts = makeParts(true);
    const a = allot(parts, BOX, box(1));
    seal(parts);
    expect(() => ((peek(parts, a) as Box).n = 3)).toThrow(TypeError);
    own(parts, a).n = 4;
    seal(parts);
    expect(peek(parts, a).n).toBe(4);
  });
});

describe('the hash of parts', () => {
  test('follows what is owned, and is the same for a fork', () => {
    const parts = makeParts();
    const a = allot(parts, BOX, box(1));
    allot(parts, BOX, box(2));
    const before = hashOf(parts);
    expect(hashOf(forkParts(parts))).toBe(before);
    own(parts, a).n = 5;
    expect(hashOf(parts)).not.toBe(before);
    own(parts, a).n = 1;
    expect(hashOf(parts)).toBe(before);
  });

  test('leaves out skipped fields and tells slots apart', () => {
    const make = (first: number, second: number, at: number): string => {
      const parts = makeParts();
      allot(parts, BOX, { ...box(first), at });
      allot(parts, BOX, box(second));
      return hashOf(parts);
    };
    expect(make(1, 2, 0)).toBe(make(1, 2, 99));
    expect(make(1, 2, 0)).not.toBe(make(2, 1, 0));
  });

  test('does not ask where a named part lies, and counts its essence only', () => {
    const make = (names: readonly string[], at: number): string => {
      const parts = makeParts();
      for (const name of names) allot(parts, NAME, { name, at });
      return hashOf(parts);
    };
    expect(make(['a', 'b'], 1)).toBe(make(['b', 'a'], 2));
    expect(make(['a', 'b'], 1)).not.toBe(make(['a', 'c'], 1));
    expect(make(['a', 'a'], 1)).not.toBe(make(['a'], 1));
  });

  test('forgets a released part', () => {
    const parts = makeParts();
    allot(parts, BOX, box(1));
    const before = hashOf(parts);
    const b = allot(parts, BOX, box(2));
    release(parts, b);
    expect(hashOf(parts)).toBe(before);
  });
});

import { expect, test } from 'vitest';
import { parseProperties } from '../../src/gateway/java-properties.ts';

const pairs = (text: string): [string, string][] => parseProperties(text).map(({ key, value }) => [key, value]);

test('keys end at the first =, : or blank, values keep theirs', () => {
  expect(pairs('a=1\nb: 2\nc 3\nd = e = f\n g=h:i\nempty=\nalone\n')).toEqual([
    ['a', '1'],
    ['b', '2'],
    ['c', '3'],
    ['d', 'e = f'],
    ['g', 'h:i'],
    ['empty', ''],
    ['alone', ''],
  ]);
});

test('comments and empty lines are left out, and a # inside a value is none', () => {
  expect(pairs('# a=1\n  ! b=2\n\n \t\nc=3 # not a comment\n')).toEqual([['c', '3 # not a comment']]);
});

test('a backslash at the end goes on in the next line without its indent; two are one backslash', () => {
  expect(pairs('a=1,\\\n   2,\\\r\n\t3\nb=x\\\\\nc=y\n')).toEqual([
    ['a', '1,2,3'],
    ['b', 'x\\'],
    ['c', 'y'],
  ]);
  expect(pairs('a=1\\')).toEqual([['a', '1']]);
});

test('escapes stand for what they say', () => {
  expect(pairs('a\\=b=\\u0041\\tz\\q\na\\ key=1')).toEqual([
    ['a=b', 'A\tzq'],
    ['a key', '1'],
  ]);
});

test('of two lines with one key the later counts, at its own place', () => {
  expect(parseProperties('\ufeffa=1\n  a=2\n')).toEqual([{ key: 'a', value: '2', line: 2, column: 3 }]);
});

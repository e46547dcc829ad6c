import { expect, test } from 'vitest';
import { isSpecialPath, isValidPath, nameOf, parentOf, sequenceSuffix } from '../../src/server/path.ts';

const valid = ['/', '/a', '/a/b', '/...', '/.a', '/a.', '/..a', '/a b', '/\u00a0', '/\uffef', '/__proto__', '/zookeeper', '/-1', '/01'];
const invalid = [
  '',
  'a',
  'a/b',
  '/a/',
  '//',
  '//a',
  '/a//b',
  '/.',
  '/..',
  '/./a',
  '/../a',
  '/a/.',
  '/a/../b',
  '/\0',
  '/\u001f',
  '/\u007f',
  '/\u009f',
  '/\ud800',
  '/\uf8ff',
  '/\ufff0',
  '/\uffff',
  '/😀',
];

test('paths that a server takes [TREE-15] [TREE-29]', () => {
  expect(valid.filter((path) => !isValidPath(path))).toEqual([]);
});

test('paths that a server refuses [TREE-15] [TREE-29]', () => {
  expect(invalid.filter(isValidPath)).toEqual([]);
});

test('the parent is the text before the last slash, and there is none without a slash or with a NUL [VAL-17]', () => {
  expect(['/a', '/', '/a/', 'x/y', '/a/b/c', 'a', '/a\0/b'].map(parentOf)).toEqual(['', '', '/a', 'x', '/a/b', null, null]);
  expect(['/a', '/a/b', '/'].map(nameOf)).toEqual(['a', 'b', '']);
});

test('the root and the nodes of the system cannot be deleted [VAL-02]', () => {
  const paths = ['/', '/zookeeper', '/zookeeper/quota', '/zookeeper/config', '/zookeeper/other', '/a'];
  expect(paths.filter(isSpecialPath)).toEqual(paths.slice(0, 4));
});

test('a sequence suffix has ten places, the sign among them [TREE-10]', () => {
  expect([0, 1, 2_147_483_647, -1, -2_147_483_648].map(sequenceSuffix)).toEqual([
    '0000000000',
    '0000000001',
    '2147483647',
    '-000000001',
    '-2147483648',
  ]);
});

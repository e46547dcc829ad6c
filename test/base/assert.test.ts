import { expect, test } from 'vitest';
import { assert, Bug, unreachable } from '../../src/base/assert.ts';

test('assert throws Bug with its message', () => {
  expect(() => assert(1 > 2, 'order')).toThrow(new Bug('order'));
  expect(() => assert(1 > 2, () => 'late text')).toThrow('late text');
  expect(() => assert(2 > 1, 'order')).not.toThrow();
});

test('a promise that holds builds no text', () => {
  let built = 0;
  assert(2 > 1, () => `${++built}`);
  expect(built).toBe(0);
});

test('a Bug is an Error with its own name', () => {
  expect(new Bug('x')).toBeInstanceOf(Error);
  expect(String(new Bug('x'))).toBe('Bug: x');
});

test('unreachable names the value that got there', () => {
  const stray: unknown = { type: 'PING' };
  expect(() => unreachable(stray as never)).toThrow('no case for {"type":"PING"}');
  expect(() => unreachable(undefined as never)).toThrow('no case for undefined');
});

import { expect, test } from 'vitest';
import { isRequired } from './suites.ts';

test.for([
  ['', false],
  ['all', true],
  ['browser', true],
  ['java, browser', true],
  ['java', false],
  ['browsers', false],
] as const)('ZABLAB_REQUIRE=%s: the browser suite is required: %s', ([required, expected]) => {
  expect(isRequired('browser', required)).toBe(expected);
});

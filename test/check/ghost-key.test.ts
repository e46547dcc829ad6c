import { expect, test } from 'vitest';
import { hashText, makeHash } from '../../src/base/hash.ts';
import { copyChecker, openChecker, tell, type Checker } from '../../src/check/checker.ts';
import { checkLanes } from '../../src/check/ghost-key.ts';
import type { Note } from '../../src/ensemble/note.ts';

const members = {
  servers: [0, 1, 2].map((node) => ({ sid: node + 1, node, isVoter: true })),
  clients: [],
};

type Told = readonly [node: number, note: Note];

function keyOf(checker: Checker): string {
  const lanes = makeHash();
  checkLanes(checker.state, lanes);
  return hashText(lanes);
}

/** Each note is an event of its own, and time goes by. */
function after(told: readonly Told[], first = 1): Checker {
  const checker = openChecker(members);
  told.forEach(([node, note], i) => tell(checker, note, { event: first + i, at: (first + i) * 1000, node }));
  return checker;
}

const A: Told = [0, { type: 'current-epoch', epoch: 1 }];
const B: Told = [1, { type: 'current-epoch', epoch: 2 }];
const C: Told = [2, { type: 'state', state: 'FOLLOWING', epoch: 1 }];

test('the same notes in another order, at other times and events, make one key', () => {
  expect(keyOf(after([A, B, C]))).toBe(keyOf(after([C, B, A], 500)));
  expect(keyOf(copyChecker(after([A, B])))).toBe(keyOf(after([A, B])));
});

test('what a property will look at makes another key', () => {
  const keys = [[], [A], [B], [C], [A, B], [A, B, C]].map((told) => keyOf(after(told)));
  expect(new Set(keys).size).toBe(keys.length);
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Bug } from '../../src/base/assert.ts';
import { at, copyDeque, type Deque, lengthOf, makeDeque, push, pushFront, shift } from '../../src/base/deque.ts';

function itemsOf<T>(queue: Deque<T>): T[] {
  return Array.from({ length: lengthOf(queue) }, (_, i) => at(queue, i));
}

const operation = fc.oneof(
  { weight: 10, arbitrary: fc.record({ push: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ pushFront: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ shift: fc.integer({ min: 1, max: 40 }) }) },
);

describe('against an array', () => {
  test('any operations', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 200, size: 'max' }), (operations) => {
        const queue = makeDeque<number>();
        const model: number[] = [];
        for (const operation of operations) {
          if ('push' in operation) {
            push(queue, operation.push);
            model.push(operation.push);
          } else if ('pushFront' in operation) {
            pushFront(queue, operation.pushFront);
            model.unshift(operation.pushFront);
          } else {
            for (let i = 0; i < operation.shift && model.length > 0; i++) expect(shift(queue)).toBe(model.shift());
          }
          expect(itemsOf(queue)).toEqual(model);
        }
      }),
    );
  });

  test('a long queue, filled and drained', () => {
    const queue = makeDeque(Array.from({ length: 100_000 }, (_, i) => i));
    for (let i = 0; i < 100_000; i++) if (shift(queue) !== i) throw new Error(`item ${i}`);
    expect(lengthOf(queue)).toBe(0);
  });
});

test('short queues with equal items are equal data, whatever came before', () => {
  const worn = makeDeque(Array.from({ length: 1000 }, (_, i) => i));
  for (let i = 0; i < 984; i++) shift(worn);
  expect(worn).toEqual(makeDeque(Array.from({ length: 16 }, (_, i) => 984 + i)));
});

test('taken items take at most half of the array', () => {
  const queue = makeDeque<number>();
  for (let i = 0; i < 100; i++) push(queue, i);
  for (let i = 0; i < 10_000; i++) {
    push(queue, i);
    shift(queue);
    expect(queue.items.length).toBeLessThanOrEqual(202);
  }
});

test('a copy is independent, and its source is not adopted', () => {
  const source = [1, 2];
  const queue = makeDeque(source);
  const copy = copyDeque(queue);
  push(copy, 3);
  shift(queue);
  expect(itemsOf(copy)).toEqual([1, 2, 3]);
  expect(itemsOf(queue)).toEqual([2]);
  expect(source).toEqual([1, 2]);
});

test('null and false are items', () => {
  const queue = makeDeque<null | boolean>([null, false]);
  expect([shift(queue), shift(queue)]).toEqual([null, false]);
});

test('an empty queue gives nothing', () => {
  expect(() => shift(makeDeque())).toThrow(Bug);
  expect(() => at(makeDeque([1]), 1)).toThrow(Bug);
  expect(() => at(makeDeque([1]), -1)).toThrow(Bug);
});

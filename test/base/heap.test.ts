import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Bug } from '../../src/base/assert.ts';
import { copySlotHeap, firstSlot, firstTime, makeSlotHeap, setTie, setTime, timeOf } from '../../src/base/heap.ts';

type Model = Map<number, { time: number; tie: number }>;

/** The slot due first by looking at all. */
function firstOf(model: Model): number {
  let best = -1;
  let bestKey = { time: Infinity, tie: 0 };
  for (const slot of [...model.keys()].sort((a, b) => a - b)) {
    const key = model.get(slot)!;
    if (key.time < bestKey.time || (key.time === bestKey.time && key.tie < bestKey.tie && best >= 0)) {
      best = slot;
      bestKey = key;
    }
  }
  return best;
}

const slot = fc.integer({ min: 0, max: 40 });
const operation = fc.oneof(
  fc.record({ slot, time: fc.oneof(fc.constant(Infinity), fc.integer({ min: 0, max: 6 }), fc.maxSafeInteger()) }),
  fc.record({ slot, tie: fc.integer({ min: -3, max: 3 }) }),
);

test('the first slot is the one that a look at all slots finds', () => {
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 120, size: 'max' }), fc.integer({ min: 1, max: 64 }), (operations, slots) => {
      const heap = makeSlotHeap(slots);
      const model: Model = new Map();
      for (const operation of operations) {
        const key = model.get(operation.slot) ?? { time: Infinity, tie: 0 };
        if ('time' in operation) setTime(heap, operation.slot, operation.time);
        else setTie(heap, operation.slot, operation.tie);
        model.set(operation.slot, { ...key, ...operation });
        const first = firstOf(model);
        expect(firstSlot(heap)).toBe(first);
        expect(firstTime(heap)).toBe(model.get(first)?.time ?? Infinity);
      }
    }),
    { numRuns: 500 },
  );
});

test('popping everything sorts it', () => {
  const heap = makeSlotHeap(1);
  const times = Array.from({ length: 1000 }, (_, i) => (i * 7919) % 997);
  for (const [slot, time] of times.entries()) setTime(heap, slot, time);
  const popped: number[] = [];
  for (let slot = firstSlot(heap); slot !== -1; slot = firstSlot(heap)) {
    popped.push(firstTime(heap));
    setTime(heap, slot, Infinity);
  }
  expect(popped).toEqual(times.sort((a, b) => a - b));
});

test('equal times go by tie, then by slot', () => {
  const heap = makeSlotHeap();
  for (const slot of [9, 3, 6]) setTime(heap, slot, 5);
  expect(firstSlot(heap)).toBe(3);
  setTie(heap, 3, 1);
  expect(firstSlot(heap)).toBe(6);
  setTie(heap, 9, -1);
  expect(firstSlot(heap)).toBe(9);
  setTime(heap, 6, 4);
  expect(firstSlot(heap)).toBe(6);
});

test('a copy is independent', () => {
  const heap = makeSlotHeap();
  setTime(heap, 1, 10);
  const copy = copySlotHeap(heap);
  setTime(copy, 2, 5);
  setTime(heap, 1, 20);
  expect([firstSlot(heap), firstTime(heap)]).toEqual([1, 20]);
  expect([firstSlot(copy), firstTime(copy)]).toEqual([2, 5]);
});

test('an empty heap is due never', () => {
  expect(firstSlot(makeSlotHeap())).toBe(-1);
  expect(firstTime(makeSlotHeap())).toBe(Infinity);
  expect(timeOf(makeSlotHeap(), 99)).toBe(Infinity);
});

test('what is no time or no slot is refused', () => {
  expect(() => setTime(makeSlotHeap(), 0, Number.NaN)).toThrow(Bug);
  expect(() => setTime(makeSlotHeap(), 0, 0.5)).toThrow(Bug);
  expect(() => setTime(makeSlotHeap(), -1, 0)).toThrow(Bug);
  expect(() => setTime(makeSlotHeap(), 1.5, 0)).toThrow(Bug);
  expect(() => setTie(makeSlotHeap(), 0, Number.NaN)).toThrow(Bug);
});

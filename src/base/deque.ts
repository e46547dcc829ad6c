/*
 * A first-in-first-out queue as plain data: mailboxes and links. A short queue, as nearly all are, is just its items, with head 0: equal
 * queues are then equal data and hash alike, however they came about. Only in a long one, where moving the items up costs more than it is
 * worth, do taken items stay below `head` until they are half of the array.
 */
import { assert } from './assert.ts';

/** The queue is `items` from `head` on. Read and change it through the functions below. */
export type Deque<T> = { items: T[]; head: number };

const shortMax = 16;

export function makeDeque<T>(items: readonly T[] = []): Deque<T> {
  return { items: items.slice(), head: 0 };
}

export function copyDeque<T>(queue: Deque<T>): Deque<T> {
  return { items: queue.items.slice(), head: queue.head };
}

export function lengthOf(queue: Deque<unknown>): number {
  return queue.items.length - queue.head;
}

export function push<T>(queue: Deque<T>, item: T): void {
  queue.items.push(item);
}

/** Puts `item` before the first: rare, so it may cost the length of the queue. */
export function pushFront<T>(queue: Deque<T>, item: T): void {
  compact(queue);
  queue.items.unshift(item);
}

/** Removes and returns the first item. Throws Bug on an empty queue. */
export function shift<T>(queue: Deque<T>): T {
  const { items } = queue;
  if (items.length <= shortMax) {
    const first = items.shift();
    assert(first !== undefined, 'shift of an empty queue');
    return first;
  }
  const first = at(queue, 0);
  queue.head++;
  if (items.length - queue.head <= shortMax || 2 * queue.head >= items.length) compact(queue);
  return first;
}

/** The i-th item from the front. Throws Bug when there is none. */
export function at<T>(queue: Deque<T>, i: number): T {
  const item = queue.items[queue.head + i];
  assert(i >= 0 && item !== undefined, () => `item ${i} of a queue of ${lengthOf(queue)}`);
  return item;
}

/** By hand, since splice and copyWithin cost ten times as much on the few items that are usual. */
function compact(queue: Deque<unknown>): void {
  const { items, head } = queue;
  if (head === 0) return;
  const length = items.length - head;
  for (let i = 0; i < length; i++) items[i] = items[head + i];
  items.length = length;
  queue.head = 0;
}

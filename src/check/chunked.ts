/**
 * A long list that forks share: in chunks, copied when first written after a fork. What a run has committed can be long, and a fork of the
 * world must stay cheap.
 */
import { assert } from '../base/assert.ts';

/** Items in a chunk: a power of two, since finding one is the hottest thing here. */
const BITS = 8;
const MASK = (1 << BITS) - 1;

export interface Chunked<T> {
  readonly chunks: T[][];
  /** Which chunks this list alone holds. */
  readonly owned: boolean[];
  length: number;
}

export function makeChunked<T>(): Chunked<T> {
  return { chunks: [], owned: [], length: 0 };
}

/** From now on neither list writes to a chunk without copying it. */
export function copyChunked<T>(list: Chunked<T>): Chunked<T> {
  list.owned.fill(false);
  return { chunks: list.chunks.slice(), owned: list.owned.slice(), length: list.length };
}

/** Undefined outside of the list. */
export function itemAt<T>(list: Chunked<T>, index: number): T | undefined {
  return list.chunks[index >>> BITS]?.[index & MASK];
}

export function pushItem<T>(list: Chunked<T>, item: T): void {
  const at = list.length >>> BITS;
  if (at === list.chunks.length) {
    list.chunks.push([item]);
    list.owned.push(true);
  } else ownChunk(list, at).push(item);
  list.length += 1;
}

export function setItem<T>(list: Chunked<T>, index: number, item: T): void {
  ownChunk(list, index >>> BITS)[index & MASK] = item;
}

function ownChunk<T>(list: Chunked<T>, at: number): T[] {
  const chunk = list.chunks[at];
  assert(chunk !== undefined, 'a write behind the end of a list');
  if (list.owned[at] === true) return chunk;
  const copy = chunk.slice();
  list.chunks[at] = copy;
  list.owned[at] = true;
  return copy;
}

/**
 * A long list that forks share: in chunks, copied when first written after a fork. What a run has committed can be long, and a fork of the
 * world must stay cheap.
 */
import { assert } from '../base/assert.ts';

const CHUNK = 256;

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

/** Undefined beyond the end. */
export function itemAt<T>(list: Chunked<T>, index: number): T | undefined {
  return list.chunks[Math.floor(index / CHUNK)]?.[index % CHUNK];
}

export function pushItem<T>(list: Chunked<T>, item: T): void {
  const at = Math.floor(list.length / CHUNK);
  if (at === list.chunks.length) {
    list.chunks.push([item]);
    list.owned.push(true);
  } else ownChunk(list, at).push(item);
  list.length += 1;
}

export function setItem<T>(list: Chunked<T>, index: number, item: T): void {
  ownChunk(list, Math.floor(index / CHUNK))[index % CHUNK] = item;
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

/*
 * Which of a set of numbered slots is due first. A tournament tree: the leaves are the slots, each inner node holds the winner of its two
 * children, so a changed time replays only the matches on the way to the root. Unlike a binary heap it needs no positions and never moves an
 * entry; a fork copies two short arrays (plain ones: below a
 * few thousand slots they copy ten times faster than typed ones).
 */
import { assert } from './assert.ts';

/** Read through the functions below. `capacity` is a power of two; `winners[1]` is the root, the children of node i are 2i and 2i + 1. */
export type SlotHeap = {
  capacity: number;
  times: number[];
  ties: number[];
  /** The ties belong to a copy as well; they seldom change. */
  tiesShared: boolean;
  winners: number[];
};

/** A heap with no slot set. It grows by itself; `slots` is how many to expect. */
export function makeSlotHeap(slots = 16): SlotHeap {
  let capacity = 2;
  while (capacity < slots) capacity *= 2;
  const times = Array.from({ length: capacity }, () => Infinity);
  const ties = Array.from({ length: capacity }, () => 0);
  const winners = Array.from({ length: capacity }, () => 0);
  const heap = { capacity, times, ties, tiesShared: false, winners };
  playAll(heap);
  return heap;
}

export function copySlotHeap(heap: SlotHeap): SlotHeap {
  heap.tiesShared = true;
  return {
    capacity: heap.capacity,
    times: heap.times.slice(),
    ties: heap.ties,
    tiesShared: true,
    winners: heap.winners.slice(),
  };
}

/** Makes `slot` due at `time`: a safe integer, or Infinity for never, which empties the slot. */
export function setTime(heap: SlotHeap, slot: number, time: number): void {
  assert(Number.isSafeInteger(time) || time === Infinity, () => `${time} is not a time`);
  assert(slot >= 0 && (slot | 0) === slot, () => `${slot} is not a slot`);
  if (slot >= heap.capacity) grow(heap, slot);
  if (heap.times[slot] === time) return;
  heap.times[slot] = time;
  replay(heap, slot);
}

/** Of slots due at the same time the one with the lower tie goes first, then the lower slot. 0 until set. */
export function setTie(heap: SlotHeap, slot: number, tie: number): void {
  assert(!Number.isNaN(tie), 'a tie is a number');
  assert(slot >= 0 && (slot | 0) === slot, () => `${slot} is not a slot`);
  if (slot >= heap.capacity) grow(heap, slot);
  if (heap.ties[slot] === tie) return;
  ownTies(heap);
  heap.ties[slot] = tie;
  replay(heap, slot);
}

/** The slot due first, or -1 when none is. */
export function firstSlot(heap: SlotHeap): number {
  const slot = heap.winners[1] ?? 0;
  return heap.times[slot] === Infinity ? -1 : slot;
}

/** When the first slot is due, or Infinity. */
export function firstTime(heap: SlotHeap): number {
  return heap.times[heap.winners[1] ?? 0] ?? Infinity;
}

/** When `slot` is due, or Infinity. */
export function timeOf(heap: SlotHeap, slot: number): number {
  return heap.times[slot] ?? Infinity;
}

function winnerOf(heap: SlotHeap, a: number, b: number): number {
  const timeA = heap.times[a] ?? Infinity;
  const timeB = heap.times[b] ?? Infinity;
  if (timeA !== timeB) return timeA < timeB ? a : b;
  const tieA = heap.ties[a] ?? 0;
  const tieB = heap.ties[b] ?? 0;
  if (tieA !== tieB) return tieA < tieB ? a : b;
  return a < b ? a : b;
}

/** The matches from `slot` to the root; a match that another slot won before and wins again changes nothing above it. */
function replay(heap: SlotHeap, slot: number): void {
  const { capacity, times, winners } = heap;
  let winner = slot;
  let time = times[slot] ?? Infinity;
  let rival = slot ^ 1;
  for (let node = (capacity + slot) >> 1; ; node >>= 1) {
    const rivalTime = times[rival] ?? Infinity;
    if (rivalTime < time || (rivalTime === time && winnerOf(heap, winner, rival) === rival)) {
      winner = rival;
      time = rivalTime;
    }
    if (winners[node] === winner && winner !== slot) return;
    winners[node] = winner;
    if (node === 1) return;
    rival = winners[node ^ 1] ?? 0;
  }
}

function playAll(heap: SlotHeap): void {
  const { capacity, winners } = heap;
  for (let slot = 0; slot < capacity; slot += 2) winners[(capacity + slot) >> 1] = winnerOf(heap, slot, slot + 1);
  for (let node = (capacity >> 1) - 1; node >= 1; node--) {
    winners[node] = winnerOf(heap, winners[2 * node] ?? 0, winners[2 * node + 1] ?? 0);
  }
}

function ownTies(heap: SlotHeap): void {
  if (!heap.tiesShared) return;
  heap.ties = heap.ties.slice();
  heap.tiesShared = false;
}

function grow(heap: SlotHeap, slot: number): void {
  ownTies(heap);
  while (heap.capacity <= slot) heap.capacity *= 2;
  while (heap.times.length < heap.capacity) {
    heap.times.push(Infinity);
    heap.ties.push(0);
    heap.winners.push(0);
  }
  playAll(heap);
}

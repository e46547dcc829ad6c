/** Threads: start, wait, end, and what other threads of the process can do to them. */
import { setTie, setTime } from '../base/heap.ts';
import { streamOf, subStream } from '../base/draw.ts';
import { lengthOf, push } from '../base/deque.ts';
import { allot, own, peek, release, type Ref } from '../base/parts.ts';
import type { Item, ThreadId } from '../base/step.ts';
import { abandon } from './link-dial.ts';
import { linkSlot, sideAt } from './links.ts';
import { nodeOf, threadRef } from './nodes.ts';
import { leaveQueue, scheduleThread } from './schedule.ts';
import { makeThread, THREAD, type Answer, type ThreadPart } from './thread-state.ts';
import type { World } from './world.ts';

const SERVICE = streamOf('service-time');

/** Starts a thread with its first item. A living thread of the same id gets the item instead. */
export function startThread(world: World, node: number, id: ThreadId, item: Item): void {
  const handle = nodeOf(world, node);
  const { parts } = world;
  if (!peek(parts, handle.part).threads.has(id)) {
    const stream = subStream(subStream(handle.stream, SERVICE), id) | 0;
    const slot = allot(parts, THREAD, makeThread(node, id, stream, world.now, world.record.id));
    own(parts, handle.part).threads.set(id, slot);
    setTie(world.heap, slot, stream);
  }
  postItem(world, node, id, item);
}

/** Puts an item into a mailbox; dropped when there is no such thread. */
export function postItem(world: World, node: number, id: ThreadId, item: Item): void {
  const slot = threadRef(world, node, id);
  if (slot === null) return;
  const thread = own(world.parts, slot);
  push(thread.mailbox, { item, at: world.now, cause: world.record.id });
  // Behind another item, or while the thread is busy, it changes nothing for the scheduler.
  if (thread.todo.length > 0 || slot === world.record.slot || lengthOf(thread.mailbox) > 1) return;
  if (thread.blockedOn === null || thread.blockedOn.on === 'queue') scheduleThread(world, slot);
}

/** Gives a thread what ends its wait; the first one counts. */
function answerThread(world: World, slot: Ref<ThreadPart>, input: Answer): void {
  const thread = own(world.parts, slot);
  if (thread.answer !== null) return;
  thread.answer = { input, at: world.now, cause: world.record.id };
  if (slot !== world.record.slot) scheduleThread(world, slot);
}

/**
 * Wakes every thread of the node that waits for the condition. One that has decided to wait and has effects to perform before counts: its
 * predicate was asked before, and a wake-up must not be lost in between.
 */
export function signal(world: World, node: number, condition: string): void {
  for (const slot of peek(world.parts, nodeOf(world, node).part).threads.values()) {
    const block = peek(world.parts, slot).blockedOn;
    if (block !== null && block.on === 'condition' && block.condition === condition)
      answerThread(world, slot, { type: 'signalled', condition });
  }
}

/** A waiting thread is told at once, a busy one when it waits again: as Java's flag. */
export function interruptThread(world: World, node: number, id: ThreadId): void {
  const slot = threadRef(world, node, id);
  if (slot === null) return;
  const thread = own(world.parts, slot);
  if (isWaiting(thread) && slot !== world.record.slot) answerThread(world, slot, { type: 'interrupted' });
  else thread.interrupted = true;
}

function isWaiting(thread: Readonly<ThreadPart>): boolean {
  return thread.todo.length === 0 && !thread.syncing && thread.writing === -1 && thread.answer === null;
}

/** After its event, or when its fsync is done: ends the thread, or registers what it waits for and schedules it. */
export function settleThread(world: World, slot: Ref<ThreadPart>): void {
  const thread = own(world.parts, slot);
  thread.readyAt = world.now;
  thread.lastEvent = world.record.id;
  if (thread.todo.length === 0 && !thread.syncing) {
    if (thread.ending) return endThread(world, slot);
    beginWait(world, slot, thread);
  }
  scheduleThread(world, slot);
}

function beginWait(world: World, slot: Ref<ThreadPart>, thread: ThreadPart): void {
  const block = thread.blockedOn;
  if (block !== null && block.on === 'read') registerReader(world, slot, thread.node, block.link);
  else if (block !== null && (block.on === 'accept' || block.on === 'end')) registerWaiter(world, slot, thread.node);
  if (thread.answer !== null) return;
  if (thread.interrupted) {
    thread.interrupted = false;
    thread.answer = { input: { type: 'interrupted' }, at: world.now, cause: world.record.id };
  } else if (block !== null && block.on === 'end' && threadRef(world, thread.node, block.thread) === null) {
    thread.answer = { input: { type: 'ended', thread: block.thread }, at: world.now, cause: world.record.id };
  }
}

function registerReader(world: World, slot: Ref<ThreadPart>, node: number, id: number): void {
  const ref = linkSlot(world, id);
  if (ref === -1) return;
  const link = peek(world.parts, ref);
  const side = sideAt(link, node);
  if (side !== -1 && link.ends[side].reader !== slot) own(world.parts, ref).ends[side].reader = slot;
}

function registerWaiter(world: World, slot: Ref<ThreadPart>, index: number): void {
  const { part } = nodeOf(world, index);
  const { waiters } = peek(world.parts, part);
  if (!waiters.includes(slot)) own(world.parts, part).waiters = [...waiters.filter((other) => isOf(world, other, index)), slot];
}

function isOf(world: World, slot: Ref<ThreadPart>, index: number): boolean {
  return world.parts.kinds[slot] === THREAD && peek(world.parts, slot).node === index;
}

/** Takes a thread out of the world and tells those who wait for its end. */
function endThread(world: World, slot: Ref<ThreadPart>): void {
  const { parts } = world;
  const { node, id, connecting } = peek(parts, slot);
  abandon(world, connecting);
  const { threads, waiters } = own(parts, nodeOf(world, node).part);
  threads.delete(id);
  releaseThread(world, slot);
  for (const other of waiters) {
    if (!isOf(world, other, node)) continue;
    const block = peek(parts, other).blockedOn;
    if (block !== null && block.on === 'end' && block.thread === id) answerThread(world, other, { type: 'ended', thread: id });
  }
}

/** What others know of its slot are hints, or goes by its id. */
export function releaseThread(world: World, slot: Ref<ThreadPart>): void {
  release(world.parts, slot);
  setTime(world.heap, slot, Infinity);
  if (world.isHot[slot] === 1) leaveQueue(world, slot);
}

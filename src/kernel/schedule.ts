/** When each actor can act next. Called whenever something it depends on has changed. */
import { drawBelow } from '../base/draw.ts';
import { at, lengthOf } from '../base/deque.ts';
import { setTime } from '../base/heap.ts';
import { peek, type Ref } from '../base/parts.ts';
import type { Block, Effect, Item } from '../base/step.ts';
import type { DiskPart } from './disk-state.ts';
import { answeredAt, headOf, readableAt } from './links.ts';
import type { LinkPart } from './network-state.ts';
import type { Stall } from './node-state.ts';
import { nodeOf } from './nodes.ts';
import type { ThreadPart } from './thread-state.ts';
import type { World } from './world.ts';

/** Earliest time of the thread's next event; Infinity when it waits for something that has not happened. */
export function availableAt(world: World, thread: Readonly<ThreadPart>): number {
  if (thread.syncing || thread.writing !== -1) return Infinity;
  const { paused, stalls } = peek(world.parts, nodeOf(world, thread.node).part);
  if (paused) return Infinity;
  const from = stalls.length === 0 ? thread.readyAt : Math.max(thread.readyAt, stalledUntil(stalls, thread));
  if (thread.todo.length > 0) return from;
  return Math.max(from, Math.min(eventAt(world, thread), deadlineOf(thread.blockedOn)));
}

/** When the last stall that holds the thread ends; 0 for none. */
export function stalledUntil(stalls: readonly Stall[], { kind, id }: Readonly<ThreadPart>): number {
  let until = 0;
  for (const stall of stalls) {
    if (stall.kind === kind && (stall.threads === null || stall.threads.includes(id))) until = Math.max(until, stall.until);
  }
  return until;
}

/** When what the thread waits for arrives, its deadline apart. */
export function eventAt(world: World, thread: Readonly<ThreadPart>): number {
  if (thread.answer !== null) return thread.answer.at;
  const block = thread.blockedOn;
  if (block === null || block.on === 'queue') return lengthOf(thread.mailbox) > 0 ? at(thread.mailbox, 0).at : Infinity;
  switch (block.on) {
    case 'read':
      return readableAt(world, block.link, thread.node);
    case 'accept':
      return acceptableAt(world, thread.node, block.port);
    case 'connect':
      return answeredAt(world, thread.connecting);
    default:
      return Infinity;
  }
}

export function deadlineOf(block: Block | null): number {
  if (block === null || block.on === 'accept') return Infinity;
  if (block.on === 'sleep') return block.until;
  return block.deadline ?? Infinity;
}

function acceptableAt(world: World, node: number, port: string): number {
  return peek(world.parts, nodeOf(world, node).part).ports.get(port)?.backlog[0]?.at ?? Infinity;
}

/** Puts the thread where the scheduler finds it. */
export function scheduleThread(world: World, slot: Ref<ThreadPart>): void {
  const thread = peek(world.parts, slot);
  const available = availableAt(world, thread);
  if (world.config.mode === 'coarse') {
    if (available > world.now) {
      setTime(world.heap, slot, available);
      return;
    }
    if (world.isHot[slot] === 1) return;
    world.isHot[slot] = 1;
    world.hot.push(slot);
    setTime(world.heap, slot, Infinity);
  } else if (available === Infinity) {
    setTime(world.heap, slot, Infinity);
  } else {
    // Never put off by asking again: a thread that gets item after item is not starved by them.
    setTime(world.heap, slot, Math.max(available + serviceTime(world, thread, available), world.now));
  }
}

/**
 * How long the thread takes to come to its next event. Drawn by what the event is about, its zxid, else the millisecond it is due in: an
 * event more or less elsewhere does not shift the draws of the others.
 */
function serviceTime(world: World, thread: Readonly<ThreadPart>, available: number): number {
  const times = nodeOf(world, thread.node).program.serviceTimes(thread.kind);
  if (times.length === 0) return 0;
  const zxid = nextZxid(world, thread);
  const counter = zxid > 0 ? zxid : Math.floor(available / 1024);
  return times[drawBelow(world.key, thread.stream + thread.todo.length, counter, times.length)] ?? 0;
}

function nextZxid(world: World, thread: Readonly<ThreadPart>): number {
  const { todo, blockedOn, mailbox } = thread;
  const effect = todo[todo.length - 1];
  if (effect !== undefined) return subjectOf(effect)?.zxid ?? -1;
  if (thread.answer !== null) return -1;
  if (blockedOn === null || blockedOn.on === 'queue') return lengthOf(mailbox) > 0 ? (at(mailbox, 0).item.zxid ?? -1) : -1;
  return blockedOn.on === 'read' ? (headOf(world, blockedOn.link, thread.node)?.packet.zxid ?? -1) : -1;
}

/** What an effect carries. */
function subjectOf(effect: Effect): Item | null {
  switch (effect.type) {
    case 'send':
      return effect.packet;
    case 'append':
      return effect.record;
    case 'enqueue':
    case 'start':
    case 'continue':
      return effect.item;
    default:
      return null;
  }
}

export function scheduleDisk(world: World, slot: Ref<DiskPart>): void {
  let first = Infinity;
  for (const sync of peek(world.parts, slot).pending) if (sync.at < first) first = sync.at;
  setTime(world.heap, slot, first);
}

export function scheduleLink(world: World, slot: Ref<LinkPart>): void {
  setTime(world.heap, slot, peek(world.parts, slot).dueAt);
}

/** When each actor can act next. Called whenever something it depends on has changed. */
import { drawBelow } from '../base/draw.ts';
import { setTime } from '../base/heap.ts';
import { peek, type Ref } from '../base/parts.ts';
import type { Block, Effect, LinkId } from '../base/step.ts';
import type { DiskPart } from './disk-state.ts';
import { answeredAt, linkOf, sideAt } from './links.ts';
import type { LinkPart } from './network-state.ts';
import type { Stall } from './node-state.ts';
import { nodeOf } from './nodes.ts';
import type { ThreadPart } from './thread-state.ts';
import type { World } from './world.ts';

/** What the event asked for last is about, as far as that is known: the zxid, -1 for none. Set on the way, where it is at hand. */
let subjectZxid = -1;

/** Earliest time of the thread's next event; Infinity when it waits for something that has not happened. */
export function availableAt(world: World, thread: Readonly<ThreadPart>): number {
  if (thread.syncing || thread.writing !== -1) return Infinity;
  const { paused, stalls } = peek(world.parts, nodeOf(world, thread.node).part);
  if (paused) return Infinity;
  const { todo, readyAt } = thread;
  const from = stalls.length === 0 ? readyAt : Math.max(readyAt, stalledUntil(stalls, thread));
  if (todo.length > 0) {
    subjectZxid = zxidOfEffect(todo[todo.length - 1]);
    return from;
  }
  let time = eventAt(world, thread);
  if (thread.blockedOn !== null) {
    const deadline = deadlineOf(thread.blockedOn);
    if (deadline < time) time = deadline;
  }
  return time < from ? from : time;
}

/** When the last stall that holds the thread ends; 0 for none. */
export function stalledUntil(stalls: readonly Stall[], { kind, key, id }: Readonly<ThreadPart>): number {
  let until = 0;
  for (const stall of stalls) {
    if (stall.kind !== kind || (stall.key !== null && stall.key !== key)) continue;
    if (stall.threads === null || stall.threads.includes(id)) until = Math.max(until, stall.until);
  }
  return until;
}

/** When what the thread waits for arrives, its deadline apart. */
export function eventAt(world: World, thread: Readonly<ThreadPart>): number {
  subjectZxid = -1;
  if (thread.answer !== null) return thread.answer.at;
  const block = thread.blockedOn;
  if (block === null || block.on === 'queue') {
    const { items, head } = thread.mailbox;
    const first = items[head];
    if (first === undefined) return Infinity;
    subjectZxid = first.item.zxid ?? -1;
    return first.at;
  }
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

function readableAt(world: World, id: LinkId, node: number): number {
  const link = linkOf(world, id);
  const side = link === null ? -1 : sideAt(link, node);
  if (link === null || side === -1) return 0; // closed long ago: the read ends at once
  const { queue, end } = link.flows[side === 0 ? 1 : 0];
  const first = queue.items[queue.head];
  if (first === undefined) return end === null ? Infinity : end.at;
  subjectZxid = first.packet.zxid ?? -1;
  return first.at;
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
  const isCoarse = world.config.mode === 'coarse';
  if (world.choosing && !isCoarse) return;
  const thread = peek(world.parts, slot);
  const available = availableAt(world, thread);
  if (isCoarse) {
    if (available > world.now || (world.choosing && waitsForOthers(thread))) {
      if (world.isHot[slot] === 1) leaveQueue(world, slot);
      setTime(world.heap, slot, available);
    } else if (world.isHot[slot] !== 1) {
      while (world.isHot.length <= slot) world.isHot.push(0);
      world.isHot[slot] = 1;
      world.hot.push(slot);
      setTime(world.heap, slot, Infinity);
    }
    return;
  }
  if (available === Infinity) {
    setTime(world.heap, slot, Infinity);
    return;
  }
  // Never put off by asking again: a thread that gets item after item is not starved by them.
  const due = available + serviceTime(world, thread, available);
  setTime(world.heap, slot, due > world.now ? due : world.now);
}

/** What comes over a connection is no successor of what its own process did: whoever chooses decides when it is read. */
function waitsForOthers({ todo, answer, blockedOn }: Readonly<ThreadPart>): boolean {
  if (todo.length > 0 || answer !== null || blockedOn === null) return false;
  return blockedOn.on === 'read' || blockedOn.on === 'accept' || blockedOn.on === 'connect';
}

/** Takes a thread that can no longer run out of the coarse queue; when it can again it queues up again. */
export function leaveQueue(world: World, slot: number): void {
  world.isHot[slot] = 0;
  world.hot[world.hot.indexOf(slot, world.hotHead)] = -1;
}

/**
 * How long the thread takes to come to its next event. Drawn by what the event is about, its zxid, else the millisecond it is due in: an
 * event more or less elsewhere does not shift the draws of the others.
 */
function serviceTime(world: World, thread: Readonly<ThreadPart>, available: number): number {
  const times = nodeOf(world, thread.node).program.serviceTimes(thread.kind);
  if (times.length === 0) return 0;
  const counter = subjectZxid > 0 ? subjectZxid : Math.floor(available / 1024);
  return times[drawBelow(world.key, thread.stream + thread.todo.length, counter, times.length)] ?? 0;
}

function zxidOfEffect(effect: Effect | undefined): number {
  switch (effect?.type) {
    case 'send':
      return effect.packet.zxid ?? -1;
    case 'append':
      return effect.record.zxid ?? -1;
    case 'enqueue':
    case 'start':
    case 'continue':
      return effect.item.zxid ?? -1;
    default:
      return -1;
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

/** When each actor can act next. Called whenever something it depends on has changed. */
import { drawBelow } from '../base/draw.ts';
import { at, lengthOf } from '../base/deque.ts';
import { setTime } from '../base/heap.ts';
import { peek, type Ref } from '../base/parts.ts';
import type { Block } from '../base/step.ts';
import type { DiskPart } from './disk-state.ts';
import type { LinkPart } from './network-state.ts';
import type { ThreadPart } from './thread-state.ts';
import type { World } from './world.ts';

/** Slot of a link by its id: ids carry a generation, so that one of a dead connection never names a living one. */
export const LINK_SLOTS = 0x100000;
export function linkRef(id: number): Ref<LinkPart> {
  return id % LINK_SLOTS;
}

export function linkOf(world: World, id: number): Readonly<LinkPart> | null {
  if (id < 0) return null;
  const link = peek(world.parts, linkRef(id));
  return link !== null && link !== undefined && link.id === id ? link : null;
}

/** Which end of the link this node's current process holds; -1 when it holds none. */
export function endAt(world: World, link: Readonly<LinkPart>, node: number): 0 | 1 | -1 {
  const handle = world.nodes[node];
  if (handle === undefined) return -1;
  const { process } = peek(world.parts, handle.part);
  if (link.ends[0].node === node && link.ends[0].process === process && link.ends[0].state === 'open') return 0;
  if (link.ends[1].node === node && link.ends[1].process === process && link.ends[1].state === 'open') return 1;
  return -1;
}

/** Earliest time of the thread's next event; Infinity when it waits for something that has not happened. */
export function availableAt(world: World, thread: Readonly<ThreadPart>): number {
  const handle = world.nodes[thread.node];
  if (handle === undefined || peek(world.parts, handle.part).paused || thread.syncing) return Infinity;
  if (thread.todo.length > 0) return thread.readyAt;
  const event = Math.min(eventAt(world, thread), deadlineOf(thread.blockedOn));
  return Math.max(thread.readyAt, event);
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
      return world.nodes[thread.node] === undefined ? Infinity : acceptableAt(world, thread.node, block.port);
    default:
      return Infinity;
  }
}

export function deadlineOf(block: Block | null): number {
  if (block === null || block.on === 'accept') return Infinity;
  if (block.on === 'sleep') return block.until;
  return block.deadline ?? Infinity;
}

function readableAt(world: World, id: number, node: number): number {
  const link = linkOf(world, id);
  if (link === null) return 0; // closed long ago: the read ends at once
  const end = endAt(world, link, node);
  if (end === -1) return 0;
  const flow = link.flows[end === 0 ? 1 : 0];
  if (lengthOf(flow.queue) > 0) return at(flow.queue, 0).at;
  return flow.end === null ? Infinity : flow.end.at;
}

function acceptableAt(world: World, node: number, port: string): number {
  const handle = world.nodes[node];
  if (handle === undefined) return Infinity;
  return peek(world.parts, handle.part).ports.get(port)?.backlog[0]?.at ?? Infinity;
}

/** Puts the thread where the scheduler finds it. */
export function scheduleThread(world: World, slot: Ref<ThreadPart>): void {
  const thread = peek(world.parts, slot);
  const available = availableAt(world, thread);
  if (world.config.mode === 'coarse') {
    if (available <= world.now) {
      world.hot.push(slot);
      setTime(world.heap, slot, Infinity);
    } else {
      setTime(world.heap, slot, available);
    }
    return;
  }
  setTime(world.heap, slot, available === Infinity ? Infinity : Math.max(available, world.now) + serviceTime(world, thread));
}

/** One draw for each event of a thread: asking twice gives the same time. */
function serviceTime(world: World, thread: Readonly<ThreadPart>): number {
  const times = world.nodes[thread.node]?.program.serviceTimes(thread.kind) ?? [];
  if (times.length === 0) return 0;
  return times[drawBelow(world.key, thread.stream, thread.steps, times.length)] ?? 0;
}

export function scheduleDisk(world: World, slot: Ref<DiskPart>): void {
  let first = Infinity;
  for (const sync of peek(world.parts, slot).pending) if (sync.at < first) first = sync.at;
  setTime(world.heap, slot, first);
}

export function scheduleLink(world: World, slot: Ref<LinkPart>): void {
  setTime(world.heap, slot, peek(world.parts, slot).dueAt);
}

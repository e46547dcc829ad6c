/** Threads: start, end, and what other threads of the process can do to them. */
import { setTie, setTime } from '../base/heap.ts';
import { streamOf, subStream } from '../base/draw.ts';
import { push } from '../base/deque.ts';
import { allot, own, peek, release, type Ref } from '../base/parts.ts';
import type { HostInput, Item, ThreadId } from '../base/step.ts';
import { endAt, linkOf, linkRef, scheduleThread } from './schedule.ts';
import { makeThread, THREAD, type ThreadPart } from './thread-state.ts';
import type { World } from './world.ts';

const SERVICE = streamOf('service-time');

export function threadRef(world: World, node: number, id: ThreadId): Ref<ThreadPart> | null {
  const handle = world.nodes[node];
  return handle === undefined ? null : (peek(world.parts, handle.part).threads.get(id) ?? null);
}

/** Starts a thread with its first item. A living thread of the same id gets the item instead. */
export function startThread(world: World, node: number, id: ThreadId, item: Item): void {
  const handle = world.nodes[node];
  if (handle === undefined) return;
  const { parts } = world;
  if (!peek(parts, handle.part).threads.has(id)) {
    const stream = subStream(subStream(handle.stream, SERVICE), id);
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
  const waits = thread.blockedOn === null || thread.blockedOn.on === 'queue';
  if (waits && slot !== world.record.slot) scheduleThread(world, slot);
}

/** Gives a blocked thread its answer; the first one counts. */
export function answerThread(world: World, slot: Ref<ThreadPart>, input: HostInput, at: number): void {
  const thread = own(world.parts, slot);
  if (thread.answer !== null) return;
  thread.answer = { input, at, cause: world.record.id };
  if (slot !== world.record.slot) scheduleThread(world, slot);
}

/** Wakes every thread of the node that waits for the condition. */
export function signal(world: World, node: number, condition: string): void {
  const handle = world.nodes[node];
  if (handle === undefined) return;
  for (const slot of peek(world.parts, handle.part).threads.values()) {
    const block = peek(world.parts, slot).blockedOn;
    if (block !== null && block.on === 'condition' && block.condition === condition) {
      answerThread(world, slot, { type: 'signalled', condition }, world.now);
    }
  }
}

export function interruptThread(world: World, node: number, id: ThreadId): void {
  const slot = threadRef(world, node, id);
  if (slot === null) return;
  const thread = peek(world.parts, slot);
  if (thread.blockedOn !== null) answerThread(world, slot, { type: 'interrupted' }, world.now);
  else own(world.parts, slot).interrupted = true;
}

/** Takes a thread out of the world and tells those who wait for its end. */
export function endThread(world: World, slot: Ref<ThreadPart>): void {
  const { parts } = world;
  const { node, id } = peek(parts, slot);
  leaveRead(world, slot);
  const handle = world.nodes[node];
  if (handle === undefined) return;
  own(parts, handle.part).threads.delete(id);
  release(parts, slot);
  setTime(world.heap, slot, Infinity);
  for (const other of peek(parts, handle.part).threads.values()) {
    const block = peek(parts, other).blockedOn;
    if (block !== null && block.on === 'end' && block.thread === id) answerThread(world, other, { type: 'ended', thread: id }, world.now);
  }
}

/** The thread no longer reads from the link it is blocked on. */
export function leaveRead(world: World, slot: Ref<ThreadPart>): void {
  const { node, blockedOn } = peek(world.parts, slot);
  if (blockedOn === null || blockedOn.on !== 'read') return;
  const link = linkOf(world, blockedOn.link);
  if (link === null) return;
  const end = endAt(world, link, node);
  if (end !== -1 && link.ends[end].reader === slot) own(world.parts, linkRef(blockedOn.link)).ends[end].reader = -1;
}

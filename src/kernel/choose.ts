/**
 * The other scheduler: whoever explores, shrinks or teaches picks the next event. Each possible event has a name made of who acts and on
 * what, stable when other events are added or removed; choosing one sets now = max(now, the earliest time it can happen).
 */
import { at, lengthOf } from '../base/deque.ts';
import { firstTime, timeOf } from '../base/heap.ts';
import { peek, type Ref } from '../base/parts.ts';
import type { Effect, Item, ThreadId } from '../base/step.ts';
import { incarnationOf, keyOf, kindOf } from '../base/step.ts';
import { zxidText } from '../base/zxid.ts';
import { DISK, type DiskPart } from './disk-state.ts';
import { headOf } from './links.ts';
import { LINK, type LinkPart } from './network-state.ts';
import { nextSlot, nextTime, runActor } from './run.ts';
import { deadlineOf, eventAt, stalledUntil } from './schedule.ts';
import { MAIN, THREAD, type ThreadPart } from './thread-state.ts';
import type { World } from './world.ts';

export interface Choice {
  /** Such as `C.SyncThread#3.append TXN(1.2)` or `A.QuorumPeer.timeout`. */
  readonly name: string;
  /** Slot of the actor. */
  readonly slot: number;
  readonly want: 'any' | 'timeout';
  /** The thread whose fsync is done, for a disk; else -1. */
  readonly thread: ThreadId;
  /** Earliest time it can happen. */
  readonly at: number;
}

/** Every event that can happen next, in order of the earliest time, then name. Timeouts count once their wait has begun. */
export function choices(world: World): Choice[] {
  const list: Choice[] = [];
  for (let slot = 0; slot < world.parts.values.length; slot++) {
    const kind = world.parts.kinds[slot];
    if (kind === THREAD) addThread(world, slot, list);
    else if (kind === DISK) addDisk(world, slot, list);
    else if (kind === LINK && timeOf(world.heap, slot) !== Infinity)
      addChoice(world, list, linkName(world, slot), slot, 'any', timeOf(world.heap, slot));
  }
  return list.sort((a, b) => a.at - b.at || (a.name < b.name ? -1 : 1));
}

function addChoice(world: World, list: Choice[], name: string, slot: number, want: Choice['want'], time: number, thread = -1): void {
  list.push({ name, slot, want, thread, at: Math.max(world.now, time) });
}

function addThread(world: World, slot: Ref<ThreadPart>, list: Choice[]): void {
  const thread = peek(world.parts, slot);
  const node = world.nodes[thread.node];
  if (node === undefined || thread.syncing || thread.writing !== -1) return;
  const { paused, stalls } = peek(world.parts, node.part);
  const from = stalledUntil(stalls, thread);
  if (paused || from === Infinity) return;
  const name = threadNameOf(world, slot);
  const event = thread.todo.length > 0 ? thread.readyAt : eventAt(world, thread);
  if (event !== Infinity) addChoice(world, list, `${name}.${labelOf(world, thread)}`, slot, 'any', Math.max(from, event));
  const deadline = thread.todo.length > 0 ? Infinity : deadlineOf(thread.blockedOn);
  if (deadline !== Infinity) addChoice(world, list, `${name}.timeout`, slot, 'timeout', Math.max(from, deadline));
}

/** The disk finishes in any order what several threads wait for. */
function addDisk(world: World, slot: Ref<DiskPart>, list: Choice[]): void {
  const { node, pending } = peek(world.parts, slot);
  for (const sync of pending) addChoice(world, list, syncName(world, node, sync.thread), slot, 'any', sync.at, sync.thread);
}

/** Runs the chosen event now, or at the earliest time it can happen. */
export function choose(world: World, choice: Choice): void {
  world.now = Math.max(world.now, choice.at);
  runActor(world, choice.slot, choice.want, choice.thread);
}

/** The choice of that name, if it can happen. */
export function choiceNamed(world: World, name: string): Choice | null {
  return choices(world).find((choice) => choice.name === name) ?? null;
}

/** What `runNext` would do now, as a choice; null for the driver or for nothing. A run is the same when it is chosen event by event. */
export function nextChoice(world: World): Choice | null {
  const slot = nextSlot(world);
  if (slot === -1 || slot === world.driver) return null;
  const time = nextTime(world);
  const kind = world.parts.kinds[slot];
  if (kind === LINK) return { name: linkName(world, slot), slot, want: 'any', thread: -1, at: time };
  if (kind === DISK) {
    const { node, pending } = peek<DiskPart>(world.parts, slot);
    const sync = pending.reduce((a, b) => (b.at < a.at ? b : a));
    return { name: syncName(world, node, sync.thread), slot, want: 'any', thread: sync.thread, at: time };
  }
  const thread = peek<ThreadPart>(world.parts, slot);
  const want = thread.todo.length > 0 || eventAt(world, thread) <= time ? 'any' : 'timeout';
  const label = want === 'any' ? labelOf(world, thread) : 'timeout';
  return { name: `${threadNameOf(world, slot)}.${label}`, slot, want, thread: -1, at: time };
}

/** Node, thread, incarnation and key, such as `A.LearnerHandler[2]#1`. */
export function threadNameOf(world: World, slot: Ref<ThreadPart>): string {
  const thread = peek(world.parts, slot);
  return threadName(world, thread.node, thread.id);
}

export function threadName(world: World, node: number, id: ThreadId): string {
  const handle = world.nodes[node];
  const kind = kindOf(id);
  const name = kind === MAIN ? 'Main' : (handle?.program.threadName(kind) ?? `thread${kind}`);
  const key = keyOf(id);
  const incarnation = incarnationOf(id);
  return `${handle?.name ?? node}.${name}${key === 0 ? '' : `[${key}]`}${incarnation === 0 ? '' : `#${incarnation}`}`;
}

/** Name of the actor's next event, its timeout apart. */
export function nameOf(world: World, slot: number): string {
  const kind = world.parts.kinds[slot];
  if (kind === THREAD) return `${threadNameOf(world, slot)}.${labelOf(world, peek<ThreadPart>(world.parts, slot))}`;
  if (kind === DISK) return `${world.nodes[peek<DiskPart>(world.parts, slot).node]?.name}.disk.fsync`;
  return linkName(world, slot);
}

function syncName(world: World, node: number, thread: ThreadId): string {
  return `${threadName(world, node, thread)}.synced`;
}

/** From and to, port, the connection's number among its like, and what happens to it. */
function linkName(world: World, slot: Ref<LinkPart>): string {
  const { ends, port, incarnation, dueFor } = peek(world.parts, slot);
  return `${world.nodes[ends[0].node]?.name}-${world.nodes[ends[1].node]?.name}.${port}#${incarnation}.${dueFor}`;
}

function labelOf(world: World, thread: Readonly<ThreadPart>): string {
  const effect = thread.todo[thread.todo.length - 1];
  if (effect !== undefined) return effectLabel(effect);
  if (thread.answer !== null) return thread.answer.input.type;
  const block = thread.blockedOn;
  if (block === null || block.on === 'queue') return lengthOf(thread.mailbox) > 0 ? describe(at(thread.mailbox, 0).item) : 'wait';
  if (block.on !== 'read') return block.on;
  const head = headOf(world, block.link, thread.node);
  return head === null ? 'closed' : `read ${describe(head.packet)}`;
}

function effectLabel(effect: Effect): string {
  switch (effect.type) {
    case 'send':
      return `send ${describe(effect.packet)}`;
    case 'enqueue':
    case 'start':
      return `${effect.type} ${describe(effect.item)}`;
    case 'append':
      return `append ${describe(effect.record)}`;
    case 'continue':
      return describe(effect.item);
    case 'create':
    case 'truncate':
    case 'delete':
      return `${effect.type} ${effect.file}`;
    case 'rename':
      return `rename ${effect.from}`;
    default:
      return effect.type;
  }
}

/** Type and zxid of an item. */
export function describe(item: Item): string {
  return item.zxid === undefined || item.zxid < 0 ? item.type : `${item.type}(${zxidText(item.zxid)})`;
}

/** True when the timed scheduler has nothing to do up to that time. */
export function isQuietUntil(world: World, time: number): boolean {
  return nextSlot(world) !== world.driver && nextTime(world) > time && firstTime(world.heap) > time;
}

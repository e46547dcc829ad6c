/**
 * The other scheduler: whoever explores, shrinks or teaches picks the next event. Each possible event has a name made of who acts and on
 * what, stable when other events are added or removed; choosing one sets now = max(now, the earliest time it can happen).
 */
import { at, lengthOf } from '../base/deque.ts';
import { peek, type Ref } from '../base/parts.ts';
import { incarnationOf, keyOf, kindOf, type Effect, type Item, type ThreadId } from '../base/step.ts';
import { zxidText } from '../base/zxid.ts';
import { DISK, type DiskPart } from './disk-state.ts';
import { headOf } from './links.ts';
import { LINK, type LinkPart } from './network-state.ts';
import { nodeOf } from './nodes.ts';
import { nextSlot, nextTime } from './run.ts';
import { deadlineOf, eventAt, stalledUntil } from './schedule.ts';
import { MAIN, THREAD, type ThreadPart } from './thread-state.ts';
import type { World } from './world.ts';

/** An event that can happen next. */
export interface Enabled {
  /** Slot of the actor. */
  readonly slot: number;
  /** Node of the thread or disk; -1 for a link. */
  readonly node: number;
  /** The thread that acts, or whose fsync is done; a link's own id. */
  readonly id: number;
  readonly want: 'any' | 'timeout';
  /** Earliest time it can happen. */
  readonly at: number;
}

export interface Choice extends Enabled {
  /** Such as `C.SyncThread#3.append TXN(1.2)` or `A.QuorumPeer.timeout`. */
  readonly name: string;
}

/** Every event that can happen next, in order of the earliest time, then of who acts. Timeouts count once their wait has begun. */
export function choices(world: World): Choice[] {
  return enabledEvents(world).map((event) => ({ ...event, name: nameOfEvent(world, event) }));
}

/** The same without names, for those who look at a hundred thousand worlds a second. */
export function enabledEvents(world: World): Enabled[] {
  const list: Enabled[] = [];
  const { kinds } = world.parts;
  for (let slot = 0; slot < kinds.length; slot++) {
    const kind = kinds[slot];
    if (kind === THREAD) addThread(world, slot, list);
    else if (kind === DISK) addDisk(world, slot, list);
    else if (kind === LINK) addLink(world, slot, list);
  }
  return list.sort(inOrder);
}

function inOrder(a: Enabled, b: Enabled): number {
  return a.at - b.at || a.node - b.node || a.id - b.id || (a.want === b.want ? a.slot - b.slot : a.want === 'any' ? -1 : 1);
}

function addThread(world: World, slot: Ref<ThreadPart>, list: Enabled[]): void {
  const thread = peek(world.parts, slot);
  if (thread.syncing || thread.writing !== -1) return;
  const { node, id, todo } = thread;
  const { paused, stalls } = peek(world.parts, nodeOf(world, node).part);
  if (paused) return;
  const from = Math.max(world.now, stalledUntil(stalls, thread));
  if (from === Infinity) return;
  const event = todo.length > 0 ? thread.readyAt : eventAt(world, thread);
  if (event !== Infinity) list.push({ slot, node, id, want: 'any', at: Math.max(from, event) });
  const deadline = todo.length > 0 ? Infinity : deadlineOf(thread.blockedOn);
  if (deadline !== Infinity) list.push({ slot, node, id, want: 'timeout', at: Math.max(from, deadline) });
}

/** The disk finishes in any order what several threads wait for. */
function addDisk(world: World, slot: Ref<DiskPart>, list: Enabled[]): void {
  const { node, pending } = peek(world.parts, slot);
  for (const sync of pending) list.push({ slot, node, id: sync.thread, want: 'any', at: Math.max(world.now, sync.at) });
}

function addLink(world: World, slot: Ref<LinkPart>, list: Enabled[]): void {
  const { id, dueAt } = peek(world.parts, slot);
  if (dueAt !== Infinity) list.push({ slot, node: -1, id, want: 'any', at: Math.max(world.now, dueAt) });
}

/** The choice of that name, if it can happen. */
export function choiceNamed(world: World, name: string): Choice | null {
  for (const event of enabledEvents(world)) if (nameOfEvent(world, event) === name) return { ...event, name };
  return null;
}

/** What `runNext` would do now, as a choice; null for the driver or for nothing. A run is the same when it is chosen event by event. */
export function nextChoice(world: World): Choice | null {
  const slot = nextSlot(world);
  if (slot === -1 || slot === world.driver) return null;
  const event = nextOf(world, slot, nextTime(world));
  return { ...event, name: nameOfEvent(world, event) };
}

function nextOf(world: World, slot: number, time: number): Enabled {
  const kind = world.parts.kinds[slot];
  if (kind === LINK) return { slot, node: -1, id: peek<LinkPart>(world.parts, slot).id, want: 'any', at: time };
  if (kind === DISK) {
    const { node, pending } = peek<DiskPart>(world.parts, slot);
    const first = pending.reduce((a, b) => (b.at < a.at ? b : a));
    return { slot, node, id: first.thread, want: 'any', at: time };
  }
  const thread = peek<ThreadPart>(world.parts, slot);
  const isTimeout = thread.todo.length === 0 && eventAt(world, thread) > time;
  return { slot, node: thread.node, id: thread.id, want: isTimeout ? 'timeout' : 'any', at: time };
}

/** Who acts on what. The world must not have gone on since the event was listed. */
export function nameOfEvent(world: World, { slot, node, id, want }: Enabled): string {
  const kind = world.parts.kinds[slot];
  if (kind === LINK) return linkName(world, slot);
  const name = threadName(world, node, id);
  if (kind === DISK) return `${name}.synced`;
  return `${name}.${want === 'timeout' ? 'timeout' : labelOf(world, peek<ThreadPart>(world.parts, slot))}`;
}

/** Node, thread, key and incarnation, such as `A.LearnerHandler[2]#1`. */
export function threadName(world: World, node: number, id: ThreadId): string {
  const handle = world.nodes[node];
  const kind = kindOf(id);
  const name = kind === MAIN ? 'Main' : (handle?.program.threadName(kind) ?? `thread${kind}`);
  const key = keyOf(id);
  const incarnation = incarnationOf(id);
  return `${handle?.name ?? node}.${name}${key === 0 ? '' : `[${key}]`}${incarnation === 0 ? '' : `#${incarnation}`}`;
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

/** What an effect is about, as the names of events have it: `append txn(1.2)`, `send ACK(2.0)`, `rename currentEpoch.tmp`. */
export function effectLabel(effect: Effect): string {
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

/**
 * The other scheduler: whoever explores, shrinks or teaches picks the next event. Each possible event has a name made of who acts and on
 * what, stable when other events are added or removed; choosing one sets now = max(now, the earliest time it can happen).
 */
import { at, lengthOf } from '../base/deque.ts';
import { firstTime, timeOf } from '../base/heap.ts';
import { peek, type Ref } from '../base/parts.ts';
import type { Item } from '../base/step.ts';
import { incarnationOf, keyOf } from '../base/step.ts';
import { zxidText } from '../base/zxid.ts';
import { DISK } from './disk-state.ts';
import { LINK } from './network-state.ts';
import { runActor } from './run.ts';
import { availableAt, deadlineOf, endAt, eventAt, linkOf } from './schedule.ts';
import { MAIN, THREAD, type ThreadPart } from './thread-state.ts';
import type { World } from './world.ts';

export interface Choice {
  /** Such as `C.SyncThread#3.append(1.2)` or `A.QuorumPeer.timeout`. */
  readonly name: string;
  readonly slot: number;
  readonly want: 'any' | 'timeout';
  /** Earliest time it can happen. */
  readonly at: number;
}

/** Every event that can happen next, in order of the earliest time, then name. Timeouts count once their wait has begun. */
export function choices(world: World): Choice[] {
  const list: Choice[] = [];
  for (let slot = 0; slot < world.parts.values.length; slot++) {
    const kind = world.parts.kinds[slot];
    if (kind === THREAD) addThread(world, slot, list);
    else if ((kind === DISK || kind === LINK) && timeOf(world.heap, slot) !== Infinity) {
      list.push({ name: nameOf(world, slot), slot, want: 'any', at: Math.max(world.now, timeOf(world.heap, slot)) });
    }
  }
  return list.sort((a, b) => a.at - b.at || (a.name < b.name ? -1 : 1));
}

function addThread(world: World, slot: Ref<ThreadPart>, list: Choice[]): void {
  const thread = peek(world.parts, slot);
  const node = world.nodes[thread.node];
  if (node === undefined || thread.syncing || peek(world.parts, node.part).paused) return;
  const name = nameOf(world, slot);
  if (thread.todo.length > 0) {
    list.push({ name, slot, want: 'any', at: Math.max(world.now, thread.readyAt) });
    return;
  }
  const event = eventAt(world, thread);
  if (event !== Infinity) list.push({ name, slot, want: 'any', at: Math.max(world.now, event) });
  const deadline = deadlineOf(thread.blockedOn);
  if (deadline !== Infinity) list.push({ name: `${threadNameOf(world, slot)}.timeout`, slot, want: 'timeout', at: Math.max(world.now, deadline) });
}

/** Runs the chosen event now, or at the earliest time it can happen. */
export function choose(world: World, choice: Choice): void {
  world.now = Math.max(world.now, choice.at);
  runActor(world, choice.slot, choice.want);
}

/** The choice of that name, if it can happen. */
export function choiceNamed(world: World, name: string): Choice | null {
  return choices(world).find((choice) => choice.name === name) ?? null;
}

/** Node, thread, incarnation and key, such as `A.LearnerHandler[2]#1`. */
export function threadNameOf(world: World, slot: Ref<ThreadPart>): string {
  const thread = peek(world.parts, slot);
  return threadName(world, thread.node, thread.id);
}

export function threadName(world: World, node: number, id: number): string {
  const handle = world.nodes[node];
  const kind = Math.floor(id / 0x40000000000);
  const name = kind === MAIN ? 'Main' : (handle?.program.threadName(kind) ?? `thread${kind}`);
  const key = keyOf(id);
  const incarnation = incarnationOf(id);
  return `${handle?.name ?? node}.${name}${key === 0 ? '' : `[${key}]`}${incarnation === 0 ? '' : `#${incarnation}`}`;
}

/** Name of the actor's next event, its timeout apart. */
export function nameOf(world: World, slot: number): string {
  const kind = world.parts.kinds[slot];
  if (kind === THREAD) return `${threadNameOf(world, slot)}.${labelOf(world, slot)}`;
  if (kind === DISK) {
    const disk = peek(world.parts, slot as Ref<{ node: number }>);
    return `${world.nodes[disk.node]?.name ?? disk.node}.disk.fsync`;
  }
  const link = peek(world.parts, slot as Ref<{ ends: readonly [{ node: number }, { node: number }]; port: string; dueFor: string }>);
  return `${world.nodes[link.ends[0].node]?.name}-${world.nodes[link.ends[1].node]?.name}.${link.port}.${link.dueFor}`;
}

function labelOf(world: World, slot: Ref<ThreadPart>): string {
  const thread = peek(world.parts, slot);
  const effect = thread.todo[thread.todo.length - 1];
  if (effect !== undefined) {
    if (effect.type === 'send') return `send ${describe(effect.packet)}`;
    if (effect.type === 'enqueue') return `enqueue ${describe(effect.item)}`;
    if (effect.type === 'append') return `append ${describe(effect.record)}`;
    return effect.type === 'continue' ? describe(effect.item) : effect.type;
  }
  if (thread.answer !== null) return thread.answer.input.type;
  const block = thread.blockedOn;
  if ((block === null || block.on === 'queue') && lengthOf(thread.mailbox) > 0) return describe(at(thread.mailbox, 0).item);
  if (block?.on === 'read') {
    const link = linkOf(world, block.link);
    const end = link === null ? -1 : endAt(world, link, thread.node);
    if (link === null || end === -1) return 'closed';
    const flow = link.flows[end === 0 ? 1 : 0];
    return lengthOf(flow.queue) > 0 ? `read ${describe(at(flow.queue, 0).packet)}` : 'closed';
  }
  return block === null ? 'wait' : block.on;
}

/** Type and zxid of an item. */
export function describe(item: Item): string {
  return item.zxid === undefined || item.zxid < 0 ? item.type : `${item.type}(${zxidText(item.zxid)})`;
}

/** True when the timed scheduler has nothing left before that time. */
export function isQuietUntil(world: World, time: number): boolean {
  return world.hot.length === world.hotHead && firstTime(world.heap) > time && availableNothing(world, time);
}

function availableNothing(world: World, time: number): boolean {
  for (const node of world.nodes) for (const slot of peek(world.parts, node.part).threads.values()) if (availableAt(world, peek(world.parts, slot)) <= time) return false;
  return true;
}

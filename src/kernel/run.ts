/** The event loop: takes the next actor, lets it do one thing, and says what happened. */
import { assert, Bug } from '../base/assert.ts';
import { roll, rollText } from '../base/hash.ts';
import { firstSlot, firstTime } from '../base/heap.ts';
import { lengthOf, shift } from '../base/deque.ts';
import { own, peek, type Ref } from '../base/parts.ts';
import type { Effect, HostInput, Item } from '../base/step.ts';
import { DISK } from './disk-state.ts';
import { runDisk } from './disk.ts';
import { abandon, runLink, takeArrived } from './link.ts';
import { LINK } from './network-state.ts';
import { nodeOf } from './node.ts';
import { perform } from './perform.ts';
import { availableAt, deadlineOf, endAt, eventAt, linkOf, linkRef, scheduleThread } from './schedule.ts';
import { endThread, leaveRead, threadRef } from './thread.ts';
import { MAIN, THREAD, type ThreadPart } from './thread-state.ts';
import type { NodeHandle, World } from './world.ts';

/** Time of the next event; Infinity when nothing can happen. */
export function nextTime(world: World): number {
  const driver = peek(world.parts, world.driver);
  const time = Math.min(firstTime(world.heap), driver.dueAt);
  return hotSlot(world) === -1 ? time : world.now;
}

/** Runs the next event; false when nothing can happen any more. */
export function runNext(world: World): boolean {
  const hot = hotSlot(world);
  if (hot !== -1) {
    world.hotHead += 1;
    if (world.hotHead > 1024 && world.hotHead * 2 > world.hot.length) {
      world.hot = world.hot.slice(world.hotHead);
      world.hotHead = 0;
    }
    runActor(world, hot, 'any');
    return true;
  }
  const { dueAt } = peek(world.parts, world.driver);
  if (dueAt !== Infinity && dueAt <= firstTime(world.heap)) {
    world.now = Math.max(world.now, dueAt);
    runDriver(world);
    return true;
  }
  const slot = firstSlot(world.heap);
  if (slot === -1) return false;
  world.now = Math.max(world.now, firstTime(world.heap));
  runActor(world, slot, 'any');
  return true;
}

/** The next thread of the coarse queue that can still run now; stale entries are skipped. */
function hotSlot(world: World): number {
  for (; world.hotHead < world.hot.length; world.hotHead++) {
    const slot = world.hot[world.hotHead] ?? -1;
    if (world.parts.kinds[slot] === THREAD && availableAt(world, peek<ThreadPart>(world.parts, slot)) <= world.now) return slot;
  }
  if (world.hot.length > 0) {
    world.hot.length = 0;
    world.hotHead = 0;
  }
  return -1;
}

/** Runs one event of the actor. `want` decides between a message and a timeout where both are possible. */
export function runActor(world: World, slot: number, want: 'any' | 'timeout'): void {
  const kind = world.parts.kinds[slot];
  const { record } = world;
  begin(world, slot);
  if (kind === THREAD) {
    runThread(world, slot, want);
  } else if (kind === DISK) {
    record.actor = 'disk';
    record.node = peek(world.parts, slot as Ref<{ node: number }>).node;
    runDisk(world, slot);
  } else {
    assert(kind === LINK, 'an actor is a thread, a disk or a link');
    record.actor = 'link';
    runLink(world, slot);
  }
  finish(world);
}

function runDriver(world: World): void {
  const { driver } = world.config;
  assert(driver !== null, 'a driver is due but there is none');
  begin(world, world.driver);
  world.record.actor = 'driver';
  driver.step(world, own(world.parts, world.driver));
  finish(world);
}

/** Runs `act` as one event from outside, at `at` or now. */
export function runInput(world: World, at: number, input: Item, act: () => void): void {
  world.now = Math.max(world.now, at);
  begin(world, -1);
  world.record.input = input;
  act();
  finish(world);
}

function begin(world: World, slot: number): void {
  const { record } = world;
  world.events += 1;
  record.id = world.events;
  record.at = world.now;
  record.node = -1;
  record.thread = -1;
  record.actor = 'input';
  record.slot = slot;
  record.input = null;
  record.effect = null;
  record.cause = 0;
  record.notes.length = 0;
}

function finish(world: World): void {
  const { record, hash } = world;
  roll(hash, record.at);
  roll(hash, record.node * 4 + 5);
  roll(hash, record.thread);
  if (record.input !== null) rollText(hash, record.input.type);
  if (record.effect !== null) {
    rollText(hash, record.effect.type);
    if (record.effect.type === 'send') {
      rollText(hash, record.effect.packet.type);
      roll(hash, record.effect.packet.zxid ?? 0);
    }
  }
  if (record.input?.zxid !== undefined) roll(hash, record.input.zxid);
  world.observe?.(world);
  const driver = peek(world.parts, world.driver);
  if (driver.watching && world.config.driver?.wakes(world, driver.state) === true) {
    const part = own(world.parts, world.driver);
    part.watching = false;
    part.dueAt = world.now;
  }
}

function runThread(world: World, slot: Ref<ThreadPart>, want: 'any' | 'timeout'): void {
  const { record } = world;
  const thread = own(world.parts, slot);
  const handle = nodeOf(world, thread.node);
  record.actor = 'thread';
  record.node = thread.node;
  record.thread = thread.id;
  thread.steps += 1;
  const effect = thread.todo.pop();
  if (effect === undefined) {
    runStep(world, handle, slot, takeInput(world, thread, slot, want));
  } else {
    record.cause = thread.lastEvent;
    if (effect.type === 'continue') runStep(world, handle, slot, effect.item);
    else performOne(world, handle, slot, effect);
  }
  if (world.parts.kinds[slot] !== THREAD || peek(world.parts, handle.part).power !== 'up' || threadRef(world, handle.index, record.thread) !== slot) return;
  const after = own(world.parts, slot);
  after.readyAt = world.now;
  after.lastEvent = record.id;
  if (after.ending && after.todo.length === 0 && !after.syncing && after.answer === null) endThread(world, slot);
  else settle(world, slot, after);
}

/** After its event: registers what the thread waits for and schedules it. */
function settle(world: World, slot: Ref<ThreadPart>, thread: ThreadPart): void {
  const block = thread.blockedOn;
  if (block !== null && thread.todo.length === 0) {
    if (block.on === 'read') {
      const link = linkOf(world, block.link);
      const end = link === null ? -1 : endAt(world, link, thread.node);
      if (link !== null && end !== -1 && link.ends[end].reader !== slot) own(world.parts, linkRef(block.link)).ends[end].reader = slot;
    } else if (block.on === 'end' && threadRef(world, thread.node, block.thread) === null && thread.answer === null) {
      thread.answer = { input: { type: 'ended', thread: block.thread }, at: world.now, cause: world.record.id };
    }
    if (thread.interrupted && thread.answer === null) {
      thread.interrupted = false;
      thread.answer = { input: { type: 'interrupted' }, at: world.now, cause: world.record.id };
    }
  }
  scheduleThread(world, slot);
}

function runStep(world: World, handle: NodeHandle, slot: Ref<ThreadPart>, input: Item): void {
  const { record } = world;
  const ctx = world.contexts[handle.index];
  assert(ctx !== undefined, 'a context for each node');
  const thread = own(world.parts, slot);
  record.input = input;
  ctx.now = world.now;
  ctx.traced = world.traced;
  ctx.thread = thread;
  ctx.effects.length = 0;
  if (thread.blockedOn?.on === 'read') leaveRead(world, slot);
  thread.blockedOn = null;
  if (thread.kind === MAIN) {
    handle.program.boot(ctx);
    thread.ending = true;
  } else {
    handle.program.step(ctx, input);
  }
  takeEffects(world, handle, slot, ctx.effects);
}

/** The first effect belongs to this event, the others to later ones. A `continue` is a step of its own. */
function takeEffects(world: World, handle: NodeHandle, slot: Ref<ThreadPart>, effects: Effect[]): void {
  if (effects.length === 0) return;
  const thread = own(world.parts, slot);
  for (let i = effects.length - 1; i >= 0; i--) {
    const effect = effects[i];
    if (effect !== undefined) thread.todo.push(effect);
  }
  effects.length = 0;
  const first = thread.todo[thread.todo.length - 1];
  if (first === undefined || first.type === 'continue') return;
  thread.todo.pop();
  performOne(world, handle, slot, first);
}

function performOne(world: World, handle: NodeHandle, slot: Ref<ThreadPart>, effect: Effect): void {
  world.record.effect = effect;
  const error = perform(world, handle, slot, effect);
  if (error === null) return;
  const thread = own(world.parts, slot);
  const input: HostInput = { type: 'failed', effect, error };
  thread.todo = [{ type: 'continue', item: input }];
}

/** What the thread was waiting for, taken from where it lay. */
function takeInput(world: World, thread: ThreadPart, slot: Ref<ThreadPart>, want: 'any' | 'timeout'): Item | HostInput {
  const { record } = world;
  if (thread.answer !== null && want === 'any') {
    const { input, cause } = thread.answer;
    thread.answer = null;
    if (input.type === 'connected' || input.type === 'refused') thread.connecting = -1;
    else if (thread.blockedOn?.on === 'connect') abandonDial(world, thread); // interrupted
    record.cause = cause;
    return input;
  }
  const block = thread.blockedOn;
  const ready = want === 'any' && eventAt(world, thread) <= world.now;
  if (ready && (block === null || block.on === 'queue') && lengthOf(thread.mailbox) > 0) {
    const entry = shift(thread.mailbox);
    record.cause = entry.cause;
    return entry.item;
  }
  if (ready && block?.on === 'read') {
    const arrived = takeArrived(world, thread.node, block.link);
    if (arrived !== null && 'entry' in arrived) {
      const { packet, cause } = arrived.entry;
      record.cause = cause;
      return { type: 'packet', link: block.link, packet, zxid: packet.zxid ?? 0 };
    }
    if (arrived !== null) {
      record.cause = arrived.cause;
      return { type: 'closed', link: block.link, how: arrived.how };
    }
  }
  if (ready && block?.on === 'accept') return takeAccepted(world, thread, block.port);
  if (deadlineOf(block) === Infinity) throw new Bug(`thread ${thread.id} of node ${thread.node} ran with nothing to do`);
  record.cause = thread.lastEvent;
  if (block?.on === 'connect') abandonDial(world, thread);
  if (block?.on === 'read') leaveRead(world, slot);
  return { type: 'timeout' };
}

/** Whoever stops waiting for a connection gives up the attempt, or it would outlive its thread. */
function abandonDial(world: World, thread: ThreadPart): void {
  if (thread.connecting === -1) return;
  abandon(world, thread.connecting);
  thread.connecting = -1;
}

function takeAccepted(world: World, thread: ThreadPart, port: string): HostInput {
  const node = own(world.parts, nodeOf(world, thread.node).part);
  const bound = node.ports.get(port);
  const first = bound?.backlog[0];
  assert(bound !== undefined && first !== undefined, 'accepted from an empty backlog');
  node.ports.set(port, { backlog: bound.backlog.slice(1) });
  world.record.cause = first.cause;
  return { type: 'accepted', port, link: first.link, from: first.from };
}

/** Runs until the time is past, a limit of events, or nothing can happen. Returns the number of events run. */
export function runUntil(world: World, until: number, eventsMax = Infinity): number {
  const start = world.events;
  while (world.events - start < eventsMax && nextTime(world) <= until) if (!runNext(world)) break;
  return world.events - start;
}

/** After a change from outside to what threads wait for. */
export function rescheduleAll(world: World): void {
  for (const node of world.nodes) for (const slot of peek(world.parts, node.part).threads.values()) scheduleThread(world, slot);
}

/** The event loop: takes the next actor, lets it do one thing, and says what happened. */
import { assert, Bug } from '../base/assert.ts';
import { firstSlot, firstTime } from '../base/heap.ts';
import { shift } from '../base/deque.ts';
import { own, peek, seal, type Ref } from '../base/parts.ts';
import type { Effect, HostInput, Item } from '../base/step.ts';
import type { Enabled } from './choose.ts';
import { contextOf } from './context.ts';
import { DISK, type DiskPart } from './disk-state.ts';
import { runDisk } from './disk.ts';
import { takeArrived } from './link.ts';
import { abandon, runLink, takeAnswer } from './link-dial.ts';
import { linkOf } from './links.ts';
import { LINK } from './network-state.ts';
import { nodeOf } from './nodes.ts';
import { perform } from './perform.ts';
import { deadlineOf, eventAt } from './schedule.ts';
import { settleThread } from './thread.ts';
import { MAIN, THREAD, type ThreadPart } from './thread-state.ts';
import { rollEvent } from './trace-hash.ts';
import { wakeAcceptors } from './wake.ts';
import type { NodeHandle, World } from './world.ts';

/** Time of the next event; Infinity when nothing can happen. */
export function nextTime(world: World): number {
  if (hotSlot(world) !== -1) return world.now;
  const due = peek(world.parts, world.driver).dueAt;
  return Math.max(world.now, world.choosing ? due : Math.min(firstTime(world.heap), due));
}

/** Runs the next event; false when nothing can happen any more. */
export function runNext(world: World): boolean {
  return runBy(world, Infinity);
}

/** Runs until the time is past, a limit of events, or nothing can happen. Returns the number of events run. */
export function runUntil(world: World, until: number, eventsMax = Infinity): number {
  const start = world.events;
  while (world.events - start < eventsMax && runBy(world, until)) continue;
  return world.events - start;
}

/** Runs the next event if it comes at `until` or before. */
function runBy(world: World, until: number): boolean {
  const slot = nextSlot(world);
  if (slot === -1) return false;
  if (slot === world.driver) {
    const { dueAt } = peek(world.parts, world.driver);
    if (dueAt > until) return false;
    if (dueAt > world.now) world.now = dueAt;
    const chosen = world.choosing ? (world.config.driver?.choose?.(world) ?? null) : null;
    if (chosen === null) runDriver(world);
    else choose(world, chosen);
    return true;
  }
  if (world.isHot[slot] === 1 && world.hot[world.hotHead] === slot) {
    if (world.now > until) return false;
    takeHot(world, slot);
  } else {
    const time = firstTime(world.heap);
    if (time > until) return false;
    if (time > world.now) world.now = time;
  }
  runActor(world, slot, 'any');
  return true;
}

/** Whose turn it is: a thread of the coarse queue, the driver, or the first in time; -1 for nobody. */
export function nextSlot(world: World): number {
  const hot = hotSlot(world);
  if (hot !== -1) return hot;
  const { dueAt } = peek(world.parts, world.driver);
  if (world.choosing) return dueAt === Infinity ? -1 : world.driver;
  if (dueAt !== Infinity && dueAt <= firstTime(world.heap)) return world.driver;
  return firstSlot(world.heap);
}

/** Coarse mode, while somebody chooses: what follows at once from the event chosen last. */
export function runSuccessors(world: World): void {
  for (let slot = hotSlot(world); slot !== -1; slot = hotSlot(world)) {
    takeHot(world, slot);
    runActor(world, slot, 'any');
  }
}

/** Runs the chosen event now, or at the earliest time it can happen. */
export function choose(world: World, { slot, want, id, at }: Pick<Enabled, 'slot' | 'want' | 'id' | 'at'>): void {
  world.now = Math.max(world.now, at);
  runActor(world, slot, want, id);
}

/** The next thread of the coarse queue; -1 stands where one has left it. */
function hotSlot(world: World): number {
  const { hot } = world;
  if (hot.length === 0) return -1;
  for (; world.hotHead < hot.length; world.hotHead++) {
    const slot = hot[world.hotHead] ?? -1;
    if (slot !== -1) return slot;
  }
  world.hot = [];
  world.hotHead = 0;
  return -1;
}

function takeHot(world: World, slot: number): void {
  world.isHot[slot] = 0;
  world.hotHead += 1;
  if (world.hotHead > 1024 && world.hotHead * 2 > world.hot.length) {
    world.hot = world.hot.slice(world.hotHead);
    world.hotHead = 0;
  }
}

/** Runs one event of the actor. `want` decides between a message and a timeout where both are possible; `id` says which thread's fsync is done. */
export function runActor(world: World, slot: number, want: 'any' | 'timeout', id = -1): void {
  const kind = world.parts.kinds[slot];
  const { record } = world;
  begin(world, slot);
  if (kind === THREAD) {
    runThread(world, slot, want);
  } else if (kind === DISK) {
    record.actor = 'disk';
    record.node = peek<DiskPart>(world.parts, slot).node;
    runDisk(world, slot, id);
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
  if (world.parts.guard) seal(world.parts);
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
  if (record.notes.length > 0) record.notes.length = 0;
}

function finish(world: World): void {
  rollEvent(world.hash, world.record);
  if (world.observe !== null) world.observe(world);
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
  const { process } = peek(world.parts, handle.part);
  const effect = thread.todo.pop();
  if (effect === undefined) {
    runStep(world, handle, slot, takeInput(world, thread, want));
  } else {
    record.cause = thread.lastEvent;
    if (effect.type === 'continue') runStep(world, handle, slot, effect.item);
    else performOne(world, handle, slot, effect);
  }
  // The event may have ended the process, and this thread with it.
  const { power, process: now } = peek(world.parts, handle.part);
  if (power === 'up' && now === process) settleThread(world, slot);
}

function runStep(world: World, handle: NodeHandle, slot: Ref<ThreadPart>, input: Item): void {
  const ctx = contextOf(world, handle);
  const thread = own(world.parts, slot);
  world.record.input = input;
  ctx.now = world.now;
  ctx.traced = world.traced;
  ctx.thread = thread;
  thread.blockedOn = null;
  if (thread.answer !== null) {
    // A wait that is over: its wake-up has no meaning for the next one, an interrupt has.
    if (thread.answer.input.type === 'interrupted') thread.interrupted = true;
    thread.answer = null;
  }
  if (thread.kind === MAIN && input.type === 'boot') {
    handle.program.boot(ctx);
    thread.ending = true;
  } else {
    handle.program.step(ctx, input);
  }
  if (ctx.effects.length > 0) takeEffects(world, handle, slot, ctx.effects);
}

/** The first effect belongs to this event, the others to later ones. A `continue` is a step of its own. */
function takeEffects(world: World, handle: NodeHandle, slot: Ref<ThreadPart>, effects: Effect[]): void {
  const { todo } = own(world.parts, slot);
  while (effects.length > 1) {
    const effect = effects.pop();
    if (effect !== undefined) todo.push(effect);
  }
  const first = effects.pop();
  if (first === undefined) return;
  if (first.type === 'continue') todo.push(first);
  else performOne(world, handle, slot, first);
}

function performOne(world: World, handle: NodeHandle, slot: Ref<ThreadPart>, effect: Effect): void {
  const error = perform(world, handle, slot, effect);
  if (error === 'wait') {
    own(world.parts, slot).todo.push(effect);
    return;
  }
  world.record.effect = effect;
  if (error === null) return;
  const input: HostInput = { type: 'failed', effect, error };
  own(world.parts, slot).todo = [{ type: 'continue', item: input }];
}

/** What the thread was waiting for, taken from where it lay. */
function takeInput(world: World, thread: ThreadPart, want: 'any' | 'timeout'): Item {
  const { record } = world;
  const block = thread.blockedOn;
  if (want === 'any' && eventAt(world, thread) <= world.now) {
    const input = takeReady(world, thread);
    if (input !== null) return input;
  }
  if (deadlineOf(block) === Infinity) throw new Bug(`thread ${thread.id} of node ${thread.node} ran with nothing to do`);
  record.cause = thread.lastEvent;
  if (block !== null && block.on === 'connect') abandonDial(world, thread);
  return { type: 'timeout' };
}

function takeReady(world: World, thread: ThreadPart): Item | null {
  const { record } = world;
  const { answer, blockedOn: block } = thread;
  if (answer !== null) {
    thread.answer = null;
    record.cause = answer.cause;
    if (block !== null && block.on === 'connect') abandonDial(world, thread); // interrupted
    return answer.input;
  }
  if (block === null || block.on === 'queue') {
    const entry = shift(thread.mailbox);
    record.cause = entry.cause;
    return entry.item;
  }
  switch (block.on) {
    case 'read':
      return takeRead(world, thread.node, block.link);
    case 'accept':
      return takeAccepted(world, thread, block.port);
    case 'connect':
      return takeConnected(world, thread);
    default:
      return null;
  }
}

function takeRead(world: World, node: number, link: number): HostInput | null {
  const arrived = takeArrived(world, node, link);
  if (arrived === null) return null;
  world.record.cause = arrived.cause;
  if ('packet' in arrived) return { type: 'packet', link, packet: arrived.packet, zxid: arrived.packet.zxid ?? 0 };
  return { type: 'closed', link, how: arrived.how };
}

function takeConnected(world: World, thread: ThreadPart): HostInput {
  const link = takeAnswer(world, thread.connecting);
  thread.connecting = -1;
  return link === -1 ? { type: 'refused' } : { type: 'connected', link };
}

/** Whoever stops waiting for a connection gives up the attempt, or it would outlive its thread. */
function abandonDial(world: World, thread: ThreadPart): void {
  abandon(world, thread.connecting);
  thread.connecting = -1;
}

function takeAccepted(world: World, thread: ThreadPart, port: string): HostInput {
  const node = own(world.parts, nodeOf(world, thread.node).part);
  const bound = node.ports.get(port);
  const first = bound?.backlog[0];
  assert(bound !== undefined && first !== undefined, 'accepted from an empty backlog');
  node.ports.set(port, { backlog: bound.backlog.slice(1) });
  wakeAcceptors(world, node, port);
  world.record.cause = first.cause;
  return { type: 'accepted', port, link: first.link, from: first.from, address: linkOf(world, first.link)?.address ?? null };
}

/** Threads that wait for a connection look again. What a link knows of them are hints: slots are used again. */
import { own, peek, type Ref } from '../base/parts.ts';
import type { LinkPart, Side } from './network-state.ts';
import type { NodePart } from './node-state.ts';
import { scheduleThread } from './schedule.ts';
import { THREAD, type ThreadPart } from './thread-state.ts';
import type { World } from './world.ts';

/** The thread that is blocked in a read on this side looks again. */
export function wakeReader(world: World, link: Readonly<LinkPart>, side: Side): void {
  const slot: Ref<ThreadPart> = link.ends[side].reader;
  if (slot === -1 || slot === world.record.slot || world.parts.kinds[slot] !== THREAD) return;
  const { node, blockedOn } = peek(world.parts, slot);
  if (node === link.ends[side].node && blockedOn !== null && blockedOn.on === 'read' && blockedOn.link === link.id)
    scheduleThread(world, slot);
}

/** The threads of this side that wait for room try again: there is some, or never will be. */
export function wakeWriters(world: World, link: LinkPart, side: Side): void {
  const { node, writers } = link.ends[side];
  if (writers.length === 0) return;
  link.ends[side].writers = [];
  for (const slot of writers as readonly Ref<ThreadPart>[]) {
    if (world.parts.kinds[slot] !== THREAD) continue;
    const thread = peek(world.parts, slot);
    if (thread.node !== node || thread.writing !== link.id) continue;
    own(world.parts, slot).writing = -1;
    scheduleThread(world, slot);
  }
}

/** The dialler has its answer, or it comes at another time. */
export function wakeDialler(world: World, link: Readonly<LinkPart>): void {
  const slot: Ref<ThreadPart> = link.dialler;
  if (slot === world.record.slot || world.parts.kinds[slot] !== THREAD) return;
  if (peek(world.parts, slot).connecting === link.id) scheduleThread(world, slot);
}

/** The backlog of the port has changed. */
export function wakeAcceptors(world: World, node: Readonly<NodePart>, port: string): void {
  for (const slot of node.waiters) {
    if (world.parts.kinds[slot] !== THREAD) continue;
    const thread = peek(world.parts, slot);
    const { blockedOn } = thread;
    if (
      thread.node === node.index &&
      slot !== world.record.slot &&
      blockedOn !== null &&
      blockedOn.on === 'accept' &&
      blockedOn.port === port
    )
      scheduleThread(world, slot);
  }
}

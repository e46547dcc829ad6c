/**
 * Choosing as a way to run a world, for who explores it and for the schedules that come of that. What is sent, synced or handed over takes no
 * time, so that virtual time stands still, every order of what can happen is a run, and no two orders differ by the times they leave behind.
 * Time passes by timeouts alone: choosing one sets the time to its deadline.
 */
import { peek } from '../base/parts.ts';
import { DISK, type DiskPart } from './disk-state.ts';
import { LINK, type LinkPart } from './network-state.ts';
import { scheduleDisk, scheduleLink, scheduleThread } from './schedule.ts';
import { THREAD } from './thread-state.ts';
import type { World } from './world.ts';

/** From now on events are chosen. What is under way counts as arrived: the time goes to the latest of it. */
export function beginChoosing(world: World): void {
  const { parts } = world;
  for (let slot = 0; slot < parts.kinds.length; slot++) {
    if (parts.kinds[slot] === DISK) for (const { at } of peek<DiskPart>(parts, slot).pending) passTo(world, at);
    else if (parts.kinds[slot] === LINK) passToArrivals(world, peek<LinkPart>(parts, slot));
  }
  world.choosing = true;
}

function passToArrivals(world: World, { flows, answer, dueFor, dueAt, ends }: Readonly<LinkPart>): void {
  if (dueFor === 'syn') passTo(world, dueAt);
  if (answer !== null) passTo(world, answer.at);
  for (const { reset } of ends) if (reset !== null) passTo(world, reset.at);
  for (const { queue, end } of flows) {
    for (let i = queue.head; i < queue.items.length; i++) passTo(world, queue.items[i]?.at ?? Infinity);
    if (end !== null) passTo(world, end.at);
  }
}

function passTo(world: World, at: number): void {
  if (at !== Infinity && at > world.now) world.now = at;
}

/** The clock decides again. */
export function endChoosing(world: World): void {
  world.choosing = false;
  const { kinds } = world.parts;
  for (let slot = 0; slot < kinds.length; slot++) {
    if (kinds[slot] === THREAD) scheduleThread(world, slot);
    else if (kinds[slot] === DISK) scheduleDisk(world, slot);
    else if (kinds[slot] === LINK) scheduleLink(world, slot);
  }
}

/** Machines and processes: start, kill, power loss, pause. */
import { own, peek } from '../base/parts.ts';
import { threadId } from '../base/step.ts';
import { forgetSyncs, loseUnsynced, type PowerLoss } from './disk.ts';
import { loseSide, silenceSide, wakeFromSilence } from './link-end.ts';
import { linkSlots } from './links.ts';
import type { Side } from './network-state.ts';
import { nodeOf } from './nodes.ts';
import { scheduleThread } from './schedule.ts';
import { releaseThread, startThread } from './thread.ts';
import { MAIN } from './thread-state.ts';
import type { World } from './world.ts';

export function isUp(world: World, index: number): boolean {
  return peek(world.parts, nodeOf(world, index).part).power === 'up';
}

/** Starts the process; its boot code runs as the first event of its main thread. Does nothing when it runs. */
export function boot(world: World, index: number): boolean {
  const handle = nodeOf(world, index);
  if (peek(world.parts, handle.part).power === 'up') return false;
  const node = own(world.parts, handle.part);
  node.power = 'up';
  node.paused = false;
  node.process += 1;
  forEachSide(world, index, (slot, side) => wakeFromSilence(world, slot, side));
  startThread(world, index, threadId(MAIN, 0), { type: 'boot' });
  return true;
}

/** The process dies: threads, queues, sockets and memory vanish, the page cache stays. */
export function kill(world: World, index: number): boolean {
  if (!isUp(world, index)) return false;
  stopProcess(world, index);
  forEachSide(world, index, (slot, side) => loseSide(world, slot, side));
  own(world.parts, nodeOf(world, index).part).power = 'down';
  return true;
}

/** The machine loses power: as kill, but silently, and what was not synced is lost. */
export function powerLoss(world: World, index: number, how: PowerLoss): boolean {
  const handle = nodeOf(world, index);
  const { power } = peek(world.parts, handle.part);
  if (power === 'off') return false;
  if (power === 'up') stopProcess(world, index);
  own(world.parts, handle.part).power = 'off';
  forEachSide(world, index, (slot, side) => silenceSide(world, slot, side));
  loseUnsynced(world, handle, how);
  return true;
}

function forEachSide(world: World, node: number, act: (slot: number, side: Side) => void): void {
  for (const slot of linkSlots(world)) {
    const { ends } = peek(world.parts, slot);
    if (ends[0].node === node) act(slot, 0);
    else if (ends[1].node === node) act(slot, 1);
  }
}

function stopProcess(world: World, index: number): void {
  const handle = nodeOf(world, index);
  const node = own(world.parts, handle.part);
  for (const slot of node.threads.values()) releaseThread(world, slot);
  node.threads.clear();
  node.waiters = [];
  node.ports.clear();
  node.paused = false;
  node.stalls = [];
  forgetSyncs(world, handle);
}

/** A paused process does nothing, as in a long collection of garbage; its machine and its disk go on. */
export function setPaused(world: World, index: number, paused: boolean): boolean {
  const handle = nodeOf(world, index);
  const before = peek(world.parts, handle.part);
  if (before.power !== 'up' || before.paused === paused) return false;
  own(world.parts, handle.part).paused = paused;
  for (const slot of peek(world.parts, handle.part).threads.values()) scheduleThread(world, slot);
  return true;
}

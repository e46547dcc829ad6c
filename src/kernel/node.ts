/** Machines and processes: start, kill, power loss, pause. */
import { assert } from '../base/assert.ts';
import { own, peek } from '../base/parts.ts';
import { threadId } from '../base/step.ts';
import { setTime } from '../base/heap.ts';
import { forgetSyncs, loseUnsynced, type PowerLoss } from './disk.ts';
import { loseEnd, resetGone } from './link.ts';
import { scheduleThread } from './schedule.ts';
import { startThread } from './thread.ts';
import { MAIN } from './thread-state.ts';
import { release } from '../base/parts.ts';
import type { NodeHandle, World } from './world.ts';

export function nodeOf(world: World, index: number): NodeHandle {
  const handle = world.nodes[index];
  assert(handle !== undefined, () => `no node ${index}`);
  return handle;
}

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
  for (const link of node.links.slice()) resetGone(world, index, link);
  startThread(world, index, threadId(MAIN, 0), { type: 'boot' });
  return true;
}

/** The process dies: threads, queues, sockets and memory vanish, the page cache stays. */
export function kill(world: World, index: number): boolean {
  if (peek(world.parts, nodeOf(world, index).part).power !== 'up') return false;
  stopProcess(world, index, false);
  own(world.parts, nodeOf(world, index).part).power = 'down';
  return true;
}

/** The machine loses power: as kill, silently, and what was not synced is lost. */
export function powerLoss(world: World, index: number, how: PowerLoss): boolean {
  const handle = nodeOf(world, index);
  const { power } = peek(world.parts, handle.part);
  if (power === 'off') return false;
  if (power === 'up') stopProcess(world, index, true);
  loseUnsynced(world, handle, how);
  own(world.parts, handle.part).power = 'off';
  return true;
}

function stopProcess(world: World, index: number, silent: boolean): void {
  const handle = nodeOf(world, index);
  const { parts } = world;
  for (const slot of peek(parts, handle.part).threads.values()) {
    setTime(world.heap, slot, Infinity);
    release(parts, slot);
  }
  const node = own(parts, handle.part);
  node.threads.clear();
  node.ports.clear();
  node.paused = false;
  for (const link of node.links.slice()) loseEnd(world, index, link, silent);
  forgetSyncs(world, handle);
}

export function setPaused(world: World, index: number, paused: boolean): boolean {
  const handle = nodeOf(world, index);
  const before = peek(world.parts, handle.part);
  if (before.power !== 'up' || before.paused === paused) return false;
  own(world.parts, handle.part).paused = paused;
  for (const slot of peek(world.parts, handle.part).threads.values()) scheduleThread(world, slot);
  return true;
}

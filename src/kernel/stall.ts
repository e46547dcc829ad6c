/** A stall holds one thread of a process up while the others go on, as a scheduler may: it says which of two threads comes first. */
import { own, peek } from '../base/parts.ts';
import { keyOf, kindOf } from '../base/step.ts';
import type { NodePart } from './node-state.ts';
import { nodeOf } from './nodes.ts';
import { scheduleThread } from './schedule.ts';
import type { World } from './world.ts';

export interface StallOptions {
  readonly kind: number;
  /** One of several threads of the kind; null for all. */
  readonly key: number | null;
  /** null: until they are let go. */
  readonly untilUs: number | null;
  /** Leaves out those that start later. */
  readonly onlyLiving: boolean;
}

/** The threads do nothing for so long. */
export function stallThreads(world: World, index: number, { kind, key, untilUs, onlyLiving }: StallOptions): boolean {
  const handle = nodeOf(world, index);
  const { power, threads, stalls } = peek(world.parts, handle.part);
  if (power !== 'up') return false;
  const living = [...threads.keys()].filter((id) => kindOf(id) === kind && (key === null || keyOf(id) === key));
  if (onlyLiving && living.length === 0) return false;
  const stall = { kind, key, until: untilUs ?? Infinity, threads: onlyLiving ? living : null };
  own(world.parts, handle.part).stalls = [...stalls.filter(({ until }) => until > world.now), stall];
  rescheduleNode(world, index);
  return true;
}

/** Ends every stall of threads of the kind. */
export function letGo(world: World, index: number, kind: number): boolean {
  const { part } = nodeOf(world, index);
  const kept = peek(world.parts, part).stalls.filter((stall) => stall.kind !== kind);
  if (kept.length === peek(world.parts, part).stalls.length) return false;
  own(world.parts, part).stalls = kept;
  rescheduleNode(world, index);
  return true;
}

export function letAllGo(world: World, index: number): void {
  const { part } = nodeOf(world, index);
  if (peek(world.parts, part).stalls.length === 0) return;
  own(world.parts, part).stalls = [];
  rescheduleNode(world, index);
}

function rescheduleNode(world: World, index: number): void {
  const node: Readonly<NodePart> = peek(world.parts, nodeOf(world, index).part);
  for (const slot of node.threads.values()) scheduleThread(world, slot);
}

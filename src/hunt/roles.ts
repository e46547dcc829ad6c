/** Who is who at a moment of a run, for drivers that aim. */
import { peek } from '../base/parts.ts';
import { serverRefsOf } from '../ensemble/ensemble.ts';
import { nodeOf } from '../kernel/nodes.ts';
import type { World } from '../kernel/world.ts';

export function isUp(world: World, node: number): boolean {
  return peek(world.parts, nodeOf(world, node).part).power === 'up';
}

/** A server that holds itself for the leader, if there is one: what happens to leaders matters most. */
export function leaderOf(world: World, servers: number): number | null {
  const leader = world.nodes.slice(0, servers).find(({ index }) => isUp(world, index) && peerOf(world, index).state === 'LEADING');
  return leader?.index ?? null;
}

/** Nodes of the servers that run. */
export function upServers(world: World, servers: number): number[] {
  return world.nodes.slice(0, servers).flatMap(({ index }) => (isUp(world, index) ? [index] : []));
}

/** Has some server been established and opened its door? */
export function isLed(world: World, servers: number): boolean {
  return upServers(world, servers).some((node) => peerOf(world, node).state === 'LEADING' && peerOf(world, node).serving);
}

/** Is one leading, and has every server that runs joined it? */
export function hasJoined(world: World, servers: number): boolean {
  return isLed(world, servers) && upServers(world, servers).every((node) => peerOf(world, node).zabState === 'BROADCAST');
}

/** Is some server being brought up to date? */
export function isSynchronising(world: World, servers: number): boolean {
  return upServers(world, servers).some((node) => {
    const { state, zabState } = peerOf(world, node);
    return zabState === 'SYNCHRONIZATION' && state !== 'LEADING';
  });
}

function peerOf(world: World, node: number) {
  return peek(world.parts, serverRefsOf(world, node).peer);
}

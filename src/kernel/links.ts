/** Which connections there are: found by id, and who holds their sockets. */
import { at, lengthOf } from '../base/deque.ts';
import { peek, type Ref } from '../base/parts.ts';
import type { LinkId } from '../base/step.ts';
import type { InFlight, LinkPart, Side } from './network-state.ts';
import type { World } from './world.ts';

/** Where the link lies; -1 when it is over. Ids are never used twice, so one of a dead connection names nothing. */
export function linkSlot(world: World, id: LinkId): Ref<LinkPart> {
  return peek(world.parts, world.links).slots.get(id) ?? -1;
}

export function linkOf(world: World, id: LinkId): Readonly<LinkPart> | null {
  const slot = linkSlot(world, id);
  return slot === -1 ? null : peek(world.parts, slot);
}

/** The side whose socket this node's process holds; -1 for none. */
export function sideAt(link: Readonly<LinkPart>, node: number): Side | -1 {
  if (link.ends[0].node === node && link.ends[0].state === 'open') return 0;
  if (link.ends[1].node === node && link.ends[1].state === 'open') return 1;
  return -1;
}

/** The first packet that a read on this side will take, arrived or not. */
export function headOf(world: World, id: LinkId, node: number): InFlight | null {
  const link = linkOf(world, id);
  const side = link === null ? -1 : sideAt(link, node);
  if (link === null || side === -1) return null;
  const { queue } = link.flows[otherSide(side)];
  return lengthOf(queue) > 0 ? at(queue, 0) : null;
}

/** When the dialler learns what became of its attempt; 0 where there is none. */
export function answeredAt(world: World, id: LinkId): number {
  const link = linkOf(world, id);
  return link === null ? 0 : (link.answer?.at ?? Infinity);
}

export function otherSide(side: Side): Side {
  return side === 0 ? 1 : 0;
}

/** Every connection in the order of ids, which do not depend on history as slots do. */
export function linkSlots(world: World): Ref<LinkPart>[] {
  const { slots } = peek(world.parts, world.links);
  const ids = [...slots.keys()].sort((a, b) => a - b);
  return ids.map((id) => slots.get(id) ?? -1);
}

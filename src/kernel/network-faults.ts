/** Partitions, broken connections and single messages. */
import { lengthOf } from '../base/deque.ts';
import { drawBelow, streamOf, subStream } from '../base/draw.ts';
import { own, peek, type Ref } from '../base/parts.ts';
import type { Item, LinkId } from '../base/step.ts';
import { breakLink, type Break } from './link-end.ts';
import { afterPathChange, requeue } from './link-cut.ts';
import { isBlocked } from './link-path.ts';
import { linkSlot, linkSlots, otherSide } from './links.ts';
import { matches } from './message-rules.ts';
import type { InFlight, LinkPart, MessageMatch, Side } from './network-state.ts';
import type { World } from './world.ts';

const BREAK = streamOf('break');

/** Every living link, in the order of ids. */
export function livingLinks(world: World): Readonly<LinkPart>[] {
  return linkSlots(world).map((slot) => peek<LinkPart>(world.parts, slot));
}

/** Cuts or restores the direction from one node to another. Packets that have not arrived are held; after a heal they come by retransmission. */
export function setBlocked(world: World, from: number, to: number, blocked: boolean): void {
  if (from === to || isBlocked(world, from, to) === blocked) return;
  const network = own(world.parts, world.network);
  network.blocked[from * world.nodes.length + to] = blocked;
  network.cuts += blocked ? 1 : -1;
  for (const slot of linkSlots(world)) {
    const { ends } = peek(world.parts, slot);
    if (ends[0].node === from && ends[1].node === to) afterPathChange(world, slot, 0);
    if (ends[1].node === from && ends[0].node === to) afterPathChange(world, slot, 1);
  }
}

/** Cuts every direction between nodes of different groups; nodes named in no group form one of their own. */
export function partition(world: World, groups: readonly (readonly number[])[]): void {
  const groupOf = (node: number): number => groups.findIndex((group) => group.includes(node));
  for (const a of world.nodes)
    for (const b of world.nodes) if (groupOf(a.index) !== groupOf(b.index)) setBlocked(world, a.index, b.index, true);
}

export function healAll(world: World): void {
  for (const a of world.nodes) for (const b of world.nodes) setBlocked(world, a.index, b.index, false);
}

/** Breaks every connection between two nodes on a port (or all): drawn suffixes are lost unless `how` says. Returns how many broke. */
export function breakBetween(world: World, a: number, b: number, port: string | null, how: Break | null): number {
  let broken = 0;
  for (const link of livingLinks(world)) {
    const joins = (link.ends[0].node === a && link.ends[1].node === b) || (link.ends[0].node === b && link.ends[1].node === a);
    if (!joins || (port !== null && link.port !== port)) continue;
    breakLink(world, link.id, how ?? drawnBreak(world, link));
    broken += 1;
  }
  return broken;
}

function drawnBreak(world: World, link: Readonly<LinkPart>): Break {
  const stream = subStream(link.stream, BREAK);
  const keep = (side: Side): number => drawBelow(world.key, stream, side, lengthOf(link.flows[side].queue) + 1);
  const notice = (side: Side): number => drawBelow(world.key, stream, side + 2, 2000);
  return { keep: [keep(0), keep(1)], noticeUs: [notice(0), notice(1)] };
}

/** A packet in flight, as a person points at it. */
export interface PacketName {
  readonly link: LinkId;
  readonly direction: Side;
  readonly n: number;
}

export interface PacketInFlight extends PacketName {
  readonly from: number;
  readonly to: number;
  readonly port: string;
  readonly packet: Item;
  readonly entry: InFlight;
}

/** Packets that have been sent and not read. */
export function packetsInFlight(world: World): PacketInFlight[] {
  const packets: PacketInFlight[] = [];
  for (const link of livingLinks(world)) {
    for (const direction of [0, 1] as const) {
      const { queue } = link.flows[direction];
      const [from, to] = [link.ends[direction].node, link.ends[otherSide(direction)].node];
      for (const entry of queue.items.slice(queue.head)) {
        packets.push({ link: link.id, direction, n: entry.n, from, to, port: link.port, packet: entry.packet, entry });
      }
    }
  }
  return packets;
}

export function findPackets(world: World, match: MessageMatch): PacketInFlight[] {
  return packetsInFlight(world).filter(({ from, to, port, packet }) => matches(match, from, to, port, packet));
}

/**
 * Does something to one packet in flight. `drop` and `duplicate` break TCP's promise on purpose. False when it is no longer there, or held
 * by a partition, which no hand lifts for one packet.
 */
export function touchPacket(
  world: World,
  name: PacketName,
  action: 'drop' | 'hold' | 'release' | 'duplicate' | { readonly at: number },
): boolean {
  const slot: Ref<LinkPart> = linkSlot(world, name.link);
  if (slot === -1) return false;
  const { queue } = peek(world.parts, slot).flows[name.direction];
  const i = queue.items.findIndex((entry, index) => index >= queue.head && entry.n === name.n);
  if (i === -1) return false;
  const arrives = action === 'release' || typeof action === 'object';
  if (arrives && queue.items[i]?.held === 'partition') return false;
  requeue(world, slot, name.direction, (items) => {
    const entry = items[i];
    if (entry === undefined) return;
    if (action === 'drop') items.splice(i, 1);
    else if (action === 'duplicate') items.splice(i, 0, entry);
    else if (action === 'hold') items[i] = { ...entry, at: Infinity, held: 'rule' };
    else if (action === 'release') items[i] = { ...entry, at: world.now, held: null };
    else items[i] = { ...entry, at: Math.max(world.now, action.at), held: null };
  });
  return true;
}

/** Partitions, broken connections and single messages. */
import { lengthOf } from '../base/deque.ts';
import { drawBelow, streamOf, subStream } from '../base/draw.ts';
import { own, peek } from '../base/parts.ts';
import type { Item } from '../base/step.ts';
import { breakLink, isBlocked, requeue, type Break } from './link.ts';
import { matches } from './message-rules.ts';
import { LINK, type InFlight, type LinkPart, type MessageMatch } from './network-state.ts';
import { linkOf } from './schedule.ts';
import type { World } from './world.ts';

const BREAK = streamOf('break');

/** Every living link, in the order of slots. */
export function livingLinks(world: World): Readonly<LinkPart>[] {
  const links: Readonly<LinkPart>[] = [];
  for (let slot = 0; slot < world.parts.values.length; slot++) {
    if (world.parts.kinds[slot] === LINK) links.push(peek<LinkPart>(world.parts, slot));
  }
  return links;
}

/** Cuts or restores the direction from one node to another. Packets that have not arrived are held; after a heal they come by retransmission. */
export function setBlocked(world: World, from: number, to: number, blocked: boolean): void {
  if (isBlocked(world, from, to) === blocked) return;
  own(world.parts, world.network).blocked[from * world.nodes.length + to] = blocked;
  for (const link of livingLinks(world)) {
    if (link.ends[0].node === from && link.ends[1].node === to) requeue(world, link.id, 0);
    if (link.ends[1].node === from && link.ends[0].node === to) requeue(world, link.id, 1);
  }
}

/** Cuts every direction between nodes of different groups; nodes named in no group form one of their own. */
export function partition(world: World, groups: readonly (readonly number[])[]): void {
  const groupOf = (node: number): number => groups.findIndex((group) => group.includes(node));
  for (const a of world.nodes) for (const b of world.nodes) if (a !== b && groupOf(a.index) !== groupOf(b.index)) setBlocked(world, a.index, b.index, true);
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
  const keep = (direction: 0 | 1): number => drawBelow(world.key, stream, direction, lengthOf(link.flows[direction].queue) + 1);
  const notice = (direction: 0 | 1): number => drawBelow(world.key, stream, direction + 2, 2000);
  return { keep: [keep(0), keep(1)], noticeUs: [notice(0), notice(1)] };
}

/** A packet in flight, as a person points at it. */
export interface PacketName {
  readonly link: number;
  readonly direction: 0 | 1;
  readonly n: number;
}

export interface PacketInFlight extends PacketName {
  readonly from: number;
  readonly to: number;
  readonly port: string;
  readonly packet: Item;
  readonly entry: InFlight;
}

/** Packets that have been sent and not read, on links whose receiver lives. */
export function packetsInFlight(world: World): PacketInFlight[] {
  const packets: PacketInFlight[] = [];
  for (const link of livingLinks(world)) {
    for (const direction of [0, 1] as const) {
      const { queue } = link.flows[direction];
      for (let i = queue.head; i < queue.items.length; i++) {
        const entry = queue.items[i];
        if (entry === undefined) continue;
        const [from, to] = [link.ends[direction].node, link.ends[direction === 0 ? 1 : 0].node];
        packets.push({ link: link.id, direction, n: entry.n, from, to, port: link.port, packet: entry.packet, entry });
      }
    }
  }
  return packets;
}

export function findPackets(world: World, match: MessageMatch): PacketInFlight[] {
  return packetsInFlight(world).filter(({ from, to, port, packet }) => matches(match, from, to, port, packet));
}

/** Does something to one packet in flight. `drop` and `duplicate` break TCP's promise on purpose. False when it is no longer there. */
export function touchPacket(world: World, name: PacketName, action: 'drop' | 'hold' | 'release' | 'duplicate' | { readonly at: number }): boolean {
  const link = linkOf(world, name.link);
  if (link === null) return false;
  const { queue } = link.flows[name.direction];
  const i = queue.items.findIndex((entry, index) => index >= queue.head && entry.n === name.n);
  if (i === -1) return false;
  return requeue(world, name.link, name.direction, (items) => {
    const entry = items[i];
    if (entry === undefined) return;
    if (action === 'drop') items.splice(i, 1);
    else if (action === 'duplicate') items.splice(i, 0, entry);
    else if (action === 'hold') items[i] = { ...entry, at: Infinity, held: 'rule' };
    else if (action === 'release') items[i] = { ...entry, at: world.now, held: null };
    else items[i] = { ...entry, at: Math.max(world.now, action.at), held: null };
  });
}

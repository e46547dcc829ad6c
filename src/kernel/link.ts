/**
 * Connections as TCP gives them: in order and reliable until they break. This file is their everyday: who holds a socket, sending and
 * reading. How they come about is in link-dial.ts, how they end in link-end.ts, cuts and heals in network-faults.ts.
 */
import { at, lengthOf, push, shift } from '../base/deque.ts';
import { own, peek, type Ref } from '../base/parts.ts';
import type { Item, LinkId } from '../base/step.ts';
import { armGiveUp, isDead, resetSide } from './link-end.ts';
import { answers, delayOf, isBlocked, RESET_DRAW, sureDelayOf } from './link-path.ts';
import { linkSlot, otherSide, sideAt } from './links.ts';
import { ruleFor } from './message-rules.ts';
import { WINDOW_PACKETS, type InFlight, type LinkPart, type MessageRule, type Side } from './network-state.ts';
import type { ThreadPart } from './thread-state.ts';
import { wakeReader, wakeWriters } from './wake.ts';
import type { World } from './world.ts';

/** broken: this side knows that the connection is over. full: the receiver does not read, and the sender must wait. */
export function send(world: World, node: number, id: LinkId, packet: Item): 'sent' | 'broken' | 'full' {
  const slot = linkSlot(world, id);
  if (slot === -1) return 'broken';
  const known = peek<LinkPart>(world.parts, slot);
  const side = sideAt(known, node);
  if (side === -1) return 'broken';
  const { reset } = known.ends[side];
  if (reset !== null && reset.at <= world.now) return 'broken';
  if (lengthOf(known.flows[side].queue) >= (world.config.network.windowPackets ?? WINDOW_PACKETS)) return 'full';
  const link = own(world.parts, slot);
  link.flows[side].sent += 1;
  if (reset !== null) return 'sent'; // broken already and not noticed here yet: the bytes go nowhere
  const peer = link.ends[otherSide(side)];
  if (isDead(world, peer) && answers(world, node, peer.node)) {
    // The machine over there no longer has this socket: it answers with a reset.
    const there = sureDelayOf(world, link, side, link.flows[side].sent);
    resetSide(world, link, side, world.now + there + sureDelayOf(world, link, otherSide(side), RESET_DRAW), true);
    return 'sent';
  }
  const rule = ruleFor(world, node, peer.node, link.port, packet);
  if ((rule !== null && rule.action === 'drop') || world.decide.losesPacket(link.port, link.flows[side].sent)) return 'sent';
  put(world, link, side, packet, rule);
  if (rule !== null && rule.action === 'duplicate') put(world, link, side, packet, null);
  return 'sent';
}

/** Puts a packet on its way. One that cannot get through, however often it is sent, is held. */
function put(world: World, link: LinkPart, side: Side, packet: Item, rule: MessageRule | null): void {
  const flow = link.flows[side];
  const peer = link.ends[otherSide(side)];
  const delay = delayOf(world, link, side, flow.sent);
  const datagrams = world.config.network.datagrams === true;
  let arrival = world.now + delay + (rule !== null && rule.action === 'delay' ? rule.delayUs : 0);
  let held: InFlight['held'] = null;
  if (peer.state !== 'open' || peek(world.parts, world.network).cuts > 0) {
    const { node } = link.ends[side];
    if (isDead(world, peer) || isBlocked(world, node, peer.node)) held = 'partition';
    if (held !== null || !answers(world, node, peer.node)) armGiveUp(world, link, side, true);
  }
  if (delay === Infinity && held === null) {
    held = 'partition';
    armGiveUp(world, link, side, true);
  }
  if (held !== null && datagrams) return;
  if (rule !== null && rule.action === 'hold') held = 'rule';
  if (held !== null) arrival = Infinity;
  else if (!datagrams && arrival < flow.lastAt) arrival = flow.lastAt;
  if (held === null) flow.lastAt = arrival;
  const entry = { packet, at: arrival, sentAt: world.now, cause: world.record.id, n: flow.sent, held };
  if (datagrams) insertByArrival(flow.queue.items, flow.queue.head, entry);
  else push(flow.queue, entry);
  // A packet behind another one changes nothing for the reader.
  if (datagrams || lengthOf(flow.queue) === 1) wakeReader(world, link, otherSide(side));
}

function insertByArrival(items: InFlight[], head: number, entry: InFlight): void {
  let i = items.length;
  while (i > head && (items[i - 1]?.at ?? 0) > entry.at) i -= 1;
  items.splice(i, 0, entry);
}

export interface ClosedStream {
  readonly how: 'eof' | 'reset' | 'local';
  readonly cause: number;
}

/** What a reader gets now, a packet taken from the queue; null when nothing has arrived. */
export function takeArrived(world: World, node: number, id: LinkId): InFlight | ClosedStream | null {
  const slot = linkSlot(world, id);
  const known = slot === -1 ? null : peek<LinkPart>(world.parts, slot);
  const side = known === null ? -1 : sideAt(known, node);
  if (known === null || side === -1) return { how: 'local', cause: 0 };
  const from = otherSide(side);
  const flow = known.flows[from];
  if (lengthOf(flow.queue) === 0) return flow.end !== null && flow.end.at <= world.now ? flow.end : null;
  if (at(flow.queue, 0).at > world.now) return null;
  const link = own(world.parts, slot);
  const entry = shift(link.flows[from].queue);
  if (link.ends[from].writers.length > 0) wakeWriters(world, link, from);
  return entry;
}

/** The thread's next effect is a send for which there is no room. */
export function waitForRoom(world: World, slot: Ref<ThreadPart>, id: LinkId): void {
  const link = own(world.parts, linkSlot(world, id));
  const thread = own(world.parts, slot);
  const side = sideAt(link, thread.node);
  if (side === -1) return;
  thread.writing = id;
  link.ends[side].writers = [...link.ends[side].writers, slot];
}

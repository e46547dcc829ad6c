/**
 * How connections end. A process that closes or dies lets what it sent arrive, then the end of the stream. A machine without power and a
 * partition are silent: the other side gives up when it has sent in vain for long enough, or by keepalive. A break loses a suffix of its
 * own in each direction, and each side notices at its own time.
 */
import { at, lengthOf } from '../base/deque.ts';
import { setTime } from '../base/heap.ts';
import { own, peek, release, type Ref } from '../base/parts.ts';
import type { LinkId } from '../base/step.ts';
import { answers, arrives, END_DRAW, RESET_DRAW, retransmissionTime, sureDelayOf } from './link-path.ts';
import { linkSlot, otherSide, sideAt } from './links.ts';
import type { Flow, InFlight, LinkEnd, LinkPart, Side } from './network-state.ts';
import { scheduleLink } from './schedule.ts';
import { wakeDialler, wakeReader, wakeWriters } from './wake.ts';
import type { World } from './world.ts';

/** The first repetition of a SYN; the wait doubles each time. */
export const SYN_AGAIN = 1_000_000;

/** The machine of this end no longer knows the connection, and answers what still comes with a reset. */
export function isDead(world: World, end: Readonly<LinkEnd>): boolean {
  return end.state !== 'open' || (end.reset !== null && end.reset.at <= world.now);
}

/** A reset gets to this side: it reads what came before, then the reset; it sends no more, nor again. */
export function resetSide(world: World, link: LinkPart, side: Side, when: number, travels: boolean): void {
  const end = link.ends[side];
  if (end.state !== 'open' || (end.reset !== null && end.reset.at <= when)) return;
  const inward = link.flows[otherSide(side)];
  keepArrivals(inward, (entry) => entry.at !== Infinity);
  const time = Math.max(when, lastArrival(inward));
  end.reset = { at: time, cause: world.record.id, travels };
  end.giveUpAt = Infinity;
  if (inward.end === null || inward.end.at > time) inward.end = { how: 'reset', at: time, cause: world.record.id, held: false };
  keepArrivals(link.flows[side], (entry) => entry.held !== 'partition');
  wakeReader(world, link, side);
  wakeWriters(world, link, side);
  scheduleGiveUp(world, link);
}

function lastArrival(flow: Readonly<Flow>): number {
  const length = lengthOf(flow.queue);
  return length === 0 ? 0 : at(flow.queue, length - 1).at;
}

/** Keeps the packets for which it holds, as far as no hole comes before them: what is behind a lost byte is never read. */
function keepArrivals(flow: Flow, isKept: (entry: InFlight, i: number) => boolean): void {
  const kept: InFlight[] = [];
  const length = lengthOf(flow.queue);
  for (let i = 0; i < length; i++) {
    const entry = at(flow.queue, i);
    if (!isKept(entry, i)) break;
    kept.push(entry);
  }
  flow.queue.items = kept;
  flow.queue.head = 0;
}

/** The process closes its socket: what it sent still arrives, then end of stream. Its own reader sees 'local'. */
export function closeLink(world: World, node: number, id: LinkId): void {
  const slot = linkSlot(world, id);
  if (slot === -1) return;
  const side = sideAt(peek(world.parts, slot), node);
  if (side === -1) return;
  const link = own(world.parts, slot);
  closeSide(world, link, side, 'closed');
  wakeReader(world, link, side);
  wakeWriters(world, link, side);
  discardIfOver(world, slot);
}

/** The process of this end has died; its machine closes the socket for it. */
export function loseSide(world: World, slot: Ref<LinkPart>, side: Side): void {
  const link = own(world.parts, slot);
  if (link.ends[side].state !== 'open') return;
  if (link.state === 'connecting') return discard(world, slot);
  closeSide(world, link, side, 'gone');
  discardIfOver(world, slot);
}

function closeSide(world: World, link: LinkPart, side: Side, state: 'closed' | 'gone'): void {
  const other = otherSide(side);
  const [end, peer, outward, inward] = [link.ends[side], link.ends[other], link.flows[side], link.flows[other]];
  const isKnown = !isDead(world, end) && !isDead(world, peer);
  const first = lengthOf(inward.queue) === 0 ? null : at(inward.queue, 0);
  end.state = state;
  end.giveUpAt = Infinity;
  inward.queue.items = [];
  inward.queue.head = 0;
  if (isKnown && outward.end === null) {
    const held = !arrives(world, end.node, peer.node);
    const when = Math.max(outward.lastAt, lastArrival(outward), world.now + sureDelayOf(world, link, side, END_DRAW));
    outward.end = { how: 'eof', at: held ? Infinity : when, cause: world.record.id, held };
    wakeReader(world, link, other);
    // What was not read or is still to come meets a closed socket, which is answered with a reset.
    if (first !== null && first.at !== Infinity && !held) {
      resetAfter(world, link, other, Math.max(world.now, first.at) + sureDelayOf(world, link, side, RESET_DRAW));
    }
  }
  wakeWriters(world, link, other);
  scheduleGiveUp(world, link);
}

/** A reset behind what the side is still to read: sends fail from then on, reads see what they would have seen. */
function resetAfter(world: World, link: LinkPart, side: Side, when: number): void {
  const end = link.ends[side];
  const inward = link.flows[otherSide(side)];
  if (end.reset !== null && end.reset.at <= when) return;
  end.reset = { at: Math.max(when, inward.end?.at ?? 0, inward.lastAt), cause: world.record.id, travels: true };
  end.giveUpAt = Infinity;
}

/** The machine of this end lost its power, whatever had become of its process: nothing more leaves it, and nobody is told. */
export function silenceSide(world: World, slot: Ref<LinkPart>, side: Side): void {
  const link = own(world.parts, slot);
  if (link.state === 'connecting') {
    if (side === 0) discard(world, slot);
    return;
  }
  if (side === 1 && link.ends[0].state === 'open' && link.answer !== null && link.answer.held) return dialAgain(world, slot, link);
  const other = otherSide(side);
  const [end, outward, inward] = [link.ends[side], link.flows[side], link.flows[other]];
  end.state = 'gone';
  end.giveUpAt = Infinity;
  keepArrivals(outward, (entry) => entry.held !== 'partition');
  if (outward.end !== null && outward.end.held) outward.end = null;
  // What had not arrived is sent again in vain; what had is lost with the machine.
  const unanswered: InFlight[] = [];
  for (let i = 0; i < lengthOf(inward.queue); i++) {
    const entry = at(inward.queue, i);
    if (entry.at > world.now) unanswered.push({ ...entry, at: Infinity, held: entry.held ?? 'partition' });
  }
  inward.queue.items = unanswered;
  inward.queue.head = 0;
  wakeWriters(world, link, other);
  armGiveUp(world, link, other, unanswered.length > 0);
  discardIfOver(world, slot);
}

/** The answer to a SYN never left: the SYN is sent again, as if the machine had not been there. */
function dialAgain(world: World, slot: Ref<LinkPart>, link: LinkPart): void {
  link.state = 'connecting';
  link.answer = null;
  link.ends[1].state = 'gone';
  for (const flow of link.flows) {
    flow.queue.items = [];
    flow.queue.head = 0;
    flow.end = null;
  }
  for (const end of link.ends) {
    end.reset = null;
    end.giveUpAt = Infinity;
  }
  link.dueAt = world.now + SYN_AGAIN;
  link.dueFor = 'syn';
  scheduleLink(world, slot);
}

/** A machine is up again: who still sends on a connection of its former life is told that it is over. */
export function wakeFromSilence(world: World, slot: Ref<LinkPart>, side: Side): void {
  const known = peek(world.parts, slot);
  const other = otherSide(side);
  if (known.state !== 'open' || known.ends[side].state === 'open' || known.ends[other].state !== 'open') return;
  if (lengthOf(known.flows[other].queue) === 0 || !answers(world, known.ends[other].node, known.ends[side].node)) return;
  const link = own(world.parts, slot);
  resetLater(world, link, other);
}

/** What the side sends again meets a machine that does not know the connection. */
export function resetLater(world: World, link: LinkPart, side: Side): void {
  const delay = world.config.network.retransmitUs + sureDelayOf(world, link, otherSide(side), RESET_DRAW);
  resetSide(world, link, side, world.now + delay, true);
}

/** Starts the clock after which a side gives up: keepalive, and retransmission where it has sent something in vain. */
export function armGiveUp(world: World, link: LinkPart, side: Side, unanswered: boolean): void {
  const end = link.ends[side];
  if (end.state !== 'open' || end.reset !== null) return;
  const { keepaliveUs } = world.config.network;
  const patience = Math.min(keepaliveUs > 0 ? keepaliveUs : Infinity, unanswered ? retransmissionTime(world) : Infinity);
  if (world.now + patience >= end.giveUpAt) return;
  end.giveUpAt = world.now + patience;
  link.cause = world.record.id;
  scheduleGiveUp(world, link);
}

/** The link acts next when the first of its sides gives up. */
export function scheduleGiveUp(world: World, link: LinkPart): void {
  if (link.state === 'connecting') return;
  link.dueAt = Math.min(link.ends[0].giveUpAt, link.ends[1].giveUpAt);
  link.dueFor = link.dueAt === Infinity ? 'none' : 'give-up';
  const slot = linkSlot(world, link.id);
  if (slot !== -1) scheduleLink(world, slot);
}

/** A side has had no answer for too long. The other side is not told: it finds out when it sends, or by giving up as well. */
export function onGiveUp(world: World, slot: Ref<LinkPart>): void {
  const link = own(world.parts, slot);
  const side: Side = link.ends[0].giveUpAt <= link.ends[1].giveUpAt ? 0 : 1;
  keepArrivals(link.flows[otherSide(side)], (entry) => entry.at <= world.now);
  resetSide(world, link, side, world.now, false);
}

/** How a connection breaks: how many undelivered packets still arrive in each direction, and when each side notices. */
export interface Break {
  readonly keep: readonly [number, number];
  readonly noticeUs: readonly [number, number];
}

/** Breaks one connection; both sides may use the same addresses again at once. */
export function breakLink(world: World, id: LinkId, how: Break): void {
  const slot = linkSlot(world, id);
  if (slot === -1) return;
  const link = own(world.parts, slot);
  if (link.state === 'connecting') {
    link.dueFor = 'none';
    link.dueAt = Infinity;
    link.answer = { how: 'refused', at: world.now, cause: world.record.id, held: false };
    scheduleLink(world, slot);
    wakeDialler(world, link);
    return;
  }
  for (const side of [0, 1] as const) {
    const flow = link.flows[side];
    const receiver = otherSide(side);
    keepArrivals(flow, (entry, i) => i < how.keep[side] && entry.at !== Infinity);
    const when = Math.max(lastArrival(flow), world.now + how.noticeUs[receiver]);
    if (flow.end === null || flow.end.at > world.now) flow.end = { how: 'reset', at: when, cause: world.record.id, held: false };
    const end = link.ends[receiver];
    end.giveUpAt = Infinity;
    if (end.state === 'open' && (end.reset === null || end.reset.at > when))
      end.reset = { at: when, cause: world.record.id, travels: false };
  }
  for (const side of [0, 1] as const) {
    wakeReader(world, link, side);
    wakeWriters(world, link, side);
  }
  scheduleGiveUp(world, link);
}

/** Frees the part once neither process holds the socket. */
function discardIfOver(world: World, slot: Ref<LinkPart>): void {
  const link = peek(world.parts, slot);
  if (link.ends[0].state !== 'open' && link.ends[1].state !== 'open') discard(world, slot);
}

export function discard(world: World, slot: Ref<LinkPart>): void {
  const { id } = peek(world.parts, slot);
  own(world.parts, world.links).slots.delete(id);
  release(world.parts, slot);
  setTime(world.heap, slot, Infinity);
}

/** What a cut, a heal, or a hand on single packets does to a connection. */
import { at, lengthOf } from '../base/deque.ts';
import { own, peek, type Ref } from '../base/parts.ts';
import { armGiveUp, isDead, resetLater, scheduleGiveUp } from './link-end.ts';
import { AGAIN_DRAW, answers, arrives, sureDelayOf } from './link-path.ts';
import { otherSide } from './links.ts';
import type { Flow, InFlight, LinkPart, Side } from './network-state.ts';
import { wakeDialler, wakeReader, wakeWriters } from './wake.ts';
import type { World } from './world.ts';

/** The way in one direction was cut or is there again. */
export function afterPathChange(world: World, slot: Ref<LinkPart>, side: Side): void {
  const known = peek(world.parts, slot);
  if (known.state === 'connecting') return; // a SYN looks for itself
  const link = own(world.parts, slot);
  const through = arrives(world, link.ends[side].node, link.ends[otherSide(side)].node);
  changeAnswer(world, link, side, through);
  changeReset(world, link, side, through);
  requeue(world, slot, side);
  for (const each of [0, 1] as const) judgeAnswers(world, link, each);
  scheduleGiveUp(world, link);
}

/** The answer to a SYN travels as packets do. */
function changeAnswer(world: World, link: LinkPart, side: Side, through: boolean): void {
  const { answer } = link;
  if (side !== 1 || answer === null) return;
  if (through && answer.held) link.answer = { ...answer, at: world.now + world.config.network.retransmitUs, held: false };
  else if (!through && answer.at > world.now) link.answer = { ...answer, at: Infinity, held: true };
  wakeDialler(world, link);
}

/** A reset is sent once: the cut swallows it, and the next packet to the dead socket makes another one. */
function changeReset(world: World, link: LinkPart, side: Side, through: boolean): void {
  const end = link.ends[otherSide(side)];
  if (through || end.reset === null || !end.reset.travels || end.reset.at <= world.now) return;
  end.reset = null;
  const flow = link.flows[side];
  if (flow.end !== null && flow.end.how === 'reset') flow.end = null;
}

/** Does what this side sends get an answer? If not it will give up; if so it need not, unless the peer is dead and was never heard to be. */
function judgeAnswers(world: World, link: LinkPart, side: Side): void {
  const [end, peer] = [link.ends[side], link.ends[otherSide(side)]];
  const { queue } = link.flows[side];
  const last = lengthOf(queue) === 0 ? null : at(queue, lengthOf(queue) - 1);
  if (!answers(world, end.node, peer.node)) armGiveUp(world, link, side, last !== null && last.at > world.now);
  else if (!isDead(world, peer)) end.giveUpAt = Infinity;
  else if (last !== null && last.held === 'partition') resetLater(world, link, side);
}

/** Brings one direction's arrivals up to date after a cut, a heal, or a change of its packets. */
export function requeue(world: World, slot: Ref<LinkPart>, side: Side, change?: (items: InFlight[]) => void): void {
  const link = own(world.parts, slot);
  const flow = link.flows[side];
  const peer = link.ends[otherSide(side)];
  change?.(flow.queue.items);
  const through = arrives(world, link.ends[side].node, peer.node);
  if (through && !isDead(world, peer)) resume(world, link, side);
  else if (!through) hold(world, flow);
  wakeReader(world, link, otherSide(side));
  wakeWriters(world, link, side);
}

/** Nothing more arrives. Datagrams are gone; a stream keeps its bytes to send them again. */
function hold(world: World, flow: Flow): void {
  const { queue } = flow;
  if (world.config.network.datagrams === true) {
    queue.items = queue.items.slice(queue.head).filter((entry) => entry.at <= world.now || entry.held !== null);
    queue.head = 0;
  }
  for (let i = queue.head; i < queue.items.length; i++) {
    const entry = queue.items[i];
    if (entry !== undefined && entry.held === null && entry.at > world.now) queue.items[i] = { ...entry, at: Infinity, held: 'partition' };
  }
  if (flow.end !== null && flow.end.how === 'eof' && flow.end.at > world.now) flow.end = { ...flow.end, at: Infinity, held: true };
}

/** What was held comes by retransmission, in order. */
function resume(world: World, link: LinkPart, side: Side): void {
  const flow = link.flows[side];
  const { items, head } = flow.queue;
  const again = world.now + world.config.network.retransmitUs;
  let last = world.now;
  for (let i = head; i < items.length; i++) {
    const entry = items[i];
    if (entry === undefined) continue;
    if (entry.held === 'partition') {
      last = Math.max(last, again + sureDelayOf(world, link, side, AGAIN_DRAW + entry.n));
      items[i] = { ...entry, at: last, held: null };
    } else if (entry.held === null) {
      last = Math.max(last, entry.at);
    }
  }
  flow.lastAt = Math.max(flow.lastAt, last);
  if (flow.end !== null && flow.end.held) flow.end = { ...flow.end, at: Math.max(last, again), held: false };
}

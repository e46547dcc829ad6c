/**
 * Connections as TCP gives them: in order and reliable until they break; a break loses a suffix of its own in each direction, and each
 * side notices at its own time. A process that ends closes its sockets; a machine that loses power, or a partition, is silent.
 */
import { assert } from '../base/assert.ts';
import { at, lengthOf, push, shift } from '../base/deque.ts';
import { drawBelow, streamOf, subStream } from '../base/draw.ts';
import { setTie, setTime } from '../base/heap.ts';
import { allot, own, peek, release, type Ref } from '../base/parts.ts';
import type { Item } from '../base/step.ts';
import { ruleFor } from './message-rules.ts';
import { LINK, makeFlow, type Flow, type InFlight, type LinkPart } from './network-state.ts';
import { endAt, LINK_SLOTS, linkOf, linkRef, scheduleLink, scheduleThread } from './schedule.ts';
import { answerThread } from './thread.ts';
import type { ThreadPart } from './thread-state.ts';
import type { World } from './world.ts';

const CONNECTION = streamOf('connection');
/** Draw counters at or above this are the link's own (SYN, end of stream, retransmission), below it packet numbers. */
const OWN_DRAWS = 0x40000000;

export function isBlocked(world: World, from: number, to: number): boolean {
  return peek(world.parts, world.network).blocked[from * world.nodes.length + to] === true;
}

/** Delay of packet `n` of a stream, lost packets included; Infinity when every retransmission is lost. */
function delayOf(world: World, from: number, to: number, stream: number, n: number): number {
  const { network: config } = world.config;
  const override = peek(world.parts, world.network).overrides.get(`${from}>${to}`);
  const latencies = override?.latencies ?? config.latencies;
  const loss = override?.lossPerMillion ?? config.lossPerMillion;
  let delay = latencies[drawBelow(world.key, stream, n, latencies.length)] ?? 0;
  if (loss === 0) return delay;
  let timeout = config.retransmitUs;
  for (let attempt = 1; drawBelow(world.key, subStream(stream, attempt), n, 1_000_000) < loss; attempt++) {
    if (attempt > config.retransmissionsMax) return Infinity;
    delay += timeout;
    timeout *= 2;
  }
  return delay;
}

function flowStream(link: Readonly<LinkPart>, direction: 0 | 1): number {
  return link.stream + direction;
}

/** Dials: the SYN is on its way. The answer reaches the dialling thread. */
export function connect(world: World, dialler: Ref<ThreadPart>, to: number, port: string): number {
  const { parts } = world;
  const from = peek(parts, dialler).node;
  const handle = world.nodes[from];
  assert(handle !== undefined && world.nodes[to] !== undefined, 'connect between nodes that exist');
  const node = own(parts, handle.part);
  node.dialled += 1;
  const stream = subStream(subStream(handle.stream, CONNECTION), to * 0x1000000 + node.dialled) & ~1;
  const slot = allot(parts, LINK, makeLink(from, node.process, to, port, stream));
  const link = own(parts, slot);
  const generation = node.dialled * world.nodes.length + from + 1; // never used twice
  assert(slot < LINK_SLOTS, 'too many parts for link ids');
  Object.assign(link, { id: generation * LINK_SLOTS + slot, dialler, cause: world.record.id });
  node.links.push(link.id);
  link.dueAt = world.now + delayOf(world, from, to, stream, OWN_DRAWS);
  link.dueFor = 'syn';
  if (link.dueAt === Infinity) link.dueFor = 'none';
  setTie(world.heap, slot, stream);
  scheduleLink(world, slot);
  return link.id;
}

function makeLink(from: number, process: number, to: number, port: string, stream: number): LinkPart {
  return {
    id: -1,
    port,
    stream,
    state: 'connecting',
    dialler: -1,
    attempts: 0,
    ends: [
      { node: from, process, state: 'open', reader: -1 },
      { node: to, process: -1, state: 'gone', reader: -1 },
    ],
    flows: [makeFlow(), makeFlow()],
    dueAt: Infinity,
    dueFor: 'none',
    cause: 0,
  };
}

/** The link's own event: its SYN arrives, or its retransmissions or keepalive probes are exhausted. */
export function runLink(world: World, slot: Ref<LinkPart>): void {
  const link = own(world.parts, slot);
  world.record.cause = link.cause;
  const why = link.dueFor;
  link.dueAt = Infinity;
  link.dueFor = 'none';
  if (why === 'syn') onSyn(world, slot);
  else if (why === 'give-up') onGiveUp(world, slot);
  if (peek(world.parts, slot) !== null) scheduleLink(world, slot);
}

function onSyn(world: World, slot: Ref<LinkPart>): void {
  const link = own(world.parts, slot);
  const [from, to] = [link.ends[0].node, link.ends[1].node];
  const handle = world.nodes[to];
  assert(handle !== undefined, 'SYN to a node that exists');
  const target = peek(world.parts, handle.part);
  if (target.power === 'off' || isBlocked(world, from, to) || isBlocked(world, to, from)) {
    link.attempts += 1; // silence: the SYN is sent again after 1, 2, 4... s
    link.dueAt = world.now + 1_000_000 * 2 ** Math.min(link.attempts - 1, 6);
    link.dueFor = 'syn';
    return;
  }
  const back = world.now + finite(delayOf(world, to, from, link.stream + 1, OWN_DRAWS), world);
  const port = target.power === 'up' ? target.ports.get(link.port) : undefined;
  if (port === undefined) {
    if (link.dialler !== -1) answerDialler(world, slot, { type: 'refused' }, back);
    discard(world, slot);
    return;
  }
  link.state = 'open';
  link.flows[1].lastAt = back;
  link.flows[0].lastAt = world.now;
  const accepted = own(world.parts, handle.part);
  const end = link.ends[1] as { process: number; state: string };
  end.process = accepted.process;
  end.state = 'open';
  accepted.links.push(link.id);
  accepted.ports.set(link.port, { backlog: [...port.backlog, { link: link.id, from, at: world.now, cause: world.record.id }] });
  for (const thread of accepted.threads.values()) {
    const block = peek(world.parts, thread).blockedOn;
    if (block !== null && block.on === 'accept' && block.port === link.port) scheduleThread(world, thread);
  }
  if (link.dialler !== -1) answerDialler(world, slot, { type: 'connected', link: link.id }, back);
}

function finite(delay: number, world: World): number {
  return delay === Infinity ? world.config.network.retransmitUs : delay;
}

function answerDialler(world: World, slot: Ref<LinkPart>, input: { type: 'refused' } | { type: 'connected'; link: number }, when: number): void {
  const link = peek(world.parts, slot);
  const dialler: Ref<ThreadPart> = link.dialler;
  const thread = peek(world.parts, dialler);
  if (thread.connecting === link.id) answerThread(world, dialler, input, when);
  own(world.parts, slot).dialler = -1;
}

/** The dialler no longer waits: the attempt is over. */
export function abandon(world: World, id: number): void {
  const link = linkOf(world, id);
  if (link === null) return;
  if (link.state === 'connecting') discard(world, linkRef(id));
  else closeLink(world, link.ends[0].node, id);
}

/** Sends; false when this side knows that the connection is over. */
export function send(world: World, node: number, id: number, packet: Item): boolean {
  const known = linkOf(world, id);
  if (known === null) return false;
  const end = endAt(world, known, node);
  if (end === -1) return false;
  const back = known.flows[end === 0 ? 1 : 0].end;
  if (back !== null && back.how === 'reset' && back.at <= world.now) return false;
  const link = own(world.parts, linkRef(id));
  const flow = link.flows[end];
  if (flow.end !== null) {
    flow.sent += 1;
    return true; // broken already, not noticed here yet: the bytes go nowhere
  }
  flow.sent += 1;
  const peer = link.ends[end === 0 ? 1 : 0];
  if (link.state === 'open' && peer.state !== 'open' && reaches(world, node, peer.node)) {
    // The other side no longer has this socket: its system answers with a reset.
    resetBack(world, link, end, 2);
    return true;
  }
  const rule = ruleFor(world, node, peer.node, link.port, packet);
  if (rule !== null && rule.action === 'drop') return true;
  enqueuePacket(world, link, end, packet, rule === null ? null : rule.action, rule?.delayUs ?? 0);
  if (rule !== null && rule.action === 'duplicate') enqueuePacket(world, link, end, packet, null, 0);
  return true;
}

function enqueuePacket(world: World, link: LinkPart, end: 0 | 1, packet: Item, action: string | null, delayUs: number): void {
  const flow = link.flows[end];
  const peer = link.ends[end === 0 ? 1 : 0];
  const from = link.ends[end].node;
  const cut = isBlocked(world, from, peer.node) || peer.state === 'gone';
  const delay = delayOf(world, from, peer.node, flowStream(link, end), flow.sent);
  let arrival = Math.max(flow.lastAt, world.now + delay + (action === 'delay' ? delayUs : 0));
  if (delay === Infinity) {
    breakLink(world, link.id, { keep: [lengthOf(link.flows[0].queue), lengthOf(link.flows[1].queue)], noticeUs: [0, 0] });
    return;
  }
  const held = cut ? 'partition' : action === 'hold' ? 'rule' : null;
  if (held === null) flow.lastAt = arrival;
  else arrival = Infinity;
  push(flow.queue, { packet, at: arrival, sentAt: world.now, cause: world.record.id, n: flow.sent, held });
  if (cut) armGiveUp(world, link);
  wakeReader(world, link, end === 0 ? 1 : 0);
}

function armGiveUp(world: World, link: LinkPart): void {
  if (link.dueFor !== 'none') return;
  const { keepaliveUs, retransmitUs, retransmissionsMax } = world.config.network;
  const retransmission = retransmitUs * (2 ** Math.min(retransmissionsMax, 20) - 1);
  link.dueAt = world.now + (keepaliveUs > 0 ? Math.min(keepaliveUs, retransmission) : retransmission);
  link.dueFor = 'give-up';
  link.cause = world.record.id;
  scheduleLink(world, linkRef(link.id));
}

/** Can bytes go from one machine to the other and an answer come back? */
function reaches(world: World, from: number, to: number): boolean {
  const handle = world.nodes[to];
  return handle !== undefined && peek(world.parts, handle.part).power !== 'off' && !isBlocked(world, from, to) && !isBlocked(world, to, from);
}

function resetBack(world: World, link: LinkPart, end: 0 | 1, hops: number): void {
  const back = link.flows[end === 0 ? 1 : 0];
  if (back.end !== null && back.end.how === 'reset') return;
  const delay = finite(delayOf(world, link.ends[end].node, link.ends[end === 0 ? 1 : 0].node, flowStream(link, end), OWN_DRAWS + 1), world);
  back.end = { how: 'reset', at: Math.max(lastArrival(back), world.now + hops * delay), cause: world.record.id, held: false };
  wakeReader(world, link, end);
}

function lastArrival(flow: Readonly<Flow>): number {
  const length = lengthOf(flow.queue);
  return length === 0 ? 0 : at(flow.queue, length - 1).at;
}

function wakeReader(world: World, link: Readonly<LinkPart>, end: 0 | 1): void {
  const { reader } = link.ends[end];
  if (reader !== -1 && reader !== world.record.slot) scheduleThread(world, reader);
}

/** The process closes its end: what it sent still arrives, then end of stream. Its own reader sees 'local'. */
export function closeLink(world: World, node: number, id: number): void {
  const known = linkOf(world, id);
  if (known === null) return;
  const end = endAt(world, known, node);
  if (end === -1) return;
  const link = own(world.parts, linkRef(id));
  closeEnd(world, link, end, 'closed');
  forgetLink(world, node, id);
  const { reader } = link.ends[end];
  link.ends[end].reader = -1;
  if (reader !== -1) answerThread(world, reader, { type: 'closed', link: id, how: 'local' }, world.now);
  discardIfOver(world, linkRef(id));
}

/** The end's process or machine is gone. `silent`: nobody is told. */
export function loseEnd(world: World, node: number, id: number, silent: boolean): void {
  const known = linkOf(world, id);
  if (known === null) return;
  const end = endAt(world, known, node);
  if (end === -1) return;
  const link = own(world.parts, linkRef(id));
  link.ends[end].reader = -1;
  if (link.state === 'connecting') {
    discard(world, linkRef(id));
    return;
  }
  if (silent) {
    link.ends[end].state = 'gone';
    link.flows[end === 0 ? 1 : 0].queue.items.length = 0;
    link.flows[end === 0 ? 1 : 0].queue.head = 0;
    if (world.config.network.keepaliveUs > 0) armGiveUp(world, link);
  } else {
    closeEnd(world, link, end, 'gone');
  }
  discardIfOver(world, linkRef(id));
}

function closeEnd(world: World, link: LinkPart, end: 0 | 1, state: 'closed' | 'gone'): void {
  link.ends[end].state = state;
  const out = link.flows[end];
  const into = link.flows[end === 0 ? 1 : 0];
  into.queue.items.length = 0;
  into.queue.head = 0;
  if (out.end === null) {
    const to = link.ends[end === 0 ? 1 : 0].node;
    const delay = delayOf(world, link.ends[end].node, to, flowStream(link, end), OWN_DRAWS + 2);
    const cut = isBlocked(world, link.ends[end].node, to) || delay === Infinity;
    const when = cut ? Infinity : Math.max(out.lastAt, lastArrival(out), world.now + delay);
    out.end = { how: 'eof', at: when, cause: world.record.id, held: cut };
    wakeReader(world, link, end === 0 ? 1 : 0);
  }
}

/** How a connection breaks: how many undelivered packets still arrive in each direction, and when each side notices. */
export interface Break {
  readonly keep: readonly [number, number];
  readonly noticeUs: readonly [number, number];
}

/** Breaks one connection; both sides may use the same addresses again at once. */
export function breakLink(world: World, id: number, how: Break): void {
  const known = linkOf(world, id);
  if (known === null) return;
  if (known.state === 'connecting') {
    if (known.dialler !== -1) answerDialler(world, linkRef(id), { type: 'refused' }, world.now);
    discard(world, linkRef(id));
    return;
  }
  const link = own(world.parts, linkRef(id));
  for (const direction of [0, 1] as const) {
    const flow = link.flows[direction];
    const kept: InFlight[] = [];
    const length = lengthOf(flow.queue);
    for (let i = 0; i < length && i < how.keep[direction]; i++) kept.push(at(flow.queue, i));
    flow.queue.items = kept.filter((entry) => entry.at !== Infinity);
    flow.queue.head = 0;
    flow.end = { how: 'reset', at: Math.max(lastArrival(flow), world.now + how.noticeUs[direction]), cause: world.record.id, held: false };
    wakeReader(world, link, direction === 0 ? 1 : 0);
  }
  link.dueAt = Infinity;
  link.dueFor = 'none';
  scheduleLink(world, linkRef(id));
}

function onGiveUp(world: World, slot: Ref<LinkPart>): void {
  const link = own(world.parts, slot);
  for (const end of [0, 1] as const) {
    const peer = link.ends[end === 0 ? 1 : 0];
    if (link.ends[end].state !== 'open') continue;
    const cut = isBlocked(world, link.ends[end].node, peer.node) || isBlocked(world, peer.node, link.ends[end].node) || peer.state === 'gone';
    if (!cut) continue;
    const back = link.flows[end === 0 ? 1 : 0];
    back.queue.items = back.queue.items.slice(back.queue.head).filter((entry) => entry.at !== Infinity);
    back.queue.head = 0;
    back.end = { how: 'reset', at: Math.max(world.now, lastArrival(back)), cause: world.record.id, held: false };
    wakeReader(world, link, end);
  }
  discardIfOver(world, slot);
}

/** What a reader gets now, the packet taken from the queue; null when nothing has arrived. */
export function takeArrived(world: World, node: number, id: number): { readonly entry: InFlight } | { readonly how: 'eof' | 'reset' | 'local'; readonly cause: number } | null {
  const known = linkOf(world, id);
  if (known === null) return { how: 'local', cause: 0 };
  const end = endAt(world, known, node);
  if (end === -1) return { how: 'local', cause: 0 };
  const direction = end === 0 ? 1 : 0;
  const flow = known.flows[direction];
  if (lengthOf(flow.queue) > 0) {
    if (at(flow.queue, 0).at > world.now) return null;
    return { entry: shift(own(world.parts, linkRef(id)).flows[direction].queue) };
  }
  return flow.end !== null && flow.end.at <= world.now ? flow.end : null;
}

/** Frees the part once neither process holds the socket. */
export function discardIfOver(world: World, slot: Ref<LinkPart>): void {
  const link = peek(world.parts, slot);
  if (link.ends[0].state === 'open' || link.ends[1].state === 'open') return;
  discard(world, slot);
}

function discard(world: World, slot: Ref<LinkPart>): void {
  const { id, ends } = peek(world.parts, slot);
  for (const end of ends) forgetLink(world, end.node, id);
  release(world.parts, slot);
  setTime(world.heap, slot, Infinity);
}

function forgetLink(world: World, node: number, id: number): void {
  const handle = world.nodes[node];
  if (handle === undefined || !peek(world.parts, handle.part).links.includes(id)) return;
  const part = own(world.parts, handle.part);
  part.links = part.links.filter((other) => other !== id);
}

/** A machine is up again: peers that still send on a connection of its former life are told that it is over. */
export function resetGone(world: World, node: number, id: number): void {
  const known = linkOf(world, id);
  if (known === null) return;
  const mine = known.ends[0].node === node && known.ends[0].state === 'gone' ? 0 : 1;
  if (known.ends[mine].state !== 'gone') return;
  const other = mine === 0 ? 1 : 0;
  if (lengthOf(known.flows[other].queue) === 0 || !reaches(world, known.ends[other].node, node)) return;
  const link = own(world.parts, linkRef(id));
  link.flows[other].queue.items.length = 0;
  link.flows[other].queue.head = 0;
  resetBack(world, link, other, 1);
}

/** Brings one direction's arrivals up to date after a cut, a heal, or a change of its packets. */
export function requeue(world: World, id: number, direction: 0 | 1, change?: (items: InFlight[]) => void): boolean {
  if (linkOf(world, id) === null) return false;
  const link = own(world.parts, linkRef(id));
  const flow = link.flows[direction];
  const [from, to] = [link.ends[direction].node, link.ends[direction === 0 ? 1 : 0].node];
  const items = flow.queue.items;
  change?.(items);
  const cut = isBlocked(world, from, to) || link.ends[direction === 0 ? 1 : 0].state === 'gone';
  let last = world.now;
  for (let i = flow.queue.head; i < items.length; i++) {
    const entry = items[i];
    if (entry === undefined || (entry.at <= world.now && entry.held === null)) continue;
    if (cut && entry.held === null) items[i] = { ...entry, at: Infinity, held: 'partition' };
    else if (!cut && entry.held === 'partition') {
      last = Math.max(last, world.now + world.config.network.retransmitUs + finite(delayOf(world, from, to, flowStream(link, direction), entry.n + OWN_DRAWS + 4), world));
      items[i] = { ...entry, at: last, held: null };
    } else if (entry.held === null) last = Math.max(last, entry.at);
  }
  flow.lastAt = Math.max(flow.lastAt, last);
  if (cut && lengthOf(flow.queue) > 0) armGiveUp(world, link);
  if (flow.end !== null && flow.end.how === 'eof') {
    if (cut && flow.end.at > world.now) flow.end = { ...flow.end, at: Infinity, held: true };
    else if (!cut && flow.end.held) flow.end = { ...flow.end, at: Math.max(last, world.now + world.config.network.retransmitUs), held: false };
  }
  if (!cut && link.dueFor === 'give-up' && !isBlocked(world, to, from)) {
    link.dueAt = Infinity;
    link.dueFor = 'none';
    scheduleLink(world, linkRef(id));
  }
  wakeReader(world, link, direction === 0 ? 1 : 0);
  return true;
}

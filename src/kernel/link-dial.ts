/** How connections come about: a SYN, sent again in the face of silence, and its answer on the way back. */
import { assert } from '../base/assert.ts';
import { streamOf, subStream } from '../base/draw.ts';
import { setTie } from '../base/heap.ts';
import { hashString } from '../base/hash.ts';
import { allot, own, peek, type Ref } from '../base/parts.ts';
import type { LinkId } from '../base/step.ts';
import { closeLink, discard, onGiveUp, SYN_AGAIN } from './link-end.ts';
import { answers, sureDelayOf, SYN_DRAW } from './link-path.ts';
import { linkSlot } from './links.ts';
import { LINK, makeLink, type LinkPart } from './network-state.ts';
import { nodeOf } from './nodes.ts';
import { scheduleLink } from './schedule.ts';
import type { ThreadPart } from './thread-state.ts';
import { wakeAcceptors, wakeDialler } from './wake.ts';
import type { World } from './world.ts';

const CONNECTION = streamOf('connection');
/** tcp_syn_retries: after about two minutes of silence the attempt has failed. */
const SYNS_MAX = 7;
const PORTS_MAX = 64;

/** Dials: the SYN is on its way. The thread learns the answer when it blocks on 'connect'. */
export function connect(world: World, dialler: Ref<ThreadPart>, to: number, port: string, address: string | null): LinkId {
  const { parts } = world;
  const from = peek(parts, dialler).node;
  assert(from !== to && world.nodes[to] !== undefined, 'a connection joins two nodes that exist');
  const table = own(parts, world.links);
  if (!table.ports.includes(port)) table.ports.push(port);
  const portIndex = table.ports.indexOf(port);
  assert(portIndex < PORTS_MAX, 'too many names of ports');
  const nodes = world.nodes.length;
  const pair = (portIndex * nodes + from) * nodes + to;
  const incarnation = (table.dialled.get(pair) ?? 0) + 1;
  table.dialled.set(pair, incarnation);
  const id = incarnation * PORTS_MAX * nodes * nodes + pair;
  // From names and the number among its like alone: another connection more or less shifts no draw.
  const stream = subStream(subStream(nodeOf(world, from).stream, CONNECTION + to), hashString(port) * 0x100000 + incarnation) & ~1;
  const slot = allot(parts, LINK, makeLink({ id, port, address, incarnation, stream }, from, to));
  table.slots.set(id, slot);
  const link = own(parts, slot);
  link.dialler = dialler;
  link.cause = world.record.id;
  link.dueAt = world.now + sureDelayOf(world, link, 0, SYN_DRAW);
  link.dueFor = 'syn';
  setTie(world.heap, slot, stream);
  scheduleLink(world, slot);
  return id;
}

/** The link's own event: its SYN arrives, or one of its sides gives up. */
export function runLink(world: World, slot: Ref<LinkPart>): void {
  const { cause, dueFor } = peek(world.parts, slot);
  world.record.cause = cause;
  if (dueFor === 'syn') onSyn(world, slot);
  else onGiveUp(world, slot);
}

function onSyn(world: World, slot: Ref<LinkPart>): void {
  const link = own(world.parts, slot);
  const [from, to] = [link.ends[0].node, link.ends[1].node];
  link.cause = world.record.id;
  if (answers(world, from, to)) return answerSyn(world, slot, link);
  link.attempts += 1;
  if (link.attempts >= SYNS_MAX) return answer(world, slot, 'refused', world.now);
  link.dueAt = world.now + SYN_AGAIN * (1 << (link.attempts - 1));
  scheduleLink(world, slot);
}

function answerSyn(world: World, slot: Ref<LinkPart>, link: LinkPart): void {
  const to = link.ends[1].node;
  const handle = nodeOf(world, to);
  const back = world.now + sureDelayOf(world, link, 1, SYN_DRAW);
  const { power, ports } = peek(world.parts, handle.part);
  const port = power === 'up' ? ports.get(link.port) : undefined;
  if (port === undefined) return answer(world, slot, 'refused', back);
  link.state = 'open';
  link.ends[1].state = 'open';
  link.flows[1].lastAt = back;
  link.flows[0].lastAt = world.now;
  const node = own(world.parts, handle.part);
  const entry = { link: link.id, from: link.ends[0].node, at: world.now, cause: world.record.id };
  node.ports.set(link.port, { backlog: [...port.backlog, entry] });
  wakeAcceptors(world, node, link.port);
  answer(world, slot, 'connected', back);
}

function answer(world: World, slot: Ref<LinkPart>, how: 'connected' | 'refused', when: number): void {
  const link = own(world.parts, slot);
  link.dueAt = Infinity;
  link.dueFor = 'none';
  link.answer = { how, at: when, cause: world.record.id, held: false };
  scheduleLink(world, slot);
  wakeDialler(world, link);
}

/** The dialler takes the answer, which has arrived: the link if it is connected, -1 if it was refused. */
export function takeAnswer(world: World, id: LinkId): LinkId {
  const slot = linkSlot(world, id);
  if (slot === -1) return -1;
  const link = own(world.parts, slot);
  assert(link.answer !== null && link.answer.at <= world.now, 'takes an answer that has arrived');
  world.record.cause = link.answer.cause;
  if (link.answer.how === 'refused') {
    discard(world, slot);
    return -1;
  }
  link.answer = null;
  return id;
}

/** The dialler no longer waits: the attempt is over. */
export function abandon(world: World, id: LinkId): void {
  const slot = linkSlot(world, id);
  if (slot === -1) return;
  const link = peek(world.parts, slot);
  if (link.state === 'connecting') discard(world, slot);
  else closeLink(world, link.ends[0].node, id);
}

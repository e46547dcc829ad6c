/** The way between two machines: is it there, and how long does a packet take on it? */
import { drawBelow, subStream } from '../base/draw.ts';
import { own, peek } from '../base/parts.ts';
import { otherSide } from './links.ts';
import type { LinkPart, LinkQuality, Side } from './network-state.ts';
import type { World } from './world.ts';

/** Draw counters at or above this are the link's own, below it packet numbers. */
const OWN_DRAWS = 0x40000000;
export const SYN_DRAW = OWN_DRAWS;
export const RESET_DRAW = OWN_DRAWS + 1;
export const END_DRAW = OWN_DRAWS + 2;
/** Plus the packet's number: its way after a heal. */
export const AGAIN_DRAW = OWN_DRAWS + 16;

export function isBlocked(world: World, from: number, to: number): boolean {
  return peek(world.parts, world.network).blocked[from * world.nodes.length + to] === true;
}

function isOff(world: World, node: number): boolean {
  const handle = world.nodes[node];
  return handle === undefined || peek(world.parts, handle.part).power === 'off';
}

/** Do bytes from one machine get to the other? */
export function arrives(world: World, from: number, to: number): boolean {
  return !isBlocked(world, from, to) && !isOff(world, to);
}

/** Do bytes get there and an acknowledgement back? */
export function answers(world: World, from: number, to: number): boolean {
  return arrives(world, from, to) && !isBlocked(world, to, from);
}

/** Delay of packet `n` of one direction, lost packets sent again included; Infinity when every retransmission is lost too. */
export function delayOf(world: World, link: Readonly<LinkPart>, side: Side, n: number): number {
  if (world.choosing) return 0;
  const { network: config } = world.config;
  const { overrides } = peek(world.parts, world.network);
  const from = link.ends[side].node;
  const to = link.ends[otherSide(side)].node;
  const quality: LinkQuality = overrides.size === 0 ? config : (overrides.get(from * world.nodes.length + to) ?? config);
  const { latencies, lossPerMillion } = quality;
  const stream = link.stream + side;
  const delay = latencies.length === 0 ? 0 : (latencies[drawBelow(world.key, stream, n, latencies.length)] ?? 0);
  return lossPerMillion === 0 ? delay : delay + lossDelay(world, stream, n, lossPerMillion);
}

function lossDelay(world: World, stream: number, n: number, lossPerMillion: number): number {
  const { retransmitUs, retransmissionsMax, datagrams } = world.config.network;
  let delay = 0;
  let timeout = retransmitUs;
  for (let attempt = 1; drawBelow(world.key, subStream(stream, attempt), n, 1_000_000) < lossPerMillion; attempt++) {
    if (attempt > retransmissionsMax || datagrams === true) return Infinity;
    delay += timeout;
    timeout *= 2;
  }
  return delay;
}

/** The same for what is always sent again until it gets through. */
export function sureDelayOf(world: World, link: Readonly<LinkPart>, side: Side, n: number): number {
  const delay = delayOf(world, link, side, n);
  return delay === Infinity ? world.config.network.retransmitUs : delay;
}

/** How long a side sends the same bytes again without an answer before it gives up. */
export function retransmissionTime(world: World): number {
  const { retransmitUs, retransmissionsMax } = world.config.network;
  return retransmitUs * ((2 << Math.min(retransmissionsMax, 20)) - 1);
}

/** Delays and loss of one direction; null for the configured ones. Packets on their way keep theirs. */
export function setLinkQuality(world: World, from: number, to: number, quality: LinkQuality | null): void {
  const { overrides } = own(world.parts, world.network);
  const key = from * world.nodes.length + to;
  if (quality === null) overrides.delete(key);
  else overrides.set(key, { latencies: quality.latencies, lossPerMillion: quality.lossPerMillion });
}

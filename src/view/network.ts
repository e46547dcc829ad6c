/** The network as it can be seen: packets on their way, open connections, and what is cut. */
import { peek } from '../base/parts.ts';
import type { Item } from '../base/step.ts';
import { livingLinks, packetsInFlight } from '../kernel/network-faults.ts';
import { isClientPacket } from '../server/protocol.ts';
import { operationText } from '../words/english-operations.ts';
import type { Ensemble } from '../ensemble/ensemble.ts';

/** A packet sent and not read. `arriveAt` is null while something holds it. */
export interface MessageView {
  readonly link: number;
  readonly direction: 0 | 1;
  readonly n: number;
  readonly from: number;
  readonly to: number;
  readonly port: string;
  readonly packet: Item;
  readonly sentAt: number;
  readonly arriveAt: number | null;
  readonly held: 'partition' | 'rule' | null;
}

export function messageViews({ world }: Ensemble): MessageView[] {
  return packetsInFlight(world).map(({ link, direction, n, from, to, port, packet, entry }) => {
    const { sentAt, at, held } = entry;
    return { link, direction, n, from, to, port, packet, sentAt, arriveAt: at === Infinity ? null : at, held };
  });
}

/** A connection, or the attempt at one. */
export interface ConnectionView {
  readonly link: number;
  /** The node that dialled. */
  readonly from: number;
  readonly to: number;
  readonly port: string;
  readonly state: 'connecting' | 'open';
}

export function connectionViews({ world }: Ensemble): ConnectionView[] {
  return livingLinks(world).map(({ id, port, state, ends }) => ({ link: id, from: ends[0].node, to: ends[1].node, port, state }));
}

/** Directions in which nothing gets through, as pairs of nodes. */
export function blockedViews({ world }: Ensemble): (readonly [from: number, to: number])[] {
  const { blocked } = peek(world.parts, world.network);
  const n = world.nodes.length;
  return blocked.flatMap((isBlocked, i) => (isBlocked ? [[Math.floor(i / n), i % n] as const] : []));
}

/** A client's operation in zkCli syntax, of a packet that carries one; the kind of operation of other items that do; null for the rest. */
export function operationOf(item: Item): string | null {
  if (isClientPacket(item) && item.type === 'OP') return operationText(item.operation);
  if (!('operation' in item)) return null;
  const { operation } = item;
  return typeof operation === 'object' && operation !== null && 'op' in operation ? `${item.type} ${String(operation.op)}` : null;
}

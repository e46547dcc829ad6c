/** What comes in from clients of the real world, as actions: connections, packets, ends. The entries of the input log of a gateway. */
import { unreachable } from '../base/assert.ts';
import { own, peek, type Ref } from '../base/parts.ts';
import { threadId, type Item, type LinkId, type ThreadId } from '../base/step.ts';
import { send } from '../kernel/link.ts';
import { breakLink, closeLink } from '../kernel/link-end.ts';
import { linkOf } from '../kernel/links.ts';
import { nodeOf } from '../kernel/nodes.ts';
import { interruptThread, postItem, startThread } from '../kernel/thread.ts';
import type { World } from '../kernel/world.ts';
import type { ClientPacket } from '../server/protocol.ts';

/** The thread of the outside that stands for a connection: it dials, then hears. Incarnation and key are the connection's number. */
export const OUTSIDE_CONNECTION = 96;
export const OUTSIDE_THREAD_NAMES: readonly string[] = ['TcpConnection'];

/** `node` is the outside, `connection` a number that is used once. */
export type TcpAction =
  | { readonly type: 'tcp-open'; readonly node: number; readonly connection: number; readonly server: number; readonly address: string }
  | { readonly type: 'tcp-packet'; readonly node: number; readonly connection: number; readonly packet: ClientPacket }
  /** The client does not read what is sent to it: nothing is taken from the connection until `tcp-take`. */
  | { readonly type: 'tcp-hold'; readonly node: number; readonly connection: number }
  | { readonly type: 'tcp-take'; readonly node: number; readonly connection: number }
  | { readonly type: 'tcp-close'; readonly node: number; readonly connection: number; readonly how: 'eof' | 'reset' };

/** `link` is -1 while it is dialled; `held` while its client does not read. */
export interface OutsideConnection {
  readonly link: LinkId;
  readonly held: boolean;
}

export interface OutsideState {
  readonly connections: Map<number, OutsideConnection>;
}

/** What the connection's thread is told by an action. */
export type TcpItem = { readonly type: 'dial'; readonly server: number; readonly address: string } | { readonly type: 'take' };

const KEYS = 0x100000;

export function connectionThread(connection: number): ThreadId {
  return threadId(OUTSIDE_CONNECTION, Math.floor(connection / KEYS), connection % KEYS);
}

/** The memory of the outside, for whoever has only the world. */
export function outsideRefAt(world: World, node: number): Ref<OutsideState> {
  return (nodeOf(world, node).memory as { readonly outside: Ref<OutsideState> }).outside;
}

/** Null once it is over, and before it is opened. */
export function outsideConnection(world: World, node: number, connection: number): OutsideConnection | null {
  return peek(world.parts, outsideRefAt(world, node)).connections.get(connection) ?? null;
}

export function actOnTcp(world: World, action: TcpAction): boolean {
  const { node, connection } = action;
  if (peek(world.parts, nodeOf(world, node).part).power !== 'up') return false;
  if (action.type === 'tcp-open') return open(world, action);
  const known = outsideConnection(world, node, connection);
  if (known === null) return false;
  switch (action.type) {
    case 'tcp-packet':
      return sendPacket(world, node, known.link, action.packet);
    case 'tcp-hold':
      setConnection(world, node, connection, { ...known, held: true });
      return true;
    case 'tcp-take':
      setConnection(world, node, connection, { ...known, held: false });
      postItem(world, node, connectionThread(connection), { type: 'take' });
      return true;
    case 'tcp-close':
      return close(world, action, known.link);
    default:
      return unreachable(action);
  }
}

function setConnection(world: World, node: number, connection: number, value: OutsideConnection): void {
  own(world.parts, outsideRefAt(world, node)).connections.set(connection, value);
}

function open(world: World, { node, connection, server, address }: Extract<TcpAction, { type: 'tcp-open' }>): boolean {
  setConnection(world, node, connection, { link: -1, held: false });
  const item: TcpItem & Item = { type: 'dial', server, address };
  startThread(world, node, connectionThread(connection), item);
  return true;
}

/** Straight onto the connection, in the action's own event. Whoever acts sees to it that there is room. */
function sendPacket(world: World, node: number, link: LinkId, packet: ClientPacket): boolean {
  const how = send(world, node, link, packet);
  if (how === 'sent') world.record.effect = { type: 'send', link, packet };
  return how === 'sent';
}

/** A reset destroys what the client would still have read; what it sent before arrives. */
function close(world: World, { node, connection, how }: Extract<TcpAction, { type: 'tcp-close' }>, link: LinkId): boolean {
  own(world.parts, outsideRefAt(world, node)).connections.delete(connection);
  interruptThread(world, node, connectionThread(connection));
  if (link === -1) return true;
  const side = linkOf(world, link);
  if (how === 'reset' && side !== null) breakLink(world, link, { keep: [Infinity, 0], noticeUs: [0, 0] });
  closeLink(world, node, link);
  world.record.effect = { type: 'close', link };
  return true;
}

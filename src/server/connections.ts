/** NIOServerCnxnFactory and ServerCnxn: which connections there are, which session each speaks for, and how packets get to them. */
import { assert } from '../base/assert.ts';
import { own, peek } from '../base/parts.ts';
import type { Table } from '../base/table.ts';
import { threadId, type Item, type LinkId, type ThreadControl, type ThreadId } from '../base/step.ts';
import type { ServerContext } from './context.ts';
import { NO_SESSION, type ServerPacket } from './protocol.ts';
import { responseBytesOf } from './response-size.ts';
import { beginConnectionStats, countResponse, endConnectionStats } from './server-stats.ts';
import { CLIENT_READER, CLIENT_WRITER } from './thread-kinds.ts';
import { STOP, type Connection, type ConnectionId } from './thread-state.ts';
import { removeConnectionWatches } from './watch-operations.ts';

const slotLimit = 0x100000;

/** What lies in a writer's mailbox: packets, and ServerCnxnFactory.closeConn behind the last of them. */
export interface CloseConnItem extends Item {
  readonly type: 'close-conn';
}
export const CLOSE_CONN: CloseConnItem = { type: 'close-conn' };

/** Where a connection lies in the lists of connections. */
export function slotOf(id: ConnectionId): number {
  return id % slotLimit;
}

export function readerOf(id: ConnectionId): ThreadId {
  return threadId(CLIENT_READER, Math.floor(id / slotLimit), id % slotLimit);
}

export function writerOf(id: ConnectionId): ThreadId {
  return threadId(CLIENT_WRITER, Math.floor(id / slotLimit), id % slotLimit);
}

/** The connection that a reader or writer thread belongs to. */
export function connectionOfThread(thread: ThreadControl): ConnectionId {
  return thread.incarnation * slotLimit + thread.key;
}

/** SESS-35: has this host as many connections as it may have? */
export function hasTooManyConnections(ctx: ServerContext, address: string): boolean {
  const { maxClientCnxns } = ctx.config;
  return maxClientCnxns > 0 && (peek(ctx.parts, ctx.refs.connections).perHost.get(hostOf(address)) ?? 0) >= maxClientCnxns;
}

/** It proves its address from the start, and nothing else (ACL-08). */
export function openConnection(ctx: ServerContext, link: LinkId, address: string): ConnectionId {
  const state = own(ctx.parts, ctx.refs.connections);
  const slot = state.freeSlots.pop() ?? state.slots.length;
  assert(slot < slotLimit, 'too many connections');
  const generation = (state.generations[slot] ?? -1) + 1;
  state.generations[slot] = generation;
  const id = generation * slotLimit + slot;
  const host = hostOf(address);
  state.perHost.set(host, (state.perHost.get(host) ?? 0) + 1);
  const authInfo = [{ scheme: 'ip', id: host }];
  state.slots[slot] = {
    id,
    link,
    address,
    role: state.published,
    stage: 'new',
    session: NO_SESSION,
    timeoutMs: 0,
    knowsReadOnly: true,
    authInfo,
    outstandingCount: 0,
    throttled: false,
  };
  beginConnectionStats(ctx.parts, ctx.refs.stats, slot, Math.floor(ctx.now / 1000));
  return id;
}

/** The host of a connection's address, which may itself have colons. */
export function hostOf(address: string): string {
  return address.slice(0, address.lastIndexOf(':'));
}

/** Null once it is closed. */
export function connectionAt(ctx: ServerContext, id: ConnectionId): Readonly<Connection> | null {
  if (id < 0) return null;
  const connection = peek(ctx.parts, ctx.refs.connections).slots[slotOf(id)];
  return connection?.id === id ? connection : null;
}

/** For writing; the connection is there. */
export function ownConnection(ctx: ServerContext, id: ConnectionId): Connection {
  const connection = own(ctx.parts, ctx.refs.connections).slots[slotOf(id)];
  assert(connection?.id === id, () => `connection ${id} is closed`);
  return connection;
}

/** The connection that speaks for the session on this server, or null. */
export function connectionOfSession(ctx: ServerContext, session: string): Readonly<Connection> | null {
  const id = peek(ctx.parts, ctx.refs.connections).bySession.get(session);
  return id === undefined ? null : connectionAt(ctx, id);
}

/** ServerCnxn.setSessionId: from now on closing the session closes this connection. */
export function setSessionId(ctx: ServerContext, id: ConnectionId, session: string): void {
  ownConnection(ctx, id).session = session;
  own(ctx.parts, ctx.refs.connections).bySession.set(session, id);
}

/** Is the server object this connection was accepted for still the one that serves (LIVE-21)? */
export function isServed(ctx: ServerContext, connection: Readonly<Connection>): boolean {
  return connection.role !== -1 && connection.role === peek(ctx.parts, ctx.refs.connections).published;
}

/** Queues a packet behind what the connection has still to send. */
export function sendTo(ctx: ServerContext, id: ConnectionId, packet: ServerPacket): void {
  if (packet.type === 'REPLY' || packet.type === 'EVENT') countResponse(ctx.parts, ctx.refs.stats, responseBytesOf(packet));
  ctx.effects.push({ type: 'enqueue', to: writerOf(id), item: packet });
}

/** ServerCnxn.sendCloseSession: the connection closes when everything before is sent. */
export function closeAfterSending(ctx: ServerContext, id: ConnectionId): void {
  ctx.effects.push({ type: 'enqueue', to: writerOf(id), item: CLOSE_CONN });
}

/**
 * ServerCnxn.close: at once, what is queued is lost; the session is untouched (LIVE-23). The reader may wait for a packet or for its session,
 * so it is told in both ways.
 */
export function closeConnection(ctx: ServerContext, id: ConnectionId, why: string): void {
  const connection = connectionAt(ctx, id);
  if (connection === null) return;
  const { link, session, address } = connection;
  const state = own(ctx.parts, ctx.refs.connections);
  state.slots[slotOf(id)] = null;
  addDescending(state.freeSlots, slotOf(id));
  countClosed(state.perHost, hostOf(address));
  endConnectionStats(ctx.parts, ctx.refs.stats, slotOf(id));
  if (state.bySession.get(session) === id) state.bySession.delete(session);
  removeConnectionWatches(ctx, id);
  if (ctx.traced) ctx.note({ type: 'connection-closed', session, why });
  ctx.effects.push({ type: 'close', link });
  ctx.effects.push({
    type: 'atomic',
    effects: [
      { type: 'enqueue', to: readerOf(id), item: STOP },
      { type: 'enqueue', to: writerOf(id), item: STOP },
    ],
  });
}

/** By bisection: with thousands of connections a look at each would be too much. */
function addDescending(slots: number[], slot: number): void {
  let low = 0;
  let high = slots.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((slots[middle] ?? 0) > slot) low = middle + 1;
    else high = middle;
  }
  slots.splice(low, 0, slot);
}

function countClosed(perHost: Table<number>, host: string): void {
  const left = (perHost.get(host) ?? 1) - 1;
  if (left === 0) perHost.delete(host);
  else perHost.set(host, left);
}

/** ConnectRequest: how a connection comes to speak for a session, new or old (SESS-03..13). */
import { own, peek } from '../base/parts.ts';
import type { Effect } from '../base/step.ts';
import {
  CLOSE_CONN,
  closeConnection,
  connectionAt,
  connectionOfSession,
  ownConnection,
  readerOf,
  setSessionId,
  writerOf,
} from './connections.ts';
import type { ServerContext } from './context.ts';
import { NO_SESSION, type ClientPacket, type ServerPacket } from './protocol.ts';
import { LEADER_ITSELF, type ServerRequest } from './request.ts';
import { makePassword, makeSessionId, NO_PASSWORD, passwordFits } from './session-id.ts';
import { setOwner, touchSession, trackSession } from './session-tracker.ts';
import { submitRequest } from './request-throttler.ts';
import { chainOf, isInCharge, RECEIVE, type Connection, type ConnectionId } from './thread-state.ts';

/** Top byte of the session ids of a standalone server, whatever its id (ID-28). */
const STANDALONE_SID = 1;

type ConnectPacket = Extract<ClientPacket, { type: 'CONNECT' }>;

/** The reader's continuation behind the answer of a leader to its own client. */
export interface OwnSessionItem {
  readonly type: 'own-session';
  readonly session: string;
}

/** ZooKeeperServer.processConnectRequest, in the order of its checks (SESS-04). */
export function processConnectRequest(ctx: ServerContext, connection: Readonly<Connection>, packet: ConnectPacket): void {
  const { lastProcessedZxid } = peek(ctx.parts, ctx.refs.database);
  const { id } = connection;
  if (packet.lastZxidSeen > lastProcessedZxid && ctx.decide.server.refusesClientAhead) {
    const { session, lastZxidSeen } = packet;
    ctx.note({ type: 'connect-refused-newer-zxid', session, lastZxidSeen, lastProcessedZxid });
    closeConnection(ctx, id, 'client-zxid-ahead');
    return;
  }
  const timeoutMs = clampTimeout(ctx, packet.timeoutMs);
  const owned = ownConnection(ctx, id);
  owned.timeoutMs = timeoutMs;
  owned.knowsReadOnly = packet.readOnly !== null;
  owned.stage = 'connecting'; // nothing more is read until the session is set up
  if (packet.session === NO_SESSION) {
    createSession(ctx, connection, timeoutMs);
    return;
  }
  // SESS-05: before the password is looked at.
  const before = connectionOfSession(ctx, packet.session);
  if (before !== null && before.id !== id) closeConnection(ctx, before.id, 'client-reconnect');
  setSessionId(ctx, id, packet.session);
  if (passwordFits(packet.session, packet.password)) {
    revalidateSession(ctx, connection, packet.session, timeoutMs);
  } else {
    ctx.note({ type: 'session-invalid', session: packet.session, why: 'bad-password' });
    finishSessionInit(ctx, id, false, 'reattached');
  }
}

function clampTimeout(ctx: ServerContext, timeoutMs: number): number {
  return Math.min(Math.max(timeoutMs, ctx.config.minSessionTimeoutMs), ctx.config.maxSessionTimeoutMs);
}

/** SESS-06, SESS-07: the id is made here; the session begins when its creation is committed. */
function createSession(ctx: ServerContext, connection: Readonly<Connection>, timeoutMs: number): void {
  const counter = own(ctx.parts, ctx.refs.connections).sessionsCreated++;
  const sid = ctx.config.standalone ? STANDALONE_SID : ctx.config.sid;
  const session = makeSessionId(sid, ctx.now, counter);
  const chain = chainOf(peek(ctx.parts, ctx.refs.processors), connection.role);
  if (chain !== null && isInCharge(chain.role)) trackSession(ctx, connection.role, session, timeoutMs);
  setSessionId(ctx, connection.id, session);
  const request: ServerRequest = {
    type: 'request',
    session,
    cxid: 0,
    operation: { op: 'createSession', timeoutMs },
    connection: connection.id,
    origin: connection.id,
    owner: null,
    authInfo: connection.authInfo,
    exception: 'OK',
  };
  submitRequest(ctx, connection.role, request, timeoutMs);
}

/** SESS-12 on the leader; a learner asks it (SESS-13), and the latest connection of a session gets the answer. */
function revalidateSession(ctx: ServerContext, connection: Readonly<Connection>, session: string, timeoutMs: number): void {
  const chain = chainOf(own(ctx.parts, ctx.refs.processors), connection.role);
  if (chain === null || chain.stopped) return;
  if (isInCharge(chain.role)) {
    const valid = touchSession(ctx, connection.role, session, timeoutMs);
    if (ctx.decide.server.ownerIsConnection) ownSession(ctx, connection.id, session);
    finishSessionInit(ctx, connection.id, valid, 'reattached');
    const item: OwnSessionItem = { type: 'own-session', session };
    if (!ctx.decide.server.ownerIsConnection) ctx.effects.push({ type: 'continue', item });
    return;
  }
  chain.pendingRevalidations.set(session, connection.id);
  const packet = { type: 'REVALIDATE', zxid: -1, session, timeoutMs, connection: connection.id, valid: false } as const;
  if (chain.leaderLink !== null) ctx.effects.push({ type: 'send', link: chain.leaderLink, packet });
}

/** LeaderZooKeeperServer.revalidateSession, in Java after the answer is queued: requests under way on an old connection are refused. */
export function ownSession(ctx: ServerContext, id: ConnectionId, session: string): void {
  const connection = connectionAt(ctx, id);
  if (connection !== null) setOwner(ctx, connection.role, session, LEADER_ITSELF, id);
}

/** ZooKeeperServer.finishSessionInit: the answer is queued and the connection read again, or closed behind it (SESS-09, SESS-10). */
export function finishSessionInit(ctx: ServerContext, id: ConnectionId, valid: boolean, how: 'created' | 'reattached'): void {
  ctx.effects.push(sessionInitEffect(ctx, id, valid, how));
}

/** The same as an effect; what it changes in memory is changed at once. */
export function sessionInitEffect(ctx: ServerContext, id: ConnectionId, valid: boolean, how: 'created' | 'reattached'): Effect {
  const connection = connectionAt(ctx, id);
  if (connection === null) return NOTHING;
  const to = writerOf(id);
  const readOnly = connection.knowsReadOnly ? false : null; // WIRE-05, SESS-42
  if (!valid) {
    const refusal: ServerPacket = { type: 'CONNECTED', session: NO_SESSION, password: NO_PASSWORD, timeoutMs: 0, readOnly };
    const effects: Effect[] = [
      { type: 'enqueue', to, item: refusal },
      { type: 'enqueue', to, item: CLOSE_CONN },
    ];
    return { type: 'atomic', effects };
  }
  const { session, timeoutMs, link } = connection;
  ownConnection(ctx, id).stage = 'established';
  ctx.note({ type: 'session-attached', session, link, how });
  const answer: ServerPacket = { type: 'CONNECTED', session, password: makePassword(session), timeoutMs, readOnly };
  const effects: Effect[] = [
    { type: 'enqueue', to, item: answer },
    { type: 'enqueue', to: readerOf(id), item: RECEIVE },
  ];
  return { type: 'atomic', effects };
}

export const NOTHING: Effect = { type: 'atomic', effects: [] };

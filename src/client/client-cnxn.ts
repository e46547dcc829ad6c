/**
 * ClientCnxn, what both its halves do: calls finish, the connection is lost, the session ends, the time comes for something. In Java all this
 * is the SendThread's; so each function here changes memory in one step, whichever half runs it.
 *
 * The facts are noted where the library learns them, and in that order: that is what its callbacks and watchers see (WATCH-32).
 */
import { assert } from '../base/assert.ts';
import { lengthOf, shift } from '../base/deque.ts';
import { own, peek } from '../base/parts.ts';
import { threadId } from '../base/step.ts';
import { noZxid, type Zxid } from '../base/zxid.ts';
import type { ErrorCode, Result } from '../server/protocol.ts';
import { makeClientState, OWN_CALL, type CallPacket, type ClientState } from './client-state.ts';
import type { ClientContext } from './context.ts';
import { chooseNextServer, chooseServer, onHostConnected, orderServers } from './host-connection-manager.ts';
import type { EventThreadItem, OwnItem } from './items.ts';
import type { Answer } from './sequence.ts';
import type { ClientWhy, LossReason } from './note.ts';
import { EVENT_THREAD, SEND_THREAD } from './thread-kinds.ts';

const PING_EARLIER_MS = 1000;
const PING_INTERVAL_MAX_MS = 10_000;

export const SEND_THREAD_ID = threadId(SEND_THREAD, 0);
export const EVENT_THREAD_ID = threadId(EVENT_THREAD, 0);

/** Queues for the application's EventThread, if there is one. */
function deliver(ctx: ClientContext, item: EventThreadItem): void {
  if (ctx.app !== undefined) ctx.effects.push({ type: 'enqueue', to: EVENT_THREAD_ID, item });
}

export function deliverEvent(ctx: ClientContext, item: Extract<EventThreadItem, { readonly type: 'watched' }>): void {
  deliver(ctx, item);
}

/** A new ZooKeeper handle: it knows no session and has seen nothing. */
export function openHandle(ctx: ClientContext, connection: number): ClientState {
  const client = makeClientState(ctx.config, orderServers(ctx), ctx.now, connection);
  chooseNextServer(ctx, client);
  ctx.note({ type: 'client-state', state: 'CONNECTING', session: client.session, server: null, why: 'opened' });
  return client;
}

/** States.isAlive, denied: the handle is of no use any more. */
export function isOver({ state }: Readonly<ClientState>): boolean {
  return state === 'CLOSED' || state === 'AUTH_FAILED';
}

export function isClosed(ctx: ClientContext): boolean {
  return isOver(peek(ctx.parts, ctx.refs.client));
}

export function establishedServer(client: Readonly<ClientState>): number | null {
  return client.phase === 'ESTABLISHED' ? client.server : null;
}

/** ClientCnxn.finishPacket: exactly one client-returned for each client-invoked. */
export function finishCall(
  ctx: ClientContext,
  client: Readonly<ClientState>,
  packet: CallPacket,
  error: ErrorCode,
  result: Result | null,
  zxid: Zxid,
): void {
  const { call, xid, operation } = packet;
  if (call === OWN_CALL) return;
  const { session } = client;
  ctx.note({ type: 'client-returned', call, xid, operation, error, result, zxid, session, server: establishedServer(client) });
  deliver(ctx, { type: 'finished', call, operation, error, result });
  if (client.sequences.some((running) => running.call === call)) answerSequence(ctx, call, { error, result });
}

/** Recipes that wait on a dead handle will hear of nothing any more. */
function failWaits(ctx: ClientContext, client: Readonly<ClientState>): void {
  for (const { call, waits } of client.sequences) if (waits !== null) answerSequence(ctx, call, { error: lossError(client), result: null });
}

/** The program that runs the sequence is a thread of its own in Java: it wakes, and asks for what comes next in the SendThread's turn. */
export function answerSequence(ctx: ClientContext, call: number, answer: Answer): void {
  const client = own(ctx.parts, ctx.refs.client);
  client.sequences = client.sequences.map((running) =>
    running.call === call ? { ...running, answers: [...running.answers, answer], waits: null } : running,
  );
  const item: OwnItem = { type: 'go-on', call };
  ctx.effects.push({ type: 'enqueue', to: SEND_THREAD_ID, item });
}

/** ClientCnxn.conLossPacket (CLI-11): without an answer the outcome is unknown, except for what was never sent. */
export function failCall(ctx: ClientContext, client: Readonly<ClientState>, packet: CallPacket): void {
  finishCall(ctx, client, packet, lossError(client), null, noZxid);
}

function lossError({ state }: Readonly<ClientState>): ErrorCode {
  if (state === 'AUTH_FAILED') return 'AUTHFAILED';
  return state === 'CLOSED' ? 'SESSIONEXPIRED' : 'CONNECTIONLOSS';
}

/** SendThread.cleanup: sent first, then queued, each in its order. Calls submitted from now on wait for the next connection. */
function failCalls(ctx: ClientContext, client: ClientState): void {
  while (lengthOf(client.pending) > 0) failCall(ctx, client, shift(client.pending));
  while (lengthOf(client.outgoing) > 0) failCall(ctx, client, shift(client.outgoing));
}

/**
 * SendThread.cleanAndNotifyState and what follows in its loop: the connection, or the attempt at one, is over. The caller ends its socket
 * and sees that the SendThread looks again. A client that is closing does not come back.
 */
export function loseConnection(ctx: ClientContext, why: LossReason): void {
  const client = own(ctx.parts, ctx.refs.client);
  failCalls(ctx, client);
  if (client.closing) {
    enterClosed(ctx, client, 'closed');
    return;
  }
  const { server, session } = client;
  if (client.state === 'CONNECTED') {
    client.state = 'CONNECTING';
    ctx.note({ type: 'client-state', state: 'CONNECTING', session, server, why });
    deliver(ctx, { type: 'state', state: 'Disconnected', why });
  } else {
    ctx.note({ type: 'client-attempt-failed', server, why });
  }
  client.phase = 'IDLE';
  client.link = null;
  chooseNextServer(ctx, client);
}

/** The client was told where to go, while IDLE. */
export function redirect(ctx: ClientContext, server: number): void {
  chooseServer(ctx, own(ctx.parts, ctx.refs.client), server);
}

/** The session is over: a server said so (CLI-04), or the client's own clock (CLI-03), in which case servers may still think otherwise. */
export function expireSession(ctx: ClientContext, by: 'server' | 'client'): void {
  const client = own(ctx.parts, ctx.refs.client);
  ctx.note({ type: 'client-expired', session: client.session, by });
  client.state = 'CLOSED';
  if (by === 'client') failCalls(ctx, client); // SendThread.run: calls before the event, the other way round in onConnected
  enterClosed(ctx, client, by === 'server' ? 'session-expired' : 'session-timeout');
  failCalls(ctx, client);
}

/** CLI-13: a server did not take what addAuthInfo was given. The handle is of no use any more, whatever becomes of the session. */
export function failAuth(ctx: ClientContext): void {
  const client = own(ctx.parts, ctx.refs.client);
  const { server, session } = client;
  client.state = 'AUTH_FAILED';
  ctx.note({ type: 'client-state', state: 'AUTH_FAILED', session, server, why: 'auth-failed' });
  deliver(ctx, { type: 'state', state: 'AuthFailed', why: 'auth-failed' });
  client.phase = 'IDLE';
  client.link = null;
  failCalls(ctx, client);
  failWaits(ctx, client);
  deliver(ctx, { type: 'state', state: 'Closed', why: 'auth-failed' });
}

/** The reply to closeSession is here (CLI-18), and since no call was taken after it, nothing is left. */
export function closeHandle(ctx: ClientContext): void {
  const client = own(ctx.parts, ctx.refs.client);
  assert(lengthOf(client.pending) + lengthOf(client.outgoing) === 0, 'closeSession is the last call of a handle');
  enterClosed(ctx, client, 'closed');
}

function enterClosed(ctx: ClientContext, client: ClientState, why: ClientWhy): void {
  const server = establishedServer(client);
  client.state = 'CLOSED';
  ctx.note({ type: 'client-state', state: 'CLOSED', session: client.session, server, why });
  deliver(ctx, { type: 'state', state: why === 'closed' ? 'Closed' : 'Expired', why });
  client.phase = 'IDLE';
  client.link = null;
  failWaits(ctx, client);
}

/** SendThread.onConnected: the session is attached here. `session` is a new one unless it is the one that was asked for. */
export function attachSession(ctx: ClientContext, session: string, password: string, timeoutMs: number): void {
  const client = own(ctx.parts, ctx.refs.client);
  const how = client.session === session ? 'reattached' : 'created';
  client.timeoutMs = timeoutMs;
  client.session = session;
  client.password = password;
  client.state = 'CONNECTED';
  client.phase = 'ESTABLISHED';
  onHostConnected(client);
  ctx.note({ type: 'client-session', session, timeoutMs, how });
  ctx.note({ type: 'client-state', state: 'CONNECTED', session, server: client.server, why: 'established' });
  deliver(ctx, { type: 'state', state: 'SyncConnected', why: 'established' });
}

/** CLI-01; whole milliseconds as in Java. */
function connectTimeoutMs(client: Readonly<ClientState>): number {
  return Math.floor(client.timeoutMs / client.hosts.servers.length);
}
function readTimeoutMs(client: Readonly<ClientState>): number {
  return Math.floor((client.timeoutMs * 2) / 3);
}
/** ZOOKEEPER-4508, 4923: the same limit holds for a session that was never established. */
function expirationTimeoutMs(client: Readonly<ClientState>): number {
  return Math.floor((client.timeoutMs * 4) / 3);
}

/** When the silence of the servers ends the session (CLI-03); Infinity where the client never decides that. */
export function expiresAt(ctx: ClientContext, client: Readonly<ClientState>): number {
  return ctx.decide.client.declaresExpiry ? client.lastHeardAt + expirationTimeoutMs(client) * 1000 : Infinity;
}

/** When the current connection, or the attempt at one, has taken too long. */
export function timesOutAt(client: Readonly<ClientState>): number {
  if (client.phase === 'ESTABLISHED') return client.lastHeardAt + readTimeoutMs(client) * 1000;
  return client.lastSentAt + connectTimeoutMs(client) * 1000;
}

/** CLI-02: when a ping is due, as the loop sees it now: once idle for over a second it pings one second earlier. */
export function pingsAt(ctx: ClientContext, client: Readonly<ClientState>): number {
  const idleUs = ctx.now - client.lastSentAt;
  if (idleUs > PING_INTERVAL_MAX_MS * 1000) return ctx.now;
  const halfMs = Math.floor(readTimeoutMs(client) / 2);
  return client.lastSentAt + (halfMs - (idleUs > PING_EARLIER_MS * 1000 ? PING_EARLIER_MS : 0)) * 1000;
}

/** Has the idle time passed the second after which the loop would ping earlier? Then whatever turns the loop may cause a ping. */
export function isIdleLong(ctx: ClientContext, client: Readonly<ClientState>): boolean {
  return ctx.now - client.lastSentAt > PING_EARLIER_MS * 1000;
}

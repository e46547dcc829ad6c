/**
 * SendThread, its sending half: takes calls, sends them in order, pings, watches the clock, and dials when there is no connection. Its loop
 * runs whenever it gets an item or a deadline passes, and does at most one thing that others see.
 */
import { lengthOf, push, shift } from '../base/deque.ts';
import { own, peek, replace } from '../base/parts.ts';
import { threadId, type Effect } from '../base/step.ts';
import { PING_XID, type ClientPacket } from '../server/protocol.ts';
import type { CallPacket, ClientState } from './client-state.ts';
import { expiresAt, expireSession, failCall, isClosed, loseConnection, openHandle, pingsAt, redirect, timesOutAt } from './client-cnxn.ts';
import type { ClientContext } from './context.ts';
import type { ClientInput, OwnItem } from './items.ts';
import type { LossReason } from './note.ts';
import { READ_THREAD } from './thread-kinds.ts';

/** Integer.MAX_VALUE is skipped: the xids after it are 1, 2, ... again (CLI-10). */
const XID_MAX = 0x7fff_ffff;

const PING: ClientPacket = { type: 'OP', xid: PING_XID, operation: { op: 'ping' } };

export function stepSendThread(ctx: ClientContext, input: ClientInput): void {
  switch (input.type) {
    case 'submit':
      onSubmit(ctx, { call: input.call, xid: 0, operation: input.operation });
      break;
    case 'move':
      onMove(ctx, input.server);
      break;
    case 'disconnect':
      drop(ctx, 'disconnected');
      break;
    case 'open':
      onOpen(ctx);
      break;
    case 'failed':
      onFailed(ctx, input.effect);
      break;
    default:
      break; // a wake, or a deadline: the loop is all there is to do
  }
  runLoop(ctx);
}

/** ClientCnxn.queuePacket. */
function onSubmit(ctx: ClientContext, packet: CallPacket): void {
  const client = own(ctx.parts, ctx.refs.client);
  ctx.note({ type: 'client-invoked', call: packet.call, operation: packet.operation });
  if (client.state === 'CLOSED' || client.closing) {
    failCall(ctx, client, packet);
    return;
  }
  if (packet.operation.op === 'closeSession') client.closing = true;
  push(client.outgoing, packet);
}

function onMove(ctx: ClientContext, server: number): void {
  if (isClosed(ctx)) return;
  drop(ctx, 'moved');
  if (!isClosed(ctx)) redirect(ctx, server);
}

function onOpen(ctx: ClientContext): void {
  if (!isClosed(ctx)) return;
  const { connection } = peek(ctx.parts, ctx.refs.client);
  replace(ctx.parts, ctx.refs.client, openHandle(ctx, connection));
}

/** A write to a broken connection. When the reading half noticed first, there is nothing left to lose. */
function onFailed(ctx: ClientContext, effect: Effect): void {
  const { link } = peek(ctx.parts, ctx.refs.client);
  if (effect.type === 'send' && effect.link === link) drop(ctx, 'reset');
}

/** Ends the connection or the attempt at one; a ReadThread that is still dialling is woken, one that reads sees its socket closed. */
function drop(ctx: ClientContext, why: LossReason): void {
  const hangUp = hangUpEffect(peek(ctx.parts, ctx.refs.client));
  if (hangUp === null) return;
  ctx.effects.push(hangUp);
  loseConnection(ctx, why);
}

function hangUpEffect(client: Readonly<ClientState>): Effect | null {
  if (client.link !== null) return { type: 'close', link: client.link };
  return client.phase === 'DIALLING' ? { type: 'interrupt', thread: threadId(READ_THREAD, client.connection) } : null;
}

/** SendThread.run: the session's own limit comes before that of the connection. */
function runLoop(ctx: ClientContext): void {
  const client = peek(ctx.parts, ctx.refs.client);
  if (client.state === 'CLOSED') return; // waits for items only: each call fails at once
  if (client.phase === 'IDLE' && ctx.now < client.dialAt) {
    // asleep in startConnect or next()
  } else if (ctx.now >= expiresAt(ctx, client)) {
    const hangUp = hangUpEffect(client);
    if (hangUp !== null) ctx.effects.push(hangUp);
    expireSession(ctx, 'client');
  } else if (client.phase === 'IDLE') {
    dial(ctx);
  } else if (ctx.now >= timesOutAt(client)) {
    drop(ctx, client.phase === 'ESTABLISHED' ? 'read-timeout' : 'connect-timeout');
  } else if (client.phase === 'ESTABLISHED') {
    sendNext(ctx);
  }
  if (!isClosed(ctx)) ctx.thread.blockedOn = { on: 'queue', deadline: nextDeadline(ctx) };
}

function nextDeadline(ctx: ClientContext): number {
  const client = peek(ctx.parts, ctx.refs.client);
  if (client.phase === 'IDLE') return client.dialAt;
  const timesOut = Math.min(timesOutAt(client), expiresAt(ctx, client));
  return client.phase === 'ESTABLISHED' ? Math.min(timesOut, pingsAt(ctx, client)) : timesOut;
}

function dial(ctx: ClientContext): void {
  const client = own(ctx.parts, ctx.refs.client);
  client.connection++;
  client.phase = 'DIALLING';
  client.lastSentAt = ctx.now;
  const { server, connection } = client;
  ctx.note({ type: 'client-dials', server, attempt: connection });
  const item: OwnItem = { type: 'dial', server };
  ctx.effects.push({ type: 'start', thread: threadId(READ_THREAD, connection), item });
}

/** ClientCnxnSocket.doIO, writing: one packet, then the rest of the queue as later events. A ping only when nothing else is sent. */
function sendNext(ctx: ClientContext): void {
  const client = peek(ctx.parts, ctx.refs.client);
  if (lengthOf(client.outgoing) > 0) {
    sendCall(ctx);
  } else if (client.link !== null && ctx.now >= pingsAt(ctx, client)) {
    own(ctx.parts, ctx.refs.client).lastSentAt = ctx.now;
    if (ctx.traced) ctx.note({ type: 'client-pings' });
    ctx.effects.push({ type: 'send', link: client.link, packet: PING });
  }
}

function sendCall(ctx: ClientContext): void {
  const client = own(ctx.parts, ctx.refs.client);
  if (client.link === null) return;
  const { call, operation } = shift(client.outgoing);
  // The xid is taken when the packet is sent, and SetWatches gets an ordinary one: the -8 of its header never reaches the wire.
  const xid = takeXid(client);
  push(client.pending, { call, xid, operation });
  client.lastSentAt = ctx.now;
  const packet: ClientPacket = { type: 'OP', xid, operation };
  ctx.effects.push({ type: 'send', link: client.link, packet });
  if (lengthOf(client.outgoing) > 0) ctx.effects.push({ type: 'continue', item: { type: 'wake' } });
}

function takeXid(client: ClientState): number {
  if (client.xid === XID_MAX) client.xid = 1;
  return client.xid++;
}

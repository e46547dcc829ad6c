/**
 * SendThread, its sending half: takes calls, sends them in order, pings, watches the clock, and dials when there is no connection. Its loop
 * runs whenever it gets an item or a deadline passes, and does at most one thing that others see.
 */
import { lengthOf, push, shift } from '../base/deque.ts';
import { own, peek, replace } from '../base/parts.ts';
import { threadId, type Effect } from '../base/step.ts';
import { noZxid } from '../base/zxid.ts';
import { AUTH_XID, PING_XID, type ClientPacket } from '../server/protocol.ts';
import { OWN_CALL, type AuthData, type CallPacket, type ClientState } from './client-state.ts';
import {
  expiresAt,
  expireSession,
  failCall,
  finishCall,
  isClosed,
  isOver,
  loseConnection,
  openHandle,
  pingsAt,
  redirect,
  timesOutAt,
} from './client-cnxn.ts';
import type { ClientContext } from './context.ts';
import type { ClientInput, OwnItem, Submission } from './items.ts';
import type { LossReason } from './note.ts';
import { awaitEvent, heldAfter, isOutcome, nextOf } from './run-sequence.ts';
import { beginSequence, isSequence, type RunningSequence, type SequenceOutcome } from './sequence.ts';
import { READ_THREAD } from './thread-kinds.ts';
import { hasWatchOfType } from './watch-manager.ts';

/** Integer.MAX_VALUE is skipped: the xids after it are 1, 2, ... again (CLI-10). */
const XID_MAX = 0x7fff_ffff;

const PING: ClientPacket = { type: 'OP', xid: PING_XID, operation: { op: 'ping' } };

export function stepSendThread(ctx: ClientContext, input: ClientInput): void {
  switch (input.type) {
    case 'submit':
      onSubmit(ctx, input.operation, input.call);
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
    case 'go-on':
      goOn(ctx, input.call);
      break;
    case 'failed':
      onFailed(ctx, input.effect);
      break;
    default:
      break; // a wake, or a deadline: the loop is all there is to do
  }
  runLoop(ctx);
}

function onSubmit(ctx: ClientContext, operation: Submission, call: number): void {
  if (!isSequence(operation)) {
    queuePacket(ctx, { call, xid: 0, operation });
    return;
  }
  const client = own(ctx.parts, ctx.refs.client);
  ctx.note({ type: 'client-sequence', call, command: operation });
  const held = client.held.find(({ path }) => path === operation.path)?.node ?? null;
  client.sequences = [...client.sequences, beginSequence(operation, call, ctx.config.name, held)];
  goOn(ctx, call);
}

/** The next request of a sequence, or its end. */
function goOn(ctx: ClientContext, call: number): void {
  const client = own(ctx.parts, ctx.refs.client);
  const running = client.sequences.find((each) => each.call === call);
  if (running === undefined) return;
  const next = nextOf(running, ctx.decide.client);
  if (isOutcome(next)) endSequence(ctx, client, running, next);
  else if (next.op === 'await') awaitEvent(ctx, client, running, next);
  else queuePacket(ctx, { call, xid: 0, operation: next });
}

function endSequence(ctx: ClientContext, client: ClientState, running: RunningSequence, outcome: SequenceOutcome): void {
  const { call, command } = running;
  client.sequences = client.sequences.filter((each) => each !== running);
  client.held = heldAfter(client.held, command, outcome);
  ctx.note({ type: 'client-sequence-done', call, command, ...outcome });
}

/** ClientCnxn.queuePacket. */
function queuePacket(ctx: ClientContext, packet: CallPacket): void {
  const client = own(ctx.parts, ctx.refs.client);
  ctx.note({ type: 'client-invoked', call: packet.call, operation: packet.operation });
  if (isOver(client) || client.closing) {
    failCall(ctx, client, packet);
    return;
  }
  if (packet.operation.op === 'auth') {
    addAuthInfo(ctx, client, packet.call, packet.operation);
    return;
  }
  const { operation } = packet;
  if (operation.op === 'removeWatches' && !hasWatchOfType(client.watches, operation.path, operation.watcherType)) {
    finishCall(ctx, client, packet, 'NOWATCHER', null, noZxid);
    return;
  }
  if (operation.op === 'closeSession') client.closing = true;
  push(client.outgoing, packet);
}

/** ClientCnxn.addAuthInfo: nobody waits for the answer, and nothing tells a caller whether it was taken but what it may do then. */
function addAuthInfo(ctx: ClientContext, client: ClientState, call: number, auth: AuthData): void {
  const isKnown = client.authInfo.some((each) => each.scheme === auth.scheme && each.auth === auth.auth);
  if (!isKnown) client.authInfo = [...client.authInfo, auth];
  push(client.outgoing, { call: OWN_CALL, xid: 0, operation: auth });
  finishCall(ctx, client, { call, xid: AUTH_XID, operation: auth }, 'OK', { op: 'auth' }, noZxid);
}

function onMove(ctx: ClientContext, server: number): void {
  if (isClosed(ctx)) return;
  drop(ctx, 'moved');
  if (!isClosed(ctx)) redirect(ctx, server);
}

function onOpen(ctx: ClientContext): void {
  if (!isClosed(ctx)) return;
  const { connection, sequences, held } = peek(ctx.parts, ctx.refs.client);
  const handle = openHandle(ctx, connection);
  handle.sequences = sequences; // their last request has failed, which they have yet to see
  handle.held = held; // the application's own memory: nobody has told it what it lost with the session
  replace(ctx.parts, ctx.refs.client, handle);
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
  if (isOver(client)) return; // waits for items only: each call fails at once
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
  if (operation.op === 'auth') {
    client.lastSentAt = ctx.now;
    const packet: ClientPacket = { type: 'OP', xid: AUTH_XID, operation };
    ctx.effects.push({ type: 'send', link: client.link, packet });
    if (lengthOf(client.outgoing) > 0) ctx.effects.push({ type: 'continue', item: { type: 'wake' } });
    return;
  }
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

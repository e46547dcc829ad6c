/**
 * SendThread, its reading half: one thread for each connection. It dials, introduces the session, and reads until the connection ends. A
 * connection that the sending half gave up is none of its business any more: it then ends without touching the client.
 */
import { at, lengthOf, pushFront, shift } from '../base/deque.ts';
import { own, peek } from '../base/parts.ts';
import type { Item, LinkId } from '../base/step.ts';
import { noZxid, type Zxid } from '../base/zxid.ts';
import { AUTH_XID, CLIENT_PORT, type ClientPacket, type Operation, type ServerPacket } from '../server/protocol.ts';
import { OWN_CALL, type ClientState } from './client-state.ts';
import {
  attachSession,
  closeHandle,
  deliverEvent,
  expireSession,
  failAuth,
  finishCall,
  isIdleLong,
  loseConnection,
  SEND_THREAD_ID,
} from './client-cnxn.ts';
import type { ClientContext } from './context.ts';
import type { ClientInput } from './items.ts';
import type { LossReason } from './note.ts';
import { hearEvent } from './run-sequence.ts';
import { countWatches, hasLastingWatch, makeSetWatches, registerWatch, removeWatches, takeWatches } from './watch-manager.ts';

type Reply = Extract<ServerPacket, { readonly type: 'REPLY' }>;
type ConnectResponse = Extract<ServerPacket, { readonly type: 'CONNECTED' }>;
type Notification = Extract<ServerPacket, { readonly type: 'EVENT' }>;

export function stepReadThread(ctx: ClientContext, input: ClientInput): void {
  switch (input.type) {
    case 'dial':
      ctx.effects.push({ type: 'connect', to: input.server, port: CLIENT_PORT });
      ctx.thread.blockedOn = { on: 'connect', deadline: null };
      break;
    case 'connected':
      onTcpConnected(ctx, input.link);
      break;
    case 'refused':
      leave(ctx, 'refused');
      break;
    case 'packet':
      onPacket(ctx, input.link, input.packet);
      break;
    case 'closed':
      leave(ctx, input.how === 'eof' ? 'eof' : 'reset');
      break;
    case 'failed':
      leave(ctx, 'reset');
      break;
    default:
      ctx.thread.ending = true; // interrupted: the sending half gave the attempt up
  }
}

/** Is this still the connection that the client uses? */
function isCurrent(ctx: ClientContext): boolean {
  const { phase, connection } = peek(ctx.parts, ctx.refs.client);
  return phase !== 'IDLE' && connection === ctx.thread.incarnation;
}

/** SendThread.primeConnection: the ConnectRequest goes first and alone (CLI-06); session 0 asks for a new one (CLI-07). */
function onTcpConnected(ctx: ClientContext, link: LinkId): void {
  if (!isCurrent(ctx)) {
    ctx.effects.push({ type: 'close', link });
    ctx.thread.ending = true;
    return;
  }
  const client = own(ctx.parts, ctx.refs.client);
  client.link = link;
  client.phase = 'PRIMED';
  client.hasConnected = true;
  client.lastSentAt = ctx.now;
  client.lastHeardAt = ctx.now;
  const { session, password } = client;
  const lastZxidSeen = ctx.decide.client.sendsLastZxid ? client.lastZxid : 0;
  const timeoutMs = ctx.config.sessionTimeoutMs;
  const packet: ClientPacket = { type: 'CONNECT', session, password, timeoutMs, lastZxidSeen, readOnly: false };
  ctx.effects.push({ type: 'send', link, packet });
  readOn(ctx, link);
}

function readOn(ctx: ClientContext, link: LinkId): void {
  ctx.thread.blockedOn = { on: 'read', link, deadline: null };
}

function wakeSender(ctx: ClientContext): void {
  ctx.effects.push({ type: 'enqueue', to: SEND_THREAD_ID, item: { type: 'wake' } });
}

/** The connection ended, or must: loses it unless the sending half did so before. */
function leave(ctx: ClientContext, why: LossReason): void {
  ctx.thread.ending = true;
  if (!isCurrent(ctx)) return;
  const { link } = peek(ctx.parts, ctx.refs.client);
  loseConnection(ctx, why);
  wakeSender(ctx);
  if (link !== null) ctx.effects.push({ type: 'close', link });
}

function isServerPacket(packet: Item): packet is ServerPacket & Item {
  return packet.type === 'CONNECTED' || packet.type === 'REPLY' || packet.type === 'EVENT';
}

function onPacket(ctx: ClientContext, link: LinkId, packet: Item): void {
  if (!isCurrent(ctx)) {
    ctx.thread.ending = true;
    return;
  }
  const client = own(ctx.parts, ctx.refs.client);
  const isPrimed = client.phase === 'PRIMED';
  if (!isServerPacket(packet) || isPrimed !== (packet.type === 'CONNECTED')) {
    leave(ctx, 'unexpected-reply');
    return;
  }
  client.lastHeardAt = ctx.now;
  readOn(ctx, link);
  // In Java each packet turns the one loop, and an idle client may ping at that moment (CLI-02).
  if (!isPrimed && isIdleLong(ctx, client)) wakeSender(ctx);
  if (packet.type === 'CONNECTED') onConnectResponse(ctx, link, packet);
  else if (packet.type === 'EVENT') onNotification(ctx, packet);
  else if (packet.type === 'REPLY' && packet.xid >= 0) onReply(ctx, link, packet); // a ping's reply is only heard
  else if (packet.type === 'REPLY' && packet.xid === AUTH_XID && packet.error === 'AUTHFAILED') {
    failAuth(ctx);
    ctx.effects.push({ type: 'close', link });
    ctx.thread.ending = true;
  }
}

function onConnectResponse(ctx: ClientContext, link: LinkId, packet: ConnectResponse): void {
  if (packet.timeoutMs <= 0) {
    // SESS-10, CLI-04: there is no such session any more.
    expireSession(ctx, 'server');
    ctx.effects.push({ type: 'close', link });
    ctx.thread.ending = true;
    return;
  }
  attachSession(ctx, packet.session, packet.password, packet.timeoutMs);
  resetWatches(ctx);
  for (const operation of peek(ctx.parts, ctx.refs.client).authInfo)
    pushFront(own(ctx.parts, ctx.refs.client).outgoing, { call: OWN_CALL, xid: 0, operation }); // CLI-06: last added first
  wakeSender(ctx);
}

/** The rest of primeConnection: what the client watches goes out before any call (CLI-06, CLI-09, WATCH-44). */
function resetWatches(ctx: ClientContext): void {
  const { watches, lastZxid: relativeZxid, session } = peek(ctx.parts, ctx.refs.client);
  const count = countWatches(watches);
  if (count === 0 || !ctx.decide.client.rearmsWatches) return;
  ctx.note({ type: 'client-resets-watches', session, relativeZxid, count });
  const { outgoing } = own(ctx.parts, ctx.refs.client);
  for (const operation of makeSetWatches(watches, relativeZxid)) pushFront(outgoing, { call: OWN_CALL, xid: 0, operation });
}

/** WATCH-22: the event's zxid, where the server knows one, does not count as seen (CLI-08). */
function onNotification(ctx: ClientContext, packet: Notification): void {
  const { event, path, zxid } = packet;
  const client = own(ctx.parts, ctx.refs.client);
  const consumed = takeWatches(client.watches, event, path);
  ctx.note({ type: 'client-event', event, path, zxid, session: client.session, consumed });
  hearEvent(ctx, path);
  const stays = hasLastingWatch(client.watches, event, path, ctx.decide.client.recursiveHearsOfChildren);
  if (stays || consumed.length > 0) deliverEvent(ctx, { type: 'watched', event, path, zxid });
}

/** SendThread.readResponse: replies come in the order of the requests, or the connection is not worth keeping (CLI-10). */
function onReply(ctx: ClientContext, link: LinkId, reply: Reply): void {
  const client = own(ctx.parts, ctx.refs.client);
  if (lengthOf(client.pending) === 0) {
    leave(ctx, 'unexpected-reply');
    return;
  }
  if (at(client.pending, 0).xid !== reply.xid) {
    leave(ctx, 'xid-out-of-order');
    return;
  }
  const packet = shift(client.pending);
  if (reply.zxid > 0) client.lastZxid = reply.zxid;
  registerWatch(client.watches, packet.operation, reply.error);
  if (reply.error === 'OK') onWatchesDone(ctx, client, packet.operation, reply.zxid);
  finishCall(ctx, client, packet, reply.error, reply.result, reply.zxid);
  if (packet.operation.op !== 'closeSession') return;
  closeHandle(ctx);
  ctx.effects.push({ type: 'close', link });
  ctx.thread.ending = true;
}

/** Watches are set again, or removed, which their watchers hear before the call returns (WATCH-27). */
function onWatchesDone(ctx: ClientContext, { watches, session }: ClientState, operation: Operation, zxid: Zxid): void {
  if (operation.op === 'setWatches2') {
    const { persistent, persistentRecursive: recursive } = operation;
    ctx.note({ type: 'client-watches-on', session, zxid, persistent, recursive });
  }
  if (operation.op !== 'removeWatches') return;
  const { path } = operation;
  for (const { event, consumed } of removeWatches(watches, path, operation.watcherType)) {
    ctx.note({ type: 'client-event', event, path, zxid: noZxid, session, consumed });
    deliverEvent(ctx, { type: 'watched', event, path, zxid: noZxid });
  }
}

/**
 * QuorumCnxManager.Listener: accepts election connections and reads their first message itself, one connection at a time, so that a
 * silent one keeps all others waiting (CNX-17).
 */
import { assert } from '../base/assert.ts';
import { own, peek } from '../base/parts.ts';
import type { Item, LinkId } from '../base/step.ts';
import type { ZabContext } from './context.ts';
import { continueWith, electionInputOf } from './election-item.ts';
import { ELECTION_PORT, type InitialMessage } from './packet.ts';
import { connectOne, finishWorker, generationOf, installWorkers, removeSender, replaceWorkers } from './quorum-cnx-manager.ts';

/** zookeeper.electionPortBindRetry (CNX-16). */
const BIND_RETRIES = 3;
const BIND_RETRY_US = 1_000_000;

export function stepListener(ctx: ZabContext, item: Item): void {
  const input = electionInputOf(item);
  switch (input.type) {
    case 'run':
      bind(ctx);
      return;
    case 'accepted':
      onAccepted(ctx, input.link);
      return;
    case 'packet':
      onFirstPacket(ctx, input.link, input.packet);
      return;
    case 'closed':
      dropHandshake(ctx);
      return;
    case 'timeout':
      if (peek(ctx.parts, ctx.refs.cnx).handshake === null) bind(ctx);
      else dropHandshake(ctx);
      return;
    case 'remove-sender':
      removeSender(ctx, input.sid, input.generation);
      return;
    case 'install':
      installWorkers(ctx, input.sid, input.link);
      accept(ctx);
      return;
    case 'call-back':
      connectOne(ctx, input.sid);
      accept(ctx);
      return;
    case 'failed':
      onBindFailed(ctx);
      return;
    case 'interrupted':
    case 'signalled':
      accept(ctx);
      return;
    default:
      assert(false, `the Listener got ${input.type}`);
  }
}

function bind(ctx: ZabContext): void {
  ctx.effects.push({ type: 'listen', port: ELECTION_PORT });
  accept(ctx);
}

function onBindFailed(ctx: ZabContext): void {
  const cnx = own(ctx.parts, ctx.refs.cnx);
  cnx.bindFailures++;
  if (cnx.bindFailures < BIND_RETRIES) ctx.thread.blockedOn = { on: 'sleep', until: ctx.now + BIND_RETRY_US };
  else ctx.effects.push({ type: 'exit', reason: 'election-port' });
}

function accept(ctx: ZabContext): void {
  ctx.thread.blockedOn = { on: 'accept', port: ELECTION_PORT };
}

function onAccepted(ctx: ZabContext, link: LinkId): void {
  const cnx = own(ctx.parts, ctx.refs.cnx);
  cnx.handshake = link;
  cnx.bindFailures = 0;
  // CNX-15: tickTime * syncLimit.
  ctx.thread.blockedOn = { on: 'read', link, deadline: ctx.now + ctx.config.tickUs * ctx.config.syncLimit };
}

/** End of stream, reset or silence before the first message. */
function dropHandshake(ctx: ZabContext): void {
  const cnx = own(ctx.parts, ctx.refs.cnx);
  if (cnx.handshake !== null) ctx.effects.push({ type: 'close', link: cnx.handshake });
  cnx.handshake = null;
  accept(ctx);
}

/** QuorumCnxManager.handleConnection. */
function onFirstPacket(ctx: ZabContext, link: LinkId, packet: Item): void {
  if (!isInitialMessage(packet)) {
    dropHandshake(ctx);
    return;
  }
  own(ctx.parts, ctx.refs.cnx).handshake = null;
  const { sid } = packet;
  if (sid < ctx.config.sid) callBack(ctx, sid, link);
  else if (sid > ctx.config.sid) {
    ctx.note({ type: 'election-connection', peer: sid, how: 'kept' });
    replaceWorkers(ctx, sid, link);
  }
  // CNX-04: a connection from one's own id is left alone.
  accept(ctx);
}

function isInitialMessage(packet: Item): packet is InitialMessage {
  return packet.type === 'INITIAL';
}

/** CNX-02: a smaller id's dial only asks to be dialled. The workers it may have are dead to it, whatever this server believes. */
function callBack(ctx: ZabContext, sid: number, link: LinkId): void {
  ctx.note({ type: 'election-connection', peer: sid, how: 'called-back' });
  const generation = generationOf(peek(ctx.parts, ctx.refs.cnx), sid);
  if (generation !== null) finishWorker(ctx, sid, generation);
  ctx.effects.push({ type: 'close', link }, continueWith({ type: 'call-back', sid }));
}

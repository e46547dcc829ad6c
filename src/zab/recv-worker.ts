/** QuorumCnxManager.RecvWorker: puts what arrives into the common receive queue, without a read timeout (CNX-12). */
import { assert } from '../base/assert.ts';
import { peek } from '../base/parts.ts';
import type { Item } from '../base/step.ts';
import type { ZabContext } from './context.ts';
import { electionInputOf } from './election-item.ts';
import type { Notification } from './packet.ts';
import { addToRecvQueue, finishWorker, removeSender, runningWorker } from './quorum-cnx-manager.ts';

export function stepRecvWorker(ctx: ZabContext, item: Item): void {
  const input = electionInputOf(item);
  switch (input.type) {
    case 'run':
    case 'interrupted':
      read(ctx);
      return;
    case 'packet':
      onPacket(ctx, input.packet);
      return;
    case 'closed':
    case 'failed':
      leave(ctx);
      return;
    case 'remove-sender':
      removeSender(ctx, input.sid, input.generation);
      ctx.thread.ending = true;
      return;
    default:
      assert(false, `a RecvWorker got ${input.type}`);
  }
}

function read(ctx: ZabContext): void {
  const worker = runningWorker(peek(ctx.parts, ctx.refs.cnx), ctx.thread.key, ctx.thread.incarnation);
  if (worker === null) leave(ctx);
  else ctx.thread.blockedOn = { on: 'read', link: worker.link, deadline: null };
}

/** What was read counts, even if the worker has been finished meanwhile. */
function onPacket(ctx: ZabContext, packet: Item): void {
  if (!isNotification(packet)) {
    leave(ctx); // CNX-14: anything but a notification breaks the connection
    return;
  }
  addToRecvQueue(ctx, ctx.thread.key, packet);
  read(ctx);
}

function isNotification(packet: Item): packet is Notification {
  return packet.type === 'NOTIFICATION';
}

/** CNX-13. */
function leave(ctx: ZabContext): void {
  const sid = ctx.thread.key;
  const wasRunning = runningWorker(peek(ctx.parts, ctx.refs.cnx), sid, ctx.thread.incarnation) !== null;
  if (wasRunning) ctx.note({ type: 'election-connection', peer: sid, how: 'lost' });
  if (!finishWorker(ctx, sid, ctx.thread.incarnation)) ctx.thread.ending = true;
}

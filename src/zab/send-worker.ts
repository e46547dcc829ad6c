/**
 * QuorumCnxManager.SendWorker: writes what stands in its server's send queue. Workers of several generations may live at once for one
 * server and share the queue, so a message can still be taken by a worker whose socket is closed: lastMessageSent is then its only trace.
 */
import { assert } from '../base/assert.ts';
import { own, peek } from '../base/parts.ts';
import type { Item } from '../base/step.ts';
import type { ZabContext } from './context.ts';
import { electionInputOf } from './election-item.ts';
import type { CnxWorker } from './election-state.ts';
import { finishWorker, queueFor, removeSender, runningWorker, sendQueueOf } from './quorum-cnx-manager.ts';

export function stepSendWorker(ctx: ZabContext, item: Item): void {
  const input = electionInputOf(item);
  switch (input.type) {
    case 'run':
      resendLastMessage(ctx);
      return;
    case 'interrupted':
    case 'timeout':
      if (worker(ctx) === null) leave(ctx);
      else poll(ctx);
      return;
    case 'signalled':
      poll(ctx);
      return;
    case 'failed':
      if (worker(ctx) !== null) ctx.note({ type: 'election-connection', peer: ctx.thread.key, how: 'lost' });
      leave(ctx);
      return;
    case 'remove-sender':
      removeSender(ctx, input.sid, input.generation);
      ctx.thread.ending = true;
      return;
    default:
      assert(false, `a SendWorker got ${input.type}`);
  }
}

function worker(ctx: ZabContext): CnxWorker | null {
  return runningWorker(peek(ctx.parts, ctx.refs.cnx), ctx.thread.key, ctx.thread.incarnation);
}

/** CNX-10: the peer may have missed the last message with the connection before; a waiting message is newer and goes alone. */
function resendLastMessage(ctx: ZabContext): void {
  const running = worker(ctx);
  if (running === null) {
    leave(ctx);
    return;
  }
  const queue = queueFor(own(ctx.parts, ctx.refs.cnx), ctx.thread.key);
  if (queue.message !== null || queue.lastSent === null) {
    poll(ctx);
    return;
  }
  ctx.note({ type: 'last-message-resent', peer: ctx.thread.key });
  ctx.effects.push({ type: 'send', link: running.link, packet: queue.lastSent });
  waitForMessage(ctx);
}

/**
 * Takes the message if there is one. Polling each second (CNX-12) has no effect that anybody could see, so it is left out. A worker that
 * is no longer running takes it too, for whoever is woken in the poll does not look again whether it runs.
 */
function poll(ctx: ZabContext): void {
  const queue = queueFor(own(ctx.parts, ctx.refs.cnx), ctx.thread.key);
  const running = worker(ctx);
  if (queue.message !== null) {
    // CNX-11: remembered before it is written.
    queue.lastSent = queue.message;
    queue.message = null;
    if (running !== null) ctx.effects.push({ type: 'send', link: running.link, packet: queue.lastSent });
  }
  if (running === null) leave(ctx);
  else waitForMessage(ctx);
}

function waitForMessage(ctx: ZabContext): void {
  ctx.thread.blockedOn = { on: 'condition', condition: sendQueueOf(ctx.thread.key), deadline: null };
}

/** CNX-13: a worker that leaves takes the other one and the socket with it; the queue stays. */
function leave(ctx: ZabContext): void {
  if (!finishWorker(ctx, ctx.thread.key, ctx.thread.incarnation)) ctx.thread.ending = true;
}

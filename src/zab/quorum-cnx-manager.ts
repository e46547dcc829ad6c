/**
 * QuorumCnxManager: at most one election connection with each other server, dialled by the larger id, with a send queue of one message
 * per server. What its threads share is here; the threads are in listener.ts, connector.ts, send-worker.ts and recv-worker.ts.
 *
 *    WorkerSender -> queue of one -> SendWorker --- link ---> RecvWorker -> recvQueue -> WorkerReceiver
 *         |                                                                    ^
 *         '---------------------- messages to itself (CNX-09) ----------------'
 */
import { own, peek } from '../base/parts.ts';
import { threadId, type LinkId } from '../base/step.ts';
import type { ZabContext } from './context.ts';
import { continueWith } from './election-item.ts';
import type { CnxState, CnxWorker, SendQueue } from './election-state.ts';
import type { Notification } from './packet.ts';
import { CONNECTOR, RECV_WORKER, SEND_WORKER } from './thread-kinds.ts';

/** RECV_CAPACITY (CNX-08). */
export const RECV_CAPACITY = 100;
/** Signalled when a message is put into recvQueue. */
export const RECV_QUEUE = 'cnx-recv-queue';

/** Signalled when a message is put into the send queue of `sid`. */
export function sendQueueOf(sid: number): string {
  return `cnx-send-queue-${sid}`;
}

/** At most one effect: memory and the wake-up of whoever goes on. */
export function toSend(ctx: ZabContext, sid: number, notification: Notification): void {
  if (sid === ctx.config.sid) {
    addToRecvQueue(ctx, sid, notification);
    return;
  }
  const cnx = own(ctx.parts, ctx.refs.cnx);
  const queue = queueFor(cnx, sid);
  if (queue.message !== null && ctx.traced) ctx.note({ type: 'send-queue-overwritten', peer: sid });
  queue.message = notification;
  // connectOne follows at once, though the original holds no lock: a sender that ends in between leaves things as one that ends just after.
  // Where there is no sender, nobody waits for the queue.
  if (generationOf(cnx, sid) !== null) ctx.effects.push({ type: 'signal', condition: sendQueueOf(sid) });
  else connectOne(ctx, sid);
}

/** The circular receive queue drops the oldest (CNX-08). One effect. */
export function addToRecvQueue(ctx: ZabContext, sid: number, notification: Notification): void {
  const { received } = own(ctx.parts, ctx.refs.cnx);
  if (received.length === RECV_CAPACITY) received.shift();
  received.push({ sid, notification });
  ctx.effects.push({ type: 'signal', condition: RECV_QUEUE });
}

/** Starts a dial unless there is a sender or a dial under way (CNX-05). Pushes at most one effect; false when none. */
export function connectOne(ctx: ZabContext, sid: number): boolean {
  const { senders, dialling } = peek(ctx.parts, ctx.refs.cnx);
  if (senders.some((sender) => sender.sid === sid) || dialling.includes(sid)) return false;
  if (!ctx.config.servers.some((server) => server.sid === sid)) return false; // CNX-06: a warning only
  const cnx = own(ctx.parts, ctx.refs.cnx);
  cnx.dialling.push(sid);
  cnx.dialling.sort((a, b) => a - b);
  cnx.generations++;
  ctx.effects.push({ type: 'start', thread: threadId(CONNECTOR, cnx.generations, sid), item: { type: 'run' } });
  return true;
}

/** Dials the servers of the queues after `after` that need it, one an event: what happens meanwhile counts for those still to come. */
export function connectAll(ctx: ZabContext, after: number): boolean {
  for (const { sid } of peek(ctx.parts, ctx.refs.cnx).queues) {
    if (sid <= after || !connectOne(ctx, sid)) continue;
    ctx.effects.push(continueWith({ type: 'connect-all', after: sid }));
    return true;
  }
  return false;
}

/** CNX-18: one empty queue is enough, and no queue is none. */
export function haveDelivered(cnx: Readonly<CnxState>): boolean {
  return cnx.queues.some((queue) => queue.message === null);
}

/** The queue of `sid`, made when missing. */
export function queueFor(cnx: CnxState, sid: number): SendQueue {
  const found = cnx.queues.find((queue) => queue.sid === sid);
  if (found !== undefined) return found;
  const made: SendQueue = { sid, message: null, lastSent: null };
  cnx.queues.push(made);
  cnx.queues.sort((a, b) => a.sid - b.sid);
  return made;
}

/** Generation of the sender in senderWorkerMap, or null. */
export function generationOf(cnx: Readonly<CnxState>, sid: number): number | null {
  return cnx.senders.find((sender) => sender.sid === sid)?.generation ?? null;
}

/** The worker while it is `running`. */
export function runningWorker(cnx: Readonly<CnxState>, sid: number, generation: number): CnxWorker | null {
  return cnx.workers.find((worker) => worker.sid === sid && worker.generation === generation) ?? null;
}

/**
 * SendWorker.finish, on any thread, which must pass the `remove-sender` it gets on to `removeSender`. The socket is closed first and the
 * map entry goes last, so that for a while nobody dials although nothing is connected. False when another thread has finished it before.
 */
export function finishWorker(ctx: ZabContext, sid: number, generation: number): boolean {
  const worker = runningWorker(peek(ctx.parts, ctx.refs.cnx), sid, generation);
  if (worker === null) {
    // finish is synchronized: the original waits here until the other call has removed the entry.
    removeSender(ctx, sid, generation);
    return false;
  }
  const cnx = own(ctx.parts, ctx.refs.cnx);
  cnx.workers = cnx.workers.filter((other) => other !== worker);
  ctx.effects.push({ type: 'close', link: worker.link });
  const sender = threadId(SEND_WORKER, generation, sid);
  if (ctx.thread.id !== sender) ctx.effects.push({ type: 'interrupt', thread: sender });
  ctx.effects.push(continueWith({ type: 'remove-sender', sid, generation }));
  return true;
}

/** senderWorkerMap.remove(sid, this): never the entry of a successor. */
export function removeSender(ctx: ZabContext, sid: number, generation: number): void {
  if (generationOf(peek(ctx.parts, ctx.refs.cnx), sid) !== generation) return;
  const cnx = own(ctx.parts, ctx.refs.cnx);
  cnx.senders = cnx.senders.filter((sender) => sender.sid !== sid);
}

/**
 * The connection stays (CNX-01, CNX-03): finishes the pair that holds its place, then installs a new one. False where there was an old
 * pair: the caller's thread then installs when it gets the `install` item.
 */
export function replaceWorkers(ctx: ZabContext, sid: number, link: LinkId): boolean {
  const generation = generationOf(peek(ctx.parts, ctx.refs.cnx), sid);
  if (generation === null) {
    installWorkers(ctx, sid, link);
    return true;
  }
  ctx.note({ type: 'election-connection', peer: sid, how: 'replaced' });
  finishWorker(ctx, sid, generation);
  ctx.effects.push(continueWith({ type: 'install', sid, link }));
  return false;
}

/** Two effects: the threads start one after the other. */
export function installWorkers(ctx: ZabContext, sid: number, link: LinkId): void {
  const cnx = own(ctx.parts, ctx.refs.cnx);
  cnx.generations++;
  const generation = cnx.generations;
  cnx.senders = cnx.senders.filter((sender) => sender.sid !== sid);
  cnx.senders.push({ sid, generation });
  cnx.senders.sort((a, b) => a.sid - b.sid);
  cnx.workers.push({ sid, generation, link });
  queueFor(cnx, sid);
  ctx.effects.push({ type: 'start', thread: threadId(SEND_WORKER, generation, sid), item: { type: 'run' } });
  ctx.effects.push({ type: 'start', thread: threadId(RECV_WORKER, generation, sid), item: { type: 'run' } });
}

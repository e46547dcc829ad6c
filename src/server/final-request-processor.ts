/**
 * FinalRequestProcessor: applies a committed transaction, queues its watch events on their connections before any reply (WATCH-28, WATCH-29),
 * and answers. Runs on the CommitProcessor's threads. Each packet queued, each operation of a multi is an event of its own.
 */
import { assert, unreachable } from '../base/assert.ts';
import { own, peek } from '../base/parts.ts';
import { threadId, type Item } from '../base/step.ts';
import type { Zxid } from '../base/zxid.ts';
import { toBeAppliedDone } from '../zab/broadcast.ts';
import { addCommittedProposal } from '../zab/database.ts';
import type { Txn } from '../zab/txn.ts';
import { closeAfterSending, closeConnection, connectionAt, connectionOfSession, sendTo } from './connections.ts';
import { finishSessionInit } from './connect-request.ts';
import type { ServerContext } from './context.ts';
import { forgetOutstanding } from './prep-request.ts';
import { applySteps, applyTxnStep, NOTHING_APPLIED, type ApplyOutcome } from './process-txn.ts';
import { PING_XID, type ErrorCode, type Operation, type Result } from './protocol.ts';
import { readOperation, registerReadWatch, type ReadOutcome } from './read-operations.ts';
import { NO_CONNECTION, type ServerRequest } from './request.ts';
import { endRequest, lastOperationOf, sendResponse, updateStats } from './request-accounting.ts';
import { logDigest } from './server-stats.ts';
import { forgetSession } from './session-tracker.ts';
import { WATCH_EVENTS } from './thread-kinds.ts';
import { isInCharge, type RequestProcessors, type StartItem } from './thread-state.ts';
import type { WatchDelivery } from './watch-manager.ts';
import { addLastingWatch, checkWatches, removeWatches, resetWatches } from './watch-operations.ts';

/** What was found, applied or read, and still has to be told. */
interface Answer {
  readonly request: ServerRequest | null;
  readonly txn: Txn | null;
  readonly error: ErrorCode;
  readonly result: Result | null;
  readonly events: readonly WatchDelivery[];
}

/** Where the processor goes on in the thread's next event. */
export interface FinalItem extends Item {
  readonly type: 'final';
  readonly next: Next;
}

type Next =
  /** Operation `step` of the transaction. */
  | {
      readonly stage: 'apply';
      readonly request: ServerRequest | null;
      readonly txn: Txn;
      readonly step: number;
      readonly outcome: ApplyOutcome;
    }
  /** Event `at`, and the reply after the last. */
  | { readonly stage: 'deliver'; readonly answer: Answer; readonly at: number }
  | { readonly stage: 'to-be-applied'; readonly zxid: Zxid }
  | { readonly stage: 'register-watch'; readonly request: ServerRequest; readonly outcome: ReadOutcome };

/** An item of this processor that comes back through replication's door. */
export function finalItemOf(item: Item): FinalItem {
  assert(isFinalItem(item), () => `the FinalRequestProcessor got ${item.type}`);
  return item;
}

function isFinalItem(item: Item): item is FinalItem {
  return item.type === 'final';
}

/** At a standalone server, one request after the other on the log thread, and every write its own (PIPE-05). */
export function processInOrder(ctx: ServerContext, chain: RequestProcessors, request: ServerRequest, txn: Txn | null): void {
  if (txn !== null) {
    processWrite(ctx, chain, request, txn);
    return;
  }
  const rest = processRead(ctx, chain, request);
  if (rest !== null) ctx.effects.push({ type: 'continue', item: rest });
}

export function stepFinal(ctx: ServerContext, chain: RequestProcessors, { next }: FinalItem): void {
  switch (next.stage) {
    case 'apply':
      return apply(ctx, chain, next.request, next.txn, next.step, next.outcome);
    case 'deliver':
      return deliver(ctx, chain, next.answer, next.at);
    case 'to-be-applied':
      return toBeAppliedDone(ctx, next.zxid);
    case 'register-watch': {
      const { request, outcome } = next;
      if (connectionAt(ctx, request.connection) === null || request.operation.op === 'createSession') return;
      return registerReadWatch(ctx, request.operation, outcome, request.connection, request.session);
    }
    default:
      unreachable(next);
  }
}

/** A committed transaction, with the request of this server's client where it is one's. */
export function processWrite(ctx: ServerContext, chain: RequestProcessors, request: ServerRequest | null, txn: Txn): void {
  if (ctx.decide.server.leaderAppliesAt === 'proposal' && txn.zxid <= peek(ctx.parts, ctx.refs.database).lastProcessedZxid) {
    // T13: applied when it was proposed; the commit only closes the books.
    if (chain.role === 'leader' && !isEarly(ctx, txn)) continueWith(ctx, { stage: 'to-be-applied', zxid: txn.zxid });
    return;
  }
  apply(ctx, chain, request, txn, 0, NOTHING_APPLIED);
}

function apply(
  ctx: ServerContext,
  chain: RequestProcessors,
  request: ServerRequest | null,
  txn: Txn,
  step: number,
  soFar: ApplyOutcome,
): void {
  const outcome = applyTxnStep(ctx, txn, step, soFar, request !== null && request.connection !== NO_CONNECTION);
  if (step + 1 < applySteps(ctx, txn)) {
    continueWith(ctx, { stage: 'apply', request, txn, step: step + 1, outcome });
    return;
  }
  ctx.note({ type: 'delivered', zxid: txn.zxid, txn, via: 'commit' });
  logDigest(ctx.parts, ctx.refs.stats, txn.zxid, peek(ctx.parts, ctx.refs.tree).digest);
  if (!addCommittedProposal(ctx, txn)) {
    failCriticalThread(ctx);
    return;
  }
  if (isInCharge(chain.role)) forgetOutstanding(ctx, txn.zxid);
  if (txn.body.type === 'closeSession') forgetSession(ctx, chain.incarnation, txn.session);
  // Most servers apply it for another one's client and have nobody to tell.
  if (request !== null || outcome !== NOTHING_APPLIED) {
    const { error, result, events } = outcome;
    deliver(ctx, chain, { request, txn, error, result, events }, 0);
  }
  if (chain.role === 'leader' && !isEarly(ctx, txn)) continueWith(ctx, { stage: 'to-be-applied', zxid: txn.zxid });
}

/** T13: is the transaction applied before its commit, and so not yet on toBeApplied? */
function isEarly(ctx: ServerContext, txn: Txn): boolean {
  return ctx.decide.server.leaderAppliesAt === 'proposal' && peek(ctx.parts, ctx.refs.leader).toBeApplied[0]?.zxid !== txn.zxid;
}

/** A learner's own sync has come back (SYNCOP-03): nothing to apply. */
export function processSync(ctx: ServerContext, chain: RequestProcessors, request: ServerRequest): void {
  deliver(ctx, chain, { request, txn: null, error: 'OK', result: syncResult(request), events: [] }, 0);
}

/** SYNCOP-07: the path is echoed. */
function syncResult({ operation }: ServerRequest): Result {
  return { op: 'sync', path: operation.op === 'sync' ? operation.path : null };
}

/**
 * A read, on a worker. What prep found wrong with its session is answered here (SESS-28). Returns what is left to do when the read is over
 * and writes may come again (T17).
 */
export function processRead(ctx: ServerContext, chain: RequestProcessors, request: ServerRequest): FinalItem | null {
  if (connectionAt(ctx, request.connection) === null) {
    endRequest(ctx, chain, request);
    return null;
  }
  const { operation, exception } = request;
  if (exception !== 'OK') {
    deliver(ctx, chain, { request, txn: null, error: exception, result: null, events: [] }, 0);
    return null;
  }
  switch (operation.op) {
    case 'sync': // SYNCOP-05
      processSync(ctx, chain, request);
      break;
    case 'ping':
      deliver(ctx, chain, { request, txn: null, error: 'OK', result: { op: 'ping' }, events: [] }, 0);
      break;
    case 'setWatches':
    case 'setWatches2': {
      const events = resetWatches(ctx, operation, request);
      deliver(ctx, chain, { request, txn: null, error: 'OK', result: { op: operation.op }, events }, 0);
      break;
    }
    case 'addWatch':
    case 'checkWatches':
    case 'removeWatches': {
      const error = processWatches(ctx, operation, request);
      const result: Result | null = error === 'OK' ? { op: operation.op } : null;
      deliver(ctx, chain, { request, txn: null, error, result, events: [] }, 0);
      break;
    }
    case 'createSession':
      break;
    default: {
      const outcome = readOperation(ctx, request);
      deliver(ctx, chain, { request, txn: null, error: outcome.error, result: outcome.result, events: [] }, 0);
      return ctx.decide.server.watchRegisteredWithRead ? null : { type: 'final', next: { stage: 'register-watch', request, outcome } };
    }
  }
  return null;
}

type WatchesRequest = Extract<Operation, { readonly op: 'addWatch' | 'checkWatches' | 'removeWatches' }>;

function processWatches(ctx: ServerContext, operation: WatchesRequest, request: ServerRequest): ErrorCode {
  switch (operation.op) {
    case 'addWatch':
      return addLastingWatch(ctx, operation, request);
    case 'checkWatches':
      return checkWatches(ctx, operation, request);
    case 'removeWatches':
      return removeWatches(ctx, operation, request);
    default:
      return unreachable(operation);
  }
}

/** One event, or the end of the answer. */
function deliver(ctx: ServerContext, chain: RequestProcessors, answer: Answer, at: number): void {
  const event = answer.events[at];
  if (event === undefined) {
    finish(ctx, chain, answer);
    return;
  }
  sendEvent(ctx, event, eventZxid(ctx, answer.txn));
  continueWith(ctx, { stage: 'deliver', answer, at: at + 1 });
}

/** WATCH-22: the event carries its transaction's zxid (ZOOKEEPER-4655), and -1 when setWatches made it. */
function eventZxid(ctx: ServerContext, txn: Txn | null): Zxid {
  return txn === null || !ctx.decide.server.eventCarriesZxid ? -1 : txn.zxid;
}

function sendEvent(ctx: ServerContext, delivery: WatchDelivery, zxid: Zxid): void {
  if (ctx.decide.server.queuesEventsWithReplies) {
    queueEvent(ctx, delivery, zxid);
    return;
  }
  const item: WatchEventItem = { type: 'watch-event', delivery, zxid };
  ctx.effects.push({ type: 'enqueue', to: threadId(WATCH_EVENTS, 0), item });
}

export type WatchEventsInput = StartItem | WatchEventItem;

interface WatchEventItem extends Item {
  readonly type: 'watch-event';
  readonly delivery: WatchDelivery;
  readonly zxid: Zxid;
}

function queueEvent(ctx: ServerContext, { connection: id, event, path }: WatchDelivery, zxid: Zxid): void {
  const connection = connectionAt(ctx, id);
  if (connection === null) return;
  ctx.note({ type: 'watch-fired', session: connection.session, event, path, zxid });
  sendTo(ctx, id, { type: 'EVENT', zxid, event, path });
}

/** T18: a thread of its own hands events over, so that replies can overtake them. */
export function stepWatchEvents(ctx: ServerContext, input: WatchEventsInput): void {
  if (input.type === 'start') return;
  queueEvent(ctx, input.delivery, input.zxid);
}

function finish(ctx: ServerContext, chain: RequestProcessors, answer: Answer): void {
  const { request, txn } = answer;
  if (request === null || request.connection === NO_CONNECTION) {
    if (txn?.body.type === 'closeSession') closeHolder(ctx, txn.session);
    return;
  }
  endRequest(ctx, chain, request);
  const connection = connectionAt(ctx, request.connection);
  if (connection === null) return;
  if (isMoved(answer)) {
    closeAfterSending(ctx, request.connection); // SESS-26
    return;
  }
  updateStats(ctx, request, lastOperationOf(request, txn?.body.type === 'error'));
  if (request.operation.op === 'createSession') {
    // SESS-44: a client may send it within its session, and gets the same answer again.
    finishSessionInit(ctx, request.connection, true, connection.stage === 'established' ? 'reattached' : 'created');
    return;
  }
  if (request.operation.op === 'check' && answer.error === 'OK') return; // PIPE-08
  reply(ctx, chain, request, answer);
  if (request.operation.op === 'closeSession') closeAfterSending(ctx, request.connection);
}

/** SESS-24: the session was closed from elsewhere, or has expired. */
function closeHolder(ctx: ServerContext, session: string): void {
  const connection = connectionOfSession(ctx, session);
  if (connection !== null) closeConnection(ctx, connection.id, 'session-closed');
}

function isMoved({ error, result }: Answer): boolean {
  if (error === 'SESSIONMOVED') return true;
  if (result?.op !== 'multi') return false;
  for (const sub of result.results) if (sub.error === 'SESSIONMOVED') return true;
  return false;
}

function reply(ctx: ServerContext, chain: RequestProcessors, request: ServerRequest, { txn, error, result }: Answer): void {
  const { operation, session } = request;
  if (operation.op === 'createSession') return;
  const xid = operation.op === 'ping' ? PING_XID : request.cxid;
  const zxid = headerZxid(ctx, chain, txn);
  ctx.note({ type: 'replied', session, xid, zxid, txnZxid: txn === null ? -1 : txn.zxid, operation, error, result });
  sendResponse(ctx, request.connection, { type: 'REPLY', xid, zxid, error, result });
}

/** ID-04: what the tree has, not what was asked (ZOOKEEPER-1412). */
function headerZxid(ctx: ServerContext, chain: RequestProcessors, txn: Txn | null): Zxid {
  if (ctx.decide.server.replyZxid === 'last-processed') return peek(ctx.parts, ctx.refs.database).lastProcessedZxid;
  return txn === null ? chain.hzxid : txn.zxid;
}

function continueWith(ctx: ServerContext, next: Next): void {
  const item: FinalItem = { type: 'final', next };
  ctx.effects.push({ type: 'continue', item });
}

/** ZooKeeperCriticalThread: the server object is in ERROR and its role will end (LOGT-08, LIVE-18). */
export function failCriticalThread(ctx: ServerContext): void {
  own(ctx.parts, ctx.refs.peer).failed = true;
  ctx.thread.ending = true;
}

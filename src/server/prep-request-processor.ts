/**
 * PrepRequestProcessor with ProposalRequestProcessor behind it, one thread on the leader: every write gets the next zxid before it is
 * looked at (ID-03), is checked against session and pending changes, and goes to the CommitProcessor, to the followers and to the log, in
 * that order and each for itself (PIPE-11).
 */
import { unreachable } from '../base/assert.ts';
import { own } from '../base/parts.ts';
import type { Zxid } from '../base/zxid.ts';
import { nextZxid, processSync, propose } from '../zab/broadcast.ts';
import { logEffect, processEffect } from '../zab/sync-thread.ts';
import type { Txn } from '../zab/txn.ts';
import { queueRequest } from './commit-processor.ts';
import type { ServerContext } from './context.ts';
import { authWriteRequest } from './eager-acl.ts';
import { failCriticalThread } from './final-request-processor.ts';
import { makeTxn, prepareCreateSession, prepareRequest } from './prep-request.ts';
import type { ErrorCode } from './protocol.ts';
import { isQuorumRequest, NO_CONNECTION, type ServerRequest } from './request.ts';
import { countProposal } from './server-stats.ts';
import { checkSession, setOwner, setSessionClosing, trackSession } from './session-tracker.ts';
import { chainOf, type RequestProcessors, type StartItem, type StopItem } from './thread-state.ts';
import type { TxnBody } from './txn-body.ts';

export type PrepInput = StartItem | StopItem | ServerRequest | ProposeItem | LogItem;

interface ProposeItem {
  readonly type: 'propose';
  readonly zxid: Zxid;
  readonly txn: Txn;
}

interface LogItem {
  readonly type: 'log';
  readonly zxid: Zxid;
  readonly txn: Txn;
}

export function stepPrep(ctx: ServerContext, input: PrepInput): void {
  const chain = chainOf(own(ctx.parts, ctx.refs.processors), ctx.thread.incarnation);
  switch (input.type) {
    case 'propose':
      return onPropose(ctx, input.txn);
    case 'log':
      return log(ctx, input.txn);
    case 'start':
      return;
    case 'stop':
      ctx.thread.ending = true;
      return;
    case 'request':
      // PrepRequestProcessor.shutdown clears the queue.
      if (chain === null || chain.stopped) ctx.thread.ending = true;
      else if (chain.role === 'standalone' || authWriteRequest(ctx, chain, input)) prepare(ctx, chain, input);
      return;
    default:
      unreachable(input);
  }
}

function prepare(ctx: ServerContext, chain: RequestProcessors, request: ServerRequest): void {
  if (isHeaderless(ctx, request)) passOnWithoutHeader(ctx, chain, request);
  else if (isQuorumRequest(request)) prepareWrite(ctx, chain, request);
  else prepareRead(ctx, chain, request);
}

const RECONFIG_CODE = 16;

function isHeaderless(ctx: ServerContext, { operation }: ServerRequest): boolean {
  return operation.op === 'undecodable' && operation.code === RECONFIG_CODE && !ctx.decide.server.undecodableReconfigIsTxn;
}

/** The CommitProcessor takes it for a write that is on its way. */
function passOnWithoutHeader(ctx: ServerContext, chain: RequestProcessors, request: ServerRequest): void {
  const failed: ServerRequest = { ...request, exception: 'MARSHALLINGERROR' };
  if (chain.role === 'standalone') ctx.effects.push(processEffect(ctx, failed, null));
  else queueRequest(ctx, chain.incarnation, request);
}

function prepareWrite(ctx: ServerContext, chain: RequestProcessors, request: ServerRequest): void {
  const zxid = nextZxid(ctx, chain.hzxid);
  chain.hzxid = zxid;
  const timeMs = Math.floor(ctx.now / 1000);
  const body = prepareBody(ctx, chain, request, zxid, timeMs);
  const txn = makeTxn(ctx, request.session, request.cxid, zxid, timeMs, body);
  if (ctx.traced) {
    const error = body.type === 'error' ? body.error : 'OK';
    ctx.note({ type: 'request-prepared', session: request.session, zxid, operation: request.operation.op, error });
  }
  if (chain.role === 'standalone') {
    ctx.note({ type: 'broadcast', zxid, txn }); // to nobody but its own log
    ctx.effects.push(processEffect(ctx, request, txn));
    return;
  }
  queueRequest(ctx, chain.incarnation, request);
  const item: ProposeItem | LogItem = { type: ctx.decide.server.proposesBeforeLogging ? 'propose' : 'log', zxid, txn };
  ctx.effects.push({ type: 'continue', item });
}

function prepareBody(ctx: ServerContext, chain: RequestProcessors, request: ServerRequest, zxid: Zxid, timeMs: number): TxnBody {
  const { operation, session, authInfo, owner, origin } = request;
  const { incarnation } = chain;
  switch (operation.op) {
    case 'createSession':
      // SESS-07: the leader tracks it from here on, committed or not.
      trackSession(ctx, incarnation, session, operation.timeoutMs);
      setOwner(ctx, incarnation, session, owner, origin);
      return prepareCreateSession(ctx, session, operation.timeoutMs);
    case 'closeSession': {
      // SESS-23: no check; expiry submits it without being the owner.
      const body = prepareRequest({ ctx, session, authInfo, zxid, timeMs, sessionCheck: 'OK' }, operation);
      if (ctx.decide.server.setsSessionClosingAtPrep) setSessionClosing(ctx, incarnation, session);
      return body;
    }
    case 'deleteContainer': // VAL-06: the container manager has no session
    case 'reconfig':
    case 'undecodable':
      return prepareRequest({ ctx, session, authInfo, zxid, timeMs, sessionCheck: 'OK' }, operation);
    default: {
      const sessionCheck = checkSession(ctx, incarnation, session, owner, origin);
      return prepareRequest({ ctx, session, authInfo, zxid, timeMs, sessionCheck }, operation);
    }
  }
}

/** SESS-28: on the leader a read is checked too, and takes the error with it. */
function prepareRead(ctx: ServerContext, chain: RequestProcessors, request: ServerRequest): void {
  const { session, owner, origin } = request;
  // THR-04: nothing is looked at of what has come too late.
  const exception: ErrorCode =
    request.exception !== 'OK' ? request.exception : checkSession(ctx, chain.incarnation, session, owner, origin);
  const checked = exception === 'OK' ? request : { ...request, exception };
  if (chain.role === 'standalone') {
    ctx.effects.push(processEffect(ctx, checked, null));
    return;
  }
  if (request.operation.op === 'sync' && request.connection === NO_CONNECTION && owner !== null) {
    processSync(ctx, request, owner); // SYNCOP-08: of a learner's client, whatever the check said
    return;
  }
  queueRequest(ctx, chain.incarnation, checked);
}

/** Leader.propose; when the counter is exhausted the thread dies of XidRolloverException (BCAST-01). */
function onPropose(ctx: ServerContext, txn: Txn): void {
  // T13: before anybody else hears of it, or its acks could overtake this.
  if (ctx.decide.server.leaderAppliesAt === 'proposal') ctx.effects.push(ctx.app.commitEffect(ctx, txn));
  if (!propose(ctx, txn)) {
    failCriticalThread(ctx);
    return;
  }
  countProposal(ctx.parts, ctx.refs.stats, txn.bytes);
  if (!ctx.decide.server.proposesBeforeLogging) return;
  const item: LogItem = { type: 'log', zxid: txn.zxid, txn };
  ctx.effects.push({ type: 'continue', item });
}

function log(ctx: ServerContext, txn: Txn): void {
  ctx.effects.push(logEffect(ctx, txn));
  if (ctx.decide.server.proposesBeforeLogging) return;
  const item: ProposeItem = { type: 'propose', zxid: txn.zxid, txn }; // T30
  ctx.effects.push({ type: 'continue', item });
}

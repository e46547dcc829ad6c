/** ZooKeeperServer.submitRequestNow: from a connection, or the RequestThrottler behind it, to the first processor of the role (PIPE-07). */
import { peek } from '../base/parts.ts';
import { threadId } from '../base/step.ts';
import { closeAfterSending } from './connections.ts';
import type { ServerContext } from './context.ts';
import type { Operation } from './protocol.ts';
import type { ServerRequest } from './request.ts';
import { beginRequest, sendResponse } from './request-accounting.ts';
import { touchSession } from './session-tracker.ts';
import { FOLLOWER_REQUEST, PREP } from './thread-kinds.ts';
import { chainOf, isInCharge } from './thread-state.ts';

/** A request of an unknown session is dropped without an answer (PIPE-07). */
export function submitRequestNow(
  ctx: ServerContext,
  incarnation: number,
  request: ServerRequest,
  timeoutMs: number,
  createdMs: number,
): void {
  const chain = chainOf(peek(ctx.parts, ctx.refs.processors), incarnation);
  if (chain === null || chain.stopped || !touchSession(ctx, incarnation, request.session, timeoutMs)) {
    if (ctx.traced) ctx.note({ type: 'request-dropped', session: request.session, operation: request.operation.op });
    return;
  }
  if (ctx.traced) ctx.note({ type: 'session-touched', session: request.session });
  if (!isServedOperation(ctx, request.operation)) {
    refuseOperation(ctx, request);
    return;
  }
  const first = isInCharge(chain.role) ? PREP : FOLLOWER_REQUEST;
  ctx.effects.push({ type: 'enqueue', to: threadId(first, incarnation), item: request });
  beginRequest(ctx, incarnation, request, createdMs);
}

const CHECK_CODE = 13;

/** Request.isValid. */
function isServedOperation(ctx: ServerContext, operation: Operation): boolean {
  switch (operation.op) {
    case 'check':
      return ctx.decide.server.servesTopLevelCheck; // ZOOKEEPER-2623
    case 'undecodable':
      return operation.code !== CHECK_CODE || ctx.decide.server.servesTopLevelCheck;
    case 'unknown':
      return false;
    default:
      return true;
  }
}

/** UnimplementedRequestProcessor (PIPE-07): the header has the zxid of a request that never got one (WIRE-08). */
function refuseOperation(ctx: ServerContext, { connection, cxid }: ServerRequest): void {
  sendResponse(ctx, connection, { type: 'REPLY', xid: cxid, zxid: -1, error: 'UNIMPLEMENTED', result: null });
  closeAfterSending(ctx, connection);
}

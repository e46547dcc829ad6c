/**
 * ZooKeeperServer.submitRequest: from a connection to the first processor of the role (PIPE-07). The RequestThrottler's thread in between is
 * left out: it lets everything pass by default (THR-03).
 */
import { peek } from '../base/parts.ts';
import { threadId } from '../base/step.ts';
import type { ServerContext } from './context.ts';
import type { ServerRequest } from './request.ts';
import { touchSession } from './session-tracker.ts';
import { FOLLOWER_REQUEST, PREP } from './thread-kinds.ts';
import { chainOf, isInCharge } from './thread-state.ts';

/** A request of an unknown session is dropped without an answer (PIPE-07). */
export function submitRequest(ctx: ServerContext, incarnation: number, request: ServerRequest, timeoutMs: number): void {
  const chain = chainOf(peek(ctx.parts, ctx.refs.processors), incarnation);
  if (chain === null || chain.stopped || !touchSession(ctx, incarnation, request.session, timeoutMs)) {
    if (ctx.traced) ctx.note({ type: 'request-dropped', session: request.session, operation: request.operation.op });
    return;
  }
  if (ctx.traced) ctx.note({ type: 'session-touched', session: request.session });
  const first = isInCharge(chain.role) ? PREP : FOLLOWER_REQUEST;
  ctx.effects.push({ type: 'enqueue', to: threadId(first, incarnation), item: request });
}

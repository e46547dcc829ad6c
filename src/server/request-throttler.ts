/**
 * RequestThrottler (THR-03, THR-04): a thread between the connections and the first processor, only where a setting wants it; by default it lets
 * everything pass, and is left out. It holds requests back while too many are in process, drops those that nobody waits for any more, and
 * marks the late ones: they go through the processors without effect and are answered with THROTTLEDOP.
 */
import { assert, unreachable } from '../base/assert.ts';
import { own } from '../base/parts.ts';
import { threadId } from '../base/step.ts';
import { closeConnection, connectionAt } from './connections.ts';
import type { ServerConfig } from './config.ts';
import type { ServerContext } from './context.ts';
import { NO_CONNECTION, type ServerRequest } from './request.ts';
import { throttleCondition } from './request-accounting.ts';
import { submitRequestNow } from './submit-request.ts';
import { REQUEST_THROTTLER } from './thread-kinds.ts';
import { chainOf, type RequestProcessors, type StartItem, type StopItem, type ThrottledItem } from './thread-state.ts';

export type ThrottlerInput = StartItem | StopItem | ThrottledItem | { readonly type: 'signalled' } | { readonly type: 'timeout' };

/** Does the thread run? */
export function throttlesRequests({ requestThrottleMaxRequests, throttledOpWaitTimeMs }: ServerConfig): boolean {
  return requestThrottleMaxRequests > 0 || throttledOpWaitTimeMs > 0;
}

/** ZooKeeperServer.submitRequest. */
export function submitRequest(ctx: ServerContext, incarnation: number, request: ServerRequest, timeoutMs: number): void {
  const createdMs = Math.floor(ctx.now / 1000);
  if (!throttlesRequests(ctx.config)) {
    submitRequestNow(ctx, incarnation, request, timeoutMs, createdMs);
    return;
  }
  const chain = chainOf(own(ctx.parts, ctx.refs.processors), incarnation);
  if (chain === null || chain.stopped) return;
  chain.inflight++;
  const item: ThrottledItem = { type: 'submitted', request, timeoutMs, createdMs };
  ctx.effects.push({ type: 'enqueue', to: threadId(REQUEST_THROTTLER, incarnation), item });
}

export function stepThrottler(ctx: ServerContext, input: ThrottlerInput): void {
  const chain = chainOf(own(ctx.parts, ctx.refs.processors), ctx.thread.incarnation);
  if (chain === null || chain.stopped) {
    ctx.thread.ending = true;
    return;
  }
  switch (input.type) {
    case 'start':
      return;
    case 'stop':
      ctx.thread.ending = true;
      return;
    case 'submitted':
      assert(chain.held === null, 'a second request while one is held back');
      chain.inflight--;
      chain.held = input;
      return goOn(ctx, chain);
    case 'signalled':
    case 'timeout':
      return goOn(ctx, chain);
    default:
      unreachable(input);
  }
}

/** With the request at hand: dropped, held back for at most the stall time, or submitted. */
function goOn(ctx: ServerContext, chain: RequestProcessors): void {
  const { requestThrottleMaxRequests: max, requestThrottleDropStale, requestThrottleStallTimeMs } = ctx.config;
  const { held } = chain;
  if (held === null) return;
  if (chain.dropped.has(String(held.request.connection))) {
    chain.held = null; // whoever lost one request loses the later ones too: their order is promised
    return;
  }
  if (max > 0 && requestThrottleDropStale && isStale(ctx, held)) {
    chain.held = null;
    chain.dropped.set(String(held.request.connection), true);
    closeConnection(ctx, held.request.connection, 'stale-request');
    return;
  }
  if (max > 0 && chain.requestsInProcess >= max) {
    const deadline = ctx.now + requestThrottleStallTimeMs * 1000;
    ctx.thread.blockedOn = { on: 'condition', condition: throttleCondition(chain.incarnation), deadline };
    return;
  }
  chain.held = null;
  submitRequestNow(ctx, chain.incarnation, markIfLate(ctx, held), held.timeoutMs, held.createdMs);
}

/** Request.isStale: a close outlives its connection. */
function isStale(ctx: ServerContext, { request, timeoutMs, createdMs }: ThrottledItem): boolean {
  if (request.connection === NO_CONNECTION || request.operation.op === 'closeSession') return false;
  const { requestStaleConnectionCheck, requestStaleLatencyCheck } = ctx.config;
  if (requestStaleConnectionCheck && connectionAt(ctx, request.connection) === null) return true;
  return requestStaleLatencyCheck && Math.floor(ctx.now / 1000) - createdMs > timeoutMs;
}

/** RequestThrottler.shouldThrottleOp. */
function markIfLate(ctx: ServerContext, { request, createdMs }: ThrottledItem): ServerRequest {
  const { throttledOpWaitTimeMs: limit } = ctx.config;
  const { op } = request.operation;
  if (op === 'ping' || op === 'closeSession' || op === 'createSession') return request;
  const isLate = limit > 0 && Math.floor(ctx.now / 1000) - createdMs > limit;
  return isLate ? { ...request, exception: 'THROTTLEDOP' } : request;
}

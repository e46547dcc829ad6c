import { expect, test } from 'vitest';
import type { Effect } from '../../src/base/step.ts';
import { closeConnection, connectionAt } from '../../src/server/connections.ts';
import type { ServerConfig } from '../../src/server/config.ts';
import type { Operation } from '../../src/server/protocol.ts';
import { endRequest } from '../../src/server/request-accounting.ts';
import type { ServerRequest } from '../../src/server/request.ts';
import { CLIENT_READER, COMMIT, COMMIT_WORKER, FOLLOWER_REQUEST, PREP, REQUEST_THROTTLER } from '../../src/server/thread-kinds.ts';
import { own } from '../../src/base/parts.ts';
import {
  attach,
  chain,
  enqueued,
  INCARNATION,
  itemsFor,
  makeProcessors,
  ping,
  run,
  sessionId,
  step,
  type Processors,
} from '../support/processors-context.ts';

const S = sessionId(1);
const T = sessionId(2);
const get: Operation = { op: 'getData', path: '/', watch: false };
const create: Operation = { op: 'delete', path: '/a', version: -1 };

function makeThrottled(config: Partial<ServerConfig>, role: 'follower' | 'leader' = 'follower'): Processors {
  return makeProcessors(role, { config });
}

/** The reader takes it; what lies then in the throttler's mailbox. */
function submits(ctx: Processors, connection: number, xid: number, operation: Operation): unknown {
  const input = { type: 'packet', packet: { type: 'OP', xid, operation }, link: 1, zxid: 0 };
  const effects = step(ctx, CLIENT_READER, input, connection % 0x100000, Math.floor(connection / 0x100000));
  expect(itemsFor(effects, REQUEST_THROTTLER)).toEqual(['submitted']);
  return enqueued(effects)[0]!.item;
}

function throttler(ctx: Processors, input: unknown): readonly Effect[] {
  return step(ctx, REQUEST_THROTTLER, input);
}

test('by default there is no such thread; with a setting each role has one [THR-03]', () => {
  const threads = (ctx: Processors): boolean =>
    ctx.started.some((effect) => effect.type === 'start' && Math.floor(effect.thread / 0x40000000000) === REQUEST_THROTTLER);
  expect(threads(makeThrottled({}))).toBe(false);
  expect(threads(makeThrottled({ requestThrottleMaxRequests: 5 }))).toBe(true);
  expect(threads(makeThrottled({ throttledOpWaitTimeMs: 5 }, 'leader'))).toBe(true);
});

test('with as many requests in process as may be, the next waits until one ends, or for the stall time at most [THR-03] [CFG-36]', () => {
  const ctx = makeThrottled({ requestThrottleMaxRequests: 1 });
  const connection = attach(ctx, S);
  const [first, second] = [submits(ctx, connection, 1, get), submits(ctx, connection, 2, get)];
  expect(chain(ctx).inflight).toBe(2);
  const submitted = throttler(ctx, first);
  expect(itemsFor(submitted, FOLLOWER_REQUEST)).toEqual(['request']);
  expect(throttler(ctx, second)).toEqual([]);
  const condition = `request-throttler/${INCARNATION}`;
  expect(ctx.thread.blockedOn).toEqual({ on: 'condition', condition, deadline: ctx.now + 100_000 });
  expect(throttler(ctx, { type: 'timeout' })).toEqual([]); // still one too many
  run(ctx, FOLLOWER_REQUEST, enqueued(submitted)[0]!.item);
  const worker = enqueued(run(ctx, COMMIT, { type: 'wakeup' }))[0]!;
  expect(run(ctx, COMMIT_WORKER, worker.item, worker.to % 0x100000)).toContainEqual({ type: 'signal', condition });
  expect(itemsFor(throttler(ctx, { type: 'signalled' }), FOLLOWER_REQUEST)).toEqual(['request']);
});

test('a request of a closed connection is stale and dropped, a close is not; later ones of a connection that lost one go too [THR-03] [CFG-37]', () => {
  const ctx = makeThrottled({ requestThrottleMaxRequests: 5, requestStaleLatencyCheck: true });
  const [a, b] = [attach(ctx, S, 51), attach(ctx, T, 52)] as const;
  const [read, close] = [submits(ctx, a, 1, get), submits(ctx, a, 2, { op: 'closeSession' })];
  const [late, behind] = [submits(ctx, b, 1, get), submits(ctx, b, 2, { op: 'closeSession' })];
  closeConnection(ctx, a, 'test');
  expect(itemsFor(throttler(ctx, read), FOLLOWER_REQUEST)).toEqual([]);
  expect(itemsFor(throttler(ctx, close), FOLLOWER_REQUEST)).toEqual([]);
  ctx.now += 4_001_000; // beyond the session's timeout
  expect(throttler(ctx, late)[0]).toEqual({ type: 'close', link: 52 });
  expect(connectionAt(ctx, b)).toBeNull();
  expect(throttler(ctx, behind)).toEqual([]);
  const kept = makeThrottled({ throttledOpWaitTimeMs: 5 });
  const c = attach(kept, S);
  const alone = submits(kept, c, 1, { op: 'closeSession' });
  closeConnection(kept, c, 'test');
  expect(itemsFor(throttler(kept, alone), FOLLOWER_REQUEST)).toEqual(['request']);
});

test('a late request goes through the processors without effect and is answered THROTTLEDOP; pings and sessions are never late [THR-04] [ERR-33] [CFG-38]', () => {
  for (const role of ['follower', 'leader'] as const) {
    const ctx = makeThrottled({ throttledOpWaitTimeMs: 10 }, role);
    const connection = attach(ctx, S);
    const waiting = [submits(ctx, connection, 1, create), submits(ctx, connection, -2, ping)];
    ctx.now += 11_000;
    const [late, pinged] = waiting.map((item) => enqueued(throttler(ctx, item))[0]!.item as ServerRequest) as [
      ServerRequest,
      ServerRequest,
    ];
    expect([late.exception, pinged.exception]).toEqual(['THROTTLEDOP', 'OK']);
    const first = run(ctx, role === 'leader' ? PREP : FOLLOWER_REQUEST, late);
    expect(first.some(({ type }) => type === 'send')).toBe(false); // nobody else hears of it
    const worker = enqueued(run(ctx, COMMIT, { type: 'wakeup' }))[0]!;
    const answer = enqueued(run(ctx, COMMIT_WORKER, worker.item, worker.to % 0x100000))[0]!.item;
    expect(answer).toMatchObject({ type: 'REPLY', xid: 1, error: 'THROTTLEDOP', result: null });
  }
});

test('an end wakes the throttler only while it holds a request back [THR-03]', () => {
  const ctx = makeThrottled({ requestThrottleMaxRequests: 1 });
  const connection = attach(ctx, S);
  const request = enqueued(throttler(ctx, submits(ctx, connection, 1, get)))[0]!.item as ServerRequest;
  ctx.effects.length = 0;
  endRequest(ctx, own(ctx.parts, ctx.refs.processors).chains.at(-1)!, request);
  expect(ctx.effects).toEqual([]);
  expect(chain(ctx).requestsInProcess).toBe(0);
});

import { expect, test } from 'vitest';
import { peek } from '../../src/base/parts.ts';
import type { Effect } from '../../src/base/step.ts';
import { closeConnection, connectionAt, slotOf } from '../../src/server/connections.ts';
import type { Operation } from '../../src/server/protocol.ts';
import type { ServerRequest } from '../../src/server/request.ts';
import { resetConnectionStats, resetServerStats } from '../../src/server/server-stats.ts';
import { CLIENT_READER, CLIENT_WRITER, COMMIT, COMMIT_WORKER, FOLLOWER_REQUEST } from '../../src/server/thread-kinds.ts';
import {
  attach,
  chain,
  enqueued,
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
const get: Operation = { op: 'getData', path: '/zookeeper', watch: false };

function asks(ctx: Processors, connection: number, xid: number, operation: Operation): readonly Effect[] {
  const input = { type: 'packet', packet: { type: 'OP', xid, operation }, link: 1, zxid: 0 };
  return step(ctx, CLIENT_READER, input, connection % 0x100000, Math.floor(connection / 0x100000));
}

/** The rest of a read's way on a follower, and what it leads to. */
function answer(ctx: Processors, submitted: readonly Effect[]): readonly Effect[] {
  const request = enqueued(submitted)[0]!.item as ServerRequest;
  run(ctx, FOLLOWER_REQUEST, request);
  const worker = enqueued(run(ctx, COMMIT, { type: 'wakeup' }))[0]!;
  return run(ctx, COMMIT_WORKER, worker.item, worker.to % 0x100000);
}

function isRead(ctx: Processors): boolean {
  return ctx.thread.blockedOn?.on === 'read';
}

test('over the limit a connection with requests under way is not read until it has none or the limit holds again [THR-01] [THR-02]', () => {
  const ctx = makeProcessors('follower', { config: { globalOutstandingLimit: 4 } }); // 3 voters: 4 / 2
  const [a, b] = [attach(ctx, S, 51), attach(ctx, T, 52)] as const;
  const first = [1, 2, 3].map((xid) => asks(ctx, a, xid, get));
  expect(isRead(ctx)).toBe(true);
  expect(chain(ctx).requestsInProcess).toBe(3);
  const fourth = asks(ctx, b, 1, get);
  expect(itemsFor(fourth, FOLLOWER_REQUEST)).toEqual(['request']); // this one still goes its way
  expect(isRead(ctx)).toBe(false);
  asks(ctx, a, -2, ping);
  expect(isRead(ctx)).toBe(true); // pings never stop anything
  for (const submitted of first) expect(itemsFor(answer(ctx, submitted), CLIENT_READER)).toEqual([]);
  expect(itemsFor(answer(ctx, fourth), CLIENT_READER)).toEqual(['receive']);
  expect(connectionAt(ctx, b)).toMatchObject({ throttled: false, outstandingCount: 0 });
});

test('the limit is whole at a standalone server and at an observer, and divided at the others [THR-01]', () => {
  for (const [role, limit] of [
    ['standalone', 2],
    ['observer', 2],
    ['follower', 1],
    ['leader', 1],
  ] as const) {
    const ctx = makeProcessors(role, { config: { globalOutstandingLimit: 2 } });
    const connection = attach(ctx, S);
    let xid = 0;
    do asks(ctx, connection, ++xid, get);
    while (isRead(ctx) && xid < 9);
    expect([role, xid]).toEqual([role, limit + 2]); // the comparison is with what was under way before
  }
});

test('a request whose connection is closed meanwhile is no longer in process when it comes to its end [THR-02]', () => {
  const ctx = makeProcessors('follower');
  const connection = attach(ctx, S);
  const submitted = asks(ctx, connection, 1, get);
  closeConnection(ctx, connection, 'test');
  expect(itemsFor(answer(ctx, submitted), CLIENT_WRITER)).toEqual([]);
  expect(chain(ctx).requestsInProcess).toBe(0);
});

test('packets, latency and sizes are counted for the server and for each connection [ADM-13] [ADM-15] [ADM-16]', () => {
  const ctx = makeProcessors('follower');
  const connection = attach(ctx, S);
  const submitted = [asks(ctx, connection, 1, get), asks(ctx, connection, 2, { op: 'getData', path: '/none', watch: false })];
  for (const effects of submitted) {
    ctx.now += 7000;
    for (const { item } of enqueued(answer(ctx, effects))) step(ctx, CLIENT_WRITER, item, connection % 0x100000, 0);
  }
  const stats = peek(ctx.parts, ctx.refs.stats);
  expect(stats).toMatchObject({
    packetsReceived: 2,
    packetsSent: 2,
    latency: { count: 2, total: 21, min: 7, max: 14 },
    clientResponse: { last: 16, min: 16, max: 16 + 4 + 68 },
  });
  expect(stats.connections[slotOf(connection)]).toMatchObject({
    packetsReceived: 2,
    packetsSent: 2,
    lastOperation: 'GETD',
    lastCxid: 2,
    lastZxid: 0x1_0000_0000,
    lastLatencyMs: 14,
    latency: { total: 21, max: 14 },
  });
  resetServerStats(ctx.parts, ctx.refs.stats);
  expect(peek(ctx.parts, ctx.refs.stats)).toMatchObject({ packetsReceived: 0, latency: { count: 0 }, clientResponse: { last: -1 } });
  resetConnectionStats(ctx.parts, ctx.refs.stats);
  expect(peek(ctx.parts, ctx.refs.stats).connections[slotOf(connection)]).toMatchObject({
    packetsReceived: 0,
    lastOperation: 'NA',
    lastCxid: -1,
  });
});

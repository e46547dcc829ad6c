import { expect, test } from 'vitest';
import { peek } from '../../src/base/parts.ts';
import { connectionAt, ownConnection } from '../../src/server/connections.ts';
import { OPEN_ACL_UNSAFE } from '../../src/server/protocol.ts';
import type { ServerRequest } from '../../src/server/request.ts';
import { CLIENT_READER, CLIENT_WRITER, COMMIT, COMMIT_WORKER, FOLLOWER_REQUEST, WATCH_EVENTS } from '../../src/server/thread-kinds.ts';
import type { TxnBody } from '../../src/server/txn-body.ts';
import { addWatch, makeWatches } from '../../src/server/watch-manager.ts';
import { check, closeSession, create, multi, remove } from '../support/server-context.ts';
import {
  attach,
  enqueued,
  getData,
  itemsFor,
  makeProcessors,
  ping,
  request,
  run,
  sessionId,
  step,
  tracker,
  type Processors,
} from '../support/processors-context.ts';

const S = sessionId(1);
const T = sessionId(2);
const ZXID = 0x1_0000_0001;

function commit(session: string, cxid: number, body: TxnBody, zxid = ZXID): unknown {
  return { type: 'commit', zxid, txn: { type: 'txn', zxid, session, cxid, timeMs: 0, body, digest: '', bytes: 0 } };
}

const creates = (path: string): TxnBody => ({
  type: 'create',
  path,
  data: null,
  acl: OPEN_ACL_UNSAFE,
  ephemeral: false,
  parentCVersion: 1,
});

/** The follower's client asks, and the leader's answer comes. */
function ask(ctx: Processors, asked: ServerRequest, body: TxnBody): ReturnType<typeof run> {
  run(ctx, FOLLOWER_REQUEST, asked);
  run(ctx, COMMIT, { type: 'wakeup' });
  return run(ctx, COMMIT, commit(asked.session, asked.cxid, body));
}

function read(ctx: Processors, asked: ServerRequest): ReturnType<typeof run> {
  return run(ctx, COMMIT_WORKER, asked);
}

test('events are queued on all connections before the reply, each by itself, with their zxid [WATCH-22] [WATCH-28] [WATCH-29]', () => {
  const ctx = makeProcessors('follower');
  const [mine, other] = [attach(ctx, S), attach(ctx, T)];
  addWatch(ctx.parts, ctx.refs.watches, { table: 'child', path: '/', connection: other }, 'STANDARD', false);
  addWatch(ctx.parts, ctx.refs.watches, { table: 'data', path: '/a', connection: mine }, 'STANDARD', false);
  const effects = ask(ctx, request(S, 1, create('/a'), mine), creates('/a'));
  expect(effects.map(({ type }) => type)).toEqual(['enqueue', 'enqueue', 'enqueue']);
  expect(enqueued(effects).map(({ item }) => item)).toMatchObject([
    { type: 'EVENT', event: 'NodeCreated', path: '/a', zxid: ZXID },
    { type: 'EVENT', event: 'NodeChildrenChanged', path: '/', zxid: ZXID },
    { type: 'REPLY', xid: 1, zxid: ZXID, error: 'OK' },
  ]);
  expect(ctx.notes.map(({ type }) => type).filter((type) => type === 'watch-fired' || type === 'replied')).toEqual([
    'watch-fired',
    'watch-fired',
    'replied',
  ]);
});

test('with queuesEventsWithReplies false the reply can overtake the event (T18)', () => {
  const ctx = makeProcessors('follower', { server: { queuesEventsWithReplies: false } });
  const mine = attach(ctx, S);
  addWatch(ctx.parts, ctx.refs.watches, { table: 'data', path: '/a', connection: mine }, 'STANDARD', false);
  const effects = ask(ctx, request(S, 1, create('/a'), mine), creates('/a'));
  expect(itemsFor(effects, WATCH_EVENTS)).toEqual(['watch-event']);
  expect(itemsFor(effects, CLIENT_WRITER)).toEqual(['REPLY']);
  const later = run(ctx, WATCH_EVENTS, enqueued(effects)[0]!.item);
  expect(itemsFor(later, CLIENT_WRITER)).toEqual(['EVENT']);
});

test('a reply header carries what the tree has processed [ID-04] (ZOOKEEPER-1412)', () => {
  for (const replyZxid of ['last-processed', 'request'] as const) {
    const ctx = makeProcessors('follower', { server: { replyZxid } });
    const effects = read(ctx, request(S, 1, getData('/'), attach(ctx, S)));
    expect(enqueued(effects)[0]!.item).toMatchObject({ xid: 1, zxid: replyZxid === 'request' ? 0 : ZXID - 1 });
  }
});

test('a ping is answered with its xid and the last zxid [OP-11]', () => {
  const ctx = makeProcessors('follower');
  const effects = read(ctx, request(S, -2, ping, attach(ctx, S)));
  expect(enqueued(effects)[0]!.item).toEqual({ type: 'REPLY', xid: -2, zxid: ZXID - 1, error: 'OK', result: { op: 'ping' } });
});

test('a committed error is the answer [PIPE-15]', () => {
  const ctx = makeProcessors('follower');
  const effects = ask(ctx, request(S, 1, create('/a'), attach(ctx, S)), { type: 'error', error: 'NODEEXISTS' });
  expect(enqueued(effects)[0]!.item).toEqual({ type: 'REPLY', xid: 1, zxid: ZXID, error: 'NODEEXISTS', result: null });
});

test('a check outside a multi, where it is served, is answered only when it fails [PIPE-08] [ZOOKEEPER-2623]', () => {
  const ctx = makeProcessors('follower', { server: { servesTopLevelCheck: true } });
  const connection = attach(ctx, S);
  expect(ask(ctx, request(S, 1, check('/', 0), connection), { type: 'check', path: '/', version: 1 })).toEqual([]);
  const effects = ask(ctx, request(S, 2, check('/', 7), connection), { type: 'error', error: 'BADVERSION' });
  expect(enqueued(effects).map(({ item }) => item)).toMatchObject([{ type: 'REPLY', xid: 2, error: 'BADVERSION' }]);
});

test('SESSIONMOVED closes the connection instead of an answer, on a read, a write and inside a multi [SESS-26] [SESS-38] [SESS-39]', () => {
  const ctx = makeProcessors('follower');
  const connection = attach(ctx, S);
  const write = ask(ctx, request(S, 1, create('/a'), connection), { type: 'error', error: 'SESSIONMOVED' });
  expect(itemsFor(write, CLIENT_WRITER)).toEqual(['close-conn']);
  expect(itemsFor(read(ctx, { ...request(S, 2, ping, connection), exception: 'SESSIONMOVED' }), CLIENT_WRITER)).toEqual(['close-conn']);
  const failed: TxnBody = { type: 'multi', txns: [{ type: 'error', error: 'SESSIONMOVED' }] };
  expect(itemsFor(ask(ctx, request(S, 3, multi(remove('/a')), connection), failed), CLIENT_WRITER)).toEqual(['close-conn']);
});

test('an expired session gets its error as an answer [SESS-16]', () => {
  const ctx = makeProcessors('leader');
  const effects = read(ctx, { ...request(S, 2, ping, attach(ctx, S)), exception: 'SESSIONEXPIRED' });
  expect(enqueued(effects)[0]!.item).toMatchObject({ type: 'REPLY', error: 'SESSIONEXPIRED', result: null });
});

test('the answer to a new session is sent at its commit, and then its connection is read [SESS-08] [SESS-09]', () => {
  const ctx = makeProcessors('follower');
  const connection = attach(ctx, S);
  ownConnection(ctx, connection).stage = 'connecting';
  const asked = request(S, 0, { op: 'createSession', timeoutMs: 4000 }, connection);
  const effects = ask(ctx, asked, { type: 'createSession', timeoutMs: 4000 });
  expect(itemsFor(effects, CLIENT_WRITER)).toEqual(['CONNECTED']);
  expect(itemsFor(effects, CLIENT_READER)).toEqual(['receive']);
  expect(peek(ctx.parts, ctx.refs.sessions).get(S)).toBe(4000);
  expect(ctx.notes.some((note) => note.type === 'session-attached' && note.how === 'created')).toBe(true);
});

test("the client's own close is answered, then the connection closes behind the answer [SESS-24]", () => {
  const ctx = makeProcessors('follower');
  const connection = attach(ctx, S);
  const effects = ask(ctx, request(S, 5, closeSession, connection), { type: 'closeSession', paths2Delete: [] });
  expect(itemsFor(effects, CLIENT_WRITER)).toEqual(['REPLY', 'close-conn']);
  expect(connectionAt(ctx, connection)).not.toBeNull();
});

test('a close from elsewhere cuts the connection of the session; its events were queued before [SESS-24] [SESS-40] [SESS-46]', () => {
  const ctx = makeProcessors('follower');
  const mine = attach(ctx, S, 51);
  run(ctx, COMMIT, commit(S, 1, { ...creates('/e'), ephemeral: true } as TxnBody));
  addWatch(ctx.parts, ctx.refs.watches, { table: 'data', path: '/e', connection: mine }, 'STANDARD', false);
  const effects = run(ctx, COMMIT, commit(S, 0, { type: 'closeSession', paths2Delete: ['/e'] }, ZXID + 1));
  expect(enqueued(effects.slice(0, 1))[0]!.item).toMatchObject({ type: 'EVENT', event: 'NodeDeleted', path: '/e' });
  expect(effects[1]).toEqual({ type: 'close', link: 51 });
  expect(connectionAt(ctx, mine)).toBeNull();
});

test("the leader's tracker forgets a session when its close is applied", () => {
  const ctx = makeProcessors('leader');
  attach(ctx, S);
  run(ctx, COMMIT, commit(S, 0, { type: 'closeSession', paths2Delete: [] }));
  expect(tracker(ctx).sessions.has(S)).toBe(false);
});

test('each operation of a multi is an event of its own [MULTI-01]', () => {
  const ctx = makeProcessors('follower');
  const first = step(ctx, COMMIT, commit(T, 1, { type: 'multi', txns: [creates('/a') as never, creates('/b') as never] }));
  expect(first).toMatchObject([{ type: 'continue' }]);
  expect(peek(ctx.parts, ctx.refs.database).lastProcessedZxid).toBe(ZXID - 1);
  step(ctx, COMMIT, first[0]!.type === 'continue' ? first[0].item : null);
  expect(peek(ctx.parts, ctx.refs.database).lastProcessedZxid).toBe(ZXID);
});

test('a read of a connection that is closed does nothing [WATCH-21]', () => {
  const ctx = makeProcessors('follower');
  expect(read(ctx, request(S, 1, getData('/', true), 12345))).toEqual([]);
  expect(peek(ctx.parts, ctx.refs.watches).data).toEqual(makeWatches().data);
});

test.for([
  [true, ZXID],
  [false, -1],
] as const)('with eventCarriesZxid %s the header of an event says %i [WATCH-22]', ([eventCarriesZxid, zxid]) => {
  const ctx = makeProcessors('follower', { server: { eventCarriesZxid } });
  const mine = attach(ctx, S);
  addWatch(ctx.parts, ctx.refs.watches, { table: 'data', path: '/a', connection: mine }, 'PERSISTENT', false);
  const effects = ask(ctx, request(S, 1, create('/a'), mine), creates('/a'));
  expect(enqueued(effects)[0]!.item).toMatchObject({ type: 'EVENT', event: 'NodeCreated', path: '/a', zxid });
});

test('addWatch, checkWatches and removeWatches are answered, and removal sends no event [WATCH-47] [VAL-11] [VAL-12]', () => {
  const ctx = makeProcessors('follower');
  const mine = attach(ctx, S);
  const answers = (
    [
      { op: 'addWatch', path: '/a', mode: 0 },
      { op: 'checkWatches', path: '/a', watcherType: 4 },
      { op: 'removeWatches', path: '/a', watcherType: 3 },
      { op: 'removeWatches', path: '/a', watcherType: 3 },
      { op: 'addWatch', path: '/a', mode: 2 },
    ] as const
  ).flatMap((operation) => enqueued(read(ctx, request(S, 1, operation, mine))).map(({ item }) => item));
  expect(answers).toMatchObject([
    { type: 'REPLY', error: 'OK', result: { op: 'addWatch' } },
    { type: 'REPLY', error: 'OK', result: { op: 'checkWatches' } },
    { type: 'REPLY', error: 'OK', result: { op: 'removeWatches' } },
    { type: 'REPLY', error: 'NOWATCHER', result: null },
    { type: 'REPLY', error: 'MARSHALLINGERROR', result: null },
  ]);
});

test('setWatches: its events come before its reply, and carry no zxid [WATCH-22] [WATCH-48]', () => {
  const ctx = makeProcessors('follower');
  const operation = { op: 'setWatches', relativeZxid: 0, data: ['/gone'], exist: ['/'], child: [] } as const;
  const effects = read(ctx, request(S, -8, operation, attach(ctx, S)));
  expect(enqueued(effects).map(({ item }) => item)).toMatchObject([
    { type: 'EVENT', event: 'NodeDeleted', path: '/gone', zxid: -1 },
    { type: 'EVENT', event: 'NodeCreated', path: '/', zxid: -1 },
    { type: 'REPLY', xid: -8, error: 'OK' },
  ]);
});

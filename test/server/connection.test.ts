import { expect, test } from 'vitest';
import { peek } from '../../src/base/parts.ts';
import { bytesOfUtf8 } from '../../src/base/bytes.ts';
import type { Effect } from '../../src/base/step.ts';
import { application } from '../../src/server/application.ts';
import { digestId } from '../../src/server/auth-provider.ts';
import { closeConnection, connectionAt, connectionOfSession, openConnection } from '../../src/server/connections.ts';
import type { ClientPacket } from '../../src/server/protocol.ts';
import type { ServerRequest } from '../../src/server/request.ts';
import { makePassword, NO_PASSWORD } from '../../src/server/session-id.ts';
import { touchSession, trackSession } from '../../src/server/session-tracker.ts';
import { CLIENT_ACCEPTOR, CLIENT_READER, CLIENT_WRITER, COMMIT, FOLLOWER_REQUEST, PREP } from '../../src/server/thread-kinds.ts';
import { addWatch, makeWatches } from '../../src/server/watch-manager.ts';
import { check } from '../support/server-context.ts';
import {
  asPeer,
  attach,
  chain,
  enqueued,
  INCARNATION,
  itemsFor,
  LEADER_LINK,
  makeProcessors,
  ping,
  run,
  sessionId,
  step,
  tracker,
  type Processors,
} from '../support/processors-context.ts';

const S = sessionId(1);
const NONE = '0000000000000000';

function connect(session = NONE, over: Partial<Extract<ClientPacket, { type: 'CONNECT' }>> = {}): ClientPacket {
  return { type: 'CONNECT', session, password: makePassword(session), timeoutMs: 10_000, lastZxidSeen: 0, readOnly: false, ...over };
}

/** A packet arrives on the connection: one step of its reader. */
function arrives(ctx: Processors, connection: number, packet: ClientPacket): readonly Effect[] {
  return step(ctx, CLIENT_READER, { type: 'packet', packet, link: 1, zxid: 0 }, connection % 0x100000, Math.floor(connection / 0x100000));
}

function items(effects: readonly Effect[]): readonly unknown[] {
  return enqueued(effects).map(({ item }) => item);
}

test('the port is bound at the start of the process; each connection gets a reader and a writer [LIVE-20]', () => {
  const ctx = makeProcessors('follower');
  expect(step(ctx, CLIENT_ACCEPTOR, { type: 'start' }, 0, 0)).toEqual([{ type: 'listen', port: 'client' }]);
  const effects = step(ctx, CLIENT_ACCEPTOR, { type: 'accepted', port: 'client', link: 5, from: 3, address: null }, 0, 0);
  expect(effects.map(({ type }) => type)).toEqual(['start', 'start']);
  expect(ctx.thread.blockedOn).toEqual({ on: 'accept', port: 'client' });
});

test('while nobody serves, the first frame closes the connection without an answer, and the session is untouched [LIVE-21] [LIVE-22]', () => {
  const ctx = makeProcessors('follower');
  application.unpublish(ctx);
  const early = openConnection(ctx, 5, '127.0.0.1:1024');
  expect(arrives(ctx, early, connect()).map(({ type }) => type)).toEqual(['close', 'atomic']);
  expect(connectionAt(ctx, early)).toBeNull();
  // One that was accepted before the server object was published never gets another.
  const before = openConnection(ctx, 6, '127.0.0.1:1024');
  application.publish(ctx);
  expect(arrives(ctx, before, connect())[0]).toEqual({ type: 'close', link: 6 });
});

test('a new session is created by the contacted server and goes down the write path [SESS-03] [SESS-06] [SESS-07] [SESS-42]', () => {
  for (const [role, first] of [
    ['leader', PREP],
    ['follower', FOLLOWER_REQUEST],
  ] as const) {
    const ctx = makeProcessors(role);
    const connection = openConnection(ctx, 5, '127.0.0.1:1024');
    const effects = arrives(ctx, connection, connect(NONE, { password: '' }));
    expect(itemsFor(effects, first)).toEqual(['request']);
    expect(items(effects)[0]).toMatchObject({ cxid: 0, operation: { op: 'createSession', timeoutMs: 10_000 }, connection, owner: null });
    expect(tracker(ctx).sessions.size).toBe(role === 'leader' ? 1 : 0);
    // Nothing is read until the session is set up, but one that waits for too long is closed.
    expect(ctx.thread.blockedOn).toEqual({ on: 'queue', deadline: 30_000_000 });
  }
});

test('the timeout is clamped to 2 and 20 ticks [SESS-03] [SESS-42]', () => {
  const ctx = makeProcessors('follower');
  const negotiated = [0, -5, 10_000, 99_999].map((timeoutMs) => {
    const connection = openConnection(ctx, 5, '127.0.0.1:1024');
    arrives(ctx, connection, connect(NONE, { timeoutMs }));
    return connectionAt(ctx, connection)!.timeoutMs;
  });
  expect(negotiated).toEqual([4000, 4000, 10_000, 40_000]);
});

test('a client that has seen a newer zxid is closed without an answer [SESS-04] [WATCH-44]', () => {
  const lastZxidSeen = 0x1_0000_0001;
  const ctx = makeProcessors('follower');
  expect(arrives(ctx, openConnection(ctx, 5, '127.0.0.1:1024'), connect(NONE, { lastZxidSeen }))[0]).toEqual({ type: 'close', link: 5 });
  const lenient = makeProcessors('follower', { server: { refusesClientAhead: false } });
  expect(
    itemsFor(arrives(lenient, openConnection(lenient, 5, '127.0.0.1:1024'), connect(NONE, { lastZxidSeen })), FOLLOWER_REQUEST),
  ).toEqual(['request']);
});

test('a known id with a wrong password kills the live connection and is refused [SESS-05] [SESS-10] [SESS-11]', () => {
  const ctx = makeProcessors('leader');
  const before = attach(ctx, S, 51);
  const effects = arrives(ctx, openConnection(ctx, 52, '127.0.0.1:1024'), connect(S, { password: 'wrong' }));
  expect(effects[0]).toEqual({ type: 'close', link: 51 });
  expect(connectionAt(ctx, before)).toBeNull();
  expect(items(effects).slice(2)).toEqual([
    { type: 'CONNECTED', session: NONE, password: NO_PASSWORD, timeoutMs: 0, readOnly: false },
    { type: 'close-conn' },
  ]);
  expect(touchSession(ctx, INCARNATION, S, 4000)).toBe(true);
});

test('the leader revalidates by a touch, and the connection owns the session before the answer is queued [SESS-41]', () => {
  const ctx = makeProcessors('leader');
  trackSession(ctx, INCARNATION, S, 4000);
  const connection = openConnection(ctx, 5, '127.0.0.1:1024');
  const effects = arrives(ctx, connection, connect(S));
  expect(items(effects)).toMatchObject([{ type: 'CONNECTED', session: S }, { type: 'receive' }]);
  expect(effects).toHaveLength(1);
  expect(tracker(ctx).sessions.get(S)).toMatchObject({ owner: -1, ownerConnection: connection });
});

test("in ZooKeeper's order the leader owns it after the answer is queued [SESS-12]", () => {
  const ctx = makeProcessors('leader', { server: { ownerIsConnection: false } });
  trackSession(ctx, INCARNATION, S, 4000);
  const connection = openConnection(ctx, 5, '127.0.0.1:1024');
  const effects = arrives(ctx, connection, connect(S));
  expect(items(effects)).toEqual([
    { type: 'CONNECTED', session: S, password: makePassword(S), timeoutMs: 10_000, readOnly: false },
    { type: 'receive' },
  ]);
  expect(tracker(ctx).sessions.get(S)!.owner).toBeNull();
  const next = effects[1]!.type === 'continue' ? effects[1].item : null;
  step(ctx, CLIENT_READER, next, connection % 0x100000, Math.floor(connection / 0x100000));
  expect(tracker(ctx).sessions.get(S)!.owner).toBe(-1);
});

test('a learner asks the leader; the latest connection gets the answer, and not the one to an earlier question [SESS-13]', () => {
  for (const ownerIsConnection of [true, false]) {
    const ctx = makeProcessors('follower', { server: { ownerIsConnection } });
    const [first, second] = [openConnection(ctx, 5, '127.0.0.1:1024'), openConnection(ctx, 6, '127.0.0.1:1024')] as const;
    const packet = { type: 'REVALIDATE', zxid: -1, session: S, timeoutMs: 10_000, connection: first, valid: false };
    expect(arrives(ctx, first, connect(S))).toEqual([{ type: 'send', link: LEADER_LINK, packet }]);
    arrives(ctx, second, connect(S));
    expect(connectionAt(ctx, first)).toBeNull(); // SESS-05
    const answered = [{ type: 'CONNECTED', session: S }, { type: 'receive' }];
    for (const [connection, isFirst] of [
      [first, !ownerIsConnection],
      [second, ownerIsConnection],
    ] as const) {
      asPeer(ctx, () => expect(items([application.revalidatedEffect(ctx, S, true, connection)])).toMatchObject(isFirst ? answered : []));
    }
    expect(connectionAt(ctx, second)!.stage).toBe('established');
    expect(chain(ctx).pendingRevalidations.size).toBe(0);
  }
});

test('an invalid session is answered with timeout 0 and closed [SESS-10]', () => {
  const ctx = makeProcessors('follower');
  const connection = openConnection(ctx, 5, '127.0.0.1:1024');
  arrives(ctx, connection, connect(S));
  asPeer(ctx, () => {
    const effect = application.revalidatedEffect(ctx, S, false, connection);
    expect(items([effect])).toMatchObject([{ type: 'CONNECTED', session: NONE, timeoutMs: 0 }, { type: 'close-conn' }]);
    expect(application.revalidatedEffect(ctx, S, true, connection)).toEqual({ type: 'atomic', effects: [] });
  });
});

test('a second ConnectRequest and a bare check are UNIMPLEMENTED and close the connection [SESS-43] [PIPE-08]', () => {
  const ctx = makeProcessors('leader');
  const connection = attach(ctx, S);
  expect(items(arrives(ctx, connection, connect(S)))).toEqual([
    { type: 'REPLY', xid: 0, zxid: -1, error: 'UNIMPLEMENTED', result: null },
    { type: 'close-conn' },
  ]);
  expect(items(arrives(ctx, connection, { type: 'OP', xid: 3, operation: check('/a', 0) }))).toMatchObject([
    { xid: 3, error: 'UNIMPLEMENTED' },
    { type: 'close-conn' },
  ]);
  expect(ctx.notes.filter(({ type }) => type === 'session-touched')).toHaveLength(2);
});

test('an unknown operation has the zxid of a request that never got one in its header [PIPE-07] [WIRE-08] [OP-01]', () => {
  const ctx = makeProcessors('follower');
  const connection = attach(ctx, S);
  for (const code of [0, -1, 999]) {
    expect(items(arrives(ctx, connection, { type: 'OP', xid: 9, operation: { op: 'unknown', code } }))).toEqual([
      { type: 'REPLY', xid: 9, zxid: -1, error: 'UNIMPLEMENTED', result: null },
      { type: 'close-conn' },
    ]);
  }
});

test('a frame that cannot be one closes the connection without a reply, and the session lives on [WIRE-19]', () => {
  const ctx = makeProcessors('leader');
  for (const packet of [
    { type: 'BAD-FRAME', why: 'length' },
    { type: 'FOUR-LETTER-WORD', word: 'ruok' },
    { type: 'OP', xid: -4, operation: { op: 'undecodable', code: 100 } },
    { type: 'OP', xid: 5, operation: { op: 'undecodable', code: 102 } },
    { type: 'OP', xid: 5, operation: { op: 'sasl', token: null } },
  ] as const) {
    const connection = attach(ctx, S);
    expect(arrives(ctx, connection, packet).map(({ type }) => type)).toEqual(['close', 'atomic']);
    expect(connectionAt(ctx, connection)).toBeNull();
    expect(touchSession(ctx, INCARNATION, S, 4000)).toBe(true);
  }
});

test('a server without SASL answers a token with none, with zxid 0 and ahead of what waits [OP-25] [WIRE-08] [WIRE-10]', () => {
  const ctx = makeProcessors('leader');
  const effects = arrives(ctx, attach(ctx, S), { type: 'OP', xid: 7, operation: { op: 'sasl', token: bytesOfUtf8('abc') } });
  expect(items(effects)).toEqual([{ type: 'REPLY', xid: 7, zxid: 0, error: 'OK', result: { op: 'sasl', token: null } }]);
});

test('auth adds ids to the connection ahead of waiting requests, with the xid of its header and zxid 0 [ACL-08] [ACL-09] [ACL-10] [ACL-17]', () => {
  const ctx = makeProcessors('follower', { config: { superDigest: digestId('super:secret') } });
  const connection = attach(ctx, S);
  const auth = (scheme: string, text: string | null) =>
    ({ type: 'OP', xid: -4, operation: { op: 'auth', scheme, auth: text === null ? null : bytesOfUtf8(text) } }) as const;
  const idsNow = () => connectionAt(ctx, connection)!.authInfo;
  const address = { scheme: 'ip', id: '127.0.0.1' };
  const before = items(arrives(ctx, connection, { type: 'OP', xid: 1, operation: ping }))[0];
  expect(items(arrives(ctx, connection, auth('digest', 'alice:pw')))).toEqual([
    { type: 'REPLY', xid: -4, zxid: 0, error: 'OK', result: { op: 'auth' } },
  ]);
  const alice = { scheme: 'digest', id: digestId('alice:pw') };
  expect(before).toMatchObject({ authInfo: [address] });
  expect(items(arrives(ctx, connection, { type: 'OP', xid: 2, operation: ping }))[0]).toMatchObject({ authInfo: [address, alice] });
  arrives(ctx, connection, auth('digest', 'alice:pw'));
  arrives(ctx, connection, auth('ip', null));
  expect(idsNow()).toEqual([address, alice]);
  arrives(ctx, connection, auth('digest', 'super:secret'));
  expect(idsNow()).toContainEqual({ scheme: 'super', id: '' });
});

test('auth that fails is answered, closed, and nothing more is read [ACL-09] [ACL-17]', () => {
  for (const [scheme, text] of [
    ['world', 'anyone'],
    ['kerberos', ''],
    ['digest', null],
    [null, ''],
  ] as const) {
    const ctx = makeProcessors('leader');
    const operation = { op: 'auth', scheme, auth: text === null ? null : bytesOfUtf8(text) } as const;
    expect(items(arrives(ctx, attach(ctx, S), { type: 'OP', xid: -4, operation }))).toEqual([
      { type: 'REPLY', xid: -4, zxid: 0, error: 'AUTHFAILED', result: null },
      { type: 'close-conn' },
    ]);
    expect(ctx.thread.blockedOn).toMatchObject({ on: 'queue' });
  }
});

test('a client may send createSession: it is owned by its server like any request, and answered as a ConnectRequest is [SESS-44]', () => {
  const ctx = makeProcessors('leader');
  const connection = attach(ctx, S);
  const sent = { type: 'OP', xid: 5, operation: { op: 'createSession', timeoutMs: 5000 } } as const;
  const request = items(arrives(ctx, connection, sent))[0] as ServerRequest;
  expect(request).toMatchObject({ cxid: 5, owner: -1, operation: { op: 'createSession', timeoutMs: 5000 } });
  run(ctx, PREP, request);
  run(ctx, COMMIT, { type: 'wakeup' });
  const { txn } = peek(ctx.parts, ctx.refs.leader).outstandingProposals[0]!;
  expect(txn).toMatchObject({ cxid: 5, body: { type: 'createSession', timeoutMs: 5000 } });
  const answer = items(run(ctx, COMMIT, { type: 'commit', zxid: txn.zxid, txn }));
  expect(answer).toMatchObject([{ type: 'CONNECTED', session: S }, { type: 'receive' }]);
  expect(ctx.notes).toContainEqual(expect.objectContaining({ type: 'session-attached', how: 'reattached' }));
});

test('a request of a session that the leader does not know is dropped without an answer [PIPE-07]', () => {
  const ctx = makeProcessors('leader');
  const connection = attach(ctx, S);
  tracker(ctx).sessions.delete(S);
  expect(arrives(ctx, connection, { type: 'OP', xid: 3, operation: ping })).toEqual([]);
});

test('each request touches its session at the leader [SESS-17]', () => {
  const ctx = makeProcessors('leader');
  const connection = attach(ctx, S);
  const { expiresAt } = tracker(ctx).sessions.get(S)!;
  ctx.now += 4_000_000;
  arrives(ctx, connection, { type: 'OP', xid: -2, operation: ping });
  expect(tracker(ctx).sessions.get(S)!.expiresAt).toBe(expiresAt + 4_000_000);
});

test('a connection without a session is closed after 10 s, one with a session after its timeout, in steps of 10 s [SESS-34]', () => {
  const ctx = makeProcessors('leader');
  const fresh = openConnection(ctx, 5, '127.0.0.1:1024');
  step(ctx, CLIENT_READER, { type: 'start' }, fresh, 0);
  expect(ctx.thread.blockedOn).toEqual({ on: 'read', link: 5, deadline: 30_000_000 });
  const connection = attach(ctx, S);
  step(ctx, CLIENT_READER, { type: 'receive' }, connection, 0);
  expect(ctx.thread.blockedOn).toMatchObject({ deadline: 20_000_000 });
  expect(step(ctx, CLIENT_READER, { type: 'timeout' }, connection, 0)[0]).toEqual({ type: 'close', link: 50 });
});

test('the end of a connection takes its watches, not its session [WATCH-20] [LIVE-23]', () => {
  const ctx = makeProcessors('leader');
  const connection = attach(ctx, S);
  addWatch(ctx.parts, ctx.refs.watches, { table: 'data', path: '/a', connection }, 'STANDARD', false);
  step(ctx, CLIENT_READER, { type: 'closed', link: 50, how: 'eof' }, connection, 0);
  expect(peek(ctx.parts, ctx.refs.watches).data).toEqual(makeWatches().data);
  expect(connectionOfSession(ctx, S)).toBeNull();
  expect(peek(ctx.parts, ctx.refs.sessions).has(S)).toBe(true);
});

test('a role change closes every client by a bare close [LIVE-23]', () => {
  const ctx = makeProcessors('leader');
  attach(ctx, S, 50);
  attach(ctx, sessionId(2), 51);
  const effects = asPeer(ctx, () => application.closeClients(ctx));
  expect(effects.filter(({ type }) => type === 'close')).toEqual([
    { type: 'close', link: 50 },
    { type: 'close', link: 51 },
  ]);
  expect(itemsFor(effects, CLIENT_WRITER)).toEqual(['stop', 'stop']);
});

test('a writer sends one packet an event, and closes behind the last [WATCH-28]', () => {
  const ctx = makeProcessors('leader');
  const connection = attach(ctx, S);
  const packet = { type: 'REPLY', xid: 1, zxid: 1, error: 'OK', result: null };
  expect(step(ctx, CLIENT_WRITER, packet, connection, 0)).toEqual([{ type: 'send', link: 50, packet }]);
  expect(step(ctx, CLIENT_WRITER, { type: 'close-conn' }, connection, 0)[0]).toEqual({ type: 'close', link: 50 });
  step(ctx, CLIENT_WRITER, packet, connection, 0);
  expect(ctx.thread.ending).toBe(true);
});

test('slots of closed connections are used again under another id', () => {
  const ctx = makeProcessors('leader');
  const first = openConnection(ctx, 5, '127.0.0.1:1024');
  closeConnection(ctx, first, 'test');
  const second = openConnection(ctx, 6, '127.0.0.1:1024');
  expect(second % 0x100000).toBe(first % 0x100000);
  expect(second).not.toBe(first);
  expect(connectionAt(ctx, first)).toBeNull();
});

test('a host has at most maxClientCnxns connections, the next is closed as it is accepted; 0 is no limit [SESS-35] [CFG-07]', () => {
  const ctx = makeProcessors('follower', { config: { maxClientCnxns: 2 } });
  const accept = (on: Processors, address: string) =>
    step(on, CLIENT_ACCEPTOR, { type: 'accepted', port: 'client', link: 5, from: 3, address }, 0, 0).map(({ type }) => type);
  expect(accept(ctx, '10.0.0.1:1')).toEqual(['start', 'start']);
  expect(accept(ctx, '10.0.0.1:2')).toEqual(['start', 'start']);
  expect(accept(ctx, '10.0.0.1:3')).toEqual(['close']);
  expect(ctx.thread.blockedOn).toEqual({ on: 'accept', port: 'client' });
  expect(accept(ctx, '10.0.0.2:1')).toEqual(['start', 'start']);
  closeConnection(ctx, peek(ctx.parts, ctx.refs.connections).slots[0]!.id, 'test');
  expect(accept(ctx, '10.0.0.1:4')).toEqual(['start', 'start']);
  const open = makeProcessors('follower', { config: { maxClientCnxns: 0 } });
  for (let i = 0; i < 100; i++) expect(accept(open, `10.0.0.1:${i}`)).toEqual(['start', 'start']);
});

test('ten thousand connections come and go, the lowest slot first, in a time that grows with their number [SESS-35]', () => {
  const ctx = makeProcessors('follower');
  const ids = Array.from({ length: 10_000 }, (_, i) => openConnection(ctx, i, `10.0.${i >> 8}.${i & 255}:1`));
  for (const id of ids.filter((_, i) => i % 2 === 0)) closeConnection(ctx, id, 'test');
  expect(openConnection(ctx, 1, '10.0.0.1:1') % 0x100000).toBe(0);
  expect(openConnection(ctx, 1, '10.0.0.1:2') % 0x100000).toBe(2);
  expect(peek(ctx.parts, ctx.refs.connections).perHost.size).toBe(5001 - 1);
});

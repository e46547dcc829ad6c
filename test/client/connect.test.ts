// How a client gets a connection and a session, and how it comes back.

import { expect, test } from 'vitest';
import { kill, powerLoss, setPaused } from '../../src/kernel/node.ts';
import { breakBetween } from '../../src/kernel/network-faults.ts';
import { runInput } from '../../src/kernel/run.ts';
import { CLIENT_PORT, NO_SESSION } from '../../src/server/protocol.ts';
import {
  call,
  type ClientWorld,
  connected,
  connects,
  hangUp,
  makeClientWorld,
  notesOf,
  obliging,
  received,
  replyTo,
  returns,
  runMs,
  SESSION,
  start,
  startClient,
  stateOf,
  states,
  tell,
  ZXID,
} from '../support/client-world.ts';

const read = { op: 'getData', path: '/a', watch: false } as const;

function killServer(it: ClientWorld, server: number): void {
  runInput(it.world, it.world.now, { type: 'kill' }, () => void kill(it.world, server));
}

test('a new client asks for session 0 with its own timeout, and takes what the server gives [CLI-07, SESS-03]', () => {
  const it = makeClientWorld({ config: { sessionTimeoutMs: 9000 } });
  it.respond = (packet) => (packet.type === 'CONNECT' ? [connected(4000)] : []);
  startClient(it);
  expect(connects(it)).toEqual([{ type: 'CONNECT', session: NO_SESSION, password: '', timeoutMs: 9000, lastZxidSeen: 0, readOnly: false }]);
  expect(notesOf(it, 'client-session')).toEqual([{ type: 'client-session', session: SESSION, timeoutMs: 4000, how: 'created' }]);
  expect(states(it)).toEqual(['CONNECTING opened', 'CONNECTED established']);
  expect(stateOf(it)).toMatchObject({ timeoutMs: 4000, password: 'secret' });
});

test('nothing follows the ConnectRequest before its answer [CLI-06]', () => {
  const it = makeClientWorld();
  it.respond = () => [];
  startClient(it);
  call(it, read);
  runMs(it, 100);
  expect(received(it)).toEqual(['0 CONNECT']);
});

test('calls wait for the session and go out in their order [CLI-06]', () => {
  const it = startClient(makeClientWorld(), 0.1); // dialling
  for (const path of ['/a', '/b', '/c']) call(it, { op: 'sync', path });
  runMs(it, 10);
  expect(it.got.slice(1).map(({ packet }) => packet)).toEqual(
    ['/a', '/b', '/c'].map((path, i) => ({ type: 'OP', xid: i + 1, operation: { op: 'sync', path } })),
  );
  expect(returns(it)).toEqual(['0 OK', '1 OK', '2 OK']);
});

test('a lost connection is replaced, with session, password and what was seen [CLI-07, CLI-08]', () => {
  const it = startClient(makeClientWorld({ servers: 2 }));
  call(it, read);
  runMs(it, 10);
  hangUp(it, 0);
  runMs(it, 10);
  expect(received(it)).toEqual(['0 CONNECT', '0 getData', '1 CONNECT']);
  expect(connects(it)[1]).toMatchObject({ session: SESSION, password: 'secret', lastZxidSeen: ZXID, timeoutMs: 6000 });
  expect(notesOf(it, 'client-session').map(({ how }) => how)).toEqual(['created', 'reattached']);
  expect(states(it).slice(2)).toEqual(['CONNECTING eof', 'CONNECTED established']);
});

test('a client that does not say what it has seen asks as if it had seen nothing', () => {
  const it = startClient(makeClientWorld({ servers: 2, decisions: { sendsLastZxid: false } }));
  call(it, read);
  runMs(it, 10);
  hangUp(it, 0);
  runMs(it, 10);
  expect(connects(it)[1]).toMatchObject({ session: SESSION, lastZxidSeen: 0, readOnly: false });
});

test('the list is walked round-robin and a second passes before a host is tried again that was the last one [CLI-05]', () => {
  const it = makeClientWorld({ servers: 3 });
  for (const server of [0, 1, 2]) killServer(it, server);
  startClient(it, 2500);
  const dials = it.notes.filter(({ note }) => note.type === 'client-dials');
  expect(dials.map(({ note }) => (note.type === 'client-dials' ? note.server : -1))).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2]);
  const times = dials.map(({ at }) => Math.floor(at / 1_000_000));
  expect(times).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2]);
  expect(states(it)).toEqual(['CONNECTING opened']);
});

test('a random time below a second passes before each attempt after the first connection [CLI-05]', () => {
  const it = startClient(makeClientWorld({ servers: 2, config: { connectDelayMs: 1000 } }), 100);
  const delays: number[] = [];
  for (let i = 0; i < 6; i++) {
    const from = it.world.now;
    hangUp(it, i % 2);
    runMs(it, 1100);
    expect(stateOf(it).state).toBe('CONNECTED');
    delays.push(it.notes.findLast(({ note }) => note.type === 'client-dials')!.at - from);
  }
  expect(Math.max(...delays)).toBeLessThan(1_001_000);
  expect(new Set(delays.map((delay) => Math.round(delay / 1000))).size).toBeGreaterThan(3);
});

test('the list is shuffled once for each handle, by the seed [CLI-05]', () => {
  const orderOf = (seed: string): readonly number[] => {
    const it = startClient(makeClientWorld({ servers: 5, seed, config: { shufflesServers: true } }));
    return stateOf(it).hosts.servers;
  };
  expect(orderOf('1')).toEqual(orderOf('1'));
  expect([...orderOf('1')].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4]);
  expect(new Set(Array.from({ length: 12 }, (_, i) => orderOf(`${i}`).join())).size).toBeGreaterThan(6);
});

test('a server that is silent is given up after timeout / hosts, and calls that waited are lost [CLI-01, CLI-11]', () => {
  const it = makeClientWorld({ servers: 3, config: { sessionTimeoutMs: 9000 } });
  runInput(it.world, 0, { type: 'off' }, () => void powerLoss(it.world, 0, { keep: 'none', torn: false }));
  startClient(it, 1);
  call(it, read);
  runMs(it, 2990);
  expect(returns(it)).toEqual([]);
  runMs(it, 20);
  expect(notesOf(it, 'client-attempt-failed')).toEqual([{ type: 'client-attempt-failed', server: 0, why: 'connect-timeout' }]);
  expect(notesOf(it, 'client-returned')).toMatchObject([{ call: 0, xid: 0, error: 'CONNECTIONLOSS', zxid: -1 }]);
  expect(states(it)).toEqual(['CONNECTING opened', 'CONNECTED established']);
  expect(received(it)).toEqual(['1 CONNECT']);
});

test('a server that accepts but does not answer is given up likewise [CLI-01]', () => {
  const it = makeClientWorld({ servers: 3, config: { sessionTimeoutMs: 9000 } });
  it.respond = (packet, server) => (server === 0 ? [] : obliging(packet, server));
  startClient(it, 3050);
  expect(received(it)).toEqual(['0 CONNECT', '1 CONNECT']);
});

test('a server that closes instead of answering costs one attempt [SESS-04]', () => {
  const it = makeClientWorld({ servers: 2 });
  it.respond = (packet, server) => (server === 0 ? 'close' : obliging(packet, server));
  startClient(it);
  expect(received(it)).toEqual(['0 CONNECT', '1 CONNECT']);
  expect(notesOf(it, 'client-attempt-failed')).toMatchObject([{ server: 0, why: 'eof' }]);
});

test('a session that the server does not know any more is expired, for good [CLI-04, SESS-10]', () => {
  const it = startClient(makeClientWorld({ servers: 2 }));
  it.respond = (packet) => (packet.type === 'CONNECT' ? [connected(0, NO_SESSION)] : []);
  hangUp(it, 0);
  runMs(it, 1);
  const late = call(it, read);
  runMs(it, 5000);
  expect(notesOf(it, 'client-expired')).toEqual([{ type: 'client-expired', session: SESSION, by: 'server' }]);
  expect(states(it).slice(2)).toEqual(['CONNECTING eof', 'CLOSED session-expired']);
  expect(received(it)).toEqual(['0 CONNECT', '1 CONNECT']);
  expect(returns(it)).toEqual([`${late} SESSIONEXPIRED`]);
});

test('without a server for 4/3 of the timeout the client gives its session up, not sooner [CLI-03]', () => {
  const it = startClient(makeClientWorld({ config: { sessionTimeoutMs: 6000 } }));
  killServer(it, 0);
  runMs(it, 1);
  const waiting = call(it, read);
  runMs(it, 7900);
  expect(notesOf(it, 'client-expired')).toEqual([]);
  runMs(it, 1200);
  expect(notesOf(it, 'client-expired')).toEqual([{ type: 'client-expired', session: SESSION, by: 'client' }]);
  expect(states(it)).toEqual(['CONNECTING opened', 'CONNECTED established', 'CONNECTING eof', 'CLOSED session-timeout']);
  expect(returns(it)).toEqual([`${waiting} CONNECTIONLOSS`]);
});

test('a client before ZOOKEEPER-4508 goes on for ever [CLI-03]', () => {
  const it = startClient(makeClientWorld({ decisions: { declaresExpiry: false } }));
  killServer(it, 0);
  runMs(it, 60_000);
  expect(states(it).slice(2)).toEqual(['CONNECTING eof']);
  expect(notesOf(it, 'client-dials').length).toBeGreaterThan(50);
});

test('told to move, it leaves at once and dials the server named, then goes on from there', () => {
  const it = startClient(makeClientWorld({ servers: 3, config: { connectDelayMs: 1000 } }));
  const lost = call(it, read);
  it.respond = (packet, server) => (packet.type === 'OP' ? [] : obliging(packet, server));
  tell(it, { type: 'move', server: 2 });
  runMs(it, 10);
  expect(received(it)).toEqual(['0 CONNECT', '0 getData', '2 CONNECT']);
  expect(states(it).slice(2)).toEqual(['CONNECTING moved', 'CONNECTED established']);
  expect(notesOf(it, 'client-returned')).toMatchObject([{ call: lost, error: 'CONNECTIONLOSS', server: 0, xid: 1 }]);
  hangUp(it, 2);
  runMs(it, 1100);
  expect(received(it).at(-1)).toBe('0 CONNECT');
});

test('told to move while it dials, it drops that attempt and its late answer means nothing', () => {
  const it = makeClientWorld({ servers: 2 });
  start(it, it.client);
  runMs(it, 0.15); // the SYN is on its way
  tell(it, { type: 'move', server: 1 });
  runMs(it, 50);
  expect(received(it)).toEqual(['1 CONNECT']);
  expect(states(it)).toEqual(['CONNECTING opened', 'CONNECTED established']);
  hangUp(it, 1);
  runMs(it, 50);
  expect(received(it)).toEqual(['1 CONNECT', '0 CONNECT']);
});

test('an attempt that was given up is over: the server that wakes up later never hears of it', () => {
  const it = makeClientWorld({ servers: 2 });
  runInput(it.world, 0, { type: 'off' }, () => void powerLoss(it.world, 0, { keep: 'none', torn: false }));
  startClient(it, 100);
  tell(it, { type: 'move', server: 1 });
  runMs(it, 100);
  start(it, 0);
  runMs(it, 20_000);
  expect(received(it)).toEqual(['1 CONNECT']);
  expect(it.links).toHaveLength(2);
  expect(it.links[0]).toBeUndefined();
});

test('told to disconnect, it comes back as after any loss', () => {
  const it = startClient(makeClientWorld({ servers: 2 }));
  tell(it, { type: 'disconnect' });
  runMs(it, 10);
  expect(received(it)).toEqual(['0 CONNECT', '1 CONNECT']);
  expect(states(it).slice(2)).toEqual(['CONNECTING disconnected', 'CONNECTED established']);
});

test('closeSession is answered, the connection closed, and no call is taken after it [CLI-18]', () => {
  const it = startClient(makeClientWorld());
  const close = call(it, { op: 'closeSession' });
  const late = call(it, read);
  runMs(it, 10);
  const later = call(it, read);
  runMs(it, 10_000);
  expect(returns(it)).toEqual([`${late} CONNECTIONLOSS`, `${close} OK`, `${later} SESSIONEXPIRED`]);
  expect(states(it).slice(2)).toEqual(['CLOSED closed']);
  expect(received(it)).toEqual(['0 CONNECT', '0 closeSession']);
});

test('a client whose connection breaks while it closes does not come back [CLI-18]', () => {
  const it = startClient(makeClientWorld({ servers: 2 }));
  it.respond = () => 'close';
  const close = call(it, { op: 'closeSession' });
  runMs(it, 5000);
  expect(returns(it)).toEqual([`${close} CONNECTIONLOSS`]);
  expect(states(it).slice(2)).toEqual(['CLOSED closed']);
  expect(received(it)).toEqual(['0 CONNECT', '0 closeSession']);
});

test('a closed client may open a new handle, which knows nothing of the old one', () => {
  const it = startClient(makeClientWorld());
  call(it, read);
  call(it, { op: 'closeSession' });
  runMs(it, 10);
  tell(it, { type: 'open' });
  runMs(it, 10);
  const again = call(it, read);
  runMs(it, 10);
  expect(connects(it)[1]).toEqual({
    type: 'CONNECT',
    session: NO_SESSION,
    password: '',
    timeoutMs: 6000,
    lastZxidSeen: 0,
    readOnly: false,
  });
  expect(it.got.at(-1)?.packet).toMatchObject({ xid: 1 });
  expect(returns(it).at(-1)).toBe(`${again} OK`);
  expect(states(it)).toEqual(['CONNECTING opened', 'CONNECTED established', 'CLOSED closed', 'CONNECTING opened', 'CONNECTED established']);
});

test('a paused client that wakes up after its session learns of it from the next ConnectResponse [SESS-46, CLI-04]', () => {
  const it = startClient(makeClientWorld({ servers: 2 }));
  runInput(it.world, it.world.now, { type: 'pause' }, () => void setPaused(it.world, it.client, true));
  hangUp(it, 0);
  runMs(it, 7000); // between the timeout of 6 s and the 8 s after which it would not even ask
  it.respond = (packet) => (packet.type === 'CONNECT' ? [connected(0, NO_SESSION)] : [replyTo(packet)]);
  runInput(it.world, it.world.now, { type: 'resume' }, () => void setPaused(it.world, it.client, false));
  runMs(it, 10);
  expect(states(it).slice(2)).toEqual(['CONNECTING eof', 'CLOSED session-expired']);
});

test('a paused client that wakes up after 4/3 of its timeout does not even ask: what it had sent is lost with the session [CLI-03, CLI-11]', () => {
  const it = startClient(makeClientWorld({ servers: 2 }));
  it.respond = () => [];
  const sent = call(it, read);
  runMs(it, 10);
  runInput(it.world, it.world.now, { type: 'pause' }, () => void setPaused(it.world, it.client, true));
  runMs(it, 9000);
  runInput(it.world, it.world.now, { type: 'resume' }, () => void setPaused(it.world, it.client, false));
  runMs(it, 10);
  expect(it.notes.slice(-3).map(({ note }) => note)).toMatchObject([
    { type: 'client-expired', by: 'client' },
    { type: 'client-returned', call: sent, xid: 1, error: 'SESSIONEXPIRED', zxid: -1, server: 0 },
    { type: 'client-state', state: 'CLOSED', why: 'session-timeout', server: 0 },
  ]);
  expect(received(it)).toEqual(['0 CONNECT', '0 getData']);
});

test('a connection that breaks is lost once, whichever half notices first', () => {
  for (const noticeUs of [0, 1, 50, 1000]) {
    const it = startClient(makeClientWorld({ servers: 2 }));
    runInput(it.world, it.world.now, { type: 'break' }, () => {
      breakBetween(it.world, it.client, 0, CLIENT_PORT, { keep: [0, 0], noticeUs: [noticeUs, noticeUs] });
    });
    const lost = [call(it, read), call(it, read), call(it, read)];
    runMs(it, 1.5);
    expect(states(it)).toEqual(['CONNECTING opened', 'CONNECTED established', 'CONNECTING reset', 'CONNECTED established']);
    expect(notesOf(it, 'client-returned').map((note) => note.call)).toEqual(lost);
  }
});

// Calls: their xids, their order, what is lost with a connection, and the facts about them.

import { expect, test } from 'vitest';
import type { ClientOperation } from '../../src/client/items.ts';
import { forkWorld } from '../../src/kernel/world.ts';
import { runUntil } from '../../src/kernel/run.ts';
import { hashText } from '../../src/base/hash.ts';
import {
  call,
  connected,
  hangUp,
  makeClientWorld,
  notesOf,
  obliging,
  ownState,
  received,
  replyTo,
  returns,
  runMs,
  say,
  SESSION,
  startClient,
  stateOf,
  states,
  ZXID,
} from '../support/client-world.ts';

const read: ClientOperation = { op: 'getData', path: '/a', watch: false };

const xids = (it: Parameters<typeof received>[0]): number[] => it.got.flatMap(({ packet }) => (packet.type === 'OP' ? [packet.xid] : []));

test('xids begin at 1, go up by 1 and on over a new connection [CLI-10]', () => {
  const it = startClient(makeClientWorld({ servers: 2 }));
  for (let i = 0; i < 3; i++) call(it, read);
  runMs(it, 10);
  hangUp(it, 0);
  runMs(it, 10);
  call(it, read);
  runMs(it, 10);
  expect(xids(it)).toEqual([1, 2, 3, 4]);
});

test('the xid after the last but one is 1 again [CLI-10]', () => {
  const it = startClient(makeClientWorld());
  ownState(it).xid = 0x7fff_fffe;
  for (let i = 0; i < 3; i++) call(it, read);
  runMs(it, 10);
  expect(xids(it)).toEqual([0x7fff_fffe, 1, 2]);
  expect(returns(it)).toEqual(['0 OK', '1 OK', '2 OK']);
});

test('each call is invoked once and returns once, with what names it at the servers', () => {
  const it = startClient(makeClientWorld());
  const first = call(it, read);
  runMs(it, 10);
  expect(notesOf(it, 'client-invoked')).toEqual([{ type: 'client-invoked', call: first, operation: read }]);
  expect(notesOf(it, 'client-returned')).toEqual([
    {
      type: 'client-returned',
      call: first,
      xid: 1,
      operation: read,
      error: 'OK',
      result: null,
      zxid: ZXID,
      session: SESSION,
      server: 0,
    },
  ]);
});

test('what was seen is the zxid of the last reply above 0: no ping and no event counts [CLI-08]', () => {
  const it = startClient(makeClientWorld({ config: { sessionTimeoutMs: 6000 } }));
  it.respond = (packet) =>
    packet.type !== 'OP' ? [connected()] : [replyTo(packet, { zxid: packet.operation.op === 'ping' ? 99 : packet.xid === 2 ? 0 : 7 })];
  call(it, read);
  call(it, read);
  runMs(it, 10);
  expect(stateOf(it).lastZxid).toBe(7);
  say(it, 0, { type: 'EVENT', zxid: 55, event: 'NodeDeleted', path: '/a' });
  runMs(it, 5000);
  expect(it.pings.length).toBeGreaterThan(0);
  expect(stateOf(it).lastZxid).toBe(7);
});

test('with the connection all calls on their way are lost, sent ones first [CLI-11]', () => {
  const it = startClient(makeClientWorld({ servers: 2 }));
  it.respond = (packet, server) => (packet.type === 'OP' && server === 0 ? [] : obliging(packet, server));
  for (let i = 0; i < 3; i++) call(it, read);
  runMs(it, 1);
  hangUp(it, 0);
  runMs(it, 10);
  expect(notesOf(it, 'client-returned').map(({ call, error, xid, zxid, server }) => [call, error, xid, zxid, server])).toEqual([
    [0, 'CONNECTIONLOSS', 1, -1, 0],
    [1, 'CONNECTIONLOSS', 2, -1, 0],
    [2, 'CONNECTIONLOSS', 3, -1, 0],
  ]);
  const types = it.notes.map(({ note }) => note.type);
  expect(types.lastIndexOf('client-returned')).toBeLessThan(types.lastIndexOf('client-state'));
  expect(received(it)).toEqual(['0 CONNECT', '0 getData', '0 getData', '0 getData', '1 CONNECT']);
});

test('a call made after the loss waits for the next connection [CLI-11]', () => {
  const it = startClient(makeClientWorld({ servers: 2, config: { connectDelayMs: 1000 } }));
  hangUp(it, 0);
  runMs(it, 1);
  const waiting = call(it, read);
  runMs(it, 1100);
  expect(returns(it)).toEqual([`${waiting} OK`]);
  expect(received(it)).toEqual(['0 CONNECT', '1 CONNECT', '1 getData']);
});

test('a reply to another request than the oldest costs the connection [CLI-10]', () => {
  const it = startClient(makeClientWorld({ servers: 2 }));
  it.respond = (packet, server) =>
    packet.type === 'OP' && server === 0 ? (packet.xid === 2 ? [replyTo(packet)] : []) : obliging(packet, server);
  call(it, read);
  call(it, read);
  runMs(it, 10);
  expect(states(it).slice(2)).toEqual(['CONNECTING xid-out-of-order', 'CONNECTED established']);
  expect(returns(it)).toEqual(['0 CONNECTIONLOSS', '1 CONNECTIONLOSS']);
  expect(stateOf(it).lastZxid).toBe(0);
});

test('a reply to nothing costs the connection [CLI-10]', () => {
  const it = startClient(makeClientWorld({ servers: 2 }));
  say(it, 0, { type: 'REPLY', xid: 1, zxid: ZXID, error: 'OK', result: null });
  runMs(it, 10);
  expect(states(it).slice(2)).toEqual(['CONNECTING unexpected-reply', 'CONNECTED established']);
});

test('an idle client pings after a third of the timeout, and so keeps its connection [CLI-02]', () => {
  const it = startClient(makeClientWorld({ config: { sessionTimeoutMs: 6000 } }), 10_500);
  // readTimeout 4000, so every 2000 ms.
  expect(it.pings.map((at) => Math.floor(at / 100_000))).toEqual([20, 40, 60, 80, 100]);
  expect(states(it)).toEqual(['CONNECTING opened', 'CONNECTED established']);
});

test('a call puts the next ping off [CLI-02]', () => {
  const it = startClient(makeClientWorld(), 1500);
  call(it, read);
  runMs(it, 1500);
  expect(it.pings).toEqual([]);
  runMs(it, 600);
  expect(it.pings).toHaveLength(1);
});

test('once idle for over a second, an event brings the ping one second forward [CLI-02]', () => {
  const it = startClient(makeClientWorld(), 1500);
  say(it, 0, { type: 'EVENT', zxid: ZXID, event: 'NodeDeleted', path: '/a' });
  runMs(it, 10);
  expect(it.pings).toHaveLength(1);
});

test('a server not heard of for 2/3 of the timeout is left [CLI-03, CLI-01]', () => {
  const it = startClient(makeClientWorld({ servers: 2 }));
  it.respond = (packet, server) => (server === 0 ? [] : obliging(packet, server));
  runMs(it, 3980);
  expect(states(it)).toHaveLength(2);
  runMs(it, 20);
  expect(states(it).slice(2)).toEqual(['CONNECTING read-timeout', 'CONNECTED established']);
});

test('an application hears of results, events and states in the order in which the library learned them [CLI-12, WATCH-32]', () => {
  const it = startClient(makeClientWorld({ listens: true }));
  const watching: ClientOperation = { op: 'getData', path: '/a', watch: true };
  call(it, watching);
  runMs(it, 10);
  say(it, 0, { type: 'EVENT', zxid: ZXID + 1, event: 'NodeDataChanged', path: '/a' });
  say(it, 0, { type: 'EVENT', zxid: ZXID + 2, event: 'NodeDataChanged', path: '/a' });
  call(it, read);
  runMs(it, 10);
  it.respond = () => [];
  call(it, read);
  runMs(it, 1);
  hangUp(it, 0);
  runMs(it, 1);
  expect(it.heard).toEqual([
    { type: 'run' },
    { type: 'state', state: 'SyncConnected', why: 'established' },
    { type: 'finished', call: 0, operation: watching, error: 'OK', result: null },
    { type: 'watched', event: 'NodeDataChanged', path: '/a', zxid: ZXID + 1 },
    { type: 'finished', call: 1, operation: read, error: 'OK', result: null },
    { type: 'finished', call: 2, operation: read, error: 'CONNECTIONLOSS', result: null },
    { type: 'state', state: 'Disconnected', why: 'eof' },
  ]);
});

test.for(['fine', 'coarse'] as const)('a fork of a run goes the same way: %s', (mode) => {
  const it = startClient(makeClientWorld({ servers: 3, mode, config: { shufflesServers: true, connectDelayMs: 1000 } }), 10);
  const { server } = stateOf(it);
  for (let i = 0; i < 5; i++) call(it, { op: 'getData', path: `/${i}`, watch: true });
  runMs(it, 0.2);
  hangUp(it, server);
  const fork = forkWorld(it.world);
  const until = it.world.now + 30_000_000;
  runUntil(it.world, until);
  runUntil(fork, until);
  expect(hashText(fork.hash)).toBe(hashText(it.world.hash));
  expect(stateOf(it).state).toBe('CONNECTED');
});

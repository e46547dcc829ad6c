// The watches that a client believes it has, and how they are set again on another server.

import { describe, expect, test } from 'vitest';
import { makeTable } from '../../src/base/table.ts';
import type { ClientOperation } from '../../src/client/items.ts';
import type { WatchTable } from '../../src/client/note.ts';
import { hasLastingWatch, makeSetWatches, registerWatch, takeWatches } from '../../src/client/watch-manager.ts';
import type { ClientPacket, ErrorCode, WatchEventType } from '../../src/server/protocol.ts';
import {
  call,
  type ClientWorld,
  connected,
  hangUp,
  makeClientWorld,
  notesOf,
  obliging,
  received,
  replyTo,
  runMs,
  say,
  SESSION,
  startClient,
  stateOf,
  states,
  ZXID,
} from '../support/client-world.ts';

type Tables = Record<WatchTable, Map<string, true>>;

const makeWatches = (): Tables => ({
  data: makeTable(),
  exist: makeTable(),
  child: makeTable(),
  persistent: makeTable(),
  recursive: makeTable(),
});
const all = (path: string): Tables => ({
  ...makeWatches(),
  data: makeTable([[path, true]]),
  exist: makeTable([[path, true]]),
  child: makeTable([[path, true]]),
});
const tablesOf = (watches: Tables): string =>
  (['data', 'exist', 'child', 'persistent', 'recursive'] as const).filter((table) => watches[table].size > 0).join();

const watched = (op: 'exists' | 'getData' | 'getChildren' | 'getChildren2', path = '/a'): ClientOperation => ({ op, path, watch: true });

test.for<[ClientOperation, ErrorCode, string]>([
  [watched('getData'), 'OK', 'data'],
  [watched('getData'), 'NONODE', ''],
  [watched('getData'), 'NOAUTH', ''],
  [watched('getData'), 'CONNECTIONLOSS', ''],
  [watched('exists'), 'OK', 'data'],
  [watched('exists'), 'NONODE', 'exist'],
  [watched('exists'), 'NOAUTH', ''],
  [watched('getChildren'), 'OK', 'child'],
  [watched('getChildren'), 'NONODE', ''],
  [watched('getChildren2'), 'OK', 'child'],
  [{ op: 'getData', path: '/a', watch: false }, 'OK', ''],
  [{ op: 'exists', path: '/a', watch: false }, 'NONODE', ''],
  [{ op: 'getChildren', path: '/a', watch: false }, 'OK', ''],
  [{ op: 'sync', path: '/a' }, 'OK', ''],
  [{ op: 'getChildren2', path: '/a', watch: true }, 'OK', 'child'],
  [{ op: 'addWatch', path: '/a', mode: 0 }, 'OK', 'persistent'],
  [{ op: 'addWatch', path: '/a', mode: 1 }, 'OK', 'recursive'],
  [{ op: 'addWatch', path: '/a', mode: 2 }, 'MARSHALLINGERROR', ''],
  [{ op: 'addWatch', path: '/a', mode: 0 }, 'CONNECTIONLOSS', ''],
])('only a reply makes a watch: %j %s -> %s [CLI-14]', ([operation, error, tables]) => {
  const watches = makeWatches();
  registerWatch(watches, operation, error);
  expect(tablesOf(watches)).toBe(tables);
});

test.for<[WatchEventType, string, string]>([
  ['NodeCreated', 'data,exist', 'child'],
  ['NodeDataChanged', 'data,exist', 'child'],
  ['NodeChildrenChanged', 'child', 'data,exist'],
  ['NodeDeleted', 'data,exist,child', ''],
])('%s uses up the watches in %s of its path [WATCH-12]', ([event, taken, left]) => {
  const watches = all('/a');
  expect(takeWatches(watches, event, '/b')).toEqual([]);
  expect(takeWatches(watches, event, '/a').join()).toBe(taken);
  expect(tablesOf(watches)).toBe(left);
  expect(takeWatches(watches, event, '/a')).toEqual([]);
});

test('a path of any name can be watched', () => {
  const watches = makeWatches();
  for (const path of ['/__proto__', '/constructor', '/1', '/-1', '/01']) registerWatch(watches, watched('getData', path), 'OK');
  expect(makeSetWatches(watches, 5)).toEqual([
    { op: 'setWatches', relativeZxid: 5, data: ['/-1', '/01', '/1', '/__proto__', '/constructor'], exist: [], child: [] },
  ]);
});

test('a batch is full when its paths reach the limit, which the last may pass [CLI-09]', () => {
  const watches = makeWatches();
  for (const path of ['/aaa', '/bbb', '/ccc']) watches.data.set(path, true);
  watches.exist.set('/eeeeeeeee', true);
  watches.child.set('/ddd', true);
  expect(makeSetWatches(watches, 5, 8)).toEqual([
    { op: 'setWatches', relativeZxid: 5, data: ['/aaa', '/bbb'], exist: [], child: [] },
    { op: 'setWatches', relativeZxid: 5, data: ['/ccc'], exist: ['/eeeeeeeee'], child: [] },
    { op: 'setWatches', relativeZxid: 5, data: [], exist: [], child: ['/ddd'] },
  ]);
  expect(makeSetWatches(makeWatches(), 5)).toEqual([]);
});

/** Answers reads with OK, exists of /none with NONODE. */
function readable(packet: ClientPacket, server: number): ReturnType<typeof obliging> {
  const isMissing = packet.type === 'OP' && packet.operation.op === 'exists' && packet.operation.path === '/none';
  return isMissing ? [replyTo(packet, { error: 'NONODE' })] : obliging(packet, server);
}

function watching(it: ClientWorld): ClientWorld {
  it.respond = readable;
  startClient(it);
  call(it, watched('getData', '/d'));
  call(it, watched('exists', '/e'));
  call(it, watched('exists', '/none'));
  call(it, watched('getChildren', '/c'));
  runMs(it, 10);
  return it;
}

test('on a new connection the watches go out before any call, as of the last zxid seen [CLI-06, CLI-09, WATCH-42, WATCH-44]', () => {
  const it = watching(makeClientWorld({ servers: 2, config: { connectDelayMs: 1000 } }));
  hangUp(it, 0);
  runMs(it, 1);
  call(it, { op: 'sync', path: '/' });
  runMs(it, 1100);
  expect(received(it).slice(5)).toEqual(['1 CONNECT', '1 setWatches', '1 sync']);
  const operation = { op: 'setWatches', relativeZxid: ZXID, data: ['/d', '/e'], exist: ['/none'], child: ['/c'] };
  expect(it.got[6]?.packet).toEqual({ type: 'OP', xid: 5, operation });
  expect(notesOf(it, 'client-resets-watches')).toEqual([{ type: 'client-resets-watches', session: SESSION, relativeZxid: ZXID, count: 4 }]);
  expect(notesOf(it, 'client-returned')).toHaveLength(5);
});

test('a client without watches sends no setWatches [CLI-09]', () => {
  const it = startClient(makeClientWorld({ servers: 2 }));
  call(it, { op: 'getData', path: '/a', watch: false });
  runMs(it, 10);
  hangUp(it, 0);
  runMs(it, 10);
  expect(received(it)).toEqual(['0 CONNECT', '0 getData', '1 CONNECT']);
  expect(notesOf(it, 'client-resets-watches')).toEqual([]);
});

test('a client that does not re-arm goes on believing in its watches', () => {
  const it = watching(makeClientWorld({ servers: 2, decisions: { rearmsWatches: false } }));
  hangUp(it, 0);
  runMs(it, 10);
  expect(received(it).slice(5)).toEqual(['1 CONNECT']);
  expect(stateOf(it).watches.data.size).toBe(2);
});

test('the reply to setWatches counts as seen, and is no call of anybody [CLI-08, WATCH-48]', () => {
  const it = watching(makeClientWorld({ servers: 2 }));
  it.respond = (packet, server) =>
    packet.type === 'OP' && packet.operation.op === 'setWatches'
      ? [
          { type: 'EVENT', zxid: -1, event: 'NodeDataChanged', path: '/d' },
          { type: 'EVENT', zxid: -1, event: 'NodeCreated', path: '/none' },
          replyTo(packet, { zxid: ZXID + 9 }),
        ]
      : readable(packet, server);
  hangUp(it, 0);
  runMs(it, 10);
  expect(stateOf(it).lastZxid).toBe(ZXID + 9);
  expect(notesOf(it, 'client-event').map(({ event, path, consumed }) => `${event} ${path} ${consumed.join()}`)).toEqual([
    'NodeDataChanged /d data',
    'NodeCreated /none exist',
  ]);
  expect(notesOf(it, 'client-returned')).toHaveLength(4);
  hangUp(it, 1);
  runMs(it, 1100);
  expect(it.got.at(-1)?.packet).toMatchObject({ operation: { relativeZxid: ZXID + 9, data: ['/e'], exist: [], child: ['/c'] } });
});

test('an event is noted as it comes, with the watches it used up, and those are not set again [WATCH-12, WATCH-22]', () => {
  const it = watching(makeClientWorld({ servers: 2 }));
  say(it, 0, { type: 'EVENT', zxid: ZXID + 1, event: 'NodeDataChanged', path: '/d' });
  runMs(it, 1);
  expect(notesOf(it, 'client-event')).toEqual([
    { type: 'client-event', event: 'NodeDataChanged', path: '/d', zxid: ZXID + 1, session: SESSION, consumed: ['data'] },
  ]);
  hangUp(it, 0);
  runMs(it, 10);
  expect(it.got.at(-1)?.packet).toMatchObject({ operation: { op: 'setWatches', data: ['/e'] } });
});

test('a read that was never answered leaves no watch, whatever the server believes [CLI-14]', () => {
  const it = startClient(makeClientWorld({ servers: 2 }));
  it.respond = (packet, server) => (server === 0 ? [] : obliging(packet, server));
  call(it, watched('getData', '/a'));
  runMs(it, 1);
  say(it, 0, { type: 'EVENT', zxid: ZXID, event: 'NodeDataChanged', path: '/a' });
  runMs(it, 1);
  hangUp(it, 0);
  runMs(it, 10);
  expect(notesOf(it, 'client-event').map(({ consumed }) => consumed)).toEqual([[]]);
  expect(received(it)).toEqual(['0 CONNECT', '0 getData', '1 CONNECT']);
});

test('an expired session takes its watches with it: a new handle sets none', () => {
  const it = watching(makeClientWorld({ servers: 2 }));
  it.respond = () => [connected(0, '0000000000000000')];
  hangUp(it, 0);
  runMs(it, 10);
  expect(states(it).at(-1)).toBe('CLOSED session-expired');
  expect(received(it).at(-1)).toBe('1 CONNECT');
});

describe('watches that stay', () => {
  const persistent: ClientOperation = { op: 'addWatch', path: '/p', mode: 0 };
  const recursive: ClientOperation = { op: 'addWatch', path: '/r', mode: 1 };

  function lasting(it: ClientWorld): ClientWorld {
    startClient(it);
    call(it, persistent);
    call(it, recursive);
    runMs(it, 10);
    return it;
  }

  const eventsOf = (it: ClientWorld): string[] =>
    notesOf(it, 'client-event').map(({ event, path, consumed }) => [event, path, consumed.join()].join(' ').trimEnd());

  test.for<[event: WatchEventType, path: string, heard: boolean, old: boolean]>([
    ['NodeDataChanged', '/p', true, true],
    ['NodeChildrenChanged', '/p', true, true],
    ['NodeDataChanged', '/p/c', false, false],
    ['NodeCreated', '/r', true, true],
    ['NodeDeleted', '/r/a/b', true, true],
    ['NodeDataChanged', '/ra', false, false],
    ['NodeChildrenChanged', '/r/a', false, true],
    ['NodeCreated', '/', false, false],
  ])('%s %s is heard: %s [WATCH-15] [WATCH-17]', ([event, path, heard, old]) => {
    const watches = makeWatches();
    registerWatch(watches, persistent, 'OK');
    registerWatch(watches, recursive, 'OK');
    expect([hasLastingWatch(watches, event, path, false), hasLastingWatch(watches, event, path, true)]).toEqual([heard, old]);
    expect(takeWatches(watches, event, path)).toEqual([]);
    expect(tablesOf(watches)).toBe('persistent,recursive');
  });

  test('a recursive watch on the root hears of everything', () => {
    const watches = makeWatches();
    registerWatch(watches, { op: 'addWatch', path: '/', mode: 1 }, 'OK');
    expect(['/', '/a', '/a/b'].map((path) => hasLastingWatch(watches, 'NodeDeleted', path, false))).toEqual([true, true, true]);
  });

  test('an application hears of each event, and only of those that it watches [WATCH-15]', () => {
    const it = lasting(makeClientWorld({ servers: 1, listens: true }));
    for (const path of ['/p', '/p', '/r/x', '/elsewhere']) say(it, 0, { type: 'EVENT', zxid: ZXID + 1, event: 'NodeDataChanged', path });
    runMs(it, 5);
    expect(it.heard.filter(({ type }) => type === 'watched').map((item) => (item as { path?: string }).path)).toEqual(['/p', '/p', '/r/x']);
  });

  test('they are set again by setWatches2, in a batch with the others, and stay [CLI-09] [WATCH-41]', () => {
    const it = lasting(makeClientWorld({ servers: 2 }));
    call(it, watched('getData', '/d'));
    runMs(it, 10);
    for (const server of [0, 1]) {
      hangUp(it, server);
      runMs(it, 1100);
      const operation = {
        op: 'setWatches2',
        relativeZxid: ZXID,
        data: ['/d'],
        exist: [],
        child: [],
        persistent: ['/p'],
        persistentRecursive: ['/r'],
      };
      expect(it.got.at(-1)?.packet).toMatchObject({ operation });
    }
    const again = { type: 'client-watches-on', session: SESSION, zxid: ZXID, persistent: ['/p'], recursive: ['/r'] };
    expect(notesOf(it, 'client-watches-on')).toEqual([again, again]);
  });

  test('only a batch with a persistent watch is a setWatches2 [CLI-09]', () => {
    const watches = all('/aaaa');
    watches.recursive.set('/r', true);
    expect(makeSetWatches(watches, 5, 8).map(({ op }) => op)).toEqual(['setWatches', 'setWatches2']);
  });

  test('a removal tells the watchers, and is not even sent where there is nothing [WATCH-24] [WATCH-27]', () => {
    const it = lasting(makeClientWorld({ servers: 1 }));
    for (const operation of [watched('getData', '/p'), watched('getChildren', '/p')]) call(it, operation);
    runMs(it, 10);
    call(it, { op: 'removeWatches', path: '/p', watcherType: 2 });
    runMs(it, 10);
    expect(eventsOf(it)).toEqual(['DataWatchRemoved /p data']);
    call(it, { op: 'removeWatches', path: '/p', watcherType: 2 });
    call(it, { op: 'removeWatches', path: '/p', watcherType: 3 });
    call(it, { op: 'removeWatches', path: '/r', watcherType: 4 });
    call(it, { op: 'removeWatches', path: '/r', watcherType: 5 });
    runMs(it, 10);
    expect(eventsOf(it).slice(1)).toEqual([
      'ChildWatchRemoved /p child',
      'PersistentWatchRemoved /p persistent',
      'PersistentWatchRemoved /r recursive',
    ]);
    expect(received(it).filter((line) => line.includes('removeWatches'))).toHaveLength(3);
    const returned = notesOf(it, 'client-returned').filter(({ operation }) => operation.op === 'removeWatches');
    expect(returned.map(({ error, xid }) => [error, xid > 0])).toEqual([
      ['OK', true],
      ['NOWATCHER', false],
      ['NOWATCHER', false],
      ['OK', true],
      ['OK', true],
    ]);
    hangUp(it, 0);
    runMs(it, 1100);
    expect(received(it).at(-1)).toBe('0 CONNECT');
  });

  test('a removal that the server refuses, or that is lost, removes nothing [WATCH-27]', () => {
    const it = lasting(makeClientWorld({ servers: 1 }));
    it.respond = (packet, server) =>
      packet.type === 'OP' && packet.operation.op === 'removeWatches'
        ? [replyTo(packet, { error: 'NOWATCHER' })]
        : obliging(packet, server);
    call(it, { op: 'removeWatches', path: '/p', watcherType: 3 });
    runMs(it, 10);
    it.respond = (packet, server) => (packet.type === 'OP' && packet.operation.op === 'removeWatches' ? [] : obliging(packet, server));
    call(it, { op: 'removeWatches', path: '/r', watcherType: 3 });
    runMs(it, 10);
    hangUp(it, 0);
    runMs(it, 1100);
    expect(eventsOf(it)).toEqual([]);
    expect(it.got.at(-1)?.packet).toMatchObject({ operation: { op: 'setWatches2', persistent: ['/p'], persistentRecursive: ['/r'] } });
  });
});

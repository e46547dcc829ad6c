import { describe, expect, test } from 'vitest';
import type { Operation, WatchEventType } from '../../src/server/protocol.ts';
import { registerReadWatch } from '../../src/server/read-operations.ts';
import { removeConnectionWatches, resetWatches } from '../../src/server/watch-operations.ts';
import { watchesByConnection, watchesByPath, watchesSummary, type WatchDelivery } from '../../src/server/watch-manager.ts';
import {
  check,
  closeSession,
  create,
  ephemeral,
  makeDatabase,
  multi,
  openSession,
  remove,
  session,
  setData,
  write,
  type Database,
  read,
} from '../support/server-context.ts';

type Watch = 'exists' | 'getData' | 'getChildren';

const watch = (db: Database, op: Watch, path: string, connection = 1): string =>
  read(db, { op, path, watch: true }, connection, session(connection)).error;

const fired = (events: readonly WatchDelivery[]): string[] => events.map(({ connection, event, path }) => `${connection} ${event} ${path}`);

/** /p/c with an ephemeral /p/e, all of them watched in both tables by connection 1. */
function makeWatched(): Database {
  const db = makeDatabase();
  openSession(db);
  for (const operation of [create('/p'), create('/p/c'), ephemeral('/p/e')]) write(db, operation);
  for (const path of ['/p', '/p/c', '/p/e', '/']) {
    watch(db, 'getData', path);
    watch(db, 'getChildren', path);
  }
  watch(db, 'exists', '/p/new');
  return db;
}

describe('which change fires what', () => {
  const rows: [name: string, operation: Operation, events: string[]][] = [
    ['create P/c [WATCH-01]', create('/p/new'), ['1 NodeCreated /p/new', '1 NodeChildrenChanged /p']],
    ['create below the root [WATCH-01]', create('/q'), ['1 NodeChildrenChanged /']],
    ['delete P/c [WATCH-02] [WATCH-14]', remove('/p/c'), ['1 NodeDeleted /p/c', '1 NodeChildrenChanged /p']],
    ['setData P [WATCH-03]', setData('/p', 'x'), ['1 NodeDataChanged /p']],
    ['setData with equal data [WATCH-09]', setData('/p/c', ''), ['1 NodeDataChanged /p/c']],
    ['setData of the root [WATCH-03]', setData('/', 'x'), ['1 NodeDataChanged /']],
    ['check [WATCH-04]', multi(check('/p', 0)), []],
    ['a failed create [WATCH-09]', create('/p/c'), []],
    ['a failed multi [WATCH-09]', multi(setData('/p', 'x'), remove('/no')), []],
    [
      'multi [WATCH-06] [MULTI-10]',
      multi(setData('/p/c', 'x'), create('/p/new'), remove('/p/c')),
      ['1 NodeDataChanged /p/c', '1 NodeCreated /p/new', '1 NodeChildrenChanged /p', '1 NodeDeleted /p/c'],
    ],
    ['closeSession [WATCH-07]', closeSession, ['1 NodeDeleted /p/e', '1 NodeChildrenChanged /p']],
  ];
  test.for(rows)('%s', ([, operation, events]) => {
    expect(fired(write(makeWatched(), operation).events)).toEqual(events);
  });

  test('the creation of a session fires nothing [WATCH-04]', () => {
    expect(openSession(makeWatched(), session(9)).events).toEqual([]);
  });
});

describe('registration', () => {
  test('exists watches a missing node, the others only what they could read [WATCH-10]', () => {
    const db = makeDatabase();
    expect([watch(db, 'exists', '/a', 1), watch(db, 'getData', '/a', 2), watch(db, 'getChildren', '/a', 3)]).toEqual([
      'NONODE',
      'NONODE',
      'NONODE',
    ]);
    expect(fired(write(db, create('/a')).events)).toEqual(['1 NodeCreated /a']);
  });

  test('exists of a path with a NUL registers nothing [VAL-07]', () => {
    const db = makeDatabase();
    expect(watch(db, 'exists', '/a\0')).toBe('BADARGUMENTS');
    expect(db.notes).toEqual([]);
  });

  test('a watch asked for twice is one watch [WATCH-11]', () => {
    const db = makeDatabase();
    for (const op of ['exists', 'getData', 'exists'] as const) watch(db, op, '/');
    expect(fired(write(db, setData('/', 'x')).events)).toEqual(['1 NodeDataChanged /']);
  });

  test('a watch fires once, and only for its very path [WATCH-12]', () => {
    const db = makeWatched();
    write(db, setData('/p', 'x'));
    expect(fired(write(db, setData('/p', 'y')).events)).toEqual([]);
    expect(fired(write(db, setData('/p/c', 'y')).events)).toEqual(['1 NodeDataChanged /p/c']);
  });

  test('any event of the data table consumes both an exists and a getData watch [WATCH-12]', () => {
    const db = makeDatabase();
    write(db, create('/a'));
    watch(db, 'exists', '/a', 1);
    watch(db, 'getData', '/a', 2);
    expect(fired(write(db, remove('/a')).events)).toEqual(['1 NodeDeleted /a', '2 NodeDeleted /a']);
    expect(fired(write(db, create('/a')).events)).toEqual([]);
  });

  test('who watches data and children of a node hears of its deletion once, and both watches are gone [WATCH-13]', () => {
    const db = makeDatabase();
    write(db, create('/a'));
    watch(db, 'getData', '/a', 1);
    watch(db, 'getChildren', '/a', 1);
    watch(db, 'getChildren', '/a', 2);
    expect(fired(write(db, remove('/a')).events)).toEqual(['1 NodeDeleted /a', '2 NodeDeleted /a']);
    write(db, create('/a'));
    expect(fired(write(db, create('/a/b')).events)).toEqual([]);
  });

  test('a closed connection has no watches left, others keep theirs [WATCH-20]', () => {
    const db = makeDatabase();
    for (const connection of [1, 2]) {
      watch(db, 'getData', '/', connection);
      watch(db, 'getChildren', '/', connection);
    }
    watch(db, 'exists', '/a', 1);
    removeConnectionWatches(db, 1);
    expect(fired(write(db, create('/a')).events)).toEqual(['2 NodeChildrenChanged /']);
    expect(fired(write(db, setData('/', 'x')).events)).toEqual(['2 NodeDataChanged /']);
  });

  test('each registration is noted with the zxid that was read [WATCH-30]', () => {
    const db = makeDatabase();
    write(db, create('/a'));
    db.notes.length = 0;
    watch(db, 'getChildren', '/a', 4);
    read(db, { op: 'getData', path: '/a', watch: false }, 4, session(4));
    expect(db.notes).toEqual([{ type: 'watch-set', session: session(4), table: 'child', path: '/a', zxid: db.next.zxid - 1 }]);
  });

  test('a read and its watch may be torn apart by a mutation [WATCH-30]', () => {
    const db = makeDatabase({ watchRegisteredWithRead: false });
    const operation = { op: 'getData', path: '/', watch: true } as const;
    const outcome = read(db, operation, 1, session(1));
    expect(write(db, setData('/', 'x')).events).toEqual([]);
    registerReadWatch(db, operation, outcome, 1, session(1));
    expect(write(db, setData('/', 'y')).events).toHaveLength(1);
  });

  test('paths that a plain object would lose are watched like others', () => {
    const db = makeDatabase();
    for (const path of ['/__proto__', '/1', '/01']) watch(db, 'exists', path);
    for (const path of ['/__proto__', '/1', '/01']) expect(fired(write(db, create(path)).events)).toEqual([`1 NodeCreated ${path}`]);
  });
});

describe('setWatches', () => {
  type List = 'data' | 'exist' | 'child';

  function reset(db: Database, list: List, path: string, relativeZxid: number): string[] {
    const operation = { op: 'setWatches', relativeZxid, data: [], exist: [], child: [], [list]: [path] } as const;
    return fired(resetWatches(db, operation, { connection: 1, session: session(1) }));
  }

  const rows: [id: string, list: List, change: Operation | null, event: WatchEventType | null][] = [
    ['WATCH-33', 'data', remove('/a'), 'NodeDeleted'],
    ['WATCH-34', 'data', setData('/a', 'x'), 'NodeDataChanged'],
    ['WATCH-35', 'data', create('/a/b'), null],
    ['WATCH-36', 'exist', null, 'NodeCreated'],
    ['WATCH-37', 'exist', remove('/a'), null],
    ['WATCH-38', 'child', remove('/a'), 'NodeDeleted'],
    ['WATCH-39', 'child', create('/a/b'), 'NodeChildrenChanged'],
    ['WATCH-40', 'child', setData('/a', 'x'), null],
  ];
  test.for(rows)('%s: a path of the %s list', ([, list, change, event]) => {
    const db = makeDatabase();
    write(db, create('/a'));
    const seen = db.next.zxid - 1;
    if (change !== null) write(db, change);
    db.notes.length = 0;
    expect(reset(db, list, '/a', seen)).toEqual(event === null ? [] : [`1 ${event} /a`]);
    expect(db.notes.length).toBe(event === null ? 1 : 0);
  });

  test('what is watched again fires later [WATCH-35] [WATCH-37] [WATCH-40]', () => {
    const db = makeDatabase();
    reset(db, 'data', '/', 5);
    reset(db, 'exist', '/a', 5);
    reset(db, 'child', '/', 5);
    expect(fired(write(db, create('/a')).events)).toEqual(['1 NodeCreated /a', '1 NodeChildrenChanged /']);
    expect(fired(write(db, setData('/', 'x')).events)).toEqual(['1 NodeDataChanged /']);
  });

  test('a delete and a new create in between look like a change of data [WATCH-42]', () => {
    const db = makeDatabase();
    write(db, create('/a'));
    const seen = db.next.zxid - 1;
    write(db, remove('/a'));
    write(db, create('/a'));
    expect(reset(db, 'data', '/a', seen)).toEqual(['1 NodeDataChanged /a']);
  });

  test('a create and a delete in between are missed [WATCH-43]', () => {
    const db = makeDatabase();
    const seen = db.next.zxid - 1;
    write(db, create('/a'));
    write(db, remove('/a'));
    expect(reset(db, 'exist', '/a', seen)).toEqual([]);
  });

  test('the lists go in the order data, exist, child, each in its own [WATCH-48]', () => {
    const db = makeDatabase();
    write(db, create('/a'));
    const operation = { op: 'setWatches', relativeZxid: 0, child: ['/z', '/a'], exist: ['/a'], data: ['/y', '/a'] } as const;
    expect(fired(resetWatches(db, operation, { connection: 3, session: session(3) }))).toEqual([
      '3 NodeDeleted /y',
      '3 NodeDataChanged /a',
      '3 NodeCreated /a',
      '3 NodeDeleted /z',
      '3 NodeChildrenChanged /a',
    ]);
  });
});

describe('what operators are told', () => {
  test('connections, paths and watches of the data table, and the entries of both tables [ADM-08] [ADM-19] [ADM-22]', () => {
    const db = makeDatabase();
    const { parts, refs } = db;
    for (const path of ['/', '/zookeeper']) watch(db, 'getData', path, 1);
    watch(db, 'exists', '/', 2);
    for (const connection of [1, 3]) watch(db, 'getChildren', '/', connection);
    expect(watchesSummary(parts, refs.watches)).toEqual({ connections: 2, paths: 2, watches: 3, watchCount: 5 });
    expect(watchesByConnection(parts, refs.watches)).toEqual([
      { connection: 1, paths: ['/', '/zookeeper'] },
      { connection: 2, paths: ['/'] },
    ]);
    expect(watchesByPath(parts, refs.watches)).toEqual([
      { path: '/', connections: [1, 2] },
      { path: '/zookeeper', connections: [1] },
    ]);
  });

  test('a connection whose watches have all fired still counts, until it closes [ADM-22]', () => {
    const db = makeDatabase();
    watch(db, 'getData', '/', 1);
    write(db, setData('/', 'x'));
    expect(watchesSummary(db.parts, db.refs.watches)).toEqual({ connections: 1, paths: 0, watches: 0, watchCount: 0 });
    expect(watchesByConnection(db.parts, db.refs.watches)).toEqual([{ connection: 1, paths: [] }]);
    removeConnectionWatches(db, 1);
    expect(watchesSummary(db.parts, db.refs.watches).connections).toBe(0);
  });
});

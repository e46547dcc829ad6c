// Persistent and recursive watches beside standard ones: which change fires which, and where releases differ.

import { describe, expect, test } from 'vitest';
import type { ServerDecisions } from '../../src/server/decisions.ts';
import type { ErrorCode, Operation } from '../../src/server/protocol.ts';
import type { WatchDelivery } from '../../src/server/watch-manager.ts';
import { addLastingWatch, checkWatches, removeConnectionWatches, removeWatches, resetWatches } from '../../src/server/watch-operations.ts';
import {
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

const RELEASES = {
  fixed: {},
  '3.8.0': { watchModes: 'last-set', watcherTypes: 'by-table', eventCarriesZxid: false },
} as const satisfies Record<string, Partial<ServerDecisions>>;
type Release = keyof typeof RELEASES;
const releases = ['fixed', '3.8.0'] as const;

type Kind = 'exists' | 'getData' | 'getChildren' | 'getChildren2' | 'persistent' | 'recursive';

const watcherOf = (connection: number) => ({ connection, session: session(connection) });

function watch(db: Database, kind: Kind, path: string, connection = 1): ErrorCode {
  if (kind === 'persistent' || kind === 'recursive') {
    return addLastingWatch(db, { op: 'addWatch', path, mode: kind === 'persistent' ? 0 : 1 }, watcherOf(connection));
  }
  return read(db, { op: kind, path, watch: true }, connection, session(connection)).error;
}

/** Without the connection, which is 1 unless it says so. */
const told = (events: readonly WatchDelivery[]): string =>
  events.map(({ connection, event, path }) => `${connection === 1 ? '' : `${connection} `}${event.slice(4)} ${path}`).join(', ');

const after = (db: Database, operation: Operation): string => told(write(db, operation).events);

/** /p/c, and the ephemeral /p/e of session 1. */
function makeTree(release: Release): Database {
  const db = makeDatabase(RELEASES[release]);
  openSession(db);
  for (const operation of [create('/p'), create('/p/c'), ephemeral('/p/e')]) write(db, operation);
  return db;
}

const check = (db: Database, path: string, watcherType: number, connection = 1): ErrorCode =>
  checkWatches(db, { op: 'checkWatches', path, watcherType }, watcherOf(connection));
const unwatch = (db: Database, path: string, watcherType: number, connection = 1): ErrorCode =>
  removeWatches(db, { op: 'removeWatches', path, watcherType }, watcherOf(connection));

describe.for(releases)('the table of H1, one watch at a time: %s', (release) => {
  const createNew = create('/p/new');
  const rows: [id: string, change: Operation, watch: Kind, path: string, events: string][] = [
    ['WATCH-01', createNew, 'exists', '/p/new', 'Created /p/new'],
    ['WATCH-01', createNew, 'getData', '/p', ''],
    ['WATCH-01', createNew, 'getChildren', '/p', 'ChildrenChanged /p'],
    ['WATCH-01', createNew, 'getChildren2', '/p', 'ChildrenChanged /p'],
    ['WATCH-01', createNew, 'persistent', '/p/new', 'Created /p/new'],
    ['WATCH-01', createNew, 'persistent', '/p', 'ChildrenChanged /p'],
    ['WATCH-01', createNew, 'persistent', '/', ''],
    ['WATCH-01', createNew, 'recursive', '/p/new', 'Created /p/new'],
    ['WATCH-01', createNew, 'recursive', '/p', 'Created /p/new'],
    ['WATCH-01', createNew, 'recursive', '/', 'Created /p/new'],
    ['WATCH-01', create('/q'), 'persistent', '/', 'ChildrenChanged /'],
    ['WATCH-01', create('/q'), 'recursive', '/', 'Created /q'],
    ['WATCH-02', remove('/p/c'), 'exists', '/p/c', 'Deleted /p/c'],
    ['WATCH-02', remove('/p/c'), 'getData', '/p/c', 'Deleted /p/c'],
    ['WATCH-02', remove('/p/c'), 'getChildren', '/p/c', 'Deleted /p/c'],
    ['WATCH-02', remove('/p/c'), 'getChildren2', '/p', 'ChildrenChanged /p'],
    ['WATCH-02', remove('/p/c'), 'persistent', '/p/c', 'Deleted /p/c'],
    ['WATCH-02', remove('/p/c'), 'persistent', '/p', 'ChildrenChanged /p'],
    ['WATCH-02', remove('/p/c'), 'recursive', '/p/c', 'Deleted /p/c'],
    ['WATCH-02', remove('/p/c'), 'recursive', '/p', 'Deleted /p/c'],
    ['WATCH-02', remove('/p/c'), 'recursive', '/', 'Deleted /p/c'],
    ['WATCH-03', setData('/p', 'x'), 'exists', '/p', 'DataChanged /p'],
    ['WATCH-03', setData('/p', 'x'), 'getChildren', '/p', ''],
    ['WATCH-03', setData('/p', 'x'), 'persistent', '/p', 'DataChanged /p'],
    ['WATCH-03', setData('/p', 'x'), 'persistent', '/', ''],
    ['WATCH-03', setData('/p', 'x'), 'recursive', '/p', 'DataChanged /p'],
    ['WATCH-03', setData('/p', 'x'), 'recursive', '/', 'DataChanged /p'],
    ['WATCH-03', setData('/p', 'x'), 'recursive', '/p/c', ''],
    ['WATCH-03', setData('/', 'x'), 'recursive', '/', 'DataChanged /'],
    [
      'WATCH-06',
      multi(createNew, setData('/p', 'x'), remove('/p/new')),
      'persistent',
      '/p',
      'ChildrenChanged /p, DataChanged /p, ChildrenChanged /p',
    ],
    [
      'WATCH-06',
      multi(createNew, setData('/p', 'x'), remove('/p/new')),
      'recursive',
      '/',
      'Created /p/new, DataChanged /p, Deleted /p/new',
    ],
    ['WATCH-07', closeSession, 'persistent', '/p', 'ChildrenChanged /p'],
    ['WATCH-07', closeSession, 'recursive', '/', 'Deleted /p/e'],
    ['WATCH-09', remove('/p'), 'recursive', '/', ''],
    ['WATCH-09', setData('/p/c', ''), 'recursive', '/', 'DataChanged /p/c'],
  ];
  test.for(rows)('[%s] %o tells a %s watch on %s: %s', ([, change, kind, path, events]) => {
    const db = makeTree(release);
    watch(db, kind, path);
    expect(after(db, change)).toBe(events);
  });

  test('a persistent and a recursive watch fire again and again [WATCH-15]', () => {
    const db = makeTree(release);
    watch(db, 'persistent', '/p/c', 1);
    watch(db, 'recursive', '/', 2);
    for (let i = 0; i < 3; i++) expect(after(db, setData('/p/c', 'x'))).toBe('DataChanged /p/c, 2 DataChanged /p/c');
    expect(after(db, remove('/p/c'))).toBe('Deleted /p/c, 2 Deleted /p/c');
    expect(after(db, create('/p/c'))).toBe('Created /p/c, 2 Created /p/c');
  });

  test('a persistent watch tells of a deletion once, of both tables [WATCH-13]', () => {
    const db = makeTree(release);
    watch(db, 'persistent', '/p/c', 1);
    watch(db, 'getChildren', '/p/c', 2);
    expect(after(db, remove('/p/c'))).toBe('Deleted /p/c, 2 Deleted /p/c');
  });

  test('one event for a standard watch below a recursive one, and the standard one is consumed [WATCH-18]', () => {
    const db = makeTree(release);
    watch(db, 'recursive', '/p');
    watch(db, 'getData', '/p/c');
    expect(after(db, setData('/p/c', 'x'))).toBe('DataChanged /p/c');
    expect([check(db, '/p/c', 3), unwatch(db, '/p/c', 3)]).toEqual(['NOWATCHER', 'NOWATCHER']);
    expect(after(db, setData('/p/c', 'y'))).toBe('DataChanged /p/c');
  });

  test('a closed connection has no persistent and no recursive watch left, others keep theirs [WATCH-20]', () => {
    const db = makeTree(release);
    for (const connection of [1, 2]) {
      watch(db, 'persistent', '/p', connection);
      watch(db, 'recursive', '/', connection);
    }
    removeConnectionWatches(db, 1);
    expect(after(db, setData('/p', 'x'))).toBe('2 DataChanged /p');
    removeConnectionWatches(db, 2);
    expect(after(db, setData('/p', 'x'))).toBe('');
  });

  test('setWatches2 sets persistent and recursive watches without a word of what was missed [WATCH-41] [WATCH-48]', () => {
    const db = makeTree(release);
    const lists = { data: ['/p'], exist: [], child: ['/no'], persistent: ['/p/c'], persistentRecursive: ['/p/e'] };
    expect(told(resetWatches(db, { op: 'setWatches2', relativeZxid: 0, ...lists }, watcherOf(1)))).toBe('DataChanged /p, Deleted /no');
    expect(after(db, setData('/p', 'x'))).toBe('');
    for (let i = 0; i < 2; i++) expect(after(db, setData('/p/c', 'x'))).toBe('DataChanged /p/c');
    expect(after(db, closeSession)).toBe('Deleted /p/e');
  });

  test('addWatch takes any path, and any mode but 0 and 1 is an error [VAL-12] [WATCH-46]', () => {
    const db = makeTree(release);
    for (const path of ['/no/such', 'no-slash', '', '/p/', '//', '/p\0']) expect(watch(db, 'recursive', path)).toBe('OK');
    for (const mode of [-1, 2, 3]) {
      expect(addLastingWatch(db, { op: 'addWatch', path: '/p', mode }, watcherOf(1))).toBe('MARSHALLINGERROR');
    }
    expect(after(db, setData('/p/c', 'x'))).toBe('');
  });

  test('each registration is noted with its mode', () => {
    const db = makeTree(release);
    db.notes.length = 0;
    watch(db, 'persistent', '/p', 4);
    watch(db, 'recursive', '/p', 4);
    expect(db.notes).toMatchObject([
      { type: 'watch-set', session: session(4), table: 'persistent', path: '/p' },
      { type: 'watch-set', session: session(4), table: 'recursive', path: '/p' },
    ]);
  });

  test('the path of a removal is the one that was registered, not one below it [WATCH-45]', () => {
    const db = makeTree(release);
    watch(db, 'recursive', '/p');
    expect([check(db, '/p/c', 3), unwatch(db, '/p/c', 3), check(db, '/p', 3), unwatch(db, '/p', 3)]).toEqual([
      'NOWATCHER',
      'NOWATCHER',
      'OK',
      'OK',
    ]);
    expect(after(db, setData('/p/c', 'x'))).toBe('');
  });

  test('a removal takes the watch of its own connection [WATCH-27]', () => {
    const db = makeTree(release);
    watch(db, 'getData', '/p', 1);
    watch(db, 'getData', '/p', 2);
    expect([unwatch(db, '/p', 2, 3), unwatch(db, '/p', 2, 2), unwatch(db, '/p', 2, 2)]).toEqual(['NOWATCHER', 'OK', 'NOWATCHER']);
    expect(after(db, setData('/p', 'x'))).toBe('DataChanged /p');
  });
});

describe('modes of one path and connection [WATCH-16]', () => {
  const rows: [first: Kind, second: Kind, changes: Operation[], fixed: string[], old: string[]][] = [
    [
      'persistent',
      'getData',
      [setData('/p', 'x'), setData('/p', 'y'), create('/p/n')],
      ['DataChanged /p', 'DataChanged /p', 'ChildrenChanged /p'],
      ['DataChanged /p', '', 'ChildrenChanged /p'],
    ],
    [
      'persistent',
      'getChildren',
      [create('/p/n'), create('/p/m'), setData('/p', 'x')],
      ['ChildrenChanged /p', 'ChildrenChanged /p', 'DataChanged /p'],
      ['ChildrenChanged /p', '', 'DataChanged /p'],
    ],
    [
      'recursive',
      'getData',
      [setData('/p', 'x'), setData('/p', 'y'), create('/p/n')],
      ['DataChanged /p', 'DataChanged /p', 'Created /p/n'],
      ['DataChanged /p', '', ''],
    ],
    [
      'recursive',
      'getChildren',
      [create('/p/n'), create('/p/m')],
      ['Created /p/n, ChildrenChanged /p', 'Created /p/m'],
      ['Created /p/n, ChildrenChanged /p', 'Created /p/m'],
    ],
    [
      'recursive',
      'persistent',
      [create('/p/n'), setData('/p/c', 'x')],
      ['Created /p/n, ChildrenChanged /p', 'DataChanged /p/c'],
      ['ChildrenChanged /p', ''],
    ],
    [
      'persistent',
      'recursive',
      [create('/p/n'), setData('/p/c', 'x')],
      ['Created /p/n, ChildrenChanged /p', 'DataChanged /p/c'],
      ['Created /p/n', 'DataChanged /p/c'],
    ],
    [
      'getData',
      'persistent',
      [setData('/p', 'x'), setData('/p', 'x')],
      ['DataChanged /p', 'DataChanged /p'],
      ['DataChanged /p', 'DataChanged /p'],
    ],
  ];
  test.for(rows)('%s, then %s', ([first, second, changes, fixed, old]) => {
    for (const [release, events] of [
      ['fixed', fixed],
      ['3.8.0', old],
    ] as const) {
      const db = makeTree(release);
      watch(db, first, '/p');
      watch(db, second, '/p');
      expect([release, ...changes.map((change) => after(db, change))]).toEqual([release, ...events]);
    }
  });

  test('3.8.0: what is left of a recursive watch in the child table still tells of deletions below', () => {
    const db = makeTree('3.8.0');
    watch(db, 'recursive', '/p');
    watch(db, 'getData', '/p');
    write(db, setData('/p', 'x'));
    expect([after(db, setData('/p/c', 'x')), after(db, remove('/p/c'))]).toEqual(['', 'Deleted /p/c']);
  });
});

describe('what a watcher type means [WATCH-25] [WATCH-45]', () => {
  /** What removing the type from a path that is watched in every way leaves, as what later changes tell; null for an error. */
  function left(release: Release, kinds: readonly Kind[], watcherType: number): string[] | ErrorCode {
    const db = makeTree(release);
    for (const kind of kinds) watch(db, kind, '/p');
    const [checked, error] = [check(db, '/p', watcherType), unwatch(db, '/p', watcherType)];
    expect(checked).toBe(error);
    return error === 'OK'
      ? [setData('/p', 'x'), setData('/p', 'x'), create('/p/n'), create('/p/m')].map((change) => after(db, change))
      : error;
  }
  const all = ['getData', 'getChildren', 'persistent', 'recursive'] as const;
  const data = 'DataChanged /p';
  const child = 'ChildrenChanged /p';

  const rows: [type: number, kinds: readonly Kind[], fixed: string[] | ErrorCode, old: string[] | ErrorCode][] = [
    [1, ['getData', 'getChildren'], [data, '', '', ''], [data, '', '', '']],
    [2, ['getData', 'getChildren'], ['', '', child, ''], ['', '', child, '']],
    [3, ['getData', 'getChildren'], ['', '', '', ''], ['', '', '', '']],
    [1, ['persistent'], 'NOWATCHER', [data, data, '', '']],
    [2, ['persistent'], 'NOWATCHER', ['', '', child, child]],
    [3, ['persistent'], ['', '', '', ''], ['', '', '', '']],
    [4, ['persistent'], ['', '', '', ''], 'MARSHALLINGERROR'],
    [5, ['persistent'], 'NOWATCHER', 'MARSHALLINGERROR'],
    [1, ['recursive'], 'NOWATCHER', [data, data, 'Created /p/n', 'Created /p/m']],
    [2, ['recursive'], 'NOWATCHER', ['', '', '', '']],
    [5, ['recursive'], ['', '', '', ''], 'MARSHALLINGERROR'],
    [1, all, [data, data, `Created /p/n, ${child}`, `Created /p/m, ${child}`], [data, data, 'Created /p/n', 'Created /p/m']],
    [4, all, [data, data, `Created /p/n, ${child}`, 'Created /p/m'], 'MARSHALLINGERROR'],
    [5, all, [data, data, child, child], 'MARSHALLINGERROR'],
    [3, all, ['', '', '', ''], ['', '', '', '']],
    [3, [], 'NOWATCHER', 'NOWATCHER'],
    [0, all, 'MARSHALLINGERROR', 'MARSHALLINGERROR'],
    [6, all, 'MARSHALLINGERROR', 'MARSHALLINGERROR'],
    [-1, all, 'MARSHALLINGERROR', 'MARSHALLINGERROR'],
  ];
  test.for(rows)('[VAL-11] type %i of %o', ([watcherType, kinds, fixed, old]) => {
    expect(left('fixed', kinds, watcherType)).toEqual(fixed);
    expect(left('3.8.0', kinds, watcherType)).toEqual(old);
  });

  test('checkWatches of 3.8.0 finds the watch of any connection, in its table [WATCH-26]', () => {
    for (const [release, error] of [
      ['fixed', 'NOWATCHER'],
      ['3.8.0', 'OK'],
    ] as const) {
      const db = makeTree(release);
      watch(db, 'getData', '/p', 2);
      expect([check(db, '/p', 2), check(db, '/p', 3), check(db, '/p', 1), unwatch(db, '/p', 2)]).toEqual([
        error,
        error,
        'NOWATCHER',
        'NOWATCHER',
      ]);
      expect(check(db, '/p', 2, 2)).toBe('OK');
    }
  });
});

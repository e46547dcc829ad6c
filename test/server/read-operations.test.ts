import { expect, test } from 'vitest';
import { digestId } from '../../src/server/auth-provider.ts';
import { READ_ACL_UNSAFE, type Operation } from '../../src/server/protocol.ts';
import { create, ephemeral, makeDatabase, read, remove, session, setData, write, type Database } from '../support/server-context.ts';

const getData = (path: string, watch = false): Operation => ({ op: 'getData', path, watch });
const getChildren = (path: string): Operation => ({ op: 'getChildren', path, watch: false });
const countOf = (path: string): Operation => ({ op: 'getAllChildrenNumber', path });

function numberOf(db: Database, path: string): unknown {
  const { error, result } = read(db, countOf(path));
  return result?.op === 'getAllChildrenNumber' ? result.totalNumber : error;
}

test('getAllChildrenNumber counts paths that begin so; the root counts all but itself [TREE-24] [TREE-26]', () => {
  const db = makeDatabase();
  expect(numberOf(db, '/')).toBe(3);
  for (const path of ['/a', '/a/b', '/a/b/c', '/ab']) write(db, create(path));
  expect(['/', '/a', '/a/b', '/ab', '/no', '/zookeeper'].map((path) => numberOf(db, path))).toEqual([7, 2, 1, 0, 'NONODE', 2]);
  expect(numberOf(db, '')).toBe(8); // Java has the root under two names, of which one begins with '/'
});

test('getEphemerals gives the session’s own, by text and not by component [TREE-25]', () => {
  const db = makeDatabase();
  write(db, create('/a'));
  for (const path of ['/a/x', '/ab', '/b']) write(db, ephemeral(path));
  write(db, ephemeral('/theirs'), session(2));
  const below = (prefix: string | null): unknown => {
    const { result } = read(db, { op: 'getEphemerals', prefix });
    return result?.op === 'getEphemerals' ? result.ephemerals : null;
  };
  expect(['/a', '/a/', '/x', 'a'].map(below)).toEqual([['/a/x', '/ab'], ['/a/x'], [], []]);
  for (const all of [null, '', ' ', '/', ' /\t']) expect(below(all)).toEqual(['/a/x', '/ab', '/b']);
  expect(read(db, { op: 'getEphemerals', prefix: null }, 1, session(3)).result).toEqual({ op: 'getEphemerals', ephemerals: [] });
});

test('whoAmI lists what the connection has proved [OP-30] [ACL-16]', () => {
  const authInfo = [
    { scheme: 'ip', id: '10.0.0.1' },
    { scheme: 'digest', id: digestId('alice:a') },
  ];
  expect(read(makeDatabase(), { op: 'whoAmI' }, 1, session(1), authInfo).result).toEqual({
    op: 'whoAmI',
    clientInfo: [
      { scheme: 'ip', user: '10.0.0.1' },
      { scheme: 'digest', user: 'alice' },
    ],
  });
});

test('getChildren2 is getChildren with a Stat for the client [OP-12]', () => {
  const db = makeDatabase();
  write(db, create('/a'));
  const { result } = read(db, { op: 'getChildren2', path: '/', watch: false });
  expect(result).toMatchObject({ op: 'getChildren2', children: ['a', 'zookeeper'], stat: { numChildren: 2 } });
});

test('the empty path is the root, and exists refuses a NUL [VAL-07] [VAL-08]', () => {
  const db = makeDatabase();
  for (const op of ['exists', 'getData', 'getChildren'] as const) {
    expect(read(db, { op, path: '', watch: false }).error).toBe('OK');
    expect(read(db, { op, path: '/a\0', watch: false }).error).toBe(op === 'exists' ? 'BADARGUMENTS' : 'NONODE');
  }
});

test('null data is kept apart from no bytes [TREE-08]', () => {
  const db = makeDatabase();
  write(db, create('/null', null));
  write(db, create('/empty', ''));
  const dataOf = (path: string): unknown => {
    const { result } = read(db, getData(path));
    return result?.op === 'getData' ? result.data : result;
  };
  expect([dataOf('/null'), dataOf('/empty')]).toEqual([null, '']);
  write(db, setData('/empty', null));
  expect(dataOf('/empty')).toBeNull();
});

test('multiRead: each for itself, without watches [MULTI-11] [MULTI-12] [VAL-13]', () => {
  const db = makeDatabase();
  write(db, create('/a', 'x'));
  write(db, { op: 'create', path: '/shut', data: null, acl: [{ ...READ_ACL_UNSAFE[0]!, perms: 2 }], mode: 'PERSISTENT' });
  const ops = [getData('/a', true), getData('/no'), getChildren('/shut'), getChildren('/')];
  const { error, result } = read(db, { op: 'multiRead', ops });
  expect(error).toBe('OK');
  expect(result?.op === 'multiRead' && result.results.map((each) => each.result?.op ?? each.error)).toEqual([
    'getData',
    'NONODE',
    'NOAUTH',
    'getChildren',
  ]);
  expect(write(db, setData('/a', 'y')).events).toEqual([]);
  expect(read(db, { op: 'multiRead', ops: [] })).toEqual({ error: 'OK', result: { op: 'multiRead', results: [] } });
});

test('multiRead of anything else is MARSHALLINGERROR, with a body when all are writes [VAL-13]', () => {
  const errorOf = (...ops: Operation[]): unknown => read(makeDatabase(), { op: 'multiRead', ops });
  const noBody = { error: 'MARSHALLINGERROR', result: null };
  expect(errorOf({ op: 'exists', path: '/', watch: false })).toEqual(noBody);
  expect(errorOf(getData('/'), create('/a'))).toEqual(noBody);
  expect(errorOf(create('/a'), remove('/b'))).toEqual({ error: 'MARSHALLINGERROR', result: { op: 'multiRead', results: [] } });
});

test('a read that cannot be decoded is MARSHALLINGERROR [VAL-18]', () => {
  expect(read(makeDatabase(), { op: 'undecodable', code: 4 })).toEqual({ error: 'MARSHALLINGERROR', result: null });
});

import { expect, test } from 'vitest';
import { bytesOfUtf8 } from '../../src/base/bytes.ts';
import { forkParts, peek } from '../../src/base/parts.ts';
import { childrenOf, dumpTree, ephemeralsOf, nodeAt } from '../../src/server/data-tree.ts';
import { NO_SESSION, OPEN_ACL_UNSAFE } from '../../src/server/protocol.ts';
import type { CreateTxn, DeleteTxn } from '../../src/server/txn-body.ts';
import {
  apply,
  closeSession,
  create,
  ephemeral,
  makeDatabase,
  multi,
  openSession,
  prepare,
  remove,
  sequential,
  session,
  setData,
  statAt,
  stateOf,
  txnOf,
  write,
  read,
} from '../support/server-context.ts';

const zeros = { czxid: 0, mzxid: 0, pzxid: 0, ctime: 0, mtime: 0, version: 0, aversion: 0, ephemeralOwner: NO_SESSION, dataLength: 0 };

test('a fresh tree: the root with cversion -1, /zookeeper with -2 [TREE-04] [TREE-22]', () => {
  const db = makeDatabase();
  expect(dumpTree(db.parts, db.refs).map(({ path }) => path)).toEqual(['/', '/zookeeper', '/zookeeper/config', '/zookeeper/quota']);
  expect(statAt(db, '/')).toEqual({ ...zeros, cversion: -1, numChildren: 1 });
  expect(statAt(db, '/zookeeper')).toEqual({ ...zeros, cversion: -2, numChildren: 2 });
  expect(statAt(db, '/zookeeper/quota')).toEqual({ ...zeros, cversion: 0, numChildren: 0 });
  expect(statAt(db, '/zookeeper/config')).toEqual({ ...zeros, aversion: -1, cversion: 0, numChildren: 0 });
});

test('a new node has the zxid and time of its transaction throughout, and versions 0 [TREE-01]', () => {
  const db = makeDatabase();
  const { zxid, timeMs } = db.next;
  write(db, create('/a', 'four'));
  const times = { czxid: zxid, mzxid: zxid, pzxid: zxid, ctime: timeMs, mtime: timeMs };
  const versions = { version: 0, cversion: 0, aversion: 0, ephemeralOwner: NO_SESSION, dataLength: 4, numChildren: 0 };
  expect(statAt(db, '/a')).toEqual({ ...times, ...versions });
});

test('the persisted cversion counts creates, the exposed one deletes too [TREE-02] [TREE-03]', () => {
  const db = makeDatabase();
  for (const operation of [create('/a'), create('/a/1'), create('/a/2'), remove('/a/1')]) write(db, operation);
  expect(nodeAt(db.parts, db.refs, '/a')?.cversion).toBe(2);
  expect(statAt(db, '/a')).toMatchObject({ cversion: 3, numChildren: 1 });
});

test('pzxid is that of the last create or delete of a child; nothing else of the parent moves [TREE-05] [TREE-07]', () => {
  const db = makeDatabase();
  write(db, create('/a'));
  const made = statAt(db, '/a');
  const { zxid } = db.next;
  write(db, create('/a/b'));
  expect(statAt(db, '/a')).toEqual({ ...made, pzxid: zxid, cversion: 1, numChildren: 1 });
  write(db, remove('/a/b'));
  expect(statAt(db, '/a')).toEqual({ ...made, pzxid: zxid + 1, cversion: 2, numChildren: 0 });
});

test('setData moves version, mzxid and mtime, and not pzxid [TREE-06]', () => {
  const db = makeDatabase();
  write(db, create('/a', 'x'));
  const made = statAt(db, '/a');
  const { zxid, timeMs } = db.next;
  write(db, setData('/a', 'yy'));
  expect(statAt(db, '/a')).toEqual({ ...made, version: 1, mzxid: zxid, mtime: timeMs, dataLength: 2 });
});

test('null data stays null, empty data stays empty; both have length 0 [TREE-08]', () => {
  const db = makeDatabase();
  write(db, create('/null', null));
  write(db, create('/empty', ''));
  const dataAt = (path: string): unknown => read(db, { op: 'getData', path, watch: false }, 1, session(1)).result;
  expect(dataAt('/null')).toMatchObject({ data: null, stat: { dataLength: 0 } });
  expect(dataAt('/empty')).toMatchObject({ data: bytesOfUtf8(''), stat: { dataLength: 0 } });
});

test('children are sorted by UTF-16 unit, with names that a plain object would lose or move [TREE-23]', () => {
  const db = makeDatabase();
  const names = ['b', '__proto__', '01', '1', '-1', 'constructor', '10', '2', 'a', 'toString'];
  for (const name of names) write(db, create(`/${name}`));
  expect(childrenOf(db.parts, db.refs, '/')).toEqual([...names, 'zookeeper'].sort((a, b) => (a < b ? -1 : 1)));
  expect(names.map((name) => statAt(db, `/${name}`)?.version)).toEqual(names.map(() => 0));
  for (const name of names) expect(write(db, remove(`/${name}`)).error).toBe('OK');
  expect(childrenOf(db.parts, db.refs, '/')).toEqual(['zookeeper']);
});

test('the root is one node under the names / and the empty text [VAL-08] [TREE-26]', () => {
  const db = makeDatabase();
  write(db, setData('/', 'root'));
  expect(nodeAt(db.parts, db.refs, '')).toBe(nodeAt(db.parts, db.refs, '/'));
  expect(read(db, { op: 'getData', path: '', watch: false }, 1, session(1))).toMatchObject({
    error: 'OK',
    result: { data: bytesOfUtf8('root'), stat: { version: 1 } },
  });
  expect(dumpTree(db.parts, db.refs).filter(({ path }) => path === '/' || path === '')).toHaveLength(1);
});

test('the index of ephemerals follows creates, deletes and the close [TREE-21]', () => {
  const db = makeDatabase();
  openSession(db);
  for (const path of ['/e', '/1', '/__proto__']) write(db, ephemeral(path));
  write(db, ephemeral('/other'), session(2));
  expect(ephemeralsOf(db.parts, db.refs, session(1))).toEqual(['/1', '/__proto__', '/e']);
  write(db, remove('/1'));
  expect(ephemeralsOf(db.parts, db.refs, session(1))).toEqual(['/__proto__', '/e']);
  write(db, closeSession);
  expect(ephemeralsOf(db.parts, db.refs, session(1))).toEqual([]);
  expect(ephemeralsOf(db.parts, db.refs, session(2))).toEqual(['/other']);
  expect([...peek(db.parts, db.refs.ephemerals).keys()]).toEqual([session(2)]);
});

test('replay tolerates what is there already and what is no longer there [DISK-23]', () => {
  const db = makeDatabase();
  write(db, create('/a'));
  const body: CreateTxn = { type: 'create', path: '/a', data: null, acl: OPEN_ACL_UNSAFE, ephemeral: false, parentCVersion: 1 };
  expect(apply(db, txnOf(db, body)).error).toBe('NODEEXISTS');
  expect(apply(db, txnOf(db, { ...body, path: '/no/a' })).error).toBe('NONODE');
  expect(apply(db, txnOf(db, { type: 'delete', path: '/no' })).error).toBe('NONODE');
  expect(apply(db, txnOf(db, { type: 'delete', path: '/no/a' })).error).toBe('NONODE');
  expect(apply(db, txnOf(db, { type: 'setData', path: '/no', data: null, version: 1 })).error).toBe('NONODE');
});

test('a replayed create raises its parent only when it is newer [TREE-13] [DISK-24]', () => {
  const db = makeDatabase();
  for (const name of ['1', '2', '3']) write(db, create(`/${name}`));
  const before = nodeAt(db.parts, db.refs, '/');
  apply(db, txnOf(db, { type: 'create', path: '/1', data: null, acl: OPEN_ACL_UNSAFE, ephemeral: false, parentCVersion: 1 }));
  expect(nodeAt(db.parts, db.refs, '/')).toBe(before);
  const txn = txnOf(db, { type: 'create', path: '/1', data: null, acl: OPEN_ACL_UNSAFE, ephemeral: false, parentCVersion: 9 });
  apply(db, txn);
  expect(nodeAt(db.parts, db.refs, '/')).toMatchObject({ cversion: 9, pzxid: txn.zxid });
});

test('a replayed delete of a missing child raises the pzxid of its parent, unless ZOOKEEPER-3125 is back [DISK-24]', () => {
  const fixed = makeDatabase();
  const txn = txnOf(fixed, { type: 'delete', path: '/gone' });
  apply(fixed, txn);
  expect(statAt(fixed, '/')?.pzxid).toBe(txn.zxid);
  const broken = makeDatabase({ deleteOfMissingRaisesPzxid: false });
  apply(broken, txn);
  expect(statAt(broken, '/')?.pzxid).toBe(0);
});

test('an older zxid never lowers pzxid [TREE-05]', () => {
  const db = makeDatabase();
  const old = prepare(db, create('/unused'));
  const gone: DeleteTxn = { type: 'delete', path: '/gone' };
  write(db, create('/a'));
  const before = statAt(db, '/')?.pzxid;
  apply(db, { ...old, body: gone });
  expect(statAt(db, '/')?.pzxid).toBe(before);
});

test('forks share nothing that either may change', () => {
  const db = makeDatabase();
  openSession(db);
  for (const operation of [create('/a', 'x'), ephemeral('/a/e'), sequential('/a/s-')]) write(db, operation);
  read(db, { op: 'getChildren', path: '/a', watch: true }, 7, session(1));
  const before = stateOf(db);
  const fork = { ...db, parts: forkParts(db.parts), next: { ...db.next } };
  write(fork, setData('/a', 'y'));
  write(fork, multi(create('/b'), remove('/a/e')));
  write(fork, closeSession);
  expect(stateOf(db)).toEqual(before);
  write(db, remove('/a/e'));
  expect(childrenOf(fork.parts, fork.refs, '/a')).toEqual(['s-0000000001']);
});

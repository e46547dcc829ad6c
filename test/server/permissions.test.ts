// What each operation asks of the ACL, in its place among the other checks (ACL-02, G2).

import { describe, expect, test } from 'vitest';
import { digestId } from '../../src/server/auth-provider.ts';
import { nodeAt } from '../../src/server/data-tree.ts';
import { OPEN_ACL_UNSAFE, PERMS, READ_ACL_UNSAFE, type Acl, type ErrorCode, type Id, type Operation } from '../../src/server/protocol.ts';
import { bodyOf } from '../../src/server/txn-body.ts';
import {
  apply,
  check,
  create,
  digestMismatches,
  makeDatabase,
  prepare,
  read,
  remove,
  session,
  setData,
  statAt,
  write,
  type Database,
} from '../support/server-context.ts';

const alice: Id = { scheme: 'digest', id: digestId('alice:a') };
const above: Id = { scheme: 'super', id: '' };

/** Only alice may, and only this. */
const only = (perms: number): Acl => [{ perms, ...alice }];
const setAcl = (path: string, acl: Acl, version = -1): Operation => ({ op: 'setACL', path, acl, version });
const createWith = (path: string, acl: Acl): Operation => ({ op: 'create2', path, data: null, acl, mode: 'PERSISTENT' });

/** /p, with /p/a below, both with these rights of alice. */
function makeGuarded(perms: number, ...args: Parameters<typeof makeDatabase>): Database {
  const db = makeDatabase(...args);
  write(db, create('/p'));
  write(db, create('/p/a', 'secret'));
  for (const path of ['/p/a', '/p']) write(db, setAcl(path, only(perms)));
  return db;
}

function writeAs(db: Database, operation: Operation, authInfo: readonly Id[], sessionCheck: ErrorCode = 'OK'): ErrorCode {
  return apply(db, prepare(db, operation, session(1), sessionCheck, authInfo)).error;
}

function readAs(db: Database, operation: Operation, authInfo: readonly Id[]): ErrorCode {
  return read(db, operation, 1, session(1), authInfo).error;
}

const { READ, WRITE, CREATE, DELETE, ADMIN, ALL } = PERMS;

describe('each operation asks for its right, of the node or of its parent [ACL-02]', () => {
  const writes: [name: string, needs: number, operation: Operation][] = [
    ['create: CREATE on the parent', CREATE, create('/p/b')],
    ['delete: DELETE on the parent', DELETE, remove('/p/a')],
    ['setData: WRITE', WRITE, setData('/p/a', 'x')],
    ['setACL: ADMIN', ADMIN, setAcl('/p/a', OPEN_ACL_UNSAFE)],
  ];
  test.for(writes)('%s', ([, needs, operation]) => {
    expect(writeAs(makeGuarded(needs), operation, [alice])).toBe('OK');
    expect(writeAs(makeGuarded(ALL - needs), operation, [alice])).toBe('NOAUTH');
    expect(writeAs(makeGuarded(needs), operation, [])).toBe('NOAUTH');
    expect(writeAs(makeGuarded(0), operation, [above])).toBe('OK');
    expect(writeAs(makeGuarded(0, {}, { skipACL: true }), operation, [])).toBe('OK');
  });

  test('check: READ', () => {
    const inMulti: Operation = { op: 'multi', ops: [check('/p/a', -1)] };
    const codeOf = (db: Database): unknown => {
      const { result } = apply(db, prepare(db, inMulti, session(1), 'OK', [alice]));
      return result?.op === 'multi' ? result.results[0]?.error : null;
    };
    expect([codeOf(makeGuarded(READ)), codeOf(makeGuarded(ALL - READ))]).toEqual(['OK', 'NOAUTH']);
  });

  const reads: [name: string, needs: number, operation: Operation][] = [
    ['exists', READ, { op: 'exists', path: '/p/a', watch: false }],
    ['getData', READ, { op: 'getData', path: '/p/a', watch: false }],
    ['getChildren', READ, { op: 'getChildren', path: '/p/a', watch: false }],
    ['getChildren2', READ, { op: 'getChildren2', path: '/p/a', watch: false }],
    ['getAllChildrenNumber', READ, { op: 'getAllChildrenNumber', path: '/p/a' }],
    ['getACL', READ | ADMIN, { op: 'getACL', path: '/p/a' }],
  ];
  test.for(reads)('%s [VAL-07] [VAL-08] [VAL-09]', ([, needs, operation]) => {
    expect(readAs(makeGuarded(needs), operation, [alice])).toBe('OK');
    expect(readAs(makeGuarded(ALL - needs), operation, [alice])).toBe('NOAUTH');
    expect(readAs(makeGuarded(needs), operation, [])).toBe('NOAUTH');
    expect(readAs(makeGuarded(0), operation, [above])).toBe('OK');
    expect(readAs(makeGuarded(0, {}, { skipACL: true }), operation, [])).toBe('OK');
  });

  test('without ZOOKEEPER-2590 exists asks for nothing [VAL-07]', () => {
    expect(readAs(makeGuarded(0, { existsChecksAcl: false }), { op: 'exists', path: '/p/a', watch: false }, [])).toBe('OK');
  });
});

describe('in its place among the checks', () => {
  const refused = [{ perms: ALL, scheme: 'nobody', id: 'x' }];

  test('create: session, path, list, parent, right, full path, name, ephemeral parent [VAL-01]', () => {
    const db = makeGuarded(READ);
    expect(writeAs(db, createWith('bad', refused), [], 'SESSIONMOVED')).toBe('SESSIONMOVED');
    expect(writeAs(db, createWith('bad', refused), [])).toBe('BADARGUMENTS');
    expect(writeAs(db, createWith('/no/x', refused), [])).toBe('INVALIDACL');
    expect(writeAs(db, createWith('/no/x', []), [])).toBe('INVALIDACL');
    expect(writeAs(db, createWith('/no/x', OPEN_ACL_UNSAFE), [])).toBe('NONODE');
    expect(writeAs(db, createWith('/p/..', OPEN_ACL_UNSAFE), [alice])).toBe('NOAUTH');
    expect(writeAs(db, createWith('/p/a', OPEN_ACL_UNSAFE), [alice])).toBe('NOAUTH');
  });

  test('delete: parent, right, node, version, children [VAL-02]', () => {
    const db = makeGuarded(READ);
    expect(writeAs(db, remove('/no/x'), [alice])).toBe('NONODE');
    expect(writeAs(db, remove('/p/no'), [alice])).toBe('NOAUTH');
    expect(writeAs(makeGuarded(DELETE), remove('/p/no'), [alice])).toBe('NONODE');
  });

  test('setData: path, node, right, version [VAL-03]', () => {
    const db = makeGuarded(READ);
    expect(writeAs(db, setData('/p/', 'x'), [alice])).toBe('BADARGUMENTS');
    expect(writeAs(db, setData('/no', 'x', 7), [alice])).toBe('NONODE');
    expect(writeAs(db, setData('/p/a', 'x', 7), [alice])).toBe('NOAUTH');
    expect(writeAs(makeGuarded(WRITE), setData('/p/a', 'x', 7), [alice])).toBe('BADVERSION');
  });

  test('setACL: session, path, list, node, right, version [VAL-04]', () => {
    const db = makeGuarded(READ);
    expect(writeAs(db, setAcl('bad', refused), [], 'SESSIONEXPIRED')).toBe('SESSIONEXPIRED');
    expect(writeAs(db, setAcl('bad', refused), [])).toBe('BADARGUMENTS');
    expect(writeAs(db, setAcl('/no', refused), [])).toBe('INVALIDACL');
    expect(writeAs(db, setAcl('/no', OPEN_ACL_UNSAFE), [])).toBe('NONODE');
    expect(writeAs(db, setAcl('/p/a', OPEN_ACL_UNSAFE, 7), [alice])).toBe('NOAUTH');
    expect(writeAs(makeGuarded(ADMIN), setAcl('/p/a', OPEN_ACL_UNSAFE, 7), [alice])).toBe('BADVERSION');
  });
});

describe('setACL', () => {
  test('changes the list and its version, and no other field [TREE-06]', () => {
    const db = makeDatabase();
    write(db, create('/a', 'x'));
    const before = statAt(db, '/a');
    expect(write(db, setAcl('/a', READ_ACL_UNSAFE, 0)).result).toEqual({ op: 'setACL', stat: { ...before, aversion: 1 } });
    expect(statAt(db, '/a')).toEqual({ ...before, aversion: 1 });
    expect(nodeAt(db.parts, db.refs, '/a')?.acl).toEqual(READ_ACL_UNSAFE);
    expect(writeAs(db, setAcl('/a', OPEN_ACL_UNSAFE, 1), [])).toBe('NOAUTH');
    expect(digestMismatches(db)).toEqual([]);
  });

  test('is seen by what is prepared after it, and undone with a multi that fails [VAL-16] [TREE-11]', () => {
    const db = makeDatabase();
    write(db, create('/a'));
    const txns = [prepare(db, setAcl('/a', only(WRITE))), prepare(db, setData('/a', 'x')), prepare(db, create('/a/b'))];
    expect(txns.map(bodyOf).map((body) => (body.type === 'error' ? body.error : body.type))).toEqual(['setACL', 'NOAUTH', 'NOAUTH']);
    for (const txn of txns) apply(db, txn);
    expect(digestMismatches(db)).toEqual([]);
  });

  test('`auth` is stored as the ids that the client had then [ACL-05]', () => {
    const db = makeDatabase();
    write(db, create('/a'));
    expect(writeAs(db, setAcl('/a', [{ perms: ALL, scheme: 'auth', id: '' }]), [])).toBe('INVALIDACL');
    expect(writeAs(db, setAcl('/a', [{ perms: ALL, scheme: 'auth', id: '' }]), [alice])).toBe('OK');
    expect(nodeAt(db.parts, db.refs, '/a')?.acl).toEqual(only(ALL));
  });
});

test('getACL hides hashes from who has READ only [VAL-09]', () => {
  const db = makeDatabase();
  write(db, createWith('/a', [...only(ALL), ...READ_ACL_UNSAFE]));
  const shown = (authInfo: readonly Id[]): unknown => {
    const { result } = read(db, { op: 'getACL', path: '/a' }, 1, session(1), authInfo);
    return result?.op === 'getACL' ? result.acl.map(({ id }) => id) : result;
  };
  expect(shown([])).toEqual(['alice:x', 'anyone']);
  expect(shown([alice])).toEqual([alice.id, 'anyone']);
});

test('the nodes of the system have their own lists [TREE-22] [TREE-30]', () => {
  const db = makeDatabase();
  expect(writeAs(db, setData('/zookeeper/config', 'x'), [alice])).toBe('NOAUTH');
  expect(writeAs(db, setAcl('/zookeeper/config', OPEN_ACL_UNSAFE), [alice])).toBe('NOAUTH');
  expect(writeAs(db, setData('/zookeeper/config', 'x'), [above])).toBe('OK');
  expect(writeAs(db, create('/zookeeper/quota/a'), [])).toBe('OK');
});

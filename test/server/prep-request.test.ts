import { describe, expect, test } from 'vitest';
import { peek } from '../../src/base/parts.ts';
import { lengthOf } from '../../src/base/deque.ts';
import { clearOutstanding, prepareCreateSession, prepareRequest } from '../../src/server/prep-request.ts';
import { OPEN_ACL_UNSAFE, type ErrorCode, type Operation } from '../../src/server/protocol.ts';
import { hasSession } from '../../src/server/session-table.ts';
import { bodyOf, bytesOfTxn } from '../../src/server/txn-body.ts';
import {
  apply,
  check,
  closeSession,
  create,
  digestMismatches,
  ephemeral,
  makeDatabase,
  multi,
  openSession,
  prepare,
  remove,
  sequential,
  session,
  setData,
  stateOf,
  txnOf,
  write,
  type Database,
} from '../support/server-context.ts';

/** /a with a child, /e ephemeral, /d with version 2. */
function makeSample(): Database {
  const db = makeDatabase();
  openSession(db);
  for (const operation of [create('/a'), create('/a/b'), ephemeral('/e'), create('/d')]) write(db, operation);
  write(db, setData('/d', '1'));
  write(db, setData('/d', '2'));
  return db;
}

function errorOf(db: Database, operation: Operation, sessionCheck: ErrorCode = 'OK'): ErrorCode {
  const body = bodyOf(prepare(db, operation, session(1), sessionCheck));
  return body.type === 'error' ? body.error : 'OK';
}

describe('the first failing check decides', () => {
  const rows: [name: string, operation: Operation, expected: ErrorCode][] = [
    ['create without a slash [VAL-01]', create('a'), 'BADARGUMENTS'],
    ['create with a NUL [VAL-01]', create('/a\0'), 'BADARGUMENTS'],
    ['create below no parent [VAL-01]', create('/no/b'), 'NONODE'],
    ['create of a malformed path below no parent [VAL-17]', create('/no/../b'), 'NONODE'],
    ['create of a relative path whose parent text is no node [VAL-17]', create('x/b'), 'NONODE'],
    ['create of a malformed path below a parent [VAL-17]', create('/a/..'), 'BADARGUMENTS'],
    ['create with a slash at the end below a parent [VAL-17]', create('/a/'), 'BADARGUMENTS'],
    ['create with an empty component below no parent [VAL-17]', create('/no//b'), 'NONODE'],
    ['create of the root [VAL-01]', create('/'), 'NODEEXISTS'],
    ['create of what is there [VAL-01]', create('/a/b'), 'NODEEXISTS'],
    ['create below an ephemeral [VAL-01]', create('/e/b'), 'NOCHILDRENFOREPHEMERALS'],
    ['create of an ephemeral below an ephemeral [VAL-01]', ephemeral('/e/b'), 'NOCHILDRENFOREPHEMERALS'],
    ['sequential create with a slash at the end [TREE-14]', sequential('/a/'), 'OK'],
    ['create under /zookeeper [TREE-30]', create('/zookeeper/x'), 'OK'],
    ['delete without a slash [VAL-02]', remove('a'), 'BADARGUMENTS'],
    ['delete of the root [VAL-02]', remove('/'), 'BADARGUMENTS'],
    ['delete of a node of the system [VAL-02]', remove('/zookeeper/quota'), 'BADARGUMENTS'],
    ['delete below no parent [VAL-02]', remove('/no/b'), 'NONODE'],
    ['delete of nothing [VAL-02]', remove('/no'), 'NONODE'],
    ['delete with a slash at the end [VAL-17]', remove('/a/'), 'NONODE'],
    ['delete of another version, before it looks for children [VAL-02]', remove('/a', 7), 'BADVERSION'],
    ['delete of a parent [VAL-02]', remove('/a', 0), 'NOTEMPTY'],
    ['setData of a malformed path [VAL-03]', setData('/a/', 'x'), 'BADARGUMENTS'],
    ['setData of the empty path [VAL-03]', setData('', 'x'), 'BADARGUMENTS'],
    ['setData of nothing [VAL-03]', setData('/no', 'x'), 'NONODE'],
    ['setData of another version [VAL-03]', setData('/d', 'x', 1), 'BADVERSION'],
    ['setData of this version [VAL-14]', setData('/d', 'x', 2), 'OK'],
    ['setData of any version [VAL-14]', setData('/d', 'x', -1), 'OK'],
    ['setData of a version below -1 [VAL-14]', setData('/d', 'x', -2), 'BADVERSION'],
    ['check of a malformed path [VAL-05]', check('//', 0), 'BADARGUMENTS'],
    ['check of nothing [VAL-05]', check('/no', 0), 'NONODE'],
    ['check of another version [VAL-05]', check('/d', 0), 'BADVERSION'],
    ['check of this version [VAL-05]', check('/d', 2), 'OK'],
    ['check of any version [VAL-14]', check('/d', -1), 'OK'],
  ];
  test.for(rows)('%s', ([, operation, expected]) => {
    expect(errorOf(makeSample(), operation)).toBe(expected);
  });

  const operations = [create('bad'), remove('bad'), setData('bad', ''), check('bad', 0)];
  test.for(operations)('the session is looked at before the path of a $op [VAL-01] [VAL-02] [VAL-03] [VAL-05]', (operation) => {
    expect(errorOf(makeSample(), operation, 'SESSIONMOVED')).toBe('SESSIONMOVED');
  });

  test('only a close asks nothing of the session [SESS-23]', () => {
    expect(bodyOf(prepare(makeSample(), closeSession, session(1), 'SESSIONEXPIRED'))).toEqual({
      type: 'closeSession',
      paths2Delete: ['/e'],
    });
  });
});

describe('requests see what was prepared before them [VAL-16] [PIPE-14]', () => {
  test('a node that will be there, will be changed, and will be gone', () => {
    const db = makeDatabase();
    const requests = [create('/a'), create('/a'), create('/a/b'), remove('/a'), setData('/a', 'x', 0), setData('/a', 'x', 0)];
    const more = [remove('/a/b'), remove('/a', 0), remove('/a', 1), setData('/a', 'x'), create('/a/b'), create('/a')];
    const txns = [...requests, ...more].map((operation) => prepare(db, operation));
    const expected = ['OK', 'NODEEXISTS', 'OK', 'NOTEMPTY', 'OK', 'BADVERSION', 'OK', 'BADVERSION', 'OK', 'NONODE', 'NONODE', 'OK'];
    expect(txns.map(bodyOf).map((body) => (body.type === 'error' ? body.error : 'OK'))).toEqual(expected);
    expect(txns.map((txn) => apply(db, txn).error)).toEqual(expected);
    expect(digestMismatches(db)).toEqual([]);
  });

  test('records go when their transaction is applied, the newest of a path last', () => {
    const db = makeDatabase();
    const txns = [prepare(db, create('/a')), prepare(db, setData('/a', 'x'))];
    const changes = (): [number, number] => {
      const { records, forPath } = peek(db.parts, db.refs.outstanding);
      return [lengthOf(records), forPath.size];
    };
    expect(changes()).toEqual([3, 2]);
    txns.forEach((txn, i) => {
      apply(db, txn);
      expect(changes()).toEqual(i === 0 ? [1, 1] : [0, 0]);
    });
  });

  test('the root is one node: a pending setData of / and a pending create below it do not miss each other', () => {
    const db = makeDatabase();
    const txns = [setData('/', 'x'), create('/a'), setData('/', 'y', 1)].map((operation) => prepare(db, operation));
    expect(txns.map((txn) => apply(db, txn).error)).toEqual(['OK', 'OK', 'OK']);
    expect(digestMismatches(db)).toEqual([]);
  });

  test('a role that ends leaves no records', () => {
    const db = makeDatabase();
    prepare(db, create('/a'));
    clearOutstanding(db);
    expect(errorOf(db, setData('/a', 'x'))).toBe('NONODE');
  });
});

describe('sequential nodes', () => {
  const nameOf = (db: Database, operation: Operation): string => {
    const body = bodyOf(prepare(db, operation));
    return body.type === 'create' ? body.path : body.type;
  };

  test('the suffix counts the creates of all children, whatever their names [TREE-10]', () => {
    const db = makeDatabase();
    expect([nameOf(db, sequential('/s-')), nameOf(db, create('/x')), nameOf(db, sequential('/t-'))]).toEqual([
      '/s-0000000000',
      '/x',
      '/t-0000000002',
    ]);
    expect(nameOf(db, remove('/x'))).toBe('delete');
    expect(nameOf(db, sequential('/'))).toBe('/0000000003');
  });

  test('a failed create consumes no suffix [TREE-12]', () => {
    const db = makeDatabase();
    nameOf(db, create('/a'));
    expect([nameOf(db, create('/a')), nameOf(db, sequential('/s-'))]).toEqual(['error', '/s-0000000001']);
  });

  test('a name that is taken fails again and again until another child is made [TREE-28]', () => {
    const db = makeDatabase();
    nameOf(db, create('/s-0000000001'));
    expect([nameOf(db, sequential('/s-')), nameOf(db, sequential('/s-'))]).toEqual(['error', 'error']);
    nameOf(db, create('/other'));
    expect(nameOf(db, sequential('/s-'))).toBe('/s-0000000002');
  });

  test('suffixes rise inside a multi, and its rollback takes them back [TREE-11]', () => {
    const db = makeDatabase();
    expect(bodyOf(prepare(db, multi(sequential('/s-'), sequential('/s-'))))).toMatchObject({
      txns: [{ path: '/s-0000000000' }, { path: '/s-0000000001' }],
    });
    expect(bodyOf(prepare(db, multi(sequential('/s-'), remove('/no'))))).toMatchObject({
      txns: [{ path: '/s-0000000002' }, { error: 'NONODE' }],
    });
    expect(nameOf(db, sequential('/s-'))).toBe('/s-0000000002');
  });
});

describe('multi', () => {
  test('a failure names the operation and spoils those after it [MULTI-03] [MULTI-04]', () => {
    const db = makeDatabase();
    const body = bodyOf(prepare(db, multi(create('/a'), create('/no/b'), create('/c'), check('/', 0))));
    expect(body).toMatchObject({
      type: 'multi',
      txns: [{ type: 'create' }, { type: 'error', error: 'NONODE' }, { error: 'RUNTIMEINCONSISTENCY' }, { error: 'RUNTIMEINCONSISTENCY' }],
    });
    expect(errorOf(db, setData('/a', 'x'))).toBe('NONODE');
  });

  test('rollback brings back what the paths had before, sequential ones too [MULTI-01]', () => {
    const db = makeDatabase();
    write(db, create('/s-0000000001'));
    const txns = [
      prepare(db, remove('/s-0000000001')),
      prepare(db, multi(sequential('/s-'), check('/no', 0))),
      prepare(db, create('/s-0000000001')),
    ];
    expect(txns.map((txn) => apply(db, txn).error)).toEqual(['OK', 'OK', 'OK']);
    expect(digestMismatches(db)).toEqual([]);
  });

  test('rollback of the only outstanding request leaves nothing', () => {
    const db = makeDatabase();
    prepare(db, multi(create('/a'), create('/a')));
    expect(peek(db.parts, db.refs.outstanding)).toEqual({ records: { items: [], head: 0 }, forPath: new Map() });
  });

  test('other operations inside spoil the whole [MULTI-02]', () => {
    const db = makeDatabase();
    expect(errorOf(db, multi(create('/a'), { op: 'getData', path: '/a', watch: false }))).toBe('MARSHALLINGERROR');
    expect(errorOf(db, multi(multi(create('/a'))))).toBe('MARSHALLINGERROR');
    expect(errorOf(db, create('/a'))).toBe('OK');
  });

  test('an empty one succeeds [MULTI-08]', () => {
    expect(bodyOf(prepare(makeDatabase(), multi()))).toEqual({ type: 'multi', txns: [] });
  });

  test('a session that moved fails the first operation [MULTI-09]', () => {
    const body = bodyOf(prepare(makeDatabase(), multi(create('/a'), create('/b')), session(1), 'SESSIONMOVED'));
    expect(body).toMatchObject({ txns: [{ error: 'SESSIONMOVED' }, { error: 'RUNTIMEINCONSISTENCY' }] });
  });
});

describe('versions', () => {
  test('the next version skips -1 and wraps around [VAL-14]', () => {
    const versionAfter = (version: number): unknown => {
      const db = makeDatabase();
      write(db, create('/a'));
      apply(db, txnOf(db, { type: 'setData', path: '/a', data: null, version }));
      const body = bodyOf(prepare(db, setData('/a', 'x', version === -1 ? -1 : version)));
      return body.type === 'setData' ? body.version : body;
    };
    expect([-3, -2, 2_147_483_647].map(versionAfter)).toEqual([-2, 0, -2_147_483_648]);
  });
});

describe('closing a session', () => {
  test('the paths are those of the tree, less those that will be deleted, plus those that will be created [SESS-20] [SESS-21]', () => {
    const db = makeDatabase();
    for (const path of ['/b', '/a', '/gone']) write(db, ephemeral(path));
    write(db, ephemeral('/other'), session(2));
    prepare(db, remove('/gone'));
    prepare(db, ephemeral('/new'));
    prepare(db, ephemeral('/brief'));
    prepare(db, remove('/brief'));
    prepare(db, ephemeral('/theirs'), session(2));
    expect(bodyOf(prepare(db, closeSession))).toEqual({ type: 'closeSession', paths2Delete: ['/a', '/b', '/new'] });
    expect(bodyOf(prepare(db, closeSession))).toEqual({ type: 'closeSession', paths2Delete: [] });
  });

  test('the parent of a closed ephemeral can be deleted at once', () => {
    const db = makeDatabase();
    write(db, create('/p'));
    write(db, ephemeral('/p/e'));
    const txns = [prepare(db, closeSession), prepare(db, remove('/p'), session(2))];
    expect(txns.map((txn) => apply(db, txn).error)).toEqual(['OK', 'OK']);
    expect(digestMismatches(db)).toEqual([]);
  });
});

test('a session enters the table when its creation is applied, unless ZOOKEEPER-2926 is back [SESS-08]', () => {
  const fixed = makeDatabase();
  const broken = makeDatabase({ sessionEntersTableAtCommit: false });
  for (const db of [fixed, broken]) prepareCreateSession(db, session(5), 4000);
  expect([fixed, broken].map((db) => hasSession(db.parts, db.refs.sessions, session(5)))).toEqual([false, true]);
});

test('a request that fails changes nothing but the zxid [ID-03] [PIPE-12]', () => {
  const db = makeSample();
  const before = stateOf(db);
  const txn = prepare(db, create('/a'));
  expect(apply(db, txn)).toEqual({ error: 'NODEEXISTS', result: null, events: [], deleted: [] });
  expect(stateOf(db)).toEqual({ ...(before as object), lastProcessedZxid: txn.zxid });
});

test('a transaction knows its serialised length [SYNC-07]', () => {
  const body = { type: 'create', path: '/a', data: null, acl: OPEN_ACL_UNSAFE, ephemeral: false, parentCVersion: 1 } as const;
  expect(bytesOfTxn(body)).toBe(32 + (6 + 4 + 27 + 1 + 4) + 12);
  expect(bytesOfTxn({ type: 'multi', txns: [body, { type: 'delete', path: '/é' }] })).toBe(32 + 4 + 8 + 42 + 8 + 7 + 12);
});

test('what is no write makes no transaction', () => {
  expect(() =>
    prepareRequest({ ctx: makeDatabase(), session: session(1), authInfo: [], zxid: 1, timeMs: 1, sessionCheck: 'OK' }, { op: 'ping' }),
  ).toThrow('ping makes no transaction');
});

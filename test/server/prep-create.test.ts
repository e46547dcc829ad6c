import { describe, expect, test } from 'vitest';
import { peek } from '../../src/base/parts.ts';
import type { ServerConfig } from '../../src/server/config.ts';
import type { ServerDecisions } from '../../src/server/decisions.ts';
import { CONTAINER_OWNER, ephemeralTypeOf, TTL_MAX_MS, ttlOf, ttlOwner } from '../../src/server/ephemeral-type.ts';
import { nodeAt } from '../../src/server/data-tree.ts';
import { CREATE_MODES, NO_SESSION, OPEN_ACL_UNSAFE, type CreateMode, type ErrorCode, type Operation } from '../../src/server/protocol.ts';
import { bodyOf } from '../../src/server/txn-body.ts';
import {
  apply,
  create,
  digestMismatches,
  ephemeral,
  makeDatabase,
  multi,
  prepare,
  remove,
  sequential,
  session,
  setData,
  statAt,
  txnOf,
  write,
  type Database,
} from '../support/server-context.ts';

type Mode = CreateMode | 'UNKNOWN';

const make = (op: 'create' | 'create2' | 'createContainer', path: string, mode: Mode): Operation => {
  return { op, path, data: null, acl: OPEN_ACL_UNSAFE, mode };
};
const makeTtl = (path: string, ttlMs: number, mode: Mode = 'PERSISTENT_WITH_TTL'): Operation => {
  return { op: 'createTTL', path, data: null, acl: OPEN_ACL_UNSAFE, mode, ttlMs };
};

function makeExtended(decisions: Partial<ServerDecisions> = {}, config: Partial<ServerConfig> = {}): Database {
  return makeDatabase(decisions, { extendedTypesEnabled: true, ...config });
}

function errorOf(db: Database, operation: Operation, check: ErrorCode = 'OK'): ErrorCode {
  const body = bodyOf(prepare(db, operation, session(1), check));
  return body.type === 'error' ? body.error : 'OK';
}

function ownerAt(db: Database, path: string): string | null {
  return nodeAt(db.parts, db.refs, path)?.ephemeralOwner ?? null;
}

test('an owner tells a session, a container and a time to live apart [TREE-18]', () => {
  expect([NO_SESSION, session(1), CONTAINER_OWNER, ttlOwner(1), ttlOwner(TTL_MAX_MS)].map(ephemeralTypeOf)).toEqual([
    'VOID',
    'NORMAL',
    'CONTAINER',
    'TTL',
    'TTL',
  ]);
  expect([ttlOwner(1), ttlOwner(TTL_MAX_MS)]).toEqual(['ff00000000000001', 'ff0000ffffffffff']);
  expect([1, 5000, TTL_MAX_MS].map((ttlMs) => ttlOf(ttlOwner(ttlMs)))).toEqual([1, 5000, TTL_MAX_MS]);
});

describe('flags and times to live are looked at before the session and the path [VAL-01]', () => {
  const rows: [name: string, operation: Operation, expected: ErrorCode][] = [
    ['flags that are no mode', make('create', 'x', 'UNKNOWN'), 'BADARGUMENTS'],
    ['flags that are no mode, of a container', make('createContainer', 'x', 'UNKNOWN'), 'BADARGUMENTS'],
    ['a TTL mode without a time to live', make('create', 'x', 'PERSISTENT_WITH_TTL'), 'BADARGUMENTS'],
    ['a TTL mode of a container [TREE-27]', make('createContainer', 'x', 'PERSISTENT_SEQUENTIAL_WITH_TTL'), 'BADARGUMENTS'],
    ['no time to live', makeTtl('x', 0), 'BADARGUMENTS'],
    ['a negative time to live', makeTtl('x', -1), 'BADARGUMENTS'],
    ['too long a time to live', makeTtl('x', TTL_MAX_MS + 1), 'BADARGUMENTS'],
    ['a time to live of another mode [TREE-27]', makeTtl('x', 5, 'PERSISTENT'), 'BADARGUMENTS'],
    ['another mode without a time to live [TREE-27]', makeTtl('x', -1, 'EPHEMERAL'), 'BADARGUMENTS'],
  ];
  test.for(rows)('%s', ([, operation, expected]) => {
    expect(errorOf(makeExtended(), operation, 'SESSIONMOVED')).toBe(expected);
  });

  test('TTL modes are UNIMPLEMENTED where extended types are off, whatever the time to live [CFG-51]', () => {
    const operations = [makeTtl('/t', 5), makeTtl('/t', 0), make('create', '/t', 'PERSISTENT_WITH_TTL')];
    for (const operation of operations) expect(errorOf(makeDatabase(), operation, 'SESSIONMOVED')).toBe('UNIMPLEMENTED');
    expect(errorOf(makeExtended(), makeTtl('/t', TTL_MAX_MS))).toBe('OK');
  });

  test('then the session, then the path', () => {
    expect(errorOf(makeExtended(), makeTtl('x', 5), 'SESSIONEXPIRED')).toBe('SESSIONEXPIRED');
    expect(errorOf(makeExtended(), makeTtl('x', 5))).toBe('BADARGUMENTS');
  });
});

describe('what a node becomes', () => {
  test('create and create2 go by the ephemeral bit and the suffix only [TREE-16] [TREE-17]', () => {
    for (const op of ['create', 'create2'] as const) {
      const db = makeDatabase();
      for (const mode of CREATE_MODES.slice(0, 5)) write(db, make(op, `/${mode}`, mode));
      expect(ownerAt(db, '/PERSISTENT')).toBe(NO_SESSION);
      expect(ownerAt(db, '/EPHEMERAL')).toBe(session(1));
      expect(ownerAt(db, '/PERSISTENT_SEQUENTIAL0000000002')).toBe(NO_SESSION);
      expect(ownerAt(db, '/EPHEMERAL_SEQUENTIAL0000000003')).toBe(session(1));
      expect(ownerAt(db, '/CONTAINER')).toBe(NO_SESSION);
      expect(digestMismatches(db)).toEqual([]);
    }
  });

  test('createContainer makes a container of any mode, with a suffix for the sequential ones [TREE-27]', () => {
    const db = makeDatabase();
    for (const mode of CREATE_MODES.slice(0, 5)) write(db, make('createContainer', `/${mode}`, mode));
    const paths = ['/CONTAINER', '/EPHEMERAL', '/EPHEMERAL_SEQUENTIAL0000000003', '/PERSISTENT', '/PERSISTENT_SEQUENTIAL0000000002'];
    expect([...peek(db.parts, db.refs.containers).keys()].toSorted()).toEqual(paths);
    for (const path of paths) expect([ownerAt(db, path), statAt(db, path)?.ephemeralOwner]).toEqual([CONTAINER_OWNER, NO_SESSION]); // TREE-09
    expect(peek(db.parts, db.refs.ephemerals).size).toBe(0);
    expect(digestMismatches(db)).toEqual([]);
  });

  test('createTTL keeps its time to live in the owner [TREE-18] [DISK-11]', () => {
    const db = makeExtended();
    write(db, makeTtl('/t', 5000));
    expect(write(db, makeTtl('/t-', 7, 'PERSISTENT_SEQUENTIAL_WITH_TTL')).result).toMatchObject({ op: 'createTTL', path: '/t-0000000001' });
    expect([ownerAt(db, '/t'), ownerAt(db, '/t-0000000001')]).toEqual([ttlOwner(5000), ttlOwner(7)]);
    expect(digestMismatches(db)).toEqual([]);
  });

  test('containers and TTL nodes may have children, ephemerals may not [VAL-01]', () => {
    const db = makeExtended();
    for (const operation of [make('createContainer', '/c', 'CONTAINER'), makeTtl('/t', 5), ephemeral('/e')]) write(db, operation);
    expect([create('/c/x'), create('/t/x'), create('/e/x')].map((operation) => errorOf(db, operation))).toEqual([
      'OK',
      'OK',
      'NOCHILDRENFOREPHEMERALS',
    ]);
  });
});

describe('deleteContainer [VAL-06]', () => {
  const drop = (path: string): Operation => ({ op: 'deleteContainer', path });

  test('takes what has no children and is of no session, whoever asks', () => {
    const db = makeDatabase();
    for (const path of ['/c', '/full']) write(db, make('createContainer', path, 'CONTAINER'));
    for (const operation of [create('/full/x'), create('/plain'), ephemeral('/e')]) write(db, operation);
    const rows: [string, ErrorCode][] = [
      ['c', 'BADARGUMENTS'],
      ['/zookeeper', 'BADARGUMENTS'],
      ['/no', 'NONODE'],
      ['/full', 'NOTEMPTY'],
      ['/e', 'BADVERSION'],
    ];
    for (const [path, expected] of rows) expect(errorOf(db, drop(path), 'SESSIONEXPIRED')).toBe(expected);
    for (const path of ['/c', '/plain']) expect(write(db, drop(path))).toMatchObject({ error: 'OK', result: { op: 'deleteContainer' } });
    expect([...peek(db.parts, db.refs.containers).keys()]).toEqual(['/full']);
    expect(digestMismatches(db)).toEqual([]);
  });

  test('a client of 3.8.0 has it refused, the container manager has not [OP-20]', () => {
    const db = makeDatabase({ decodesDeleteContainer: false });
    write(db, make('createContainer', '/c', 'CONTAINER'));
    expect(errorOf(db, drop('/c'))).toBe('BADARGUMENTS');
    expect(apply(db, prepare(db, drop('/c'), NO_SESSION)).error).toBe('OK');
  });
});

describe('inside a multi', () => {
  const resultsOf = (db: Database, ...ops: Operation[]): unknown => {
    const { result } = write(db, multi(...ops));
    return result?.op === 'multi' ? result.results.map(({ error, result: each }) => (error === 'OK' ? each?.op : error)) : result;
  };

  test('each kind keeps its name and so its answer [MULTI-02] [MULTI-05]', () => {
    const db = makeExtended();
    const ops = [make('create', '/a', 'PERSISTENT'), make('create2', '/b', 'EPHEMERAL'), make('createContainer', '/c', 'PERSISTENT')];
    expect(resultsOf(db, ...ops, makeTtl('/d', 5), setData('/a', 'x'), remove('/a'))).toEqual([
      'create',
      'create2',
      'createContainer',
      'createTTL',
      'setData',
      'delete',
    ]);
    expect([ownerAt(db, '/b'), ownerAt(db, '/c'), ownerAt(db, '/d')]).toEqual([session(1), CONTAINER_OWNER, ttlOwner(5)]);
    expect(digestMismatches(db)).toEqual([]);
  });

  test('the mode makes a container of a create, and a create of a createTTL [MULTI-06]', () => {
    const db = makeExtended();
    expect(resultsOf(db, make('create', '/a', 'CONTAINER'), makeTtl('/b', 5, 'PERSISTENT'))).toEqual(['createContainer', 'create']);
    expect([ownerAt(db, '/a'), ownerAt(db, '/b')]).toEqual([CONTAINER_OWNER, NO_SESSION]);
  });

  test('before ZOOKEEPER-4026 the mode alone decided [MULTI-06]', () => {
    const db = makeExtended({ multiKeepsCreateOperation: false });
    const ops = [
      make('create2', '/a', 'PERSISTENT'),
      make('createContainer', '/b', 'PERSISTENT'),
      make('createContainer', '/c', 'CONTAINER'),
    ];
    expect(resultsOf(db, ...ops)).toEqual(['create', 'create', 'createContainer']);
    expect(resultsOf(db, make('create2', '/d', 'UNKNOWN'), create('/e'))).toEqual(['BADARGUMENTS', 'RUNTIMEINCONSISTENCY']);
  });

  test('a mode that a create cannot have here spoils the whole [MULTI-02]', () => {
    const spoilers = [
      make('create', '/a', 'UNKNOWN'),
      make('create2', '/a', 'PERSISTENT_WITH_TTL'),
      make('createContainer', '/a', 'UNKNOWN'),
    ];
    for (const each of spoilers) expect(errorOf(makeExtended(), multi(create('/x'), each))).toBe('MARSHALLINGERROR');
    const others: Operation[] = [
      { op: 'setACL', path: '/', acl: OPEN_ACL_UNSAFE, version: -1 },
      { op: 'deleteContainer', path: '/a' },
      { op: 'exists', path: '/', watch: false },
      { op: 'undecodable', code: 1 },
    ];
    for (const each of others) expect(errorOf(makeExtended(), multi(create('/x'), each))).toBe('MARSHALLINGERROR');
  });
});

describe('versions without ZOOKEEPER-4743 [VAL-14]', () => {
  test('come to -1, which then means any', () => {
    const db = makeDatabase({ skipsVersionMinusOne: false });
    write(db, create('/a'));
    apply(db, txnOf(db, { type: 'setData', path: '/a', data: null, version: -2 }));
    expect(write(db, setData('/a', 'y', -2)).result).toMatchObject({ stat: { version: -1 } });
    expect(write(db, setData('/a', 'z', -1)).result).toMatchObject({ stat: { version: 0 } });
  });
});

test('what cannot be decoded, and reconfig, take a zxid for their error [VAL-18] [RCFG-04] [RCFG-37]', () => {
  const db = makeDatabase();
  const reconfig: Operation = { op: 'reconfig', joiningServers: null, leavingServers: '1', newMembers: null, curConfigId: -1 };
  const before = db.next.zxid;
  expect(errorOf(db, reconfig, 'SESSIONMOVED')).toBe('RECONFIGDISABLED');
  expect(errorOf(db, { op: 'undecodable', code: 7 }, 'SESSIONMOVED')).toBe('MARSHALLINGERROR');
  expect(db.next.zxid).toBe(before + 2);
});

test('a suffix counts the creates of all kinds [TREE-10]', () => {
  const db = makeExtended();
  write(db, make('createContainer', '/c', 'CONTAINER'));
  write(db, makeTtl('/t', 5));
  expect(write(db, sequential('/s')).result).toMatchObject({ path: '/s0000000002' });
});

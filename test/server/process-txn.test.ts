import { expect, test } from 'vitest';
import { peek } from '../../src/base/parts.ts';
import { applySteps, applyTxn, applyTxnStep, NOTHING_APPLIED, removeDeadEphemerals } from '../../src/server/process-txn.ts';
import { sessionTimeout } from '../../src/server/session-table.ts';
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
  session,
  setData,
  statAt,
  stateOf,
  txnOf,
  write,
  type Database,
  read,
} from '../support/server-context.ts';

const lastProcessed = (db: Database): number => peek(db.parts, db.refs.database).lastProcessedZxid;

test('each operation has its result', () => {
  const db = makeDatabase();
  expect(write(db, create('/a', 'x'))).toMatchObject({ error: 'OK', result: { op: 'create', path: '/a', stat: { dataLength: 1 } } });
  expect(write(db, setData('/a', 'yy'))).toMatchObject({ error: 'OK', result: { op: 'setData', stat: { version: 1, dataLength: 2 } } });
  expect(write(db, check('/a', 1))).toMatchObject({ error: 'OK', result: { op: 'check' } });
  expect(write(db, remove('/a', 1))).toMatchObject({ error: 'OK', result: { op: 'delete' } });
  expect(write(db, remove('/a'))).toMatchObject({ error: 'NONODE', result: null });
  expect(write(db, closeSession)).toMatchObject({ error: 'OK', result: { op: 'closeSession' } });
});

test('a server whose client does not wait builds no result', () => {
  const db = makeDatabase();
  expect(applyTxn(db, prepare(db, create('/a')), false).result).toBeNull();
  expect(applyTxn(db, prepare(db, multi(setData('/a', 'x'))), false).result).toBeNull();
});

test('the stat of a setData inside a multi is that after this operation [MULTI-13]', () => {
  const db = makeDatabase();
  write(db, create('/a'));
  expect(write(db, multi(setData('/a', '1'), setData('/a', '22'))).result).toMatchObject({
    results: [{ result: { stat: { version: 1, dataLength: 1 } } }, { result: { stat: { version: 2, dataLength: 2 } } }],
  });
});

test('a failed multi is answered without an error of its own, one code an operation [MULTI-03] [MULTI-04]', () => {
  const db = makeDatabase();
  const before = stateOf(db);
  const { error, result, events } = write(db, multi(create('/a'), create('/a/b'), remove('/no'), create('/c')));
  expect({ error, events }).toEqual({ error: 'OK', events: [] });
  expect(result).toEqual({
    op: 'multi',
    results: ['OK', 'OK', 'NONODE', 'RUNTIMEINCONSISTENCY'].map((each) => ({ error: each, result: null })),
  });
  expect(stateOf(db)).toEqual({ ...(before as object), lastProcessedZxid: lastProcessed(db) });
});

test('an empty multi succeeds and takes a zxid [MULTI-08]', () => {
  const db = makeDatabase();
  const { zxid } = db.next;
  expect(write(db, multi())).toEqual({ error: 'OK', result: { op: 'multi', results: [] }, events: [], deleted: [] });
  expect(lastProcessed(db)).toBe(zxid);
});

test('a session is in the table from its creation to its close, on every server that applied them [SESS-08] [DISK-27]', () => {
  const db = makeDatabase();
  openSession(db, session(3), 12_000);
  expect(sessionTimeout(db.parts, db.refs.sessions, session(3))).toBe(12_000);
  expect(db.notes).toContainEqual({ type: 'session-opened', session: session(3), timeoutMs: 12_000, zxid: lastProcessed(db) });
  write(db, closeSession, session(3));
  expect(sessionTimeout(db.parts, db.refs.sessions, session(3))).toBeNull();
});

test('a close deletes the listed paths under its one zxid, tolerates what is gone, and takes what was left over [SESS-22]', () => {
  const db = makeDatabase();
  openSession(db);
  for (const path of ['/listed', '/left']) write(db, ephemeral(path));
  const txn = txnOf(db, { type: 'closeSession', paths2Delete: ['/gone', '/listed'] });
  expect(apply(db, txn)).toMatchObject({ error: 'OK', deleted: ['/listed', '/left'] });
  expect(statAt(db, '/')).toMatchObject({ pzxid: txn.zxid, numChildren: 1 });
  expect(db.notes).toContainEqual({ type: 'session-closed', session: session(1), zxid: txn.zxid, deleted: ['/listed', '/left'] });
});

test('a mutation leaves the ephemerals of a closed session', () => {
  const db = makeDatabase({ ephemeralsDeletedOnClose: false });
  openSession(db);
  write(db, ephemeral('/e'));
  expect(write(db, closeSession).deleted).toEqual([]);
  expect(statAt(db, '/e')).not.toBeNull();
  expect(digestMismatches(db)).toHaveLength(1);
});

test('lastProcessedZxid only grows [DISK-26]', () => {
  const db = makeDatabase();
  const old = prepare(db, create('/a'));
  write(db, create('/b'));
  const newest = lastProcessed(db);
  apply(db, old);
  expect(lastProcessed(db)).toBe(newest);
});

test('a multi and a close go one by one, everything else in one step', () => {
  const db = makeDatabase();
  openSession(db);
  for (const path of ['/e', '/f', '/g']) write(db, ephemeral(path));
  const operations = [create('/a'), multi(create('/b'), create('/c')), multi(), closeSession, closeSession];
  expect(operations.map((operation) => applySteps(db, prepare(db, operation)))).toEqual([1, 2, 1, 3, 1]);
});

test('taken step by step, the outcome is the same as at once, and the zxid is raised by the last step', () => {
  const [steps, whole] = [makeDatabase(), makeDatabase()];
  for (const db of [steps, whole]) {
    openSession(db);
    for (const path of ['/e', '/f']) write(db, ephemeral(path));
    read(db, { op: 'getChildren', path: '/', watch: true }, 1, session(2));
    read(db, { op: 'exists', path: '/f', watch: true }, 1, session(2));
  }
  for (const operation of [multi(create('/a'), setData('/a', 'x'), remove('/e')), multi(create('/b'), remove('/no')), closeSession]) {
    const txn = prepare(steps, operation);
    const before = lastProcessed(steps);
    let outcome = NOTHING_APPLIED;
    for (let step = 0; step < applySteps(steps, txn); step++) {
      expect(lastProcessed(steps)).toBe(before);
      outcome = applyTxnStep(steps, txn, step, outcome);
    }
    expect(outcome).toEqual(applyTxn(whole, prepare(whole, operation)));
    expect(stateOf(steps)).toEqual(stateOf(whole));
  }
});

test('mutations raise the zxid too early: before the apply, or with the first operation of a multi', () => {
  const early = makeDatabase({ advancesZxidBeforeApply: true });
  const txn = prepare(early, create('/a'));
  expect(applySteps(early, txn)).toBe(2);
  const outcome = applyTxnStep(early, txn, 0, NOTHING_APPLIED);
  expect([lastProcessed(early), statAt(early, '/a')]).toEqual([txn.zxid, null]);
  expect(applyTxnStep(early, txn, 1, outcome)).toMatchObject({ error: 'OK', result: { path: '/a' } });

  const torn = makeDatabase({ multiAdvancesZxidPerSubop: true });
  const both = prepare(torn, multi(create('/a'), create('/b')));
  applyTxnStep(torn, both, 0, NOTHING_APPLIED);
  expect([lastProcessed(torn), statAt(torn, '/b')]).toEqual([both.zxid, null]);
});

test('a leader that loads removes ephemerals whose session is unknown, without a transaction [SESS-33] [ID-23]', () => {
  const db = makeDatabase();
  openSession(db);
  for (const path of ['/mine', '/also']) write(db, ephemeral(path));
  write(db, ephemeral('/theirs'), session(2));
  const before = lastProcessed(db);
  removeDeadEphemerals(db);
  expect([statAt(db, '/theirs'), statAt(db, '/mine')?.ephemeralOwner, statAt(db, '/also')?.ephemeralOwner]).toEqual([
    null,
    session(1),
    session(1),
  ]);
  expect(lastProcessed(db)).toBe(before);
});

test('a transaction of another layer is a bug', () => {
  const db = makeDatabase();
  expect(() => applyTxn(db, { ...prepare(db, create('/a')), body: { type: 'other' } })).toThrow('a transaction of type other');
});

import fc from 'fast-check';
import { dumpTree } from '../../src/server/data-tree.ts';
import { describe, expect, test } from 'vitest';
import type { Item } from '../../src/base/step.ts';
import type { ServerDecisions } from '../../src/server/decisions.ts';
import { beginSnapshot, clearDatabase, restored, restoreRecord, walkSnapshot } from '../../src/server/fuzzy-snapshot.ts';
import { applySteps, applyTxn, applyTxnStep, NOTHING_APPLIED, type ApplyOutcome } from '../../src/server/process-txn.ts';
import type { Txn } from '../../src/zab/txn.ts';
import {
  apply,
  closeSession,
  create,
  digestMismatches,
  ephemeral,
  makeDatabase,
  multi,
  openSession,
  prepare,
  prepareSession,
  remove,
  session,
  setData,
  setLastProcessedZxid,
  stateOf,
  write,
  type Database,
} from '../support/server-context.ts';
import { makeRandomWrite, type RandomWrite } from './random-writes.ts';

/** A snapshot: the zxid in its name, and its records. */
interface Snapshot {
  readonly name: number;
  readonly records: readonly Item[];
}

interface Walk {
  readonly name: number;
  readonly records: Item[];
  cursor: Item | null;
}

const zxidOf = (db: Database): number => (stateOf(db) as { lastProcessedZxid: number }).lastProcessedZxid;

function begin(db: Database): Walk {
  return { name: zxidOf(db), records: [], cursor: beginSnapshot(db) };
}

function walk(db: Database, into: Walk, count = Infinity): Snapshot {
  for (let i = 0; i < count && into.cursor !== null; i++) {
    const { record, cursor } = walkSnapshot(db, into.cursor);
    into.records.push(record);
    into.cursor = cursor;
  }
  return into;
}

/** What recovery does: the records, then every transaction after the name. */
function recover(snapshot: Snapshot, log: readonly Txn[], decisions: Partial<ServerDecisions> = {}): Database {
  const db = makeDatabase(decisions);
  write(db, create('/of-before')); // must not survive
  clearDatabase(db);
  setLastProcessedZxid(db, snapshot.name);
  db.notes.length = 0;
  for (const record of snapshot.records) restoreRecord(db, record);
  restored(db);
  for (const txn of log) if (txn.zxid > snapshot.name) applyTxn(db, txn, false);
  return db;
}

function expectRecovery(db: Database, snapshot: Snapshot, log: readonly Txn[], decisions: Partial<ServerDecisions> = {}): void {
  const recovered = recover(snapshot, log, decisions);
  expect(stateOf(recovered)).toEqual(stateOf(db));
  expect(digestMismatches(recovered)).toEqual([]);
}

/** The thread that applies: one step of the transaction in hand, or of the next. */
interface Applier {
  readonly db: Database;
  readonly log: Txn[];
  step: number;
  outcome: ApplyOutcome;
}

function applyStep(applier: Applier, txn: Txn): boolean {
  applier.outcome = applyTxnStep(applier.db, txn, applier.step, applier.outcome, false);
  applier.step++;
  if (applier.step < applySteps(applier.db, txn)) return false;
  applier.step = 0;
  applier.outcome = NOTHING_APPLIED;
  return true;
}

/** Random writes with one walk among their steps, as `pauses` tells; a leader makes the transactions. */
function runFuzzy(
  writes: readonly RandomWrite[],
  beginAt: number,
  pauses: readonly number[],
  decisions: Partial<ServerDecisions>,
): { db: Database; snapshot: Snapshot; log: Txn[] } {
  const leader = makeDatabase({}, { extendedTypesEnabled: true });
  const log = [prepareSession(leader, session(1)), prepareSession(leader, session(2))];
  for (const txn of log) apply(leader, txn);
  for (const { operation, by, authInfo } of writes) {
    const txn = prepare(leader, operation, by, 'OK', authInfo);
    log.push(txn);
    apply(leader, txn);
  }
  const db = makeDatabase(decisions);
  const applier: Applier = { db, log, step: 0, outcome: NOTHING_APPLIED };
  let running: Walk | null = null;
  let at = 0;
  for (let i = 0; at < log.length; i++) {
    if (i === beginAt) running = begin(db);
    if (running !== null) walk(db, running, pauses[i % pauses.length]);
    if (applyStep(applier, log[at] as Txn)) at++;
  }
  return { db, snapshot: walk(db, running ?? begin(db)), log };
}

/** How many nodes the walk takes before each step of the writes. */
function pausesOf(...counts: number[]): fc.Arbitrary<number[]> {
  return fc.array(fc.constantFrom(...counts), { minLength: 1, maxLength: 20 });
}

/** Does every run recover? With one name only, nodes are deleted and made anew all the time. */
function findBrokenRun(names: readonly string[], decisions: Partial<ServerDecisions>, numRuns: number): unknown {
  const fuzzyRun = fc.record({
    writes: fc.array(makeRandomWrite(names), { minLength: 20, maxLength: 50 }),
    beginAt: fc.integer({ min: 0, max: 30 }),
    pauses: fc.oneof(pausesOf(0, 1, 2), pausesOf(0, 0, 0, 0, 1, 2)),
  });
  const property = fc.property(fuzzyRun, ({ writes, beginAt, pauses }) => {
    const { db, snapshot, log } = runFuzzy(writes, beginAt, pauses, decisions);
    expectRecovery(db, snapshot, log, decisions);
  });
  return fc.check(property, { numRuns, seed: 1, endOnFailure: true }).counterexample;
}

describe('any walk among any writes recovers, with the log after its name, to the same database', () => {
  const few = ['a'];
  const more = ['a', 'b', '__proto__', '1', '01'];
  test.for([{ names: few }, { names: more }])(
    'with names $names [DISK-13] [DISK-14] [DISK-15] [DISK-23] [DISK-24] [DIG-05] [DIG-06]',
    ({ names }) => {
      expect(findBrokenRun(names, {}, 1000)).toBeNull();
    },
  );

  const broken: [why: string, decisions: Partial<ServerDecisions>][] = [
    ['the zxid is raised before the apply [ZOOKEEPER-1090]', { advancesZxidBeforeApply: true }],
    ['the zxid is raised by the first operation of a multi [ZOOKEEPER-3127]', { multiAdvancesZxidPerSubop: true }],
    ['a delete of a missing child leaves the pzxid of its parent [ZOOKEEPER-3125]', { deleteOfMissingRaisesPzxid: false }],
    ['a child that is there stays out of the list of its new parent [ZOOKEEPER-4846]', { existingChildRejoinsParent: false }],
  ];
  test.for(broken)('but not when %s', ([, decisions]) => {
    expect(findBrokenRun(few, decisions, 6000) ?? findBrokenRun(more, decisions, 6000)).not.toBeNull();
  });
});

test('sessions come first, then nodes depth first, at last the digest [DISK-13]', () => {
  const db = makeDatabase();
  openSession(db, session(2));
  openSession(db, session(1));
  for (const operation of [create('/b'), create('/a'), create('/a/c'), ephemeral('/a/__proto__')]) write(db, operation);
  const { records } = walk(db, begin(db));
  expect(records[0]).toMatchObject({ type: 'snapshot-sessions', sessions: [{ session: session(1) }, { session: session(2) }] });
  const paths = ['', '/a', '/a/__proto__', '/a/c', '/b', '/zookeeper', '/zookeeper/config', '/zookeeper/quota'];
  expect(records.slice(1, -1).map((record) => ('path' in record ? record.path : record.type))).toEqual(paths);
  expect(records.at(-1)).toMatchObject({ type: 'snapshot-digest', since: zxidOf(db), wholeAt: zxidOf(db) });
});

test('quotas hold after a load, with the usage that is there, and replay goes on counting [DISK-19] [QUOTA-02]', () => {
  const db = makeDatabase();
  const quota = ['/zookeeper/quota/q', '/zookeeper/quota/q/zookeeper_limits', '/zookeeper/quota/q/zookeeper_stats'];
  for (const path of ['/q', ...quota]) write(db, create(path));
  const running = begin(db);
  walk(db, running, 4);
  const log = [create('/q/a', 'xx'), create('/q/b', 'y'), remove('/q/b')].map((operation) => prepare(db, operation));
  for (const txn of log) apply(db, txn);
  const recovered = recover(walk(db, running), log);
  expect(stateOf(recovered)).toEqual(stateOf(db));
  expect(stateOf(recovered)).toMatchObject({ quotas: ['/q'] });
  const usage = dumpTree(recovered.parts, recovered.refs).find(({ path }) => path.endsWith('zookeeper_stats'));
  expect(usage?.node.data).toBe('count=2,bytes=2');
});

test('a child that was deleted since its parent was visited is passed over, one that was added is missing [DISK-15]', () => {
  const db = makeDatabase();
  for (const operation of [create('/a'), create('/b')]) write(db, operation);
  const running = begin(db);
  walk(db, running, 2);
  for (const operation of [remove('/a'), create('/c')]) write(db, operation);
  const paths = walk(db, running).records.flatMap((record) => ('path' in record ? [record.path] : []));
  expect(paths).toEqual(['', '/b', '/zookeeper', '/zookeeper/config', '/zookeeper/quota']);
});

test('a multi that is half applied when the walk ends gives no false alarm [DIG-05]', () => {
  const db = makeDatabase();
  const log = [prepare(db, create('/a')), prepare(db, multi(setData('/a', 'x'), create('/b')))] as const;
  apply(db, log[0]);
  const outcome = applyTxnStep(db, log[1], 0, NOTHING_APPLIED);
  const snapshot = walk(db, begin(db));
  expect(snapshot.records.at(-1)).toMatchObject({ wholeAt: log[1].zxid, digest: null });
  applyTxnStep(db, log[1], 1, outcome);
  expectRecovery(db, snapshot, log);
});

test('a snapshot of a tree that is itself still fuzzy waits for the same zxid [DIG-05]', () => {
  const leader = makeDatabase();
  const log = [create('/a'), remove('/a'), create('/b'), setData('/b', 'x')].map((operation) => prepare(leader, operation));
  const [first, ...others] = log as [Txn, ...Txn[]];
  apply(leader, first);
  const running = begin(leader);
  walk(leader, running, 3);
  for (const txn of others) apply(leader, txn);
  const learner = recover(walk(leader, running), []);
  const second = walk(learner, begin(learner));
  expect(second.records.at(-1)).toMatchObject({ since: first.zxid, wholeAt: log.at(-1)?.zxid });
  expectRecovery(leader, second, log);
});

test('after a snapshot without changes the digest is compared at once; a wrong one is noted [DIG-06]', () => {
  const db = makeDatabase();
  write(db, create('/a', 'x'));
  const snapshot = walk(db, begin(db));
  expect(recover(snapshot, []).notes).toMatchObject([{ type: 'digest', zxid: zxidOf(db) }]);
  const torn = snapshot.records.map((record) =>
    record.type === 'snapshot-node' && 'path' in record && record.path === '/a' ? { ...record, data: null } : record,
  );
  expect(digestMismatches(recover({ ...snapshot, records: torn }, []))).toHaveLength(1);
});

test('the digest of an earlier epoch is not compared [DIG-06]', () => {
  const db = makeDatabase();
  write(db, create('/a'));
  setLastProcessedZxid(db, 0x2_0000_0000);
  const recovered = recover(walk(db, begin(db)), []);
  expect(recovered.notes).toEqual([]);
  db.next.zxid = 0x2_0000_0001;
  recovered.next.zxid = db.next.zxid;
  const txn = prepare(db, create('/b'));
  applyTxn(recovered, txn);
  expect(digestMismatches(recovered)).toEqual([]);
});

test('a node that was deleted and made anew while the walk went on keeps its children, unless ZOOKEEPER-4846 is back [DISK-24]', () => {
  const run = (decisions: Partial<ServerDecisions>): unknown => {
    const db = makeDatabase(decisions);
    write(db, create('/p'));
    const running = begin(db);
    walk(db, running, 2); // the root, with /p in its list
    const log = [remove('/p'), create('/p'), create('/p/c')].map((operation) => prepare(db, operation));
    for (const txn of log) apply(db, txn);
    const { nodes } = stateOf(recover(walk(db, running), log, decisions)) as { nodes: { path: string; children: string[] }[] };
    return nodes.flatMap(({ path, children }) => (path.startsWith('/p') ? [`${path}: ${children.join()}`] : []));
  };
  expect(run({})).toEqual(['/p: c', '/p/c: ']);
  expect(run({ existingChildRejoinsParent: false })).toEqual(['/p: ', '/p/c: ']);
});

test('records without their parent are refused, a stream that breaks off leaves what came [DISK-18]', () => {
  const db = makeDatabase();
  for (const operation of [create('/a'), create('/a/b'), create('/c')]) write(db, operation);
  const { records } = walk(db, begin(db));
  const learner = makeDatabase();
  clearDatabase(learner);
  for (const record of records.slice(0, 4)) restoreRecord(learner, record);
  expect((stateOf(learner) as { nodes: object[] }).nodes).toMatchObject([
    { path: '/', children: ['a'] },
    { path: '/a', children: ['b'] },
    { path: '/a/b', children: [] },
  ]);
  expect(() => recover({ name: 0, records: records.filter((_, i) => i !== 2) }, [])).toThrow('/a/b comes before its parent');
});

test('clearing leaves the database of a new server', () => {
  const db = makeDatabase();
  openSession(db);
  write(db, ephemeral('/e'));
  write(db, closeSession, session(2));
  clearDatabase(db);
  expect(stateOf(db)).toEqual({ ...(stateOf(makeDatabase()) as object), lastProcessedZxid: zxidOf(db) });
});

test('sizes are those of the file format', () => {
  const db = makeDatabase();
  openSession(db);
  write(db, create('/é', 'xyz'));
  const sizes: number[] = [];
  for (let cursor: Item | null = beginSnapshot(db); cursor !== null;) {
    const walked = walkSnapshot(db, cursor);
    sizes.push(walked.bytes);
    cursor = walked.cursor;
  }
  expect(sizes).toEqual([4 + 12, 4 + 4 + 68, 14 + 4 + 68, 21 + 4 + 68, 20 + 4 + 68, 4 + 3 + 4 + 3 + 68, 5 + 20]);
});

// Each property of replication on runs told by hand: one that holds, one of each kind that violates, and one that does not exercise it.

import { expect, test } from 'vitest';
import { violatedOperands } from '../support/told-run.ts';
import {
  boot,
  broadcast,
  committed,
  createTxnBody,
  delivered,
  digest,
  establish,
  join,
  logged,
  makeToldRun,
  makeTxn,
  recovered,
  replied,
  say,
  startEnsemble,
  verdictOf,
  write,
  z,
} from '../support/told-run.ts';

const t1 = makeTxn(z(1, 1));
const t2 = makeTxn(z(1, 2));
const t3 = makeTxn(z(1, 3));
const u1 = makeTxn(z(2, 1));

function runWithWrites(count = 2): ReturnType<typeof makeToldRun> {
  const run = makeToldRun();
  startEnsemble(run);
  for (const txn of [t1, t2, t3].slice(0, count)) write(run, 0, txn, [1, 2]);
  return run;
}

test('two leaders of one epoch violate I-LEAD, one of each epoch does not', () => {
  const run = makeToldRun();
  expect(verdictOf(run, 'I-LEAD')).toBe('not-exercised');
  startEnsemble(run);
  establish(run, 1, 2);
  expect(verdictOf(run, 'I-LEAD')).toBe('held');
  establish(run, 2, 2);
  expect(verdictOf(run, 'I-LEAD')).toBe('two-leaders');
  expect(violatedOperands(run, 'I-LEAD')).toEqual({ epoch: 2, first: 2, second: 3 });
});

test('a server established twice in one epoch violates I-LEAD', () => {
  const run = makeToldRun();
  startEnsemble(run);
  establish(run, 0, 1);
  expect(verdictOf(run, 'I-LEAD')).toBe('led-twice');
});

test('a delivery that nobody broadcast violates I-INT', () => {
  const run = runWithWrites(1);
  expect(verdictOf(run, 'I-INT')).toBe('held');
  say(run, 1, delivered(t2));
  expect(verdictOf(run, 'I-INT')).toBe('never-broadcast');
});

test('a delivery of other content than was broadcast violates I-INT, an equal copy does not', () => {
  const run = runWithWrites(1);
  say(run, 0, broadcast(t2), committed(t2));
  say(run, 1, delivered({ ...t2 }));
  expect(verdictOf(run, 'I-INT')).toBe('held');
  say(run, 2, delivered({ ...t2, cxid: 99 }));
  expect(verdictOf(run, 'I-INT')).toBe('other-content');
});

test('without a delivery neither I-INT, I-AGR nor I-PO is exercised', () => {
  const run = makeToldRun();
  startEnsemble(run);
  for (const id of ['I-INT', 'I-AGR', 'I-PO', 'I-UNC', 'I-DIG', 'I-LOG'] as const) expect(verdictOf(run, id)).toBe('not-exercised');
});

test('a server that passes over a committed transaction violates I-AGR and I-PO', () => {
  const run = runWithWrites(1);
  expect(verdictOf(run, 'I-AGR')).toBe('held');
  for (const txn of [t2, t3]) say(run, 0, broadcast(txn), committed(txn));
  say(run, 1, delivered(t3));
  expect(violatedOperands(run, 'I-AGR')).toEqual({ sid: 2, zxid: z(1, 3), expected: z(1, 2) });
  expect(verdictOf(run, 'I-PO')).toBe('skipped');
});

/** A former leader with t2 of its own in its tree; the others have committed u1 in epoch 2. */
function runWithDeposedLeader(): ReturnType<typeof makeToldRun> {
  const run = runWithWrites(1);
  say(run, 0, broadcast(t2), logged(t2), delivered(t2, 'fast-forward'), { type: 'state', state: 'LOOKING', epoch: 1 });
  establish(run, 1, 2, t1.zxid);
  join(run, 2, 2);
  write(run, 1, u1, [2]);
  return run;
}

test('an uncommitted tail violates nothing while its server serves nobody', () => {
  const run = runWithDeposedLeader();
  for (const id of ['I-AGR', 'I-LOSS', 'I-UNC', 'I-PO', 'I-LOG'] as const) expect(verdictOf(run, id)).not.toMatch(/diverged|lost|extra/);
  expect(run.checker.violations).toEqual([]);
});

test('a server that opens its door with a transaction the others never had violates I-AGR [SYNC-22]', () => {
  const run = runWithDeposedLeader();
  say(run, 0, delivered(u1, 'sync'));
  expect(verdictOf(run, 'I-AGR')).toBe('held');
  join(run, 0, 2);
  expect(violatedOperands(run, 'I-AGR')).toEqual({ sid: 1, zxid: t2.zxid, expected: u1.zxid });
});

test('the tail of a server that becomes leader is committed with it [SYNC-57]', () => {
  const run = runWithWrites(1);
  say(run, 0, broadcast(t2));
  say(run, 1, logged(t2), delivered(t2, 'fast-forward'));
  establish(run, 1, 2, t2.zxid);
  say(run, 2, delivered(t2, 'sync'));
  join(run, 2, 2);
  say(run, 1, replied(z(2, 0)));
  expect(run.checker.violations).toEqual([]);
  expect(verdictOf(run, 'I-UNC')).toBe('held');
});

test('a leader without a committed transaction violates I-LOSS', () => {
  const run = runWithWrites(1);
  say(run, 0, broadcast(t2), committed(t2), delivered(t2));
  say(run, 2, delivered(t2));
  establish(run, 1, 2, t1.zxid);
  expect(violatedOperands(run, 'I-LOSS')).toEqual({ epoch: 2, leader: 2, zxid: t2.zxid });
});

test('a leader with all that is committed keeps I-LOSS, and the first establishment does not exercise it', () => {
  const run = makeToldRun();
  startEnsemble(run);
  expect(verdictOf(run, 'I-LOSS')).toBe('not-exercised');
  write(run, 0, t1, [1, 2]);
  establish(run, 2, 2, t1.zxid);
  expect(verdictOf(run, 'I-LOSS')).toBe('held');
});

test('a commit of an old epoch that the new leader does not have violates I-LOSS; one that it has does not', () => {
  const run = runWithWrites(1);
  say(run, 0, broadcast(t2), broadcast(t3));
  say(run, 1, delivered(t2, 'fast-forward'));
  establish(run, 1, 2, t2.zxid);
  say(run, 0, committed(t2));
  expect(verdictOf(run, 'I-LOSS')).toBe('held');
  say(run, 0, committed(t3));
  expect(verdictOf(run, 'I-LOSS')).toBe('committed-too-late');
});

test('a leader of an older epoch may be established late with a prefix of the newer history, not with more', () => {
  const run = runWithWrites(1);
  establish(run, 1, 3, t1.zxid);
  establish(run, 2, 2, t1.zxid);
  expect(verdictOf(run, 'I-LOSS')).toBe('held');
  const other = runWithWrites(1);
  say(other, 0, broadcast(t2));
  establish(other, 1, 3, t1.zxid);
  say(other, 2, delivered(t2, 'fast-forward'));
  establish(other, 2, 2, t2.zxid);
  expect(verdictOf(other, 'I-LOSS')).toBe('not-prefix');
});

test('a transaction that a client saw and no leader committed is missed by I-LOSS when a later leader lacks it', () => {
  const run = runWithWrites(1);
  say(run, 3, { type: 'client-session', session: 'S', timeoutMs: 1000, how: 'created' });
  say(run, 0, broadcast(t2), delivered(t2), replied(t2.zxid, { xid: 7 }));
  expect(verdictOf(run, 'I-UNC')).toBe('replied');
  say(run, 3, {
    type: 'client-returned',
    call: 1,
    xid: 7,
    operation: { op: 'sync', path: '/' },
    error: 'OK',
    result: null,
    zxid: t2.zxid,
    session: 'S',
    server: 0,
  });
  establish(run, 1, 2, t1.zxid);
  expect(verdictOf(run, 'I-LOSS')).toBe('seen-lost');
});

test('an event out of an uncommitted tree violates I-UNC, a ping does not', () => {
  const run = runWithWrites(1);
  say(run, 0, broadcast(t2), delivered(t2), replied(t2.zxid, { operation: { op: 'ping' } }));
  expect(verdictOf(run, 'I-UNC')).toBe('not-exercised');
  say(run, 0, { type: 'watch-fired', session: 'S', event: 'NodeDataChanged', path: '/a', zxid: t2.zxid });
  expect(verdictOf(run, 'I-UNC')).toBe('fired');
});

test('broadcasts that skip a zxid or belong to a later epoch violate I-PO, words of an earlier term do not', () => {
  const run = runWithWrites(2);
  expect(verdictOf(run, 'I-PO')).toBe('held');
  say(run, 0, { type: 'current-epoch', epoch: 2 }, broadcast(t3));
  expect(verdictOf(run, 'I-PO')).toBe('held');
  const skipping = runWithWrites(1);
  say(skipping, 0, broadcast(t3));
  expect(violatedOperands(skipping, 'I-PO')).toEqual({ leader: 1, zxid: t3.zxid, last: t1.zxid });
  const rolling = runWithWrites(1);
  say(rolling, 0, broadcast(u1));
  expect(verdictOf(rolling, 'I-PO')).toBe('foreign-epoch');
});

test('commits out of order violate I-PO', () => {
  const run = runWithWrites(1);
  say(run, 0, broadcast(t2), broadcast(t3), committed(t3));
  expect(verdictOf(run, 'I-PO')).toBe('commit-order');
});

test('a second delivery violates I-PO when it is a commit, and is nothing when a snapshot had it [SYNC-26]', () => {
  const run = runWithWrites(2);
  say(run, 1, delivered(t2, 'sync'));
  expect(verdictOf(run, 'I-PO')).toBe('held');
  say(run, 1, delivered(t2, 'commit'));
  expect(verdictOf(run, 'I-PO')).toBe('went-back');
});

test('a primary that broadcasts without what was committed before violates I-PO', () => {
  const run = runWithWrites(1);
  say(run, 0, broadcast(t2), committed(t2));
  say(run, 1, { type: 'current-epoch', epoch: 2 }, broadcast(u1));
  expect(violatedOperands(run, 'I-PO')).toEqual({ leader: 2, epoch: 2, zxid: t2.zxid });
});

test('a delivery of an old primary after a new one has begun violates I-PO', () => {
  const run = runWithWrites(1);
  say(run, 0, broadcast(t2));
  say(run, 1, { type: 'current-epoch', epoch: 2 }, broadcast(u1));
  say(run, 2, delivered(t2));
  expect(verdictOf(run, 'I-PO')).toBe('late');
});

test('a log that goes back, has a hole or has a stranger violates I-LOG', () => {
  const back = runWithWrites(2);
  expect(verdictOf(back, 'I-LOG')).toBe('held');
  say(back, 1, logged(t2));
  expect(verdictOf(back, 'I-LOG')).toBe('not-increasing');
  const hole = runWithWrites(1);
  say(hole, 0, broadcast(t2), broadcast(t3));
  say(hole, 1, logged(t3));
  expect(violatedOperands(hole, 'I-LOG')).toEqual({ sid: 2, zxid: t3.zxid, last: t1.zxid, expected: t2.zxid });
  const stranger = runWithDeposedLeader();
  say(stranger, 0, logged(u1));
  expect(violatedOperands(stranger, 'I-LOG')).toEqual({ sid: 1, zxid: u1.zxid, last: t2.zxid, expected: t1.zxid });
});

test('I-LOG forgets what was cut, what failed and what a snapshot covers', () => {
  const cut = runWithDeposedLeader();
  say(cut, 0, { type: 'truncated', zxid: t1.zxid }, logged(u1));
  expect(verdictOf(cut, 'I-LOG')).toBe('held');
  const failed = runWithWrites(1);
  say(failed, 0, broadcast(t2), logged(t2), { type: 'append-failed', zxid: t2.zxid }, logged(t2));
  expect(verdictOf(failed, 'I-LOG')).toBe('held');
  const covered = runWithWrites(1);
  say(covered, 0, broadcast(t2), broadcast(t3));
  say(covered, 1, { type: 'snapshot-begun', zxid: t2.zxid }, { type: 'snapshot-done', zxid: t2.zxid }, logged(t3));
  expect(verdictOf(covered, 'I-LOG')).toBe('held');
});

test('a hole that the log has after a power loss violates I-REC and, at the next append, I-LOG', () => {
  const run = runWithWrites(3);
  say(run, 1, { type: 'node-down', how: 'power-loss', why: '' }, { type: 'node-up' });
  say(run, 1, delivered(t1, 'recovery'), delivered(t3, 'recovery'), recovered(-1, t3.zxid, 2));
  expect(verdictOf(run, 'I-REC')).toBe('hole');
});

test('a recovery with and without its uncommitted tail keeps I-REC; a server without history does not exercise it', () => {
  const run = runWithWrites(1);
  expect(verdictOf(run, 'I-REC')).toBe('not-exercised');
  say(run, 0, broadcast(t2), logged(t2));
  say(
    run,
    0,
    { type: 'node-down', how: 'kill', why: '' },
    { type: 'node-up' },
    delivered(t1, 'recovery'),
    delivered(t2, 'recovery'),
    recovered(-1, t2.zxid, 2),
  );
  say(run, 0, { type: 'node-down', how: 'power-loss', why: '' }, { type: 'node-up' }, delivered(t1, 'recovery'), recovered(-1, t1.zxid, 1));
  expect(verdictOf(run, 'I-REC')).toBe('held');
});

test('a discarded transaction that comes back at a restart violates I-REC', () => {
  const run = runWithDeposedLeader();
  say(run, 0, { type: 'current-epoch', epoch: 2 }, { type: 'node-down', how: 'kill', why: '' }, { type: 'node-up' });
  say(run, 0, delivered(t1, 'recovery'), delivered(t2, 'recovery'), recovered(-1, t2.zxid, 2));
  expect(violatedOperands(run, 'I-REC')).toEqual({ sid: 1, zxid: t2.zxid, epoch: 2 });
});

test('a stranger between two epochs of a rebuilt history violates I-REC', () => {
  const run = runWithDeposedLeader();
  say(run, 0, { type: 'node-down', how: 'kill', why: '' }, { type: 'node-up' });
  say(run, 0, delivered(t1, 'recovery'), delivered(t2, 'recovery'), delivered(u1, 'recovery'), recovered(-1, u1.zxid, 3));
  expect(verdictOf(run, 'I-REC')).toBe('extra');
});

test('a rebuilt tree with another digest violates I-REC, by its own word or by a look at it', () => {
  const told = runWithWrites(0);
  say(told, 0, broadcast(t1), committed(t1), digest(t1.zxid, 'aa'), delivered(t1));
  say(
    told,
    0,
    { type: 'node-down', how: 'kill', why: '' },
    { type: 'node-up' },
    digest(t1.zxid, 'bb'),
    delivered(t1, 'recovery'),
    recovered(-1, t1.zxid, 1),
  );
  expect(verdictOf(told, 'I-REC')).toBe('digest');
  const reader = { treeDigest: () => 'bb', sessions: () => [], ephemeralOwners: () => [], ephemeralsOf: () => [], lastLogged: () => -1 };
  const seen = makeToldRun({ reader });
  startEnsemble(seen);
  say(seen, 0, broadcast(t1), committed(t1), digest(t1.zxid, 'aa'), delivered(t1));
  say(seen, 1, delivered(t1), { type: 'snapshot-begun', zxid: t1.zxid }, { type: 'snapshot-done', zxid: t1.zxid });
  say(seen, 1, { type: 'node-down', how: 'kill', why: '' }, { type: 'node-up' }, recovered(t1.zxid, t1.zxid));
  expect(violatedOperands(seen, 'I-REC')).toEqual({ sid: 2, other: 1, zxid: t1.zxid });
});

test('two digests after one transaction violate I-DIG; a digest told in a replay is not its business [DIG-05]', () => {
  const run = runWithWrites(0);
  say(run, 0, broadcast(t1), committed(t1), digest(t1.zxid, 'aa'), delivered(t1));
  say(run, 1, digest(t1.zxid, 'bb'), delivered(t1, 'fast-forward'));
  expect(verdictOf(run, 'I-DIG')).toBe('not-exercised');
  say(run, 2, digest(t1.zxid, 'aa'), delivered(t1));
  expect(verdictOf(run, 'I-DIG')).toBe('held');
  say(run, 0, broadcast(t2), committed(t2), digest(t2.zxid, 'cc'), delivered(t2));
  say(run, 2, digest(t2.zxid, 'dd'), delivered(t2));
  expect(violatedOperands(run, 'I-DIG')).toEqual({ sid: 3, other: 1, zxid: t2.zxid });
});

test('what the code holds to be impossible violates I-CODE', () => {
  const run = runWithWrites(0);
  expect(verdictOf(run, 'I-CODE')).toBe('held');
  say(run, 1, { type: 'bad', what: 'ack', zxid: z(1, 9), expected: z(1, 0), why: 'not-the-newleader-ack' });
  expect(verdictOf(run, 'I-CODE')).toBe('bad-ack');
});

test('a follower that opens its door before it has the initial history violates I-CODE', () => {
  const run = runWithWrites(1);
  say(run, 2, { type: 'node-down', how: 'kill', why: '' }, { type: 'node-up' }, recovered(-1, 0));
  establish(run, 1, 2, t1.zxid);
  join(run, 2, 2);
  expect(violatedOperands(run, 'I-CODE')).toEqual({ sid: 3, epoch: 2, missing: t1.zxid });
});

test('a snapshot of the leader counts as its history up to the zxid it came with [SYNC-26, SYNC-33]', () => {
  const run = runWithWrites(2);
  say(run, 2, { type: 'node-down', how: 'kill', why: '' }, { type: 'node-up' }, recovered(-1, 0), { type: 'database-cleared' });
  const plan = {
    row: 'SYNC-01',
    zxid: t1.zxid,
    peerLastZxid: 0,
    minCommittedLog: 0,
    maxCommittedLog: 0,
    lastProcessedZxid: t1.zxid,
    proposals: 0,
    withData: false,
  };
  say(run, 0, { type: 'sync-plan', sid: 3, mode: 'SNAP', ...plan });
  say(run, 2, { type: 'snapshot-installed', zxid: t2.zxid }, delivered(t2, 'sync'));
  join(run, 2, 1);
  write(run, 0, t3, [1, 2]);
  expect(run.checker.violations.filter(({ property }) => property !== 'I-LOG')).toEqual([]);
});

test('bodies of transactions do not matter to replication', () => {
  const run = makeToldRun();
  startEnsemble(run);
  write(run, 0, makeTxn(z(1, 1), { body: createTxnBody('/__proto__') }), [1, 2]);
  boot(run, 1);
  expect(run.checker.violations).toEqual([]);
});

import { expect, test } from 'vitest';
import { application } from '../../src/server/application.ts';
import { OPEN_ACL_UNSAFE } from '../../src/server/protocol.ts';
import { queueRequest } from '../../src/server/commit-processor.ts';
import type { ServerRequest } from '../../src/server/request.ts';
import { CLIENT_WRITER, COMMIT, COMMIT_WORKER } from '../../src/server/thread-kinds.ts';
import type { Txn } from '../../src/zab/txn.ts';
import { create } from '../support/server-context.ts';
import {
  asPeer,
  attach,
  chain,
  enqueued,
  getData,
  INCARNATION,
  itemsFor,
  lastProcessed,
  makeProcessors,
  ping,
  request,
  run,
  sessionId,
  step,
  sync,
  type Processors,
} from '../support/processors-context.ts';

const S = sessionId(1);
const T = sessionId(2);
const ZXID = 0x1_0000_0001;

function txn(session: string, cxid: number, path: string, zxid = ZXID): Txn {
  const body = { type: 'create', path, data: null, acl: OPEN_ACL_UNSAFE, ephemeral: false, parentCVersion: 1 };
  return { type: 'txn', zxid, session, cxid, timeMs: 0, body, digest: '', bytes: 0 };
}

function commit(of: Txn): { type: 'commit'; zxid: number; txn: Txn } {
  return { type: 'commit', zxid: of.zxid, txn: of };
}

/** The request arrives at the processor, which has not looked yet. */
function queue(ctx: Processors, of: ServerRequest): void {
  asPeer(ctx, () => queueRequest(ctx, INCARNATION, of));
}

function handle(ctx: Processors, of: ServerRequest): ReturnType<typeof run> {
  queue(ctx, of);
  return run(ctx, COMMIT, { type: 'wakeup' });
}

/** Types of what the connections' writers get. */
const sent = (effects: ReturnType<typeof run>): readonly string[] => itemsFor(effects, CLIENT_WRITER);

test('reads of a session without a pending write go straight to its worker [COMMIT-02] [COMMIT-09]', () => {
  const ctx = makeProcessors('follower');
  const connection = attach(ctx, S);
  const effects = handle(ctx, request(S, 1, getData('/'), connection));
  expect(itemsFor(effects, COMMIT_WORKER)).toEqual(['request']);
  expect(enqueued(handle(ctx, request(S, 2, ping, connection)))[0]!.to).toBe(enqueued(effects)[0]!.to);
  expect(chain(ctx).numRequestsProcessing).toBe(2);
});

test('a write and what follows it in its session wait; other sessions read on [COMMIT-01] [COMMIT-02] [COMMIT-03]', () => {
  const ctx = makeProcessors('follower');
  const [mine, other] = [attach(ctx, S), attach(ctx, T)];
  expect(handle(ctx, request(S, 1, create('/a'), mine))).toEqual([]);
  expect(handle(ctx, request(S, 2, getData('/a'), mine))).toEqual([]);
  expect(itemsFor(handle(ctx, request(T, 1, getData('/a'), other)), COMMIT_WORKER)).toEqual(['request']);
});

test('a sync waits for its commit on a learner only [COMMIT-01] [SYNCOP-05]', () => {
  for (const role of ['leader', 'follower', 'observer'] as const) {
    const ctx = makeProcessors(role);
    const effects = handle(ctx, request(S, 1, sync, attach(ctx, S)));
    expect(itemsFor(effects, COMMIT_WORKER)).toEqual(role === 'leader' ? ['request'] : []);
  }
});

test('its commit answers the local request and releases the reads up to the next write [COMMIT-06] [COMMIT-08]', () => {
  const ctx = makeProcessors('follower');
  const connection = attach(ctx, S);
  handle(ctx, request(S, 1, create('/a'), connection));
  handle(ctx, request(S, 2, getData('/a'), connection));
  handle(ctx, request(S, 3, create('/b'), connection));
  handle(ctx, request(S, 4, ping, connection));
  const effects = run(ctx, COMMIT, commit(txn(S, 1, '/a')));
  expect(sent(effects)).toEqual(['REPLY']);
  expect(itemsFor(effects, COMMIT_WORKER)).toEqual(['request']);
  expect(
    chain(ctx)
      .pendingRequests.get(S)!
      .map(({ cxid }) => cxid),
  ).toEqual([3, 4]);
  chain(ctx).numRequestsProcessing = 0;
  run(ctx, COMMIT, commit(txn(S, 3, '/b', ZXID + 1)));
  expect(chain(ctx).pendingRequests.size).toBe(0);
  expect(chain(ctx).queuedWriteRequests.items).toEqual([]);
});

test("another server's commit is applied without a reply, also while a local write waits [COMMIT-07]", () => {
  const ctx = makeProcessors('follower');
  handle(ctx, request(S, 1, create('/a'), attach(ctx, S)));
  expect(run(ctx, COMMIT, commit(txn(T, 1, '/t')))).toEqual([]);
  expect(lastProcessed(ctx)).toBe(ZXID);
  expect(chain(ctx).pendingRequests.get(S)!.length).toBe(1);
});

test('a write waits until no read is under way, and no read starts meanwhile [COMMIT-04] [WATCH-30]', () => {
  const ctx = makeProcessors('follower');
  const connection = attach(ctx, S);
  const read = enqueued(handle(ctx, request(S, 1, getData('/', true), connection)))[0]!;
  expect(run(ctx, COMMIT, commit(txn(T, 1, '/t')))).toEqual([]);
  expect(ctx.thread.blockedOn).toMatchObject({ on: 'condition' });
  expect(lastProcessed(ctx)).toBe(ZXID - 1);
  const effects = run(ctx, COMMIT_WORKER, read.item, read.to % 0x100000);
  expect(effects.map(({ type }) => type)).toEqual(['enqueue', 'signal']);
  run(ctx, COMMIT, { type: 'signalled' });
  expect(lastProcessed(ctx)).toBe(ZXID);
});

test('a commit that overtakes the look at its own request waits for that look', () => {
  const ctx = makeProcessors('follower');
  queue(ctx, request(S, 1, create('/a'), attach(ctx, S)));
  const effects = run(ctx, COMMIT, commit(txn(S, 1, '/a')));
  expect(sent(effects)).toEqual(['REPLY']);
  expect(run(ctx, COMMIT, { type: 'wakeup' })).toEqual([]);
});

test('with a local write pending, a commit of a request still queued is recognised all the same', () => {
  const ctx = makeProcessors('follower');
  const [mine, other] = [attach(ctx, S), attach(ctx, T)];
  handle(ctx, request(S, 1, create('/a'), mine));
  queue(ctx, request(T, 1, create('/t'), other));
  expect(sent(run(ctx, COMMIT, commit(txn(S, 1, '/a'))))).toEqual(['REPLY']);
  expect(sent(run(ctx, COMMIT, commit(txn(T, 1, '/t', ZXID + 1))))).toEqual(['REPLY']);
});

test('with drainsRequestsBeforeCommit false that commit counts as foreign and the session is stuck (ZOOKEEPER-1863)', () => {
  const ctx = makeProcessors('follower', { server: { drainsRequestsBeforeCommit: false } });
  queue(ctx, request(S, 1, create('/a'), attach(ctx, S)));
  expect(run(ctx, COMMIT, commit(txn(S, 1, '/a')))).toEqual([]);
  expect(lastProcessed(ctx)).toBe(ZXID);
  run(ctx, COMMIT, { type: 'wakeup' });
  expect(chain(ctx).pendingRequests.get(S)!.length).toBe(1);
});

test('a stopped processor ends at its next look, but finishes what it has taken (ZOOKEEPER-3598)', () => {
  const ctx = makeProcessors('follower', { zab: { learnerShutdownPlan: ['stop-processors', 'fast-forward'] } });
  const taken = step(ctx, COMMIT, commit(txn(T, 1, '/t')));
  expect(taken).toMatchObject([{ type: 'continue', item: { type: 'process' } }]);
  asPeer(ctx, () => application.stopProcessors(ctx));
  step(ctx, COMMIT, taken[0]!.type === 'continue' ? taken[0].item : null);
  expect(lastProcessed(ctx)).toBe(ZXID);
  step(ctx, COMMIT, commit(txn(T, 2, '/u', ZXID + 1)));
  expect(ctx.thread.ending).toBe(true);
  expect(lastProcessed(ctx)).toBe(ZXID);
});

test('where shutdown joins the thread, taking and applying are one event', () => {
  const ctx = makeProcessors('follower');
  step(ctx, COMMIT, commit(txn(T, 1, '/t')));
  expect(lastProcessed(ctx)).toBe(ZXID);
});

test('a thread of an old role does not reach the queues of the new one', () => {
  const ctx = makeProcessors('follower');
  asPeer(ctx, () => application.stopProcessors(ctx));
  const effects = asPeer(ctx, () => queueRequest(ctx, INCARNATION, request(S, 1, ping)));
  expect(effects).toEqual([]);
  expect(chain(ctx).queuedRequests.items).toEqual([]);
});

test("a learner's sync completes when SYNC comes back, oldest first [SYNCOP-03] [SYNCOP-07]", () => {
  const ctx = makeProcessors('follower');
  const connection = attach(ctx, S);
  const [first, second] = [request(S, 1, sync, connection), request(S, 2, sync, connection)];
  handle(ctx, first);
  handle(ctx, second);
  chain(ctx).pendingSyncs.push(first, second);
  const synced = enqueued([...asPeer(ctx, () => ctx.effects.push(application.syncedEffect(ctx, null)))])[0]!;
  expect(synced.item).toEqual({ type: 'commit-sync', request: first });
  const effects = run(ctx, COMMIT, synced.item);
  expect(enqueued(effects)[0]!.item).toMatchObject({ type: 'REPLY', xid: 1, error: 'OK' });
  expect(chain(ctx).pendingRequests.get(S)).toEqual([second]);
});

test('a SYNC that nobody waits for does nothing [SYNCOP-03]', () => {
  const ctx = makeProcessors('follower');
  asPeer(ctx, () => expect(application.syncedEffect(ctx, null)).toEqual({ type: 'atomic', effects: [] }));
});

test('without workers the main thread reads itself [CFG-41]', () => {
  const ctx = makeProcessors('follower', { config: { commitWorkers: 0 } });
  expect(sent(handle(ctx, request(S, 1, getData('/'), attach(ctx, S))))).toEqual(['REPLY']);
});

import { expect, test } from 'vitest';
import { application } from '../../src/server/application.ts';
import { own, peek } from '../../src/base/parts.ts';
import { setOwner, trackSession } from '../../src/server/session-tracker.ts';
import { COMMIT, PREP } from '../../src/server/thread-kinds.ts';
import { LEARNER_HANDLER_SENDER, SYNC } from '../../src/zab/thread-kinds.ts';
import type { Txn } from '../../src/zab/txn.ts';
import { closeSession, create, ephemeral } from '../support/server-context.ts';
import {
  asPeer,
  attach,
  chain,
  enqueued,
  getData,
  INCARNATION,
  itemsFor,
  makeProcessors,
  request,
  run,
  sessionId,
  step,
  sync,
  tracker,
  type Processors,
} from '../support/processors-context.ts';

const S = sessionId(1);
const T = sessionId(2);
const HANDLER = 4;

/** What the run proposed, oldest first. */
function proposed(ctx: Processors): readonly Txn[] {
  return peek(ctx.parts, ctx.refs.leader).outstandingProposals.map(({ txn }) => txn);
}

test('each write takes the next zxid of the epoch, one that fails too [ID-02] [ID-03] [PIPE-12]', () => {
  const ctx = makeProcessors('leader');
  const connection = attach(ctx, S);
  run(ctx, PREP, request(S, 1, create('/a'), connection));
  run(ctx, PREP, request(S, 2, create('/a'), connection));
  run(ctx, PREP, request(S, 3, create('/a/b'), connection));
  expect(proposed(ctx).map(({ zxid, body }) => [zxid, body.type])).toEqual([
    [0x1_0000_0001, 'create'],
    [0x1_0000_0002, 'error'],
    [0x1_0000_0003, 'create'],
  ]);
});

test('CommitProcessor first, then the followers, then the log, each an event of its own [PIPE-11] [PIPE-01]', () => {
  const ctx = makeProcessors('leader');
  const connection = attach(ctx, S);
  own(ctx.parts, ctx.refs.leader).forwardingFollowers.push(HANDLER);
  const first = step(ctx, PREP, request(S, 1, create('/a'), connection));
  expect(itemsFor(first, COMMIT)).toEqual(['wakeup']);
  expect(first[1]).toMatchObject({ type: 'continue', item: { type: 'propose' } });
  expect(proposed(ctx)).toEqual([]);
  const second = step(ctx, PREP, first[1]!.type === 'continue' ? first[1].item : null);
  expect(itemsFor(second, LEARNER_HANDLER_SENDER)).toEqual(['PROPOSAL']);
  const third = step(ctx, PREP, second[1]!.type === 'continue' ? second[1].item : null);
  expect(itemsFor(third, SYNC)).toEqual(['log']);
});

test("a learner's request enters here, without a connection, owned by its handler [PIPE-02] [SESS-25]", () => {
  const ctx = makeProcessors('leader');
  asPeer(ctx, () => {
    const effect = application.learnerRequestEffect(ctx, request(S, 1, create('/a'), 77), HANDLER);
    expect(effect).toMatchObject({ type: 'enqueue', item: { connection: -1, origin: 77, owner: HANDLER } });
  });
});

test('the leader tracks a new session at prep, before its commit, and sets its owner [SESS-06] [SESS-07]', () => {
  const ctx = makeProcessors('leader');
  run(ctx, PREP, { ...request(S, 0, { op: 'createSession', timeoutMs: 4000 }), owner: HANDLER, origin: 77 });
  expect(tracker(ctx).sessions.get(S)).toMatchObject({ timeoutMs: 4000, owner: HANDLER, ownerConnection: 77, closing: false });
  expect(peek(ctx.parts, ctx.refs.sessions).has(S)).toBe(false);
  expect(proposed(ctx)[0]).toMatchObject({ session: S, cxid: 0, body: { type: 'createSession', timeoutMs: 4000 } });
});

test('closeSession needs no owner and marks the session; an ephemeral after it is refused [SESS-20] [SESS-23] (ZOOKEEPER-1208)', () => {
  for (const setsSessionClosingAtPrep of [true, false]) {
    const ctx = makeProcessors('leader', { server: { setsSessionClosingAtPrep } });
    const connection = attach(ctx, S);
    run(ctx, PREP, request(S, 1, ephemeral('/e'), connection));
    run(ctx, PREP, { ...request(S, 2, closeSession), owner: HANDLER });
    run(ctx, PREP, request(S, 3, ephemeral('/late'), connection));
    expect(proposed(ctx).map(({ body }) => body)).toMatchObject([
      { type: 'create' },
      { type: 'closeSession', paths2Delete: ['/e'] },
      setsSessionClosingAtPrep ? { type: 'error', error: 'SESSIONEXPIRED' } : { type: 'create' },
    ]);
  }
});

test('a write through another server than the owner becomes an error transaction [SESS-25] [SESS-38]', () => {
  const ctx = makeProcessors('leader');
  trackSession(ctx, INCARNATION, S, 4000);
  setOwner(ctx, INCARNATION, S, 5, -1);
  run(ctx, PREP, { ...request(S, 1, create('/a')), owner: HANDLER });
  expect(proposed(ctx)[0]!.body).toEqual({ type: 'error', error: 'SESSIONMOVED' });
});

test('so does one through the same server that came on an earlier connection; to ZooKeeper these two are one [SESS-25]', () => {
  for (const ownerIsConnection of [true, false]) {
    const ctx = makeProcessors('leader', { server: { ownerIsConnection } });
    trackSession(ctx, INCARNATION, S, 4000);
    setOwner(ctx, INCARNATION, S, HANDLER, 78);
    run(ctx, PREP, { ...request(S, 1, create('/a')), owner: HANDLER, origin: 77 });
    run(ctx, PREP, { ...request(S, 2, create('/b')), owner: HANDLER, origin: 78 });
    run(ctx, PREP, { ...request(S, 3, closeSession), owner: HANDLER, origin: 77 }); // SESS-23
    expect(proposed(ctx).map(({ body }) => body.type)).toEqual([ownerIsConnection ? 'error' : 'create', 'create', 'closeSession']);
  }
});

test('on the leader reads are checked too, take no zxid and carry the error along [SESS-28] [SESS-39] [ID-04]', () => {
  const ctx = makeProcessors('leader');
  const connection = attach(ctx, S);
  run(ctx, PREP, request(S, 1, getData('/'), connection));
  setOwner(ctx, INCARNATION, S, HANDLER, 8);
  run(ctx, PREP, request(S, 2, getData('/'), connection));
  run(ctx, PREP, request(T, 1, getData('/'), connection));
  expect(chain(ctx).queuedRequests.items.map(({ exception }) => exception)).toEqual(['OK', 'SESSIONMOVED', 'SESSIONEXPIRED']);
  expect(chain(ctx).hzxid).toBe(0x1_0000_0000);
});

test("a learner's sync is answered at once, or behind the last proposal, whatever its session check says [SYNCOP-01] [SYNCOP-02] [SYNCOP-08]", () => {
  const ctx = makeProcessors('leader');
  const connection = attach(ctx, S);
  const effects = run(ctx, PREP, { ...request(T, 9, sync), owner: HANDLER });
  expect(enqueued(effects).map(({ item }) => item)).toEqual([{ type: 'SYNC', zxid: 0 }]);
  run(ctx, PREP, request(S, 1, create('/a'), connection));
  expect(run(ctx, PREP, { ...request(T, 10, sync), owner: HANDLER })).toEqual([]);
  expect(peek(ctx.parts, ctx.refs.leader).pendingSyncs).toMatchObject([{ zxid: 0x1_0000_0001, handler: HANDLER }]);
});

test('the last counter of an epoch ends the thread [BCAST-01] [LOGT-08]', () => {
  const ctx = makeProcessors('leader');
  const connection = attach(ctx, S);
  chain(ctx).hzxid = 0x1_ffff_fffe;
  run(ctx, PREP, request(S, 1, create('/a'), connection));
  expect(proposed(ctx)).toEqual([]);
  expect(peek(ctx.parts, ctx.refs.peer).failed).toBe(true);
  expect(ctx.thread.ending).toBe(true);
});

test('a stopped processor drops what is queued', () => {
  const ctx = makeProcessors('leader');
  const connection = attach(ctx, S);
  asPeer(ctx, () => application.stopProcessors(ctx));
  expect(run(ctx, PREP, request(S, 1, create('/a'), connection))).toEqual([]);
  expect(ctx.thread.ending).toBe(true);
});

test("with leaderAppliesAt 'proposal' the leader commits to itself when it proposes (T13)", () => {
  const ctx = makeProcessors('leader', { server: { leaderAppliesAt: 'proposal' } });
  const connection = attach(ctx, S);
  const effects = enqueued(run(ctx, PREP, request(S, 1, create('/a'), connection)));
  const commit = effects.find(({ item }) => item.type === 'commit')!;
  expect(commit.item.zxid).toBe(0x1_0000_0001);
  run(ctx, COMMIT, commit.item);
  expect(peek(ctx.parts, ctx.refs.database).lastProcessedZxid).toBe(0x1_0000_0001);
  own(ctx.parts, ctx.refs.leader).toBeApplied.push(proposed(ctx)[0]!);
  expect(run(ctx, COMMIT, commit.item)).toEqual([]);
  expect(peek(ctx.parts, ctx.refs.leader).toBeApplied).toEqual([]);
});

test('a reconfig that cannot be read takes a zxid, and without its header is left waiting, or answered by one server alone [PIPE-13] [VAL-18]', () => {
  const unread = { op: 'undecodable', code: 16 } as const;
  const prepared = (role: 'leader' | 'standalone', undecodableReconfigIsTxn: boolean): unknown => {
    const ctx = makeProcessors(role, { server: { undecodableReconfigIsTxn } });
    const { hzxid } = chain(ctx);
    const effects = step(ctx, PREP, request(S, 1, unread, attach(ctx, S)));
    const kinds = effects.map((effect) => (effect.type === 'continue' ? effect.item.type : effect.type));
    return [chain(ctx).hzxid - hzxid, ...kinds];
  };
  expect(prepared('leader', true)).toEqual([1, 'enqueue', 'propose']);
  expect(prepared('leader', false)).toEqual([0, 'enqueue']);
  expect(prepared('standalone', false)).toEqual([0, 'enqueue']);
});

import { describe, expect, test } from 'vitest';
import { own, peek } from '../../src/base/parts.ts';
import type { Effect, HostInput, Item } from '../../src/base/step.ts';
import { makeZxid } from '../../src/base/zxid.ts';
import type { ZabDecisions } from '../../src/zab/decisions.ts';
import { stepLeader } from '../../src/zab/leader.ts';
import { makePlanItem } from '../../src/zab/plan.ts';
import { QUORUM_PEER } from '../../src/zab/thread-kinds.ts';
import { addFollower, addHandler, handlerOf, leaderOf, makeLeaderContext, queued, queuedItems, runAs } from '../support/leader-context.ts';
import { itemsOf, type PeerContext } from '../support/peer-context.ts';

const z = makeZxid;
const TICK_US = 2_000_000;

function step(ctx: PeerContext, input: Item | HostInput): readonly Effect[] {
  return runAs(ctx, QUORUM_PEER, 0, () => stepLeader(ctx, input));
}

/** A leader in broadcast, with followers 2 and 3 in sync. */
function serving(decisions: Partial<ZabDecisions> = {}): PeerContext {
  const ctx = makeLeaderContext({ decisions });
  Object.assign(leaderOf(ctx), { stage: 'broadcast', serverRunning: true, waitDeadline: TICK_US / 2 });
  addFollower(ctx, 2);
  addFollower(ctx, 3);
  ctx.now = TICK_US / 2;
  return ctx;
}

function wake(ctx: PeerContext): readonly Effect[] {
  const effects = step(ctx, { type: 'timeout' });
  ctx.now = leaderOf(ctx).waitDeadline;
  return effects;
}

function reasons(ctx: PeerContext): unknown[] {
  return ctx.notes.flatMap((note) => (note.type === 'left-role' ? [note.why] : []));
}

describe('the tick', () => {
  test('pings go out on each wake, the tick and the quorum check come with every second [LIVE-01] [LIVE-02] [LIVE-07]', () => {
    const ctx = serving();
    expect(queued(wake(ctx))).toEqual(['0:PING', '1:PING']);
    expect(leaderOf(ctx).tick).toBe(0);
    expect(queued(wake(ctx))).toEqual(['0:PING', '1:PING']);
    expect(leaderOf(ctx).tick).toBe(1);
    expect(ctx.now).toBe(3 * (TICK_US / 2));
  });

  test('a ping carries the last proposal and queues behind what is there [LIVE-07] [LIVE-08]', () => {
    const ctx = serving();
    leaderOf(ctx).lastProposed = z(1, 9);
    expect(queuedItems(wake(ctx))[0]).toEqual({ type: 'PING', zxid: z(1, 9), touches: [] });
  });

  test('nobody is pinged before its sender has started [LIVE-07]', () => {
    const ctx = serving();
    addHandler(ctx, 4);
    expect(queued(wake(ctx))).toEqual(['0:PING', '1:PING']);
  });

  test('without a quorum in sync it steps down at the next check, not between [LIVE-02] [LIVE-03]', () => {
    const ctx = serving();
    for (const key of [0, 1]) handlerOf(ctx, key).alive = false;
    wake(ctx);
    expect(reasons(ctx)).toEqual([]);
    expect(itemsOf(wake(ctx), 'continue')).toEqual([makePlanItem('leader-shutdown')]);
    expect(ctx.notes).toContainEqual({ type: 'left-role', role: 'LEADING', why: 'no-quorum', operands: [1] });
  });

  test('a follower is in sync until its deadline in ticks is past [LIVE-03] [LIVE-04]', () => {
    const ctx = serving();
    handlerOf(ctx, 0).alive = false;
    handlerOf(ctx, 1).tickOfNextAckDeadline = 1;
    for (let i = 0; i < 3; i++) wake(ctx);
    expect(reasons(ctx)).toEqual([]);
    wake(ctx);
    expect(reasons(ctx)).toEqual(['no-quorum']);
  });

  test('a learner that has not finished its sync counts while its first deadline holds [LIVE-05]', () => {
    const ctx = serving();
    for (const key of [0, 1]) handlerOf(ctx, key).alive = false;
    addHandler(ctx, 3, { stage: 'sync' });
    wake(ctx);
    wake(ctx);
    expect(reasons(ctx)).toEqual([]);
  });

  test('a processor that failed ends it at the next half tick [LIVE-18] [LOGT-08]', () => {
    const ctx = serving();
    own(ctx.parts, ctx.refs.peer).failed = true;
    wake(ctx);
    expect(reasons(ctx)).toEqual(['processor-failed']);
  });

  test('a learner with an old proposal unacknowledged is cut off [BCAST-20]', () => {
    const ctx = serving();
    Object.assign(handlerOf(ctx, 0), { limitStarted: true, limitZxid: z(1, 1), limitTime: -5 * TICK_US });
    const effects = wake(ctx);
    expect(effects.map(({ type }) => type)).toEqual(['atomic', 'close', 'interrupt', 'enqueue']);
    expect(leaderOf(ctx).handlers.map(({ key }) => key)).toEqual([1]);
    expect(leaderOf(ctx).forwardingFollowers).toEqual([1]);
  });

  test('a leader that ignores the loss of its quorum goes on [LIVE-03]', () => {
    const ctx = serving({ stepsDownWithoutQuorum: false });
    for (const key of [0, 1]) handlerOf(ctx, key).alive = false;
    for (let i = 0; i < 4; i++) wake(ctx);
    expect(reasons(ctx)).toEqual([]);
  });

  test('a signal before the time is up is no half tick [LIVE-01]', () => {
    const ctx = serving();
    ctx.now -= 1;
    expect(step(ctx, { type: 'signalled', condition: 'leader' })).toEqual([]);
    expect(ctx.thread.blockedOn).toMatchObject({ deadline: TICK_US / 2 });
  });

  test('the last counter ends the term at once, an accepted later epoch at the half tick [BCAST-01] [DISC-13]', () => {
    const first = serving();
    leaderOf(first).counterExhausted = true;
    step(first, { type: 'signalled', condition: 'leader' });
    expect(reasons(first)).toEqual(['counter-exhausted']);
    const second = serving();
    leaderOf(second).newerEpoch = 5;
    wake(second);
    expect(reasons(second)).toEqual(['epoch-older']);
    const third = serving({ stepsDownForNewerEpoch: false });
    leaderOf(third).newerEpoch = 5;
    wake(third);
    expect(reasons(third)).toEqual([]);
  });
});

describe('the start', () => {
  test('the epoch is known to memory before its own ack; a quorum of epoch acks raises currentEpoch [DISC-14] [DISC-25] [ID-11]', () => {
    const ctx = makeLeaderContext({ voters: [1], epoch: 3 });
    Object.assign(leaderOf(ctx), { waitingForNewEpoch: false, lastProposed: 0, summary: { currentEpoch: 2, lastZxid: z(2, 4) } });
    const effects = step(ctx, { type: 'propose-epoch' });
    expect(leaderOf(ctx)).toMatchObject({ lastProposed: z(3, 0), electionFinished: true, stage: 'current-epoch' });
    expect(effects.map(({ type }) => type)).toEqual(['signal', 'create', 'append', 'fsync', 'rename', 'continue', 'continue']);
    expect(itemsOf(effects, 'continue').map(({ type }) => type)).toEqual(['epoch-written', 'synchronise']);
  });

  test('once the processors run, the tree stands at the start of the epoch and those who wait are told [SYNC-55]', () => {
    const ctx = makeLeaderContext({ epoch: 3 });
    own(ctx.parts, ctx.refs.peer).currentVote = { leader: 1, zxid: z(2, 4), electionEpoch: 1, peerEpoch: 2 };
    expect(step(ctx, { type: 'server-started' }).map(({ type }) => type)).toEqual(['signal', 'continue']);
    expect(peek(ctx.parts, ctx.refs.database).lastProcessedZxid).toBe(z(3, 0));
    expect(peek(ctx.parts, ctx.refs.peer).currentVote).toMatchObject({ zxid: z(2, 4), peerEpoch: 3 });
    expect(leaderOf(ctx).serverRunning).toBe(true);
  });

  test('a wait that is over without the others ends the term [DISC-12] [DISC-22] [DISC-28]', () => {
    const stages = { epoch: 'epoch-timeout', 'epoch-ack': 'epoch-ack-timeout', 'newleader-ack': 'newleader-timeout' } as const;
    for (const [stage, why] of Object.entries(stages)) {
      const ctx = makeLeaderContext({ epoch: 3 });
      Object.assign(leaderOf(ctx), { stage, waitDeadline: 10, lastProposed: z(3, 0) });
      ctx.now = 10;
      step(ctx, { type: 'timeout' });
      expect(reasons(ctx)).toEqual([why]);
    }
  });

  test('an I/O error ends the term [DISC-02]', () => {
    const ctx = makeLeaderContext();
    step(ctx, { type: 'failed', effect: { type: 'create', file: 'currentEpoch.tmp' }, error: 'io' });
    expect(reasons(ctx)).toEqual(['disk']);
  });
});

describe('the shutdown', () => {
  test('the acceptor stops first and the handlers close last [LIVE-11]', () => {
    const ctx = serving();
    Object.assign(leaderOf(ctx), { stage: 'shutdown', serverWasRunning: true });
    const first = step(ctx, makePlanItem('leader-shutdown', 0));
    expect(first.map(({ type }) => type)).toEqual(['unlisten', 'interrupt', 'continue']);
    expect(leaderOf(ctx).stopping).toBe(true);
    const last = step(ctx, makePlanItem('leader-shutdown', 7));
    expect(last.map(({ type }) => type)).toEqual(['atomic', 'close', 'interrupt', 'atomic', 'close', 'interrupt', 'continue']);
    expect(leaderOf(ctx).handlers).toEqual([]);
    expect(itemsOf(step(ctx, makePlanItem('leader-shutdown', 8)), 'continue')).toEqual([{ type: 'role-ended' }]);
  });

  test('a join stops the plan until the thread has ended, an interrupt does not end the join [LIVE-15]', () => {
    const ctx = serving();
    Object.assign(ctx.app, { commitThread: () => 99 });
    Object.assign(leaderOf(ctx), { stage: 'shutdown', serverWasRunning: true });
    expect(step(ctx, makePlanItem('leader-shutdown', 4))).toEqual([]);
    expect(ctx.thread.blockedOn).toEqual({ on: 'end', thread: 99, deadline: null });
    step(ctx, { type: 'interrupted' });
    expect(ctx.thread.blockedOn).toEqual({ on: 'end', thread: 99, deadline: null });
    expect(itemsOf(step(ctx, { type: 'ended', thread: 99 }), 'continue')).toEqual([makePlanItem('leader-shutdown', 5)]);
  });
});

import { describe, expect, test } from 'vitest';
import { own, peek } from '../../src/base/parts.ts';
import { threadId } from '../../src/base/step.ts';
import { makeZxid } from '../../src/base/zxid.ts';
import type { ZabDecisions } from '../../src/zab/decisions.ts';
import {
  getEpochToPropose,
  isMoreRecent,
  onEpochAccepted,
  onEpochWriteFailed,
  waitForEpochAck,
  waitForNewLeaderAck,
  type WaitOutcome,
} from '../../src/zab/discovery.ts';
import { makeLeaderState } from '../../src/zab/leader-state.ts';
import { LEARNER_HANDLER, QUORUM_PEER } from '../../src/zab/thread-kinds.ts';
import { leaderOf, makeLeaderContext, runAs, signals } from '../support/leader-context.ts';
import type { PeerContext } from '../support/peer-context.ts';

const z = makeZxid;
const INIT_LIMIT_US = 10 * 2_000_000;

function discovering(decisions: Partial<ZabDecisions> = {}, observers: readonly number[] = []): PeerContext {
  const ctx = makeLeaderContext({ decisions, observers });
  Object.assign(leaderOf(ctx), makeLeaderState(1), { summary: { currentEpoch: 1, lastZxid: z(1, 5) } });
  return ctx;
}

interface Caller {
  readonly waiter: { waitDeadline: number };
  readonly kind: number;
  readonly sid: number;
}

function caller(sid: number): Caller {
  return { waiter: { waitDeadline: -1 }, kind: sid === 1 ? QUORUM_PEER : LEARNER_HANDLER, sid };
}

function call(
  ctx: PeerContext,
  { kind, sid }: Caller,
  wait: () => WaitOutcome,
): { outcome: WaitOutcome; signals: string[]; effects: string[] } {
  let outcome: WaitOutcome = 'waiting';
  const effects = runAs(ctx, kind, sid, () => {
    outcome = wait();
  });
  return { outcome, signals: signals(effects), effects: effects.map(({ type }) => type) };
}

function epoch(ctx: PeerContext, by: Caller, lastAcceptedEpoch: number): ReturnType<typeof call> {
  return call(ctx, by, () => getEpochToPropose(ctx, by.waiter, by.sid, lastAcceptedEpoch));
}

describe('getEpochToPropose', () => {
  test('the epoch is one above the largest accepted, and freezes when a quorum with the leader is there [DISC-10]', () => {
    const ctx = discovering();
    expect(epoch(ctx, caller(1), 3).outcome).toBe('waiting');
    expect(ctx.thread.blockedOn).toEqual({ on: 'condition', condition: 'connectingFollowers', deadline: INIT_LIMIT_US });
    const by = caller(2);
    expect(epoch(ctx, by, 5).effects).toEqual(['create', 'append', 'fsync', 'rename', 'continue', 'continue']);
    expect(leaderOf(ctx)).toMatchObject({ epoch: 6, waitingForNewEpoch: true });
    expect(signals(runAs(ctx, LEARNER_HANDLER, 2, () => onEpochAccepted(ctx)))).toContain('connectingFollowers');
    expect(leaderOf(ctx)).toMatchObject({ waitingForNewEpoch: false, epochWriter: -1 });
    expect(epoch(ctx, by, 5).outcome).toBe('done');
  });

  test('a quorum without the leader itself does not freeze it [DISC-10]', () => {
    const ctx = discovering();
    for (const sid of [2, 3]) expect(epoch(ctx, caller(sid), 0)).toMatchObject({ outcome: 'waiting', effects: [] });
  });

  test('an observer raises the epoch and does not count [DISC-11]', () => {
    const ctx = discovering({}, [4]);
    epoch(ctx, caller(1), 0);
    expect(epoch(ctx, caller(4), 8)).toMatchObject({ outcome: 'waiting', effects: [] });
    expect(leaderOf(ctx)).toMatchObject({ epoch: 9, connectingFollowers: [1] });
  });

  test('when the time is up the wait ends, each with a limit of its own [DISC-12] [DISC-29]', () => {
    const ctx = discovering();
    const [first, second] = [caller(1), caller(2)];
    epoch(ctx, first, 0);
    ctx.now = 5_000_000;
    leaderOf(ctx).connectingFollowers = [];
    epoch(ctx, second, 0);
    ctx.now = INIT_LIMIT_US;
    expect(epoch(ctx, first, 0).outcome).toBe('timeout');
    expect(epoch(ctx, second, 0).outcome).toBe('waiting');
  });

  test('who comes after the freeze gets the frozen epoch, even below its own [DISC-13]', () => {
    const ctx = discovering();
    Object.assign(leaderOf(ctx), { epoch: 2, waitingForNewEpoch: false });
    expect(epoch(ctx, caller(3), 2).outcome).toBe('done');
    expect(leaderOf(ctx)).toMatchObject({ epoch: 2, newerEpoch: -1 });
    expect(epoch(ctx, caller(3), 7).outcome).toBe('done');
    expect(leaderOf(ctx)).toMatchObject({ epoch: 2, newerEpoch: 7 });
  });

  test('while acceptedEpoch is written nobody enters, and nobody is told [ID-10]', () => {
    const ctx = discovering();
    epoch(ctx, caller(1), 0);
    epoch(ctx, caller(2), 0);
    const late = caller(3);
    expect(epoch(ctx, late, 9)).toMatchObject({ outcome: 'waiting', effects: [] });
    expect(ctx.thread.blockedOn).toEqual({ on: 'condition', condition: 'connectingFollowers.monitor', deadline: null });
    expect(leaderOf(ctx)).toMatchObject({ epoch: 1, connectingFollowers: [1, 2] });
    runAs(ctx, LEARNER_HANDLER, 2, () => onEpochAccepted(ctx));
    expect(epoch(ctx, late, 9).outcome).toBe('done');
  });

  test('after a failed write the epoch is not known, and those inside time out [ID-10]', () => {
    const ctx = discovering();
    const first = caller(1);
    epoch(ctx, first, 0);
    epoch(ctx, caller(2), 0);
    runAs(ctx, LEARNER_HANDLER, 2, () => onEpochWriteFailed(ctx));
    ctx.now = INIT_LIMIT_US;
    expect(epoch(ctx, first, 0).outcome).toBe('timeout');
  });

  test('where the epoch is out before the file, those inside time out and take what is on no disk [ID-09]', () => {
    const ctx = discovering({ freezesEpochBeforeFile: true });
    const first = caller(1);
    epoch(ctx, first, 0);
    epoch(ctx, caller(2), 0);
    expect(signals(runAs(ctx, LEARNER_HANDLER, 2, () => onEpochWriteFailed(ctx)))).toEqual(['connectingFollowers.monitor']);
    ctx.now = INIT_LIMIT_US;
    expect(epoch(ctx, first, 0).outcome).toBe('done');
    expect(peek(ctx.parts, ctx.refs.peer).acceptedEpoch).toBe(0);
  });

  test('the monitor of another term is not touched [ID-10]', () => {
    const ctx = discovering();
    leaderOf(ctx).epochWriter = threadId(LEARNER_HANDLER, 2, 2);
    expect(runAs(ctx, LEARNER_HANDLER, 2, () => onEpochAccepted(ctx))).toEqual([]);
    expect(leaderOf(ctx).waitingForNewEpoch).toBe(true);
  });

  test('offering an epoch that a follower has accepted already is ZOOKEEPER-1343 [DISC-10]', () => {
    const ctx = discovering({ raisesEpoch: (lastAccepted, offered) => lastAccepted > offered });
    epoch(ctx, caller(1), 1);
    epoch(ctx, caller(2), 2);
    expect(leaderOf(ctx).epoch).toBe(2);
  });

  test('without discovery the leader takes its own next epoch alone [DISC-10]', () => {
    const ctx = discovering({ epochNeedsQuorum: false });
    expect(epoch(ctx, caller(1), 4).effects).toContain('rename');
    expect(leaderOf(ctx).epoch).toBe(5);
  });
});

function epochAck(ctx: PeerContext, by: Caller, currentEpoch: number, lastZxid: number): ReturnType<typeof call> {
  return call(ctx, by, () => waitForEpochAck(ctx, by.waiter, by.sid, { currentEpoch, lastZxid }));
}

describe('waitForEpochAck', () => {
  test('a quorum with the leader finishes it and wakes the others [DISC-20] [DISC-22]', () => {
    const ctx = discovering();
    const first = caller(1);
    expect(epochAck(ctx, first, 1, z(1, 5)).outcome).toBe('waiting');
    expect(epochAck(ctx, caller(2), 1, z(1, 4))).toMatchObject({ outcome: 'done', signals: ['electingFollowers'] });
    expect(epochAck(ctx, first, 1, z(1, 5)).outcome).toBe('done');
  });

  test('larger currentEpoch, or the same and a larger zxid, is more recent [DISC-21]', () => {
    const mine = { currentEpoch: 1, lastZxid: z(1, 5) };
    expect(isMoreRecent({ currentEpoch: 2, lastZxid: 0 }, mine)).toBe(true);
    expect(isMoreRecent({ currentEpoch: 1, lastZxid: z(1, 6) }, mine)).toBe(true);
    expect(isMoreRecent(mine, mine)).toBe(false);
    expect(isMoreRecent({ currentEpoch: 0, lastZxid: z(2, 0) }, mine)).toBe(false);
  });

  test('a learner that is ahead is refused, and the others can still finish [DISC-20] [DISC-23]', () => {
    const ctx = discovering();
    epochAck(ctx, caller(1), 1, z(1, 5));
    expect(epochAck(ctx, caller(2), 1, z(1, 6)).outcome).toBe('ahead');
    expect(leaderOf(ctx).electingFollowers).toEqual([1]);
    expect(ctx.notes.map(({ type }) => type)).toContain('follower-ahead');
    expect(epochAck(ctx, caller(3), 0, 0).outcome).toBe('done');
  });

  test('once finished, a learner that is ahead passes unseen [DISC-20]', () => {
    const ctx = discovering();
    leaderOf(ctx).electionFinished = true;
    expect(epochAck(ctx, caller(2), 9, z(9, 9)).outcome).toBe('done');
  });

  test('-1 as epoch means do not count me, and waits with the others [DISC-17] [DISC-24]', () => {
    const ctx = discovering();
    epochAck(ctx, caller(1), 1, z(1, 5));
    expect(epochAck(ctx, caller(2), -1, z(9, 9)).outcome).toBe('waiting');
    expect(leaderOf(ctx).electingFollowers).toEqual([1]);
  });

  test('a learner without a zxid and one without a vote are not counted [DISC-20]', () => {
    const ctx = discovering({}, [4]);
    epochAck(ctx, caller(1), 1, z(1, 5));
    expect(epochAck(ctx, caller(2), 0, -1).outcome).toBe('waiting');
    expect(epochAck(ctx, caller(4), 0, 0).outcome).toBe('waiting');
  });

  test('when the time is up the wait ends [DISC-22]', () => {
    const ctx = discovering();
    const first = caller(1);
    epochAck(ctx, first, 1, z(1, 5));
    ctx.now = INIT_LIMIT_US;
    expect(epochAck(ctx, first, 1, z(1, 5)).outcome).toBe('timeout');
  });

  test('a leader that ignores who is ahead counts him [DISC-20]', () => {
    const ctx = discovering({ refusesFollowerAhead: false });
    epochAck(ctx, caller(1), 1, z(1, 5));
    expect(epochAck(ctx, caller(2), 2, z(2, 1)).outcome).toBe('done');
  });
});

function newLeaderAck(ctx: PeerContext, by: Caller, zxid: number): ReturnType<typeof call> {
  return call(ctx, by, () => waitForNewLeaderAck(ctx, by.waiter, by.sid, zxid));
}

describe('waitForNewLeaderAck', () => {
  test('a quorum of acks, the own among them, establishes the leader [DISC-27] [DISC-28]', () => {
    const ctx = makeLeaderContext({ epoch: 2 });
    own(ctx.parts, ctx.refs.database).lastProcessedZxid = z(1, 5);
    const first = caller(1);
    expect(newLeaderAck(ctx, first, z(2, 0)).outcome).toBe('waiting');
    expect(newLeaderAck(ctx, caller(3), z(2, 0))).toMatchObject({ outcome: 'done', signals: ['newLeaderProposal'] });
    expect(ctx.notes).toContainEqual({ type: 'established', epoch: 2, history: z(1, 5) });
    expect(newLeaderAck(ctx, first, z(2, 0)).outcome).toBe('done');
  });

  test('the ack of anything else is an error of the code and no wait (ZOOKEEPER-4685) [DISC-28]', () => {
    const ctx = makeLeaderContext({ epoch: 2 });
    expect(newLeaderAck(ctx, caller(2), z(1, 6)).outcome).toBe('done');
    expect(leaderOf(ctx).newLeaderAcks).toEqual([]);
    expect(ctx.notes).toContainEqual({ type: 'bad', what: 'ack', zxid: z(1, 6), expected: z(2, 0), why: 'not-the-newleader-ack' });
  });

  test('when the time is up the wait ends [DISC-28]', () => {
    const ctx = makeLeaderContext({ epoch: 2 });
    const first = caller(1);
    newLeaderAck(ctx, first, z(2, 0));
    ctx.now = INIT_LIMIT_US;
    expect(newLeaderAck(ctx, first, z(2, 0)).outcome).toBe('timeout');
  });
});

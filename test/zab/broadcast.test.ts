import { describe, expect, test } from 'vitest';
import type { Effect } from '../../src/base/step.ts';
import { makeZxid } from '../../src/base/zxid.ts';
import {
  ackedByLeaderItself,
  LEADER_MONITOR,
  processAck,
  processSync,
  propose,
  startForwarding,
  toBeAppliedDone,
} from '../../src/zab/broadcast.ts';
import { LEARNER_HANDLER, SYNC } from '../../src/zab/thread-kinds.ts';
import {
  addFollower,
  addHandler,
  addObserver,
  handlerOf,
  leaderOf,
  makeLeaderContext,
  queued,
  runAs,
  signals,
  txnAt,
} from '../support/leader-context.ts';
import type { PeerContext } from '../support/peer-context.ts';

const z = makeZxid;
const PREP = 33;

function proposeAll(ctx: PeerContext, ...zxids: number[]): void {
  for (const zxid of zxids) runAs(ctx, PREP, 0, () => propose(ctx, txnAt(zxid)));
}

function ack(ctx: PeerContext, sid: number, zxid: number): readonly Effect[] {
  return runAs(ctx, LEARNER_HANDLER, 0, () => processAck(ctx, sid, zxid));
}

function types(ctx: PeerContext): string[] {
  return ctx.notes.map((note) => note.type);
}

describe('proposals', () => {
  test('a proposal is queued to every forwarding follower in one section, to no observer [BCAST-03] [BCAST-04]', () => {
    const ctx = makeLeaderContext({ observers: [4] });
    addFollower(ctx, 2);
    addFollower(ctx, 3);
    addObserver(ctx, 4);
    addHandler(ctx, 5);
    const effects = runAs(ctx, PREP, 0, () => expect(propose(ctx, txnAt(z(1, 1)))).toBe(true));
    expect(effects).toHaveLength(1);
    expect(queued(effects)).toEqual(['0:PROPOSAL', '1:PROPOSAL']);
    expect(leaderOf(ctx)).toMatchObject({ lastProposed: z(1, 1), lastCommitted: z(1, 0) });
    expect(leaderOf(ctx).outstandingProposals.map(({ txn }) => txn.zxid)).toEqual([z(1, 1)]);
    expect(types(ctx)).toEqual(['broadcast']);
  });

  test('the last counter of an epoch is never proposed and ends the term [BCAST-01]', () => {
    const ctx = makeLeaderContext({ maxCounter: 7 });
    const effects = runAs(ctx, PREP, 0, () => expect(propose(ctx, txnAt(z(1, 7)))).toBe(false));
    expect(signals(effects)).toEqual([LEADER_MONITOR]);
    expect(leaderOf(ctx)).toMatchObject({ counterExhausted: true, lastProposed: z(1, 0) });
    expect(types(ctx)).toEqual([]);
  });

  test('without that rule the next zxid is of an epoch that nobody chose (ZOOKEEPER-1277) [BCAST-01]', () => {
    const ctx = makeLeaderContext({ maxCounter: 7, decisions: { stepsDownAtLastCounter: false } });
    runAs(ctx, PREP, 0, () => expect(propose(ctx, txnAt(z(1, 7)))).toBe(true));
    expect(leaderOf(ctx).lastProposed).toBe(z(1, 7));
  });
});

describe('acks and commits', () => {
  test('a quorum of acks commits without the leader, whose disk may be the slowest [BCAST-05]', () => {
    const ctx = makeLeaderContext();
    addFollower(ctx, 2);
    addFollower(ctx, 3);
    proposeAll(ctx, z(1, 1));
    expect(ack(ctx, 2, z(1, 1))).toEqual([]);
    expect(queued(ack(ctx, 3, z(1, 1)))).toEqual(['0:COMMIT', '1:COMMIT', 'commit:txn']);
    expect(ctx.notes).toContainEqual({ type: 'committed', zxid: z(1, 1), acks: [2, 3] });
    expect(leaderOf(ctx)).toMatchObject({ lastCommitted: z(1, 1), outstandingProposals: [] });
  });

  test('the leader counts through its own log thread only [BCAST-05]', () => {
    const ctx = makeLeaderContext({ voters: [1] });
    proposeAll(ctx, z(1, 1));
    expect(leaderOf(ctx).outstandingProposals).toHaveLength(1);
    expect(queued(runAs(ctx, SYNC, 0, () => ackedByLeaderItself(ctx, z(1, 1))))).toEqual(['commit:txn']);
  });

  test('a commit goes to followers, then as INFORM to observers, then to the own CommitProcessor, then come syncs [BCAST-11]', () => {
    const ctx = makeLeaderContext({ observers: [4] });
    addFollower(ctx, 2);
    addObserver(ctx, 4);
    proposeAll(ctx, z(1, 1));
    runAs(ctx, PREP, 0, () => processSync(ctx, { type: 'request', session: '1', cxid: 1 }, 0));
    ack(ctx, 1, z(1, 1));
    const effects = ack(ctx, 2, z(1, 1));
    expect(effects).toHaveLength(1);
    expect(queued(effects)).toEqual(['0:COMMIT', '1:INFORM', 'commit:txn', '0:SYNC']);
    expect(leaderOf(ctx).toBeApplied.map(({ zxid }) => zxid)).toEqual([z(1, 1)]);
  });

  test('acks of counter 0, of nothing outstanding and of what is committed are ignored [BCAST-07]', () => {
    const ctx = makeLeaderContext();
    ack(ctx, 2, z(1, 1));
    proposeAll(ctx, z(1, 1), z(1, 2));
    ack(ctx, 2, z(1, 0));
    ack(ctx, 2, z(1, 1));
    ack(ctx, 3, z(1, 1));
    ack(ctx, 1, z(1, 1));
    const why = ctx.notes.flatMap((note) => (note.type === 'ack-ignored' ? [note.why] : []));
    expect(why).toEqual(['nothing-outstanding', 'counter-0', 'already-committed']);
  });

  test('an ack of what was never proposed is an error of the code [BCAST-07]', () => {
    const ctx = makeLeaderContext();
    proposeAll(ctx, z(1, 1));
    ack(ctx, 2, z(1, 2));
    expect(ctx.notes).toContainEqual({ type: 'bad', what: 'ack', zxid: z(1, 2), expected: z(1, 1), why: 'never-proposed' });
  });

  test('acks of servers without a vote do not count [BCAST-08]', () => {
    const ctx = makeLeaderContext({ observers: [4, 5] });
    proposeAll(ctx, z(1, 1));
    for (const sid of [1, 4, 5]) ack(ctx, sid, z(1, 1));
    expect(leaderOf(ctx).outstandingProposals[0]?.acks).toEqual([1]);
  });

  test('a proposal waits for its predecessor, whatever its acks [BCAST-09]', () => {
    const ctx = makeLeaderContext();
    proposeAll(ctx, z(1, 1), z(1, 2));
    ack(ctx, 2, z(1, 2));
    expect(ack(ctx, 3, z(1, 2))).toEqual([]);
    expect(ctx.notes).toContainEqual({ type: 'commit-waits', zxid: z(1, 2), for: 'previous' });
    ack(ctx, 2, z(1, 1));
    ack(ctx, 3, z(1, 1));
    expect(leaderOf(ctx).lastCommitted).toBe(z(1, 1));
  });

  test('only the proposal just acked is tried, so its successor waits for the next ack [BCAST-10]', () => {
    const ctx = makeLeaderContext();
    proposeAll(ctx, z(1, 1), z(1, 2));
    ack(ctx, 2, z(1, 2));
    ack(ctx, 3, z(1, 2));
    ack(ctx, 2, z(1, 1));
    ack(ctx, 3, z(1, 1));
    expect(leaderOf(ctx).outstandingProposals.map(({ txn }) => txn.zxid)).toEqual([z(1, 2)]);
    ack(ctx, 1, z(1, 2));
    expect(leaderOf(ctx).lastCommitted).toBe(z(1, 2));
  });

  test('committing out of order is an error of the code [BCAST-09]', () => {
    const ctx = makeLeaderContext({ decisions: { commitsInOrder: false } });
    proposeAll(ctx, z(1, 1), z(1, 2));
    ack(ctx, 2, z(1, 2));
    ack(ctx, 3, z(1, 2));
    expect(ctx.notes).toContainEqual({ type: 'bad', what: 'commit', zxid: z(1, 2), expected: z(1, 1), why: 'not-the-next' });
  });

  test('a minority commits where the decision says so [BCAST-09]', () => {
    const ctx = makeLeaderContext({ decisions: { commits: (_isQuorum, acks) => acks.length > 0 } });
    proposeAll(ctx, z(1, 1));
    expect(queued(ack(ctx, 1, z(1, 1)))).toEqual(['commit:txn']);
  });

  test('what is applied leaves toBeApplied from its head only [BCAST-13]', () => {
    const ctx = makeLeaderContext();
    leaderOf(ctx).toBeApplied.push(txnAt(z(1, 1)), txnAt(z(1, 2)));
    runAs(ctx, PREP, 0, () => toBeAppliedDone(ctx, z(1, 2)));
    expect(types(ctx)).toEqual(['bad']);
    runAs(ctx, PREP, 0, () => toBeAppliedDone(ctx, z(1, 1)));
    expect(leaderOf(ctx).toBeApplied.map(({ zxid }) => zxid)).toEqual([z(1, 2)]);
  });

  test('threads of an earlier term touch nothing of this one [LIVE-13]', () => {
    const ctx = makeLeaderContext();
    addFollower(ctx, 2);
    proposeAll(ctx, z(1, 1));
    leaderOf(ctx).incarnation = 2;
    expect(runAs(ctx, PREP, 0, () => propose(ctx, txnAt(z(1, 2))))).toEqual([]);
    expect(ack(ctx, 2, z(1, 1))).toEqual([]);
    expect(leaderOf(ctx).outstandingProposals).toHaveLength(1);
  });
});

describe('sync', () => {
  test('with nothing outstanding a sync is answered at once, behind the commits on the link [SYNCOP-02] [SYNCOP-04]', () => {
    const ctx = makeLeaderContext();
    const key = addFollower(ctx, 2);
    const effects = runAs(ctx, PREP, 0, () => processSync(ctx, { type: 'request', session: '1', cxid: 1 }, key));
    expect(effects).toMatchObject([{ type: 'enqueue', item: { type: 'SYNC', zxid: 0 } }]);
  });

  test('otherwise it waits for the commit of the last proposal, and for no later one [SYNCOP-02]', () => {
    const ctx = makeLeaderContext({ voters: [1] });
    const key = addFollower(ctx, 2);
    proposeAll(ctx, z(1, 1), z(1, 2));
    expect(runAs(ctx, PREP, 0, () => processSync(ctx, { type: 'request', session: '1', cxid: 1 }, key))).toEqual([]);
    proposeAll(ctx, z(1, 3));
    expect(queued(ack(ctx, 1, z(1, 1)))).not.toContain('0:SYNC');
    expect(queued(ack(ctx, 1, z(1, 2)))).toContain('0:SYNC');
    expect(leaderOf(ctx).pendingSyncs).toEqual([]);
  });
});

describe('startForwarding', () => {
  test('what is committed and not applied goes as PROPOSAL and COMMIT, what is outstanding as PROPOSAL [SYNC-24]', () => {
    const ctx = makeLeaderContext();
    proposeAll(ctx, z(1, 1), z(1, 2), z(1, 3));
    for (const sid of [2, 3]) ack(ctx, sid, z(1, 1));
    const key = addHandler(ctx, 3, { currentZxid: z(1, 0) });
    expect(startForwarding(leaderOf(ctx), handlerOf(ctx, key)).map(({ type }) => type)).toEqual([
      'PROPOSAL',
      'COMMIT',
      'PROPOSAL',
      'PROPOSAL',
    ]);
    expect(leaderOf(ctx).forwardingFollowers).toEqual([key]);
  });

  test('what the decision covered is left out [SYNC-24]', () => {
    const ctx = makeLeaderContext();
    proposeAll(ctx, z(1, 1), z(1, 2));
    for (const sid of [2, 3]) ack(ctx, sid, z(1, 1));
    const key = addHandler(ctx, 3, { currentZxid: z(1, 1) });
    expect(startForwarding(leaderOf(ctx), handlerOf(ctx, key))).toMatchObject([{ type: 'PROPOSAL', zxid: z(1, 2) }]);
  });

  test('an observer gets no outstanding proposals and is listed apart [SYNC-24]', () => {
    const ctx = makeLeaderContext({ observers: [4] });
    proposeAll(ctx, z(1, 1));
    const key = addHandler(ctx, 4, { currentZxid: z(1, 0), learnerType: 'OBSERVER' });
    expect(startForwarding(leaderOf(ctx), handlerOf(ctx, key))).toEqual([]);
    expect(leaderOf(ctx)).toMatchObject({ forwardingFollowers: [], observingLearners: [key] });
  });
});

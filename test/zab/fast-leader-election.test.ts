import { expect, test } from 'vitest';
import { own, peek } from '../../src/base/parts.ts';
import type { Effect, Item } from '../../src/base/step.ts';
import type { QuorumPeerState } from '../../src/zab/context.ts';
import type { ZabDecisions } from '../../src/zab/decisions.ts';
import type { ElectionState } from '../../src/zab/election-state.ts';
import { beginLookForLeader, bootElection, stepLookForLeader, updateElectionVote } from '../../src/zab/fast-leader-election.ts';
import type { ZabNote } from '../../src/zab/note.ts';
import type { Notification } from '../../src/zab/packet.ts';
import { CONNECTOR, QUORUM_PEER } from '../../src/zab/thread-kinds.ts';
import { kindOf } from '../../src/base/step.ts';
import { LONG_MIN_VALUE } from '../../src/zab/vote.ts';
import { itemsOf, makePeerConfig, makePeerContext, runStepAs, type PeerContext } from '../support/peer-context.ts';

const MS = 1000;
const ALL = [1, 2, 3];

interface Options {
  readonly sid?: number;
  readonly zxid?: number;
  readonly epoch?: number;
  readonly observers?: readonly number[];
  readonly decisions?: Partial<ZabDecisions>;
}

/** Server 1 of three voters, unless told otherwise, that has just begun to look. */
function makeLooking({ sid = 1, zxid = 10, epoch = 1, observers = [], decisions = {} }: Options = {}): PeerContext {
  const ctx = makePeerContext(makePeerConfig(sid, ALL, observers), decisions);
  own(ctx.parts, ctx.refs.database).lastProcessedZxid = zxid;
  own(ctx.parts, ctx.refs.peer).currentEpoch = epoch;
  runStepAs(ctx, QUORUM_PEER, 0, 0, () => bootElection(ctx));
  runStepAs(ctx, QUORUM_PEER, 0, 0, () => beginLookForLeader(ctx));
  return ctx;
}

const election = (ctx: PeerContext): Readonly<ElectionState> => peek(ctx.parts, ctx.refs.election);
const peer = (ctx: PeerContext): Readonly<QuorumPeerState> => peek(ctx.parts, ctx.refs.peer);

function makeNotification(fields: Partial<Notification>): Notification {
  return { type: 'NOTIFICATION', state: 'LOOKING', leader: 2, zxid: 10, electionEpoch: 1, peerEpoch: 1, ...fields };
}

function step(ctx: PeerContext, item: Item): readonly Effect[] {
  return runStepAs(ctx, QUORUM_PEER, 0, 0, () => stepLookForLeader(ctx, item));
}

/** A notification from `sid` reaches lookForLeader. */
function hear(ctx: PeerContext, sid: number, fields: Partial<Notification>): readonly Effect[] {
  own(ctx.parts, ctx.refs.election).recvqueue.push({ sid, notification: makeNotification(fields) });
  return step(ctx, { type: 'signalled' });
}

/** A wait that nobody ends. */
function waitOut(ctx: PeerContext): readonly Effect[] {
  const block = ctx.thread.blockedOn;
  ctx.now = block !== null && 'deadline' in block && block.deadline !== null ? block.deadline : ctx.now;
  return step(ctx, { type: 'timeout' });
}

/** Milliseconds until the wait ends by itself; null when the thread does not wait. */
function waitMs(ctx: PeerContext): number | null {
  const block = ctx.thread.blockedOn;
  return block !== null && 'deadline' in block && block.deadline !== null ? (block.deadline - ctx.now) / MS : null;
}

const sentTo = (effects: readonly Effect[]): unknown[] => itemsOf(effects, 'enqueue').map((item) => ('to' in item ? item.to : null));
const proposal = (ctx: PeerContext): readonly number[] => {
  const { leader, zxid, peerEpoch } = election(ctx).proposal;
  return [leader, zxid, peerEpoch];
};
const noted = (ctx: PeerContext, type: ZabNote['type']): ZabNote[] => ctx.notes.filter((note) => note.type === type);

test('a server enters with the next round and a vote for itself [ELEC-11]', () => {
  const ctx = makeLooking({ sid: 2, zxid: 77, epoch: 4 });
  expect(election(ctx).logicalclock).toBe(1);
  expect(proposal(ctx)).toEqual([2, 77, 4]);
});

test('at process start the vote to answer with is the own one, in no round [ELEC-09]', () => {
  const ctx = makeLooking({ sid: 2, zxid: 77, epoch: 4 });
  expect(peer(ctx).currentVote).toEqual({ leader: 2, zxid: 77, electionEpoch: -1, peerEpoch: 4 });
});

test('the first notifications go to all voters, itself included [ELEC-12, ELEC-24]', () => {
  const ctx = makePeerContext(makePeerConfig(1, ALL, [7]));
  const effects = runStepAs(ctx, QUORUM_PEER, 0, 0, () => beginLookForLeader(ctx));
  expect(sentTo(effects)).toEqual([1, 2, 3]);
  expect(effects.length).toBe(1);
  expect(election(ctx).recvset).toEqual([]);
});

test('a server outside the voting view proposes the least vote, and an observer hears all the same [ELEC-11, ELEC-35]', () => {
  const ctx = makeLooking({ sid: 7, observers: [7] });
  expect(proposal(ctx)).toEqual([LONG_MIN_VALUE, LONG_MIN_VALUE, LONG_MIN_VALUE]);
  hear(ctx, 2, { leader: 2 });
  expect(proposal(ctx)).toEqual([2, 10, 1]);
});

test('a poll that stays empty doubles the next, up to the maximum, and never goes down [ELEC-13]', () => {
  const ctx = makeLooking();
  const waits = [waitMs(ctx)];
  for (let i = 0; i < 9; i++) {
    waitOut(ctx);
    waits.push(waitMs(ctx));
  }
  expect(waits).toEqual([200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 51_200, 60_000]);
  hear(ctx, 2, { leader: 2, zxid: 1 });
  expect(waitMs(ctx)).toBe(60_000);
});

test('a wake-up without a message goes on with the same deadline [ELEC-13]', () => {
  const ctx = makeLooking();
  ctx.now = 150 * MS;
  step(ctx, { type: 'signalled' });
  expect(waitMs(ctx)).toBe(50);
});

test('a message that comes with the timeout counts [ELEC-13]', () => {
  const ctx = makeLooking();
  own(ctx.parts, ctx.refs.election).recvqueue.push({ sid: 2, notification: makeNotification({ leader: 2 }) });
  step(ctx, { type: 'timeout' });
  expect(proposal(ctx)[0]).toBe(2);
  expect(election(ctx).notTimeoutUs).toBe(200 * MS);
});

test('after an empty poll the notifications go out again if one queue was emptied [ELEC-14, CNX-18]', () => {
  const ctx = makeLooking();
  own(ctx.parts, ctx.refs.cnx).queues = [
    { sid: 2, message: null, lastSent: null },
    { sid: 3, message: makeNotification({}), lastSent: null },
  ];
  expect(sentTo(waitOut(ctx))).toEqual([1, 2, 3]);
});

test('after an empty poll with every queue full, connections are tried one by one and nothing is sent again [ELEC-14, CNX-18]', () => {
  const ctx = makeLooking();
  own(ctx.parts, ctx.refs.cnx).queues = [2, 3].map((sid) => ({ sid, message: makeNotification({}), lastSent: null }));
  const first = waitOut(ctx);
  expect(first.map((effect) => effect.type)).toEqual(['start', 'continue']);
  expect(first[0]?.type === 'start' && kindOf(first[0].thread)).toBe(CONNECTOR);
  const second = step(ctx, itemsOf(first, 'continue')[0]!);
  const third = step(ctx, itemsOf(second, 'continue')[0]!);
  expect(third).toEqual([]);
  expect(peek(ctx.parts, ctx.refs.cnx).dialling).toEqual([2, 3]);
  expect(waitMs(ctx)).toBe(400);
});

test('only messages of voters for voters are looked at [ELEC-15]', () => {
  const ctx = makeLooking({ observers: [7] });
  hear(ctx, 7, { leader: 3, peerEpoch: 9 });
  hear(ctx, 2, { leader: 7, peerEpoch: 9 });
  expect(proposal(ctx)[0]).toBe(1);
  expect(election(ctx).recvset).toEqual([]);
});

test('a vote without a database is ignored, and a server without one ignores all [ELEC-16]', () => {
  const ctx = makeLooking();
  hear(ctx, 3, { leader: 3, zxid: -1, peerEpoch: 5 });
  expect(proposal(ctx)[0]).toBe(1);
  const empty = makeLooking({ zxid: -1 });
  hear(empty, 3, { leader: 3 });
  expect(proposal(empty)).toEqual([1, -1, 1]);
  expect(noted(empty, 'vote-ignored')).toMatchObject([{ why: 'no-zxid' }]);
});

test('a larger round clears recvset and sends the server back to its own vote [ELEC-17]', () => {
  const ctx = makeLooking({ zxid: 10 });
  hear(ctx, 3, { leader: 3, zxid: 20 });
  expect(proposal(ctx)).toEqual([3, 20, 1]);
  const effects = hear(ctx, 2, { leader: 2, zxid: 5, electionEpoch: 4 });
  expect(election(ctx).logicalclock).toBe(4);
  expect(proposal(ctx)).toEqual([1, 10, 1]);
  expect(election(ctx).recvset.map((vote) => vote.sid)).toEqual([2]);
  expect(sentTo(effects)).toEqual([1, 2, 3]);
});

test('in a larger round a vote is adopted that beats the own initial vote, though not the last proposal [ELEC-17]', () => {
  const ctx = makeLooking({ zxid: 10 });
  hear(ctx, 3, { leader: 3, zxid: 20 });
  hear(ctx, 2, { leader: 2, zxid: 15, electionEpoch: 2 });
  expect(proposal(ctx)).toEqual([2, 15, 1]);
});

test('a smaller round is discarded [ELEC-18]', () => {
  const ctx = makeLooking();
  hear(ctx, 3, { leader: 3, electionEpoch: 5 });
  const effects = hear(ctx, 2, { leader: 2, zxid: 99, electionEpoch: 4 });
  expect(effects).toEqual([]);
  expect(election(ctx).recvset.map((vote) => vote.sid)).toEqual([3]);
});

test('in the same round only a strictly better vote is adopted and told [ELEC-19]', () => {
  const ctx = makeLooking();
  expect(sentTo(hear(ctx, 3, { leader: 3 }))).toEqual([1, 2, 3]);
  expect(hear(ctx, 2, { leader: 2 })).toEqual([]);
  expect(hear(ctx, 3, { leader: 3 })).toEqual([]);
  expect(proposal(ctx)[0]).toBe(3);
});

test('the vote of each sender is kept, worse ones too, and the later overwrites [ELEC-20]', () => {
  const ctx = makeLooking({ sid: 3 });
  hear(ctx, 2, { leader: 1 });
  hear(ctx, 2, { leader: 2 });
  expect(election(ctx).recvset.map((vote) => [vote.sid, vote.leader])).toEqual([[2, 2]]);
});

test('a quorum of equal votes starts the finalizeWait; the own vote counts once its loopback has come [ELEC-22, ELEC-24, ELEC-25]', () => {
  const ctx = makeLooking();
  hear(ctx, 3, { leader: 3 });
  expect(election(ctx).stage).toBe('looking');
  hear(ctx, 1, { leader: 3 });
  expect(election(ctx).stage).toBe('finalizing');
  expect(waitMs(ctx)).toBe(200);
  expect(noted(ctx, 'quorum-agrees')).toMatchObject([{ voters: [1, 3] }]);
});

test('votes of servers that agree only in the leader are no quorum [ELEC-22, ELEC-23]', () => {
  const ctx = makeLooking({ sid: 3 });
  hear(ctx, 3, { leader: 3 });
  hear(ctx, 2, { leader: 3, zxid: 9 });
  expect(election(ctx).stage).toBe('looking');
});

function makeFinalizing(options: Options = {}): PeerContext {
  const ctx = makeLooking(options);
  hear(ctx, 2, { leader: 2 });
  hear(ctx, 1, { leader: 2 });
  expect(election(ctx).stage).toBe('finalizing');
  return ctx;
}

test('a worse or equal message in the finalizeWait is lost and starts a new wait [ELEC-25]', () => {
  const ctx = makeFinalizing();
  ctx.now += 150 * MS;
  hear(ctx, 3, { leader: 1 });
  expect(election(ctx).recvset.map((vote) => vote.sid)).toEqual([1, 2]);
  expect(election(ctx).recvqueue).toEqual([]);
  expect(waitMs(ctx)).toBe(200);
  hear(ctx, 3, { leader: 2 });
  expect(election(ctx).recvset.map((vote) => vote.sid)).toEqual([1, 2]);
});

test('a better message in the finalizeWait is put back and taken up by the loop [ELEC-25]', () => {
  const ctx = makeFinalizing();
  const effects = hear(ctx, 3, { leader: 3 });
  expect(itemsOf(effects, 'continue')).toEqual([{ type: 'poll-recvqueue' }]);
  expect(election(ctx).stage).toBe('looking');
  expect(proposal(ctx)[0]).toBe(2);
  step(ctx, { type: 'poll-recvqueue' });
  expect(proposal(ctx)[0]).toBe(3);
});

test('a better vote of an older round ends the finalizeWait, and the agreement is not looked at again until a message comes [ELEC-25]', () => {
  const ctx = makeFinalizing();
  hear(ctx, 3, { leader: 3, electionEpoch: 0 });
  step(ctx, { type: 'poll-recvqueue' });
  expect(election(ctx).stage).toBe('looking');
  expect(proposal(ctx)[0]).toBe(2);
  hear(ctx, 3, { leader: 2 });
  expect(election(ctx).stage).toBe('finalizing');
});

test('a quiet finalizeWait ends the election: state first, then the vote, in two events [ELEC-26]', () => {
  const ctx = makeFinalizing();
  const before = peer(ctx).currentVote;
  const effects = waitOut(ctx);
  expect(peer(ctx).state).toBe('FOLLOWING');
  expect(peer(ctx).currentVote).toBe(before);
  expect(noted(ctx, 'elected')).toEqual([{ type: 'elected', leader: 2, round: 1, how: 'quorum' }]);
  own(ctx.parts, ctx.refs.election).recvqueue.push({ sid: 3, notification: makeNotification({}) });
  expect(stepLookForLeader(ctx, itemsOf(effects, 'continue')[0]!)).toBe(true);
  expect(peer(ctx).currentVote).toEqual({ leader: 2, zxid: 10, electionEpoch: 1, peerEpoch: 1 });
  expect(election(ctx).recvqueue).toEqual([]);
});

test('who is elected leads, and an observer observes [ELEC-26]', () => {
  const leader = makeLooking({ sid: 3 });
  hear(leader, 3, { leader: 3 });
  hear(leader, 1, { leader: 3 });
  waitOut(leader);
  expect(peer(leader).state).toBe('LEADING');
  const observer = makeLooking({ sid: 7, observers: [7] });
  hear(observer, 3, { leader: 3 });
  hear(observer, 1, { leader: 3 });
  waitOut(observer);
  expect(peer(observer).state).toBe('OBSERVING');
});

test('a message of an observing server is ignored [ELEC-27]', () => {
  const ctx = makeLooking();
  hear(ctx, 3, { state: 'OBSERVING', leader: 3, peerEpoch: 9 });
  expect(election(ctx).recvset).toEqual([]);
  expect(election(ctx).outofelection).toEqual([]);
});

test('in the same round a leader and its followers are joined at once [ELEC-28]', () => {
  const ctx = makeLooking();
  hear(ctx, 3, { state: 'LEADING', leader: 3 });
  expect(peer(ctx).state).toBe('LOOKING');
  hear(ctx, 2, { state: 'FOLLOWING', leader: 3 });
  expect(peer(ctx).state).toBe('FOLLOWING');
  expect(noted(ctx, 'elected')).toMatchObject([{ how: 'joined-same-round' }]);
});

test('in the same round the vote of a server that looks counts with those of a running ensemble [ELEC-31]', () => {
  const ctx = makeLooking();
  hear(ctx, 1, { leader: 3 });
  hear(ctx, 3, { state: 'LEADING', leader: 3 });
  expect(peer(ctx).state).toBe('FOLLOWING');
});

test('an ensemble of another round is joined with its round [ELEC-29]', () => {
  const ctx = makeLooking();
  hear(ctx, 3, { state: 'LEADING', leader: 3, electionEpoch: 8, peerEpoch: 5, zxid: 1 });
  hear(ctx, 2, { state: 'FOLLOWING', leader: 3, electionEpoch: 7, peerEpoch: 5, zxid: 2 });
  expect(peer(ctx).state).toBe('FOLLOWING');
  expect(election(ctx).logicalclock).toBe(7);
  expect(noted(ctx, 'elected')).toMatchObject([{ how: 'joined-running-ensemble', leader: 3 }]);
});

test('the leader alone is not enough to join it [ELEC-32]', () => {
  const ctx = makeLooking();
  hear(ctx, 3, { state: 'LEADING', leader: 3, electionEpoch: 8 });
  hear(ctx, 3, { state: 'LEADING', leader: 3, electionEpoch: 8 });
  expect(peer(ctx).state).toBe('LOOKING');
});

test('followers alone are not enough: the leader must have said that it leads [ELEC-30]', () => {
  const ctx = makeLooking();
  hear(ctx, 2, { state: 'FOLLOWING', leader: 3, electionEpoch: 8 });
  hear(ctx, 3, { state: 'FOLLOWING', leader: 3, electionEpoch: 8 });
  expect(peer(ctx).state).toBe('LOOKING');
  expect(noted(ctx, 'leader-not-confirmed')).toMatchObject([{ leader: 3, why: 'not-leading' }]);
  hear(ctx, 3, { state: 'LEADING', leader: 3, electionEpoch: 8 });
  expect(peer(ctx).state).toBe('FOLLOWING');
});

test('a former leader does not lead by old votes for it [ELEC-30]', () => {
  const ctx = makeLooking({ sid: 3 });
  for (const sid of [1, 2]) hear(ctx, sid, { state: 'FOLLOWING', leader: 3, electionEpoch: 8 });
  expect(peer(ctx).state).toBe('LOOKING');
  expect(noted(ctx, 'leader-not-confirmed')).toMatchObject([{ why: 'own-round-differs' }]);
});

test('without the look at the round, a former leader leads by old votes [ZOOKEEPER-1514]', () => {
  const ctx = makeLooking({ sid: 3, decisions: { checksLeaderRound: false } });
  for (const sid of [1, 2]) hear(ctx, sid, { state: 'FOLLOWING', leader: 3, electionEpoch: 8 });
  expect(peer(ctx).state).toBe('LEADING');
});

test('a server that all others follow in its own round leads [ELEC-30]', () => {
  const ctx = makeLooking({ sid: 3 });
  for (const sid of [1, 2]) hear(ctx, sid, { state: 'FOLLOWING', leader: 3 });
  expect(peer(ctx).state).toBe('LEADING');
});

test('what one election has heard is gone in the next, and the round goes on [ELEC-33]', () => {
  const ctx = makeLooking();
  hear(ctx, 3, { leader: 3 });
  hear(ctx, 3, { state: 'LEADING', leader: 3, electionEpoch: 8 });
  hear(ctx, 1, { leader: 3 });
  step(ctx, itemsOf(waitOut(ctx), 'continue')[0]!);
  own(ctx.parts, ctx.refs.peer).state = 'LOOKING';
  runStepAs(ctx, QUORUM_PEER, 0, 0, () => beginLookForLeader(ctx));
  expect(election(ctx)).toMatchObject({ recvset: [], outofelection: [], logicalclock: 2, notTimeoutUs: 200 * MS });
  expect(proposal(ctx)).toEqual([1, 10, 1]);
});

test('when the role is synchronised, only the epoch of the stored vote changes [ELEC-34]', () => {
  const ctx = makeFinalizing();
  step(ctx, itemsOf(waitOut(ctx), 'continue')[0]!);
  updateElectionVote(ctx, 6);
  expect(peer(ctx).currentVote).toEqual({ leader: 2, zxid: 10, electionEpoch: 1, peerEpoch: 6 });
});

test('an election that ends at the full view takes votes that do not agree [ZOOKEEPER-975]', () => {
  const votes = (decisions: Partial<ZabDecisions>): string => {
    const ctx = makeLooking({ sid: 3, decisions });
    for (const sid of ALL) hear(ctx, sid, { leader: sid });
    return peer(ctx).state;
  };
  expect(votes({ endsElectionAtFullView: true })).toBe('LEADING');
  expect(votes({})).toBe('LOOKING');
});

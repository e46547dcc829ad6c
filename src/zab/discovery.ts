/**
 * The leader's three waits: getEpochToPropose, waitForEpochAck, waitForNewLeaderAck (section C). Each is a monitor on which the
 * QuorumPeer thread and the readers of the learner handlers wait together, every one with a timeout of its own (DISC-29). A caller
 * enters with `waitDeadline` -1 in its own part, is blocked when the outcome is 'waiting', and calls again when it is woken.
 */
import { own, peek } from '../base/parts.ts';
import type { Item } from '../base/step.ts';
import { makeZxid, noZxid, type Zxid } from '../base/zxid.ts';
import type { ZabContext } from './context.ts';
import { pushEpochWrite } from './epoch-file.ts';
import { addSid, type LeaderState, type StateSummary } from './leader-state.ts';

/** 'ahead': the learner's history is newer than the leader's. */
export type WaitOutcome = 'done' | 'waiting' | 'timeout' | 'ahead';

/** The waiting caller's own part. */
export interface Waiter {
  waitDeadline: number;
}

/** acceptedEpoch is on disk and in memory: the thread that wrote it leaves the monitor with this. */
export interface EpochAccepted extends Item {
  readonly type: 'epoch-accepted';
}

const EPOCH_KNOWN = 'connectingFollowers';
/** Entering the monitor of connectingFollowers while the thread inside writes acceptedEpoch. */
const EPOCH_MONITOR = 'connectingFollowers.monitor';
const EPOCH_ACKED = 'electingFollowers';
const QUORUM_FORMED = 'newLeaderProposal';

export function isVoter(ctx: ZabContext, sid: number): boolean {
  return ctx.config.verifier.voters.includes(sid);
}

/** NEWLEADER's zxid (ID-02). */
export function newLeaderZxid(leader: Readonly<LeaderState>): Zxid {
  return makeZxid(leader.epoch, 0);
}

/** Leader.getEpochToPropose (DISC-10 to DISC-13). On 'done' the epoch is in the leader's state. */
export function getEpochToPropose(ctx: ZabContext, waiter: Waiter, sid: number, lastAcceptedEpoch: number): WaitOutcome {
  const known = peek(ctx.parts, ctx.refs.leader);
  if (known.epochWriter !== -1) return block(ctx, EPOCH_MONITOR, null);
  if (!known.waitingForNewEpoch) {
    if (lastAcceptedEpoch > Math.max(known.epoch, known.newerEpoch)) own(ctx.parts, ctx.refs.leader).newerEpoch = lastAcceptedEpoch;
    return leave(waiter, 'done');
  }
  if (waiter.waitDeadline !== -1) return waitOn(ctx, waiter, EPOCH_KNOWN);

  const leader = own(ctx.parts, ctx.refs.leader);
  if (ctx.decide.zab.raisesEpoch(lastAcceptedEpoch, leader.epoch)) leader.epoch = lastAcceptedEpoch + 1;
  if (countsInDiscovery(ctx, sid)) addSid(leader.connectingFollowers, sid);
  if (isQuorumWithSelf(ctx, leader.connectingFollowers, ctx.decide.zab.epochNeedsQuorum)) {
    leader.epochWriter = ctx.thread.id;
    ctx.note({ type: 'epoch-proposed', epoch: leader.epoch, from: leader.connectingFollowers.slice() });
    pushEpochWrite(ctx, 'acceptedEpoch', leader.epoch);
    ctx.effects.push({ type: 'continue', item: { type: 'epoch-accepted' } satisfies EpochAccepted });
    return 'waiting';
  }
  if (ctx.traced) ctx.note({ type: 'epoch-awaited', sid, lastAcceptedEpoch, have: leader.connectingFollowers.slice() });
  return startWait(ctx, waiter, EPOCH_KNOWN);
}

/** The epoch is written (ID-10): those inside the monitor learn it, those at its door come in. */
export function onEpochAccepted(ctx: ZabContext): void {
  leaveMonitor(ctx, true, [EPOCH_KNOWN, EPOCH_MONITOR]);
}

/**
 * setAcceptedEpoch threw. Those at the door come in. In the original waitingForNewEpoch was cleared before the write, and notifyAll is
 * skipped: those inside go on when their time is up, with an epoch that is on no disk, and currentEpoch passes acceptedEpoch (ID-15).
 */
export function onEpochWriteFailed(ctx: ZabContext): void {
  leaveMonitor(ctx, ctx.decide.zab.freezesEpochBeforeFile, [EPOCH_MONITOR]);
}

/** Thread ids carry the term of a handler, so the monitor of another Leader object is never touched. */
function leaveMonitor(ctx: ZabContext, isKnown: boolean, conditions: readonly string[]): void {
  if (peek(ctx.parts, ctx.refs.leader).epochWriter !== ctx.thread.id) return;
  const leader = own(ctx.parts, ctx.refs.leader);
  leader.epochWriter = -1;
  if (isKnown) leader.waitingForNewEpoch = false;
  ctx.effects.push({ type: 'atomic', effects: conditions.map((condition) => ({ type: 'signal', condition })) });
}

/** Leader.waitForEpochAck (DISC-20 to DISC-24). */
export function waitForEpochAck(ctx: ZabContext, waiter: Waiter, sid: number, summary: StateSummary): WaitOutcome {
  if (peek(ctx.parts, ctx.refs.leader).electionFinished) return leave(waiter, 'done');
  if (waiter.waitDeadline !== -1) return waitOn(ctx, waiter, EPOCH_ACKED);
  const leader = own(ctx.parts, ctx.refs.leader);
  if (summary.currentEpoch !== -1) {
    if (ctx.decide.zab.refusesFollowerAhead && isMoreRecent(summary, leader.summary)) {
      noteAhead(ctx, sid, summary, leader.summary);
      return 'ahead';
    }
    if (summary.lastZxid !== noZxid && countsInDiscovery(ctx, sid)) addSid(leader.electingFollowers, sid);
  }
  if (ctx.traced) {
    const counted = leader.electingFollowers.includes(sid);
    ctx.note({ type: 'epoch-acked', sid, currentEpoch: summary.currentEpoch, zxid: summary.lastZxid, counted });
  }
  if (isQuorumWithSelf(ctx, leader.electingFollowers, ctx.decide.zab.epochNeedsQuorum)) {
    leader.electionFinished = true;
    ctx.effects.push({ type: 'signal', condition: EPOCH_ACKED });
    return leave(waiter, 'done');
  }
  return startWait(ctx, waiter, EPOCH_ACKED);
}

/** StateSummary.isMoreRecentThan (DISC-21). */
export function isMoreRecent(a: StateSummary, b: StateSummary): boolean {
  return a.currentEpoch > b.currentEpoch || (a.currentEpoch === b.currentEpoch && a.lastZxid > b.lastZxid);
}

function noteAhead(ctx: ZabContext, sid: number, theirs: StateSummary, ours: StateSummary): void {
  const { currentEpoch: epoch, lastZxid: zxid } = theirs;
  ctx.note({ type: 'follower-ahead', sid, epoch, zxid, leaderEpoch: ours.currentEpoch, leaderZxid: ours.lastZxid });
}

/**
 * Leader.waitForNewLeaderAck (DISC-28). An ack of anything else is an error in the log and no wait at all: the handler goes on to
 * waitForStartup and never reads the real ack (the leader's half of ZOOKEEPER-4685).
 */
export function waitForNewLeaderAck(ctx: ZabContext, waiter: Waiter, sid: number, zxid: Zxid): WaitOutcome {
  const known = peek(ctx.parts, ctx.refs.leader);
  if (known.quorumFormed) return leave(waiter, 'done');
  if (waiter.waitDeadline !== -1) return waitOn(ctx, waiter, QUORUM_FORMED);
  const expected = newLeaderZxid(known);
  if (zxid !== expected) {
    ctx.note({ type: 'bad', what: 'ack', zxid, expected, why: 'not-the-newleader-ack' });
    return 'done';
  }
  const leader = own(ctx.parts, ctx.refs.leader);
  if (isVoter(ctx, sid)) addSid(leader.newLeaderAcks, sid);
  if (ctx.traced) ctx.note({ type: 'newleader-acked', sid, have: leader.newLeaderAcks.slice() });
  if (ctx.config.verifier.containsQuorum(leader.newLeaderAcks)) {
    leader.quorumFormed = true;
    ctx.note({ type: 'established', epoch: leader.epoch, history: peek(ctx.parts, ctx.refs.database).lastProcessedZxid });
    ctx.effects.push({ type: 'signal', condition: QUORUM_FORMED });
    return leave(waiter, 'done');
  }
  return startWait(ctx, waiter, QUORUM_FORMED);
}

function isQuorumWithSelf(ctx: ZabContext, sids: readonly number[], needsQuorum: boolean): boolean {
  if (!sids.includes(ctx.config.sid)) return false;
  // ZOOKEEPER-2959: servers were counted, whoever they were.
  const enough = ctx.decide.zab.countsObserversInDiscovery && sids.length * 2 > ctx.config.verifier.voters.length;
  return !needsQuorum || enough || ctx.config.verifier.containsQuorum(sids);
}

function countsInDiscovery(ctx: ZabContext, sid: number): boolean {
  return ctx.decide.zab.countsObserversInDiscovery || isVoter(ctx, sid);
}

function startWait(ctx: ZabContext, waiter: Waiter, condition: string): WaitOutcome {
  waiter.waitDeadline = ctx.now + ctx.config.initLimit * ctx.config.tickUs;
  return block(ctx, condition, waiter.waitDeadline);
}

/** Woken, and what it waits for is still not so. */
function waitOn(ctx: ZabContext, waiter: Waiter, condition: string): WaitOutcome {
  if (ctx.now >= waiter.waitDeadline) return leave(waiter, 'timeout');
  return block(ctx, condition, waiter.waitDeadline);
}

function block(ctx: ZabContext, condition: string, deadline: number | null): WaitOutcome {
  ctx.thread.blockedOn = { on: 'condition', condition, deadline };
  return 'waiting';
}

function leave(waiter: Waiter, outcome: WaitOutcome): WaitOutcome {
  waiter.waitDeadline = -1;
  return outcome;
}

/**
 * Leader.lead and Leader.shutdown, on the QuorumPeer thread: load, agree on an epoch, have NEWLEADER acknowledged, serve, and look twice a
 * tick whether a quorum still follows (DISC-01 to DISC-30, LIVE-01 to LIVE-11). The learners' side of it is in learner-handler.ts.
 */
import { unreachable } from '../base/assert.ts';
import { own, peek, replace } from '../base/parts.ts';
import { threadId, type HostInput, type Item } from '../base/step.ts';
import { LEADER_MONITOR, queuePacket } from './broadcast.ts';
import type { ZabContext } from './context.ts';
import type { LeaderLoadStep, LeaderShutdownStep } from './decisions.ts';
import {
  getEpochToPropose,
  newLeaderZxid,
  onEpochAccepted,
  onEpochWriteFailed,
  waitForEpochAck,
  waitForNewLeaderAck,
  type EpochAccepted,
  type WaitOutcome,
} from './discovery.ts';
import { assignEpoch, pushEpochWrite, type EpochWritten } from './epoch-file.ts';
import { updateElectionVote } from './fast-leader-election.ts';
import { HOST_INPUTS, makeInputGuard, type InputGuard } from './input-guard.ts';
import { SERVER_RUNNING, type RunItem } from './learner-handler.ts';
import { pushShutdown } from './learner-handler-sender.ts';
import { makeLeaderState, releaseHandlers, removeHandler, type LeaderState, type LearnerHandlerState } from './leader-state.ts';
import type { LeaveReason } from './note.ts';
import { QUORUM_PORT, type QuorumPacket } from './packet.ts';
import { makePlanItem, runPlanEntry, type PlanItem } from './plan.ts';
import { restoreDatabase } from './recovery.ts';
import { performShutdownStep } from './shutdown.ts';
import { beginTakeSnapshot, stepTakeSnapshot, type SnapshotItem } from './snapshot-file.ts';
import { isWithinLimit } from './sync-limit-check.ts';
import { startSyncThread } from './sync-thread.ts';
import { LEARNER_CNX_ACCEPTOR, LEARNER_HANDLER } from './thread-kinds.ts';
import { setZabState } from './zab-state.ts';

type LeadItem =
  | { readonly type: 'lead' }
  | { readonly type: 'propose-epoch' }
  | { readonly type: 'synchronise' }
  | { readonly type: 'server-started' }
  | { readonly type: 'serve' };
type LeaderInput = HostInput | LeadItem | PlanItem | SnapshotItem | EpochWritten | EpochAccepted;

const assertInput: InputGuard<LeaderInput> = makeInputGuard('a leader', {
  ...HOST_INPUTS,
  lead: true,
  'propose-epoch': true,
  synchronise: true,
  'server-started': true,
  serve: true,
  plan: true,
  'snapshot-walk': true,
  'snapshot-end': true,
  'snapshot-taken': true,
  'epoch-written': true,
  'epoch-accepted': true,
});

const LOAD_PLAN = 'leader-load';
const SHUTDOWN_PLAN = 'leader-shutdown';

function continueWith(ctx: ZabContext, item: LeadItem | PlanItem): void {
  ctx.effects.push({ type: 'continue', item });
}

/** The Leader object is made, which binds the quorum port: learners queue there before they are accepted (DISC-02). */
export function beginLeading(ctx: ZabContext): void {
  const { newerEpoch } = peek(ctx.parts, ctx.refs.leader);
  releaseHandlers(ctx.parts, ctx.refs.leader);
  const leader = makeLeaderState(peek(ctx.parts, ctx.refs.peer).incarnation);
  // The server for which the last term ended may be late again: the next one begins beyond the epoch that it has accepted.
  if (newerEpoch !== -1 && ctx.decide.zab.stepsDownForNewerEpoch) leader.epoch = newerEpoch + 1;
  replace(ctx.parts, ctx.refs.leader, leader);
  ctx.effects.push({ type: 'listen', port: QUORUM_PORT });
  continueWith(ctx, { type: 'lead' });
}

/** One further input of the QuorumPeer thread while it leads; at the very end it continues with 'role-ended'. */
export function stepLeader(ctx: ZabContext, input: Item): void {
  assertInput(input);
  route(ctx, input);
}

function route(ctx: ZabContext, input: LeaderInput): void {
  switch (input.type) {
    case 'lead':
      setZabState(ctx, 'DISCOVERY');
      return continueWith(ctx, makePlanItem(LOAD_PLAN));
    case 'plan':
      return input.plan === LOAD_PLAN ? runLoadEntry(ctx, input) : runShutdownEntry(ctx, input);
    case 'snapshot-walk':
    case 'snapshot-end':
    case 'snapshot-taken':
      stepTakeSnapshot(ctx, input);
      return;
    case 'propose-epoch':
      own(ctx.parts, ctx.refs.leader).stage = 'epoch';
      return resume(ctx);
    case 'epoch-written':
      return assignEpoch(ctx, input.file, input.epoch);
    case 'epoch-accepted':
      onEpochAccepted(ctx);
      return resume(ctx);
    case 'synchronise':
      setZabState(ctx, 'SYNCHRONIZATION');
      own(ctx.parts, ctx.refs.leader).stage = 'newleader-ack';
      return resume(ctx);
    case 'server-started':
      return onServerStarted(ctx);
    case 'serve':
      return serve(ctx);
    case 'signalled':
    case 'timeout':
      return resume(ctx);
    case 'ended':
      return onJoined(ctx);
    case 'failed':
      return onFailed(ctx);
    case 'interrupted':
      return onInterrupted(ctx);
    case 'packet':
    case 'closed':
    case 'accepted':
    case 'connected':
    case 'refused':
      return;
    default:
      return unreachable(input);
  }
}

/** LeaderZooKeeperServer.loadData (ID-23). */
function runLoadEntry(ctx: ZabContext, item: PlanItem): void {
  if (runPlanEntry(ctx, item, ctx.decide.zab.leaderLoadPlan, (step) => performLoadStep(ctx, step))) return;
  const { currentEpoch, incarnation } = peek(ctx.parts, ctx.refs.peer);
  const { lastProcessedZxid: lastZxid } = peek(ctx.parts, ctx.refs.database);
  const leader = own(ctx.parts, ctx.refs.leader);
  leader.summary = { currentEpoch, lastZxid };
  const thread = threadId(LEARNER_CNX_ACCEPTOR, incarnation);
  ctx.effects.push({ type: 'start', thread, item: { type: 'run' } satisfies RunItem });
  continueWith(ctx, { type: 'propose-epoch' });
}

export function performLoadStep(ctx: ZabContext, step: LeaderLoadStep): void {
  switch (step) {
    case 'load':
      // A database is loaded already but for one that a learner's shutdown has cleared.
      if (!peek(ctx.parts, ctx.refs.database).initialized && !restoreDatabase(ctx))
        ctx.effects.push({ type: 'exit', reason: 'database-not-loaded' });
      return;
    case 'remove-dead-ephemerals':
      return ctx.app.removeDeadEphemerals(ctx);
    case 'snapshot':
      return beginTakeSnapshot(ctx, { sync: false });
    default:
      return unreachable(step);
  }
}

/** Calls the wait it is in for the first time or once more, and goes on when that is over. */
function resume(ctx: ZabContext): void {
  const leader = own(ctx.parts, ctx.refs.leader);
  const { sid } = ctx.config;
  switch (leader.stage) {
    case 'epoch': {
      const { acceptedEpoch } = peek(ctx.parts, ctx.refs.peer);
      return onOutcome(ctx, getEpochToPropose(ctx, leader, sid, acceptedEpoch), onEpochKnown, 'epoch-timeout');
    }
    case 'epoch-ack':
      return onOutcome(ctx, waitForEpochAck(ctx, leader, sid, leader.summary), onEpochAcked, 'epoch-ack-timeout');
    case 'newleader-ack':
      return onOutcome(ctx, waitForNewLeaderAck(ctx, leader, sid, newLeaderZxid(leader)), startServer, 'newleader-timeout');
    case 'broadcast':
      return onLeaderWoken(ctx, leader);
    case 'shutdown':
      ctx.thread.blockedOn = leader.joining;
      break;
    case 'load':
    case 'current-epoch':
    case 'start-server':
      break;
    default:
      return unreachable(leader.stage);
  }
}

function onOutcome(ctx: ZabContext, outcome: WaitOutcome, next: (ctx: ZabContext) => void, why: LeaveReason): void {
  if (outcome === 'done') next(ctx);
  else if (outcome !== 'waiting') leave(ctx, why, voterHandlers(ctx));
}

function voterHandlers(ctx: ZabContext): number[] {
  const { handlers } = peek(ctx.parts, ctx.refs.leader);
  return handlers.map(({ ref }) => peek(ctx.parts, ref).sid).filter((sid) => ctx.config.verifier.voters.includes(sid));
}

/** DISC-14: before the leader's own epoch ack, so before any handler gets as far as the sync decision. */
function onEpochKnown(ctx: ZabContext): void {
  const leader = own(ctx.parts, ctx.refs.leader);
  if (ctx.decide.zab.initialisesLastProposed) leader.lastProposed = newLeaderZxid(leader);
  leader.stage = 'epoch-ack';
  resume(ctx);
}

/** DISC-25 */
function onEpochAcked(ctx: ZabContext): void {
  const leader = own(ctx.parts, ctx.refs.leader);
  leader.stage = 'current-epoch';
  pushEpochWrite(ctx, 'currentEpoch', leader.epoch);
  continueWith(ctx, { type: 'synchronise' });
}

/** Leader.startZkServer (SYNC-55): the processors' threads start one by one. */
function startServer(ctx: ZabContext): void {
  const leader = own(ctx.parts, ctx.refs.leader);
  leader.stage = 'start-server';
  leader.lastCommitted = newLeaderZxid(leader);
  startSyncThread(ctx);
  ctx.app.startProcessors(ctx, 'leader');
  continueWith(ctx, { type: 'server-started' });
}

/**
 * The server is RUNNING and its tree stands at (epoch, 0). One event, since the original holds the Leader's monitor: a proposal in between
 * could be applied before lastProcessedZxid is set back.
 */
function onServerStarted(ctx: ZabContext): void {
  const leader = own(ctx.parts, ctx.refs.leader);
  leader.serverRunning = true;
  own(ctx.parts, ctx.refs.database).lastProcessedZxid = newLeaderZxid(leader);
  updateElectionVote(ctx, leader.epoch);
  ctx.effects.push({ type: 'signal', condition: SERVER_RUNNING });
  continueWith(ctx, { type: 'serve' });
}

/** LIVE-22 */
function serve(ctx: ZabContext): void {
  own(ctx.parts, ctx.refs.leader).stage = 'broadcast';
  own(ctx.parts, ctx.refs.peer).serving = true;
  ctx.app.publish(ctx);
  ctx.note({ type: 'serving', serving: true });
  setZabState(ctx, 'BROADCAST');
  waitHalfTick(ctx, own(ctx.parts, ctx.refs.leader));
}

function waitHalfTick(ctx: ZabContext, leader: LeaderState): void {
  leader.waitDeadline = ctx.now + Math.floor(ctx.config.tickUs / 2);
  ctx.thread.blockedOn = { on: 'condition', condition: LEADER_MONITOR, deadline: leader.waitDeadline };
}

function onLeaderWoken(ctx: ZabContext, leader: LeaderState): void {
  if (leader.counterExhausted) leave(ctx, 'counter-exhausted', [leader.epoch]);
  else if (ctx.now >= leader.waitDeadline) onHalfTick(ctx, leader);
  else ctx.thread.blockedOn = { on: 'condition', condition: LEADER_MONITOR, deadline: leader.waitDeadline };
}

/** LIVE-01 to LIVE-05: the quorum is counted on every second wake, pings go out on each. */
function onHalfTick(ctx: ZabContext, leader: LeaderState): void {
  if (!leader.tickSkip) leader.tick += 1;
  if (peek(ctx.parts, ctx.refs.peer).failed) return leave(ctx, 'processor-failed', []);
  if (leader.newerEpoch !== -1 && ctx.decide.zab.stepsDownForNewerEpoch)
    return leave(ctx, 'epoch-older', [leader.epoch, leader.newerEpoch]);
  const synced = syncedSids(ctx, leader);
  const hasQuorum = ctx.config.verifier.containsQuorum(synced);
  if (!leader.tickSkip && !hasQuorum && ctx.decide.zab.stepsDownWithoutQuorum) return leave(ctx, 'no-quorum', synced);
  leader.tickSkip = !leader.tickSkip;
  waitHalfTick(ctx, leader);
  for (const { ref } of leader.handlers.slice()) ping(ctx, leader, peek(ctx.parts, ref));
}

/** A handler that has not heard its learner's id yet counts as server 0, as in the original. */
function syncedSids(ctx: ZabContext, leader: Readonly<LeaderState>): number[] {
  const sids = [ctx.config.sid];
  for (const { ref } of leader.handlers) {
    const { alive, closing, tickOfNextAckDeadline, sid } = peek(ctx.parts, ref);
    if (alive && !closing && leader.tick <= tickOfNextAckDeadline && !sids.includes(sid)) sids.push(sid);
  }
  return sids;
}

/** LearnerHandler.ping (LIVE-07, LIVE-08, BCAST-20). */
function ping(ctx: ZabContext, leader: LeaderState, handler: Readonly<LearnerHandlerState>): void {
  if (!handler.sendingThreadStarted || handler.closing) return;
  if (!isWithinLimit(handler, ctx.now, ctx.config.syncLimit * ctx.config.tickUs)) {
    ctx.note({ type: 'handler-closed', sid: handler.sid, why: 'transaction-timeout' });
    return shutdownHandler(ctx, leader, handler);
  }
  if (ctx.traced) ctx.note({ type: 'ping', zxid: leader.lastProposed });
  const packet: QuorumPacket = { type: 'PING', zxid: leader.lastProposed, touches: [] };
  ctx.effects.push(queuePacket(leader, handler.key, packet));
}

/** LearnerHandler.shutdown by another thread than its reader, which is interrupted. */
function shutdownHandler(ctx: ZabContext, leader: LeaderState, handler: Readonly<LearnerHandlerState>): void {
  pushShutdown(ctx, handler);
  ctx.effects.push({ type: 'interrupt', thread: threadId(LEARNER_HANDLER, leader.incarnation, handler.key) });
  removeHandler(ctx.parts, leader, handler.key);
}

function leave(ctx: ZabContext, why: LeaveReason, operands: readonly number[]): void {
  const leader = own(ctx.parts, ctx.refs.leader);
  ctx.note({ type: 'left-role', role: 'LEADING', why, operands });
  leader.stage = 'shutdown';
  leader.serverWasRunning = leader.serverRunning;
  continueWith(ctx, makePlanItem(SHUTDOWN_PLAN));
}

/** Leader.shutdown (LIVE-11). */
function runShutdownEntry(ctx: ZabContext, item: PlanItem): void {
  own(ctx.parts, ctx.refs.peer).plan = { name: item.plan, at: item.at };
  if (runPlanEntry(ctx, item, ctx.decide.zab.leaderShutdownPlan, (step) => performLeaderShutdown(ctx, step))) {
    own(ctx.parts, ctx.refs.leader).joining = ctx.thread.blockedOn;
    return;
  }
  own(ctx.parts, ctx.refs.peer).plan = null;
  ctx.effects.push({ type: 'continue', item: { type: 'role-ended' } });
}

function performLeaderShutdown(ctx: ZabContext, step: LeaderShutdownStep): void {
  const leader = own(ctx.parts, ctx.refs.leader);
  switch (step) {
    case 'stop-acceptor': {
      leader.stopping = true;
      const thread = threadId(LEARNER_CNX_ACCEPTOR, leader.incarnation);
      ctx.effects.push({ type: 'unlisten', port: QUORUM_PORT }, { type: 'interrupt', thread });
      return;
    }
    case 'close-handlers':
      for (const { ref } of leader.handlers.slice()) shutdownHandler(ctx, leader, peek(ctx.parts, ref));
      return;
    case 'stop-processors':
      leader.serverRunning = false;
      return performShutdownStep(ctx, step, leader.serverWasRunning);
    default:
      return performShutdownStep(ctx, step, leader.serverWasRunning);
  }
}

/** A join of the shutdown plan is over. */
function onJoined(ctx: ZabContext): void {
  const { plan } = peek(ctx.parts, ctx.refs.peer);
  own(ctx.parts, ctx.refs.leader).joining = null;
  if (plan !== null) continueWith(ctx, makePlanItem(plan.name, plan.at + 1));
}

/** An I/O error: lead() ends with it; a shutdown goes on. */
function onFailed(ctx: ZabContext): void {
  onEpochWriteFailed(ctx);
  if (peek(ctx.parts, ctx.refs.leader).stage === 'shutdown') onJoined(ctx);
  else leave(ctx, 'disk', []);
}

/** The process is asked to stop. */
function onInterrupted(ctx: ZabContext): void {
  if (peek(ctx.parts, ctx.refs.leader).stage === 'shutdown') resume(ctx);
  else leave(ctx, 'stopped', []);
}

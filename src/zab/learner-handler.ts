/**
 * LearnerHandler: one connection of a learner at the leader, with two threads. The reader runs discovery and the sync decision, writes
 * LEADERINFO and the snapshot straight to the connection, and then takes the learner's packets; the sender drains queuedPackets (its
 * mailbox) once the reader has let it go. The acceptor makes handlers. Sections C, D1 and K3.
 */
import { assert, unreachable } from '../base/assert.ts';
import { own, peek, type Ref } from '../base/parts.ts';
import { threadId, type HostInput, type Item } from '../base/step.ts';
import { epochOf } from '../base/zxid.ts';
import { isOwnTerm, processAck, queuePacket } from './broadcast.ts';
import type { ZabContext } from './context.ts';
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
import { assignEpoch, type EpochWritten } from './epoch-file.ts';
import { HOST_INPUTS, makeInputGuard, type InputGuard } from './input-guard.ts';
import { handlerRef, removeHandler, type LearnerHandlerState } from './leader-state.ts';
import { beginSnapshotWalk, performSyncStep, sendSnapshotRecord, type SnapshotItem } from './sync-follower.ts';
import { isQuorumPacket, type QuorumPacket } from './packet.ts';
import { makePlanItem, runPlanEntry, type PlanItem } from './plan.ts';
import { pushShutdown, type StandByItem } from './learner-handler-sender.ts';
import { startLimit, updateAck } from './sync-limit-check.ts';
import { LEARNER_HANDLER_SENDER } from './thread-kinds.ts';

/** ZooKeeperServer.startup notifies those who wait for the server to run; they look again every 20 ms besides. */
export const SERVER_RUNNING = 'zk';
const STARTUP_POLL_US = 20_000;

export interface RunItem extends Item {
  readonly type: 'run';
}
/** After Leader.shutdown or its own end: the handler leaves the leader's lists. */
interface RemoveItem extends Item {
  readonly type: 'remove-handler';
}
type LearnerHandlerInput = HostInput | RunItem | RemoveItem | EpochWritten | EpochAccepted | PlanItem | SnapshotItem;

const assertInput: InputGuard<LearnerHandlerInput> = makeInputGuard('a LearnerHandler', {
  ...HOST_INPUTS,
  run: true,
  'remove-handler': true,
  'epoch-written': true,
  'epoch-accepted': true,
  plan: true,
  'snapshot-begin': true,
  'snapshot-next': true,
});

/** One step of the reader: LearnerHandler.run. */
export function stepLearnerHandler(ctx: ZabContext, input: Item): void {
  assertInput(input);
  step(ctx, input);
}

function step(ctx: ZabContext, input: LearnerHandlerInput): void {
  // These belong to QuorumPeer and to the monitor, whatever has become of this connection meanwhile.
  if (input.type === 'epoch-written') assignEpoch(ctx, input.file, input.epoch);
  else if (input.type === 'epoch-accepted') onEpochAccepted(ctx);
  else if (input.type === 'failed') onEpochWriteFailed(ctx);
  const ref = isOwnTerm(ctx) ? handlerRef(peek(ctx.parts, ctx.refs.leader), ctx.thread.key) : null;
  if (ref === null) {
    // What it still has to write of an epoch belongs to the peer, not to the connection.
    ctx.thread.ending = true;
    return;
  }
  if (input.type === 'remove-handler') removeSelf(ctx);
  else if (!peek(ctx.parts, ref).closing) route(ctx, ref, input);
}

function route(ctx: ZabContext, ref: Ref<LearnerHandlerState>, input: LearnerHandlerInput): void {
  switch (input.type) {
    case 'run':
      return run(ctx, ref);
    case 'packet':
      return onPacket(ctx, ref, input.packet);
    case 'epoch-accepted':
    case 'signalled':
      return resume(ctx, ref);
    case 'timeout':
      return isReading(peek(ctx.parts, ref)) ? fail(ctx, ref, 'read-timeout') : resume(ctx, ref);
    case 'plan':
      return onSyncEntry(ctx, ref, input);
    case 'snapshot-begin':
      return beginSnapshotWalk(ctx, ref);
    case 'snapshot-next':
      return sendSnapshotRecord(ctx, ref, input.cursor);
    case 'failed':
      return fail(ctx, ref, input.error);
    case 'closed':
      return fail(ctx, ref, input.how);
    case 'interrupted':
      return fail(ctx, ref, 'interrupted');
    case 'epoch-written':
    case 'remove-handler':
    case 'accepted':
    case 'connected':
    case 'refused':
    case 'ended':
      return;
    default:
      return unreachable(input);
  }
}

function run(ctx: ZabContext, ref: Ref<LearnerHandlerState>): void {
  const { tick } = peek(ctx.parts, ctx.refs.leader);
  const handler = own(ctx.parts, ref);
  handler.alive = true;
  handler.tickOfNextAckDeadline = tick + ctx.config.initLimit + ctx.config.syncLimit;
  // Packets are queued from startForwarding on, before startSendingPackets: the sender stands by, so that its mailbox is there.
  const sender = threadId(LEARNER_HANDLER_SENDER, ctx.thread.incarnation, ctx.thread.key);
  ctx.effects.push({ type: 'start', thread: sender, item: { type: 'stand-by' } satisfies StandByItem });
  read(ctx, handler);
}

function isReading({ stage }: Readonly<LearnerHandlerState>): boolean {
  return stage === 'info' || stage === 'ack-epoch' || stage === 'first-ack' || stage === 'main';
}

/** Blocks on the connection; the timeout is initLimit until the NEWLEADER ack, then syncLimit (DISC-03, LIVE-09). */
function read(ctx: ZabContext, handler: Readonly<LearnerHandlerState>): void {
  const ticks = handler.stage === 'main' ? ctx.config.syncLimit : ctx.config.initLimit;
  ctx.thread.blockedOn = { on: 'read', link: handler.link, deadline: ctx.now + ticks * ctx.config.tickUs };
}

function onPacket(ctx: ZabContext, ref: Ref<LearnerHandlerState>, packet: Item): void {
  assert(isQuorumPacket(packet), () => `a leader got ${packet.type}`);
  switch (peek(ctx.parts, ref).stage) {
    case 'info':
      return onLearnerInfo(ctx, ref, packet);
    case 'ack-epoch':
      return onAckEpoch(ctx, ref, packet);
    case 'first-ack':
      return onFirstAck(ctx, ref, packet);
    default:
      return onLearnerPacket(ctx, ref, packet);
  }
}

/** DISC-08 */
function onLearnerInfo(ctx: ZabContext, ref: Ref<LearnerHandlerState>, packet: QuorumPacket): void {
  if (packet.type !== 'FOLLOWERINFO' && packet.type !== 'OBSERVERINFO') return fail(ctx, ref, 'not-learner-info');
  const handler = own(ctx.parts, ref);
  handler.sid = packet.sid;
  if (packet.type === 'OBSERVERINFO') handler.learnerType = 'OBSERVER';
  handler.lastAcceptedEpoch = epochOf(packet.zxid);
  handler.stage = 'epoch';
  resume(ctx, ref);
}

/** DISC-16, DISC-17 */
function onAckEpoch(ctx: ZabContext, ref: Ref<LearnerHandlerState>, packet: QuorumPacket): void {
  if (packet.type !== 'ACKEPOCH') return fail(ctx, ref, 'not-ackepoch');
  const handler = own(ctx.parts, ref);
  handler.peerEpoch = packet.currentEpoch;
  handler.peerLastZxid = packet.zxid;
  handler.stage = 'epoch-ack';
  resume(ctx, ref);
}

/** The first ACK counts as the one of NEWLEADER, whatever it acknowledges (SYNC-28; ZOOKEEPER-4685). */
function onFirstAck(ctx: ZabContext, ref: Ref<LearnerHandlerState>, packet: QuorumPacket): void {
  if (packet.type !== 'ACK') return fail(ctx, ref, 'not-ack');
  const handler = own(ctx.parts, ref);
  handler.newLeaderAckZxid = packet.zxid;
  handler.stage = 'newleader-ack';
  resume(ctx, ref);
}

/** One entry of learnerSyncPlan; after the last, the reader waits for the ACK. */
function onSyncEntry(ctx: ZabContext, ref: Ref<LearnerHandlerState>, item: PlanItem): void {
  const isRun = runPlanEntry(ctx, item, ctx.decide.zab.learnerSyncPlan, (step) => {
    const why = performSyncStep(ctx, own(ctx.parts, ref), step);
    if (why !== null) fail(ctx, ref, why);
  });
  if (!isRun) awaitFirstAck(ctx, ref);
}

function awaitFirstAck(ctx: ZabContext, ref: Ref<LearnerHandlerState>): void {
  const handler = own(ctx.parts, ref);
  handler.stage = 'first-ack';
  read(ctx, handler);
}

/** Calls the wait it is in for the first time or once more, and goes on when that is over. */
function resume(ctx: ZabContext, ref: Ref<LearnerHandlerState>): void {
  const handler = own(ctx.parts, ref);
  switch (handler.stage) {
    case 'epoch': {
      const outcome = getEpochToPropose(ctx, handler, handler.sid, handler.lastAcceptedEpoch);
      return onOutcome(ctx, ref, outcome, offerEpoch);
    }
    case 'epoch-ack': {
      const summary = { currentEpoch: handler.peerEpoch, lastZxid: handler.peerLastZxid };
      return onOutcome(ctx, ref, waitForEpochAck(ctx, handler, handler.sid, summary), startSync);
    }
    case 'newleader-ack':
      return onOutcome(ctx, ref, waitForNewLeaderAck(ctx, handler, handler.sid, handler.newLeaderAckZxid), onNewLeaderAcked);
    case 'startup':
      return waitForStartup(ctx, handler);
    default:
      // A signal that was meant for an earlier wait.
      return isReading(handler) ? read(ctx, handler) : undefined;
  }
}

type Next = (ctx: ZabContext, handler: LearnerHandlerState) => void;

function onOutcome(ctx: ZabContext, ref: Ref<LearnerHandlerState>, outcome: WaitOutcome, next: Next): void {
  if (outcome === 'done') next(ctx, own(ctx.parts, ref));
  else if (outcome !== 'waiting') fail(ctx, ref, outcome);
}

/** DISC-15: straight to the connection. */
function offerEpoch(ctx: ZabContext, handler: LearnerHandlerState): void {
  handler.stage = 'ack-epoch';
  const zxid = newLeaderZxid(peek(ctx.parts, ctx.refs.leader));
  const packet: QuorumPacket = { type: 'LEADERINFO', zxid, protocolVersion: 0x10000 };
  ctx.effects.push({ type: 'send', link: handler.link, packet });
  read(ctx, handler);
}

function startSync(ctx: ZabContext, handler: LearnerHandlerState): void {
  handler.stage = 'sync';
  ctx.effects.push({ type: 'continue', item: makePlanItem('learner-sync') });
}

function onNewLeaderAcked(ctx: ZabContext, handler: LearnerHandlerState): void {
  startLimit(handler);
  const leader = own(ctx.parts, ctx.refs.leader);
  if (handler.syncing === 'SNAP') leader.snapSyncs -= 1;
  if (handler.syncing === 'DIFF') leader.diffSyncs -= 1;
  handler.syncing = 'none';
  handler.stage = 'startup';
  waitForStartup(ctx, handler);
}

/** Leader.waitForStartup, then UPTODATE through the queue. */
function waitForStartup(ctx: ZabContext, handler: LearnerHandlerState): void {
  const leader = peek(ctx.parts, ctx.refs.leader);
  if (!leader.serverRunning) {
    ctx.thread.blockedOn = { on: 'condition', condition: SERVER_RUNNING, deadline: ctx.now + STARTUP_POLL_US };
    return;
  }
  handler.stage = 'main';
  ctx.effects.push(queuePacket(leader, handler.key, { type: 'UPTODATE', zxid: -1 }));
  read(ctx, handler);
}

/** The main loop: every packet moves the deadline by which the next one is due (LIVE-04). */
function onLearnerPacket(ctx: ZabContext, ref: Ref<LearnerHandlerState>, packet: QuorumPacket): void {
  const leader = peek(ctx.parts, ctx.refs.leader);
  const handler = own(ctx.parts, ref);
  handler.tickOfNextAckDeadline = leader.tick + ctx.config.syncLimit;
  read(ctx, handler);
  switch (packet.type) {
    case 'ACK':
      updateAck(handler, packet.zxid);
      return processAck(ctx, handler.sid, packet.zxid);
    case 'PING':
      return ctx.app.touchSessions(ctx, packet.touches);
    case 'REVALIDATE': {
      const valid = ctx.app.revalidate(ctx, packet.session, packet.timeoutMs, handler.key, packet.connection);
      ctx.effects.push(queuePacket(leader, handler.key, { ...packet, valid }));
      break;
    }
    case 'REQUEST':
      ctx.effects.push(ctx.app.learnerRequestEffect(ctx, packet.request, handler.key));
      break;
    default:
      // Logged and ignored in the original.
      break;
  }
}

/** The `finally` of LearnerHandler.run. */
function fail(ctx: ZabContext, ref: Ref<LearnerHandlerState>, why: string): void {
  const handler = own(ctx.parts, ref);
  handler.closing = true;
  ctx.note({ type: 'handler-closed', sid: handler.sid, why });
  pushShutdown(ctx, handler);
  ctx.effects.push({ type: 'continue', item: { type: 'remove-handler' } });
}

function removeSelf(ctx: ZabContext): void {
  removeHandler(ctx.parts, own(ctx.parts, ctx.refs.leader), ctx.thread.key);
  ctx.thread.ending = true;
}

/**
 * Follower.followLeader and Observer.observeLeader on the QuorumPeer thread: find the leader, connect, register (section C), synchronise
 * (sync-with-leader.ts), and take its packets (follower.ts) until something ends the role (learner-shutdown.ts).
 */
import { assert, unreachable } from '../base/assert.ts';
import { own, peek, replace } from '../base/parts.ts';
import type { Effect, HostInput, Item, LinkId } from '../base/step.ts';
import { epochOf, makeZxid } from '../base/zxid.ts';
import type { ZabContext } from './context.ts';
import { assignEpoch, pushEpochWrite, type EpochWritten } from './epoch-file.ts';
import { onBroadcastPacket } from './follower.ts';
import { awaitPacket, sendToLeader } from './learner-link.ts';
import { LEARNER_SHUTDOWN, leaveRole, resumeShutdown, runShutdownPlan } from './learner-shutdown.ts';
import { makeLearnerState, type LearnerState } from './learner-state.ts';
import { isQuorumPacket, QUORUM_PORT, type QuorumPacket } from './packet.ts';
import type { PlanItem } from './plan.ts';
import { lastLoggedZxid } from './recovery.ts';
import { isSnapshotItem, type SnapshotItem } from './snapshot-file.ts';
import {
  isSyncPlan,
  isSyncWithLeaderItem,
  logNext,
  onSnapshotItem,
  onSnapshotPacket,
  onSyncHeader,
  onSyncPacket,
  onCutBeyondSnapshot,
  onTruncated,
  onTruncationFailed,
  runSyncPlan,
  type SyncWithLeaderItem,
} from './sync-with-leader.ts';
import { onAppendFailed, onLogSynced } from './txn-log.ts';
import { setZabState } from './zab-state.ts';

/** DISC-07 */
const PROTOCOL_VERSION = 0x10000;
/** DISC-05 */
const CONNECT_ATTEMPTS = 5;

interface EpochAck extends Item {
  readonly type: 'ack-epoch';
  readonly newEpoch: number;
  readonly currentEpoch: number;
}

type LearnerInput = HostInput | PlanItem | EpochWritten | EpochAck | SnapshotItem | SyncWithLeaderItem;

const OTHER_INPUTS: ReadonlySet<string> = new Set<LearnerInput['type']>([
  'packet',
  'closed',
  'accepted',
  'connected',
  'refused',
  'signalled',
  'ended',
  'interrupted',
  'timeout',
  'failed',
  'plan',
  'epoch-written',
  'ack-epoch',
]);

function isLearnerInput(input: Item): input is LearnerInput {
  return OTHER_INPUTS.has(input.type) || isSnapshotItem(input) || isSyncWithLeaderItem(input);
}

export function beginFollowing(ctx: ZabContext): void {
  begin(ctx, 'follower');
}

export function beginObserving(ctx: ZabContext): void {
  begin(ctx, 'observer');
}

function begin(ctx: ZabContext, role: LearnerState['role']): void {
  const learner = makeLearnerState(role);
  const { currentVote } = peek(ctx.parts, ctx.refs.peer);
  learner.leader = currentVote === null ? -1 : currentVote.leader;
  learner.connectDeadline = ctx.now + ctx.config.tickUs * ctx.config.initLimit;
  replace(ctx.parts, ctx.refs.learner, learner);
  own(ctx.parts, ctx.refs.peer).failed = false;
  setZabState(ctx, 'DISCOVERY');
  connect(ctx);
}

/** One attempt of connectToLeader, to the leader that findLeader finds (DISC-04, DISC-05). */
function connect(ctx: ZabContext): void {
  const learner = own(ctx.parts, ctx.refs.learner);
  const leader = ctx.config.servers.find((server) => server.sid === learner.leader);
  if (leader === undefined || ctx.now >= learner.connectDeadline) return leaveRole(ctx, 'no-connection', [learner.leader]);
  learner.stage = 'connecting';
  learner.attempts += 1;
  ctx.effects.push({ type: 'connect', to: leader.node, port: QUORUM_PORT });
  ctx.thread.blockedOn = { on: 'connect', deadline: learner.connectDeadline };
}

/** The pause of DISC-05 follows every failure but the last. */
function onConnectFailed(ctx: ZabContext): void {
  const learner = own(ctx.parts, ctx.refs.learner);
  const { leader, attempts, connectDeadline } = learner;
  const delay = ctx.config.leaderConnectDelayUs;
  ctx.note({ type: 'connect-refused', leader, attempt: attempts });
  if (attempts >= CONNECT_ATTEMPTS || connectDeadline - ctx.now <= delay) return leaveRole(ctx, 'no-connection', [leader]);
  learner.stage = 'retrying';
  ctx.thread.blockedOn = { on: 'sleep', until: ctx.now + delay };
}

/** registerWithLeader: FOLLOWERINFO or OBSERVERINFO (DISC-07, DISC-18). */
function onConnected(ctx: ZabContext, link: LinkId): void {
  const { acceptedEpoch } = peek(ctx.parts, ctx.refs.peer);
  const zxid = lastLoggedZxid(ctx);
  const learner = own(ctx.parts, ctx.refs.learner);
  learner.link = link;
  learner.stage = 'registering';
  learner.lastLoggedZxid = zxid;
  const type = learner.role === 'follower' ? 'FOLLOWERINFO' : 'OBSERVERINFO';
  sendToLeader(ctx, { type, zxid: makeZxid(acceptedEpoch, 0), sid: ctx.config.sid, protocolVersion: PROTOCOL_VERSION });
  awaitPacket(ctx);
}

/** DISC-16, DISC-17, DISC-19. The file is written before ACKEPOCH promises anything (ID-10). */
function onLeaderInfo(ctx: ZabContext, packet: QuorumPacket): void {
  if (packet.type !== 'LEADERINFO') return leaveRole(ctx, 'bad-packet');
  const newEpoch = epochOf(packet.zxid);
  const { acceptedEpoch, currentEpoch } = peek(ctx.parts, ctx.refs.peer);
  if (newEpoch < acceptedEpoch) {
    ctx.note({ type: 'epoch-refused', epoch: newEpoch, accepted: acceptedEpoch });
    return leaveRole(ctx, 'epoch-older', [newEpoch, acceptedEpoch]);
  }
  own(ctx.parts, ctx.refs.learner).stage = 'acking-epoch';
  if (newEpoch === acceptedEpoch) return ackEpoch(ctx, newEpoch, -1);
  ctx.note({ type: 'epoch-accepted-by-learner', epoch: newEpoch, was: acceptedEpoch });
  pushEpochWrite(ctx, 'acceptedEpoch', newEpoch);
  const item: EpochAck = { type: 'ack-epoch', newEpoch, currentEpoch };
  ctx.effects.push({ type: 'continue', item });
}

function ackEpoch(ctx: ZabContext, newEpoch: number, currentEpoch: number): void {
  const learner = own(ctx.parts, ctx.refs.learner);
  learner.newEpoch = newEpoch;
  learner.stage = 'header';
  sendToLeader(ctx, { type: 'ACKEPOCH', zxid: learner.lastLoggedZxid, currentEpoch });
  setZabState(ctx, 'SYNCHRONIZATION');
  awaitPacket(ctx);
}

/** Every further input of the QuorumPeer thread while it is a learner. */
export function stepLearner(ctx: ZabContext, input: Item): void {
  assert(isLearnerInput(input), () => `a learner got ${input.type}`);
  route(ctx, input);
}

function route(ctx: ZabContext, input: LearnerInput): void {
  switch (input.type) {
    case 'packet':
      return onPacket(ctx, input.packet);
    case 'plan':
      return onPlan(ctx, input);
    case 'connected':
      return onConnected(ctx, input.link);
    case 'refused':
      return onConnectFailed(ctx);
    case 'timeout':
      return onTimeout(ctx);
    case 'closed':
      return onClosed(ctx);
    case 'failed':
      return onFailed(ctx, input.effect);
    case 'ended':
      return resumeShutdown(ctx, 1);
    case 'epoch-written':
      return assignEpoch(ctx, input.file, input.epoch);
    case 'ack-epoch':
      return ackEpoch(ctx, input.newEpoch, input.currentEpoch);
    case 'truncated':
      return onTruncated(ctx);
    case 'cut-beyond-snapshot':
      return onCutBeyondSnapshot(ctx, input.zxid);
    case 'append-pending':
      return logNext(ctx, input);
    case 'log-flushed':
      return onLogFlushed(ctx, input.files);
    case 'snapshot-walk':
    case 'snapshot-end':
    case 'snapshot-taken':
      return onSnapshotItem(ctx, input);
    case 'interrupted':
      return onInterrupted(ctx);
    case 'signalled':
    case 'accepted':
      return awaitPacket(ctx);
    default:
      return unreachable(input);
  }
}

/** What it appended itself; or else what the log held already and memory has taken from there. */
function onLogFlushed(ctx: ZabContext, files: readonly string[]): void {
  const { lastAppended } = peek(ctx.parts, ctx.refs.learner);
  onLogSynced(ctx, files, lastAppended === 0 ? peek(ctx.parts, ctx.refs.database).lastProcessedZxid : lastAppended);
}

function onPacket(ctx: ZabContext, packet: Item): void {
  assert(isQuorumPacket(packet), () => `a learner got ${packet.type}`);
  const { stage } = peek(ctx.parts, ctx.refs.learner);
  switch (stage) {
    case 'broadcast':
      return onBroadcastPacket(ctx, packet);
    case 'synchronising':
      return onSyncPacket(ctx, packet);
    case 'snapshot':
      return onSnapshotPacket(ctx, packet);
    case 'header':
      return onSyncHeader(ctx, packet);
    case 'registering':
      return onLeaderInfo(ctx, packet);
    default:
      assert(false, `a packet while ${stage}`);
  }
}

function onPlan(ctx: ZabContext, item: PlanItem): void {
  if (isSyncPlan(item)) return runSyncPlan(ctx, item);
  assert(item.plan === LEARNER_SHUTDOWN, () => `a learner runs ${item.plan}`);
  runShutdownPlan(ctx, item);
}

/** LIVE-10, LIVE-26. */
function onTimeout(ctx: ZabContext): void {
  const { stage } = peek(ctx.parts, ctx.refs.learner);
  if (stage === 'retrying') connect(ctx);
  else if (stage === 'connecting') onConnectFailed(ctx);
  else if (stage === 'shutdown') resumeShutdown(ctx, 0);
  else leaveRole(ctx, 'leader-silent');
}

/** What had arrived before the end of the connection has been processed by now (LIVE-19). */
function onClosed(ctx: ZabContext): void {
  if (peek(ctx.parts, ctx.refs.learner).stage === 'shutdown') resumeShutdown(ctx, 0);
  else leaveRole(ctx, 'leader-lost');
}

function onFailed(ctx: ZabContext, effect: Effect): void {
  const { stage } = peek(ctx.parts, ctx.refs.learner);
  if (stage === 'shutdown') return resumeShutdown(ctx, 1);
  if (effect.type === 'send') return leaveRole(ctx, 'leader-lost');
  if (effect.type === 'connect') return onConnectFailed(ctx);
  if (stage === 'truncating') return onTruncationFailed(ctx);
  if (isSnapshotEffect(effect)) {
    // DISK-17: a snapshot that cannot be written ends the process.
    ctx.effects.push({ type: 'exit', reason: 'snapshot-failed' });
    return;
  }
  onAppendFailed(ctx, effect);
  leaveRole(ctx, 'disk');
}

function isSnapshotEffect(effect: Effect): boolean {
  switch (effect.type) {
    case 'create':
    case 'append':
      return effect.file.startsWith('snapshot.');
    case 'rename':
      return effect.from.startsWith('snapshot.');
    case 'fsync':
      return effect.files.some((file) => file.startsWith('snapshot.'));
    default:
      return false;
  }
}

/** The process is asked to stop. */
function onInterrupted(ctx: ZabContext): void {
  if (peek(ctx.parts, ctx.refs.learner).stage === 'shutdown') resumeShutdown(ctx, 0);
  else leaveRole(ctx, 'stopped');
}

/**
 * Learner.syncWithLeader (section D2), a packet at a time. DIFF, SNAP or TRUNC says how memory is brought to the leader's history; then
 * come proposals and commits, NEWLEADER, more of them, and UPTODATE. What NEWLEADER and UPTODATE do is two plans: their order made the
 * difference between most releases, and between keeping and losing committed transactions (ZOOKEEPER-3911, 4643, 4646, 4685, 4785).
 */
import { assert, unreachable } from '../base/assert.ts';
import { own, peek } from '../base/parts.ts';
import type { Item } from '../base/step.ts';
import { makeZxid, type Zxid } from '../base/zxid.ts';
import type { ZabContext } from './context.ts';
import { addCommittedProposal, clearDatabase } from './database.ts';
import type { SynchronisationStep } from './decisions.ts';
import { pushEpochWrite } from './epoch-file.ts';
import { updateElectionVote } from './fast-leader-election.ts';
import { commit, commitRequest, logRequest, noteGap } from './follower.ts';
import { awaitPacket, sendToLeader } from './learner-link.ts';
import { leaveRole } from './learner-shutdown.ts';
import type { SyncMode } from './note.ts';
import type { QuorumPacket } from './packet.ts';
import { makePlanItem, runPlanEntry, type PlanItem } from './plan.ts';
import { beginTruncation, endTruncation, pushCutBeyondSnapshot } from './recovery.ts';
import { beginTakeSnapshot, stepTakeSnapshot, type SnapshotItem } from './snapshot-file.ts';
import { logEffect, startSyncThread } from './sync-thread.ts';
import { appendTxn, unsyncedFiles } from './txn-log.ts';
import type { Txn } from './txn.ts';
import { setZabState } from './zab-state.ts';

const NEWLEADER_PLAN = 'newLeaderPlan';
const UPTODATE_PLAN = 'upToDatePlan';

/** Who logs at NEWLEADER: the thread itself, or the SyncThread in its own time (ZOOKEEPER-4646). */
type LogStep = 'append-synced' | 'enqueue-to-sync';

/** The `continue` items of this file, besides plans, snapshots and epochs. */
export type SyncWithLeaderItem =
  | { readonly type: 'truncated' }
  /** After SNAP: the files hold nothing beyond the snapshot any more. */
  | { readonly type: 'cut-beyond-snapshot'; readonly zxid: Zxid }
  /** Logs the next of packetsNotLogged; `apply` was logged in the event before. */
  | { readonly type: 'append-pending'; readonly step: LogStep; readonly apply: Txn | null }
  | { readonly type: 'log-flushed'; readonly files: readonly string[] };

/** The first packet (SYNC-31). */
export function onSyncHeader(ctx: ZabContext, packet: QuorumPacket): void {
  switch (packet.type) {
    case 'DIFF':
      // ZOOKEEPER-2355: the header only informs; the database is there when the last commit is (SYNC-18, SYNC-58).
      if (ctx.decide.zab.diffSetsLastProcessed) own(ctx.parts, ctx.refs.database).lastProcessedZxid = packet.zxid;
      setMode(ctx, 'DIFF', packet.zxid);
      return beginPackets(ctx);
    case 'SNAP':
      setMode(ctx, 'SNAP', packet.zxid);
      clearDatabase(ctx);
      own(ctx.parts, ctx.refs.learner).stage = 'snapshot';
      return awaitPacket(ctx);
    case 'TRUNC':
      setMode(ctx, 'TRUNC', packet.zxid);
      own(ctx.parts, ctx.refs.learner).stage = 'truncating';
      if (!beginTruncation(ctx, packet.zxid)) return onTruncationFailed(ctx);
      ctx.effects.push({ type: 'continue', item: { type: 'truncated' } });
      return;
    default:
      ctx.note({ type: 'bad', what: 'state', zxid: -1, expected: -1, why: 'no-sync-header' });
      ctx.effects.push({ type: 'exit', reason: 'quorum-packet-error' });
  }
}

function setMode(ctx: ZabContext, mode: SyncMode, zxid: number): void {
  const learner = own(ctx.parts, ctx.refs.learner);
  learner.syncMode = mode;
  learner.headerZxid = zxid;
  learner.snapshotNeeded = ctx.decide.zab.needsSnapshotAfter(mode);
  learner.writeToTxnLog = !learner.snapshotNeeded;
}

function beginPackets(ctx: ZabContext): void {
  own(ctx.parts, ctx.refs.learner).stage = 'synchronising';
  awaitPacket(ctx);
}

/** SYNC-33. */
export function onSnapshotPacket(ctx: ZabContext, packet: QuorumPacket): void {
  if (packet.type === 'SNAPDATA') {
    ctx.app.restoreRecord(ctx, packet.record);
    return awaitPacket(ctx);
  }
  if (packet.type !== 'SNAPEND') return leaveRole(ctx, 'bad-packet');
  const { headerZxid: zxid } = peek(ctx.parts, ctx.refs.learner);
  ctx.app.restored(ctx);
  const database = own(ctx.parts, ctx.refs.database);
  database.initialized = true;
  database.lastProcessedZxid = zxid;
  ctx.note({ type: 'snapshot-installed', zxid });
  beginPackets(ctx);
}

/** SYNC-34: the files are cut, or ZOOKEEPER-3701 goes on as if they were. */
export function onTruncated(ctx: ZabContext, wasCut = true): void {
  const { headerZxid } = peek(ctx.parts, ctx.refs.learner);
  if (wasCut) ctx.note({ type: 'truncated', zxid: headerZxid });
  if (!endTruncation(ctx, headerZxid)) ctx.effects.push({ type: 'exit', reason: 'database-not-loaded' });
  beginPackets(ctx);
}

/** A learner that goes on keeps what the others have discarded. */
export function onTruncationFailed(ctx: ZabContext): void {
  if (!ctx.decide.zab.exitsWhenNotTruncated) return onTruncated(ctx, false);
  ctx.effects.push({ type: 'exit', reason: 'not-truncated' });
}

/** The loop between the header and UPTODATE. Other packets, PING among them, are not answered here. */
export function onSyncPacket(ctx: ZabContext, packet: QuorumPacket): void {
  switch (packet.type) {
    case 'PROPOSAL':
      if (!enforceContinuousProposal(ctx, packet.txn)) return;
      own(ctx.parts, ctx.refs.learner).packetsNotLogged.push(packet.txn);
      return awaitPacket(ctx);
    case 'COMMIT':
      return onSyncCommit(ctx, packet.zxid);
    case 'INFORM':
      return onSyncInform(ctx, packet.txn);
    case 'NEWLEADER':
      return onNewLeader(ctx);
    case 'UPTODATE':
      own(ctx.parts, ctx.refs.learner).stage = 'uptodate';
      return runSyncPlan(ctx, makePlanItem(UPTODATE_PLAN));
    default:
      return awaitPacket(ctx);
  }
}

/** SYNC-39. */
function enforceContinuousProposal(ctx: ZabContext, { zxid }: Txn): boolean {
  const { lastQueued } = peek(ctx.parts, ctx.refs.learner);
  if (noteGap(ctx, zxid) && ctx.decide.zab.refusesDiscontinuousSync) {
    leaveRole(ctx, 'sync-failed', [zxid, lastQueued]);
    return false;
  }
  own(ctx.parts, ctx.refs.learner).lastQueued = zxid;
  return true;
}

/** SYNC-40, SYNC-41. */
function onSyncCommit(ctx: ZabContext, zxid: number): void {
  const { packetsNotLogged, writeToTxnLog } = peek(ctx.parts, ctx.refs.learner);
  const head = packetsNotLogged[0];
  if (head === undefined && (!writeToTxnLog || ctx.decide.zab.commitNeedsPending)) {
    // ZOOKEEPER-4394: the head of an emptied list is dereferenced.
    ctx.note({ type: 'bad', what: 'commit', zxid, expected: -1, why: 'null-pointer' });
    return leaveRole(ctx, 'sync-failed', [zxid]);
  }
  if (writeToTxnLog) own(ctx.parts, ctx.refs.learner).packetsCommitted.push(zxid);
  else if (head !== undefined && head.zxid === zxid) {
    own(ctx.parts, ctx.refs.learner).packetsNotLogged.shift();
    if (!applySynced(ctx, head)) return;
  } else if (ctx.traced) ctx.note({ type: 'packet-not-logged', zxid });
  awaitPacket(ctx);
}

/** SYNC-43. */
function onSyncInform(ctx: ZabContext, txn: Txn): void {
  if (!enforceContinuousProposal(ctx, txn)) return;
  if (peek(ctx.parts, ctx.refs.learner).writeToTxnLog) {
    const learner = own(ctx.parts, ctx.refs.learner);
    learner.packetsNotLogged.push(txn);
    learner.packetsCommitted.push(txn.zxid);
  } else if (!applySynced(ctx, txn)) return;
  awaitPacket(ctx);
}

/** ZooKeeperServer.processTxn. False when it threw and the role is left. */
function applySynced(ctx: ZabContext, txn: Txn): boolean {
  const { zxid } = txn;
  ctx.app.applyTxn(ctx, txn, 'leader');
  ctx.note({ type: 'delivered', zxid, txn, via: 'sync' });
  if (ctx.traced) ctx.note({ type: 'in-sync-applied', zxid });
  if (!ctx.decide.zab.cachesSyncedTxns || addCommittedProposal(ctx, txn)) return true;
  leaveRole(ctx, 'sync-failed', [zxid]);
  return false;
}

/** SYNC-44. */
function onNewLeader(ctx: ZabContext): void {
  const learner = own(ctx.parts, ctx.refs.learner);
  learner.stage = 'newleader';
  if (ctx.decide.zab.logsAfterNewLeader) learner.writeToTxnLog = true;
  runSyncPlan(ctx, makePlanItem(NEWLEADER_PLAN));
}

export function isSyncPlan(item: PlanItem): boolean {
  return item.plan === NEWLEADER_PLAN || item.plan === UPTODATE_PLAN;
}

export function runSyncPlan(ctx: ZabContext, item: PlanItem): void {
  const isNewLeader = item.plan === NEWLEADER_PLAN;
  const plan = isNewLeader ? ctx.decide.zab.newLeaderPlan : ctx.decide.zab.upToDatePlan;
  own(ctx.parts, ctx.refs.peer).plan = { name: item.plan, at: item.at };
  const entry = plan[item.at];
  if (typeof entry === 'string' && beginLongStep(ctx, entry)) return;
  if (!runPlanEntry(ctx, item, plan, (step) => performStep(ctx, step, isNewLeader))) endSyncPlan(ctx, isNewLeader);
}

/** A step of many events is over. */
function resumeSyncPlan(ctx: ZabContext): void {
  const { plan } = peek(ctx.parts, ctx.refs.peer);
  assert(plan !== null, 'no plan to resume');
  runSyncPlan(ctx, makePlanItem(plan.name, plan.at + 1));
}

/** Steps of many events go on by their own items, and resume the plan at their end: any of them may find a reason to leave instead. */
function beginLongStep(ctx: ZabContext, step: SynchronisationStep): boolean {
  const { role, snapshotNeeded, syncMode } = peek(ctx.parts, ctx.refs.learner);
  if (step === 'snapshot' && snapshotNeeded) {
    const { syncsSnapshotAfterSnap, syncsSnapshotAfterTrunc } = ctx.decide.zab;
    beginTakeSnapshot(ctx, { sync: syncMode === 'SNAP' ? syncsSnapshotAfterSnap : syncsSnapshotAfterTrunc, fillsHole: true });
    return true;
  }
  // An observer keeps everything queued (SYNC-45).
  if ((step !== 'append-synced' && step !== 'enqueue-to-sync') || role !== 'follower') return false;
  logNext(ctx, { type: 'append-pending', step, apply: null });
  return true;
}

export function onSnapshotItem(ctx: ZabContext, item: SnapshotItem): void {
  if (!stepTakeSnapshot(ctx, item)) return;
  const { syncMode } = peek(ctx.parts, ctx.refs.learner);
  const zxid = peek(ctx.parts, ctx.refs.database).lastProcessedZxid;
  if (syncMode === 'SNAP' && ctx.decide.zab.cutsLogBeyondSnapshot && pushCutBeyondSnapshot(ctx, zxid)) {
    const cut: SyncWithLeaderItem = { type: 'cut-beyond-snapshot', zxid };
    ctx.effects.push({ type: 'continue', item: cut });
  } else resumeSyncPlan(ctx);
}

export function onCutBeyondSnapshot(ctx: ZabContext, zxid: Zxid): void {
  ctx.note({ type: 'truncated', zxid });
  resumeSyncPlan(ctx);
}

/** SYNC-45: log, apply if it is committed, and the next. What releases before 3.9.3 did otherwise is two decisions. */
export function logNext(ctx: ZabContext, { step, apply }: SyncWithLeaderItem & { readonly type: 'append-pending' }): void {
  if (apply !== null && !applySynced(ctx, apply)) return;
  const isCommitted = isHeadCommitted(ctx);
  const { keepsPendingAfterNewLeader, appliesSyncedBeforeAck } = ctx.decide.zab;
  const txn = peek(ctx.parts, ctx.refs.learner).packetsNotLogged[0];
  if (txn === undefined || (keepsPendingAfterNewLeader && !isCommitted)) return resumeSyncPlan(ctx);
  const again: SyncWithLeaderItem = { type: 'append-pending', step, apply: null };
  if (step === 'enqueue-to-sync') ctx.effects.push(logEffect(ctx, txn));
  else if (!appendTxn(ctx, txn, again)) return;
  const learner = own(ctx.parts, ctx.refs.learner);
  learner.packetsNotLogged.shift();
  const applies = isCommitted && appliesSyncedBeforeAck;
  if (applies) learner.packetsCommitted.shift();
  else learner.pendingTxns.push(txn);
  if (step === 'append-synced') {
    learner.lastAppended = txn.zxid;
    if (!applies) learner.requestsToAck.push(txn.zxid);
  }
  const next: SyncWithLeaderItem = { type: 'append-pending', step, apply: applies ? txn : null };
  ctx.effects.push({ type: 'continue', item: next });
}

/**
 * Is the head of packetsNotLogged committed? The commits of pendingTxns, logged and not applied, stay before its own. Where the list is
 * kept a commit that matches nothing is warned of and skipped; otherwise the CommitProcessor comes to it (BCAST-16).
 */
function isHeadCommitted(ctx: ZabContext): boolean {
  for (;;) {
    const { packetsCommitted, packetsNotLogged, pendingTxns } = peek(ctx.parts, ctx.refs.learner);
    const zxid = packetsCommitted[pendingTxns.length];
    if (zxid === undefined) return false;
    if (packetsNotLogged[0]?.zxid === zxid) return true;
    if (!ctx.decide.zab.keepsPendingAfterNewLeader) return false;
    if (ctx.traced) ctx.note({ type: 'packet-not-logged', zxid });
    own(ctx.parts, ctx.refs.learner).packetsCommitted.splice(pendingTxns.length, 1);
  }
}

function performStep(ctx: ZabContext, step: SynchronisationStep, isNewLeader: boolean): void {
  switch (step) {
    case 'snapshot':
    case 'append-synced':
    case 'enqueue-to-sync':
      return; // nothing to do for this mode or role, or done by `beginLongStep`
    case 'fsync':
      return flushAppended(ctx);
    case 'write-current-epoch':
      return pushEpochWrite(ctx, 'currentEpoch', peek(ctx.parts, ctx.refs.learner).newEpoch);
    case 'ack':
      return acknowledge(ctx, isNewLeader);
    case 'start-processors':
      return startProcessors(ctx);
    case 'publish':
      return publish(ctx);
    case 'log-pending':
      return logPending(ctx);
    case 'commit-pending':
      return commitPending(ctx);
    default:
      return unreachable(step);
  }
}

/** Without txns appended there is nothing to wait for, but for what a SyncThread that failed has left and the fast-forward has taken. */
function flushAppended(ctx: ZabContext): void {
  const files = unsyncedFiles(ctx);
  const { lastAppended } = peek(ctx.parts, ctx.refs.learner);
  if (files.length === 0 || (lastAppended === 0 && !ctx.decide.zab.syncsRecoveredLog)) return;
  const item: SyncWithLeaderItem = { type: 'log-flushed', files };
  ctx.effects.push({ type: 'fsync', files }, { type: 'continue', item });
}

/** The ack of NEWLEADER ends the part of the sync that a shutdown would undo (SYNC-52). The second one the leader ignores (SYNC-49). */
function acknowledge(ctx: ZabContext, isNewLeader: boolean): void {
  const { newEpoch, syncMode } = peek(ctx.parts, ctx.refs.learner);
  if (isNewLeader) {
    const learner = own(ctx.parts, ctx.refs.learner);
    learner.newLeaderAcked = true;
    learner.syncMode = null;
    ctx.note({ type: 'learner-acked-newleader', epoch: newEpoch, mode: syncMode ?? 'DIFF' });
  }
  sendToLeader(ctx, { type: 'ACK', zxid: makeZxid(newEpoch, 0) });
}

function startProcessors(ctx: ZabContext): void {
  const { processorsStarted, role } = peek(ctx.parts, ctx.refs.learner);
  if (processorsStarted) return;
  own(ctx.parts, ctx.refs.learner).processorsStarted = true;
  ctx.app.startProcessors(ctx, role);
  startSyncThread(ctx);
}

/** The server object is RUNNING and clients may come (LIVE-22); others that look for a leader hear of the new epoch (ZOOKEEPER-1732). */
function publish(ctx: ZabContext): void {
  own(ctx.parts, ctx.refs.learner).running = true;
  own(ctx.parts, ctx.refs.peer).serving = true;
  updateElectionVote(ctx, peek(ctx.parts, ctx.refs.learner).newEpoch);
  ctx.app.publish(ctx);
  ctx.note({ type: 'serving', serving: true });
}

/** SYNC-50, SYNC-46. An observer logs what it commits, below. */
function logPending(ctx: ZabContext): void {
  const { role, packetsNotLogged, requestsToAck } = peek(ctx.parts, ctx.refs.learner);
  if (role !== 'follower') return;
  for (const zxid of requestsToAck) sendToLeader(ctx, { type: 'ACK', zxid });
  for (const txn of packetsNotLogged) logRequest(ctx, txn);
  const learner = own(ctx.parts, ctx.refs.learner);
  learner.requestsToAck = [];
  learner.packetsNotLogged = [];
}

function commitPending(ctx: ZabContext): void {
  const { role, packetsNotLogged, packetsCommitted } = peek(ctx.parts, ctx.refs.learner);
  if (role === 'follower') for (const zxid of packetsCommitted) commit(ctx, zxid);
  else commitMatching(ctx, packetsNotLogged, packetsCommitted);
  const learner = own(ctx.parts, ctx.refs.learner);
  learner.packetsCommitted = [];
  if (role === 'observer') learner.packetsNotLogged = [];
}

/** A proposal that an old leader sent to an observer has no commit and is passed over (SYNC-50). */
function commitMatching(ctx: ZabContext, txns: readonly Txn[], committed: readonly number[]): void {
  let next = 0;
  for (const txn of txns) {
    if (txn.zxid !== committed[next]) continue;
    next += 1;
    commitRequest(ctx, txn);
  }
}

function endSyncPlan(ctx: ZabContext, isNewLeader: boolean): void {
  own(ctx.parts, ctx.refs.peer).plan = null;
  if (isNewLeader) return beginPackets(ctx);
  own(ctx.parts, ctx.refs.learner).stage = 'broadcast';
  setZabState(ctx, 'BROADCAST');
  awaitPacket(ctx);
}

export function isSyncWithLeaderItem(input: Item): input is SyncWithLeaderItem {
  return (
    input.type === 'truncated' || input.type === 'cut-beyond-snapshot' || input.type === 'append-pending' || input.type === 'log-flushed'
  );
}

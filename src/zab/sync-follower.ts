/**
 * What the reader of a LearnerHandler does between discovery and the learner's first ACK: the sync decision, the packets it queues, and
 * the snapshot it writes itself (SYNC-23 to SYNC-29). The order is `learnerSyncPlan`.
 */
import { unreachable } from '../base/assert.ts';
import { own, peek, type Ref } from '../base/parts.ts';
import type { Effect, Item } from '../base/step.ts';
import { counterOf, epochOf } from '../base/zxid.ts';
import { queuePacket, startForwarding } from './broadcast.ts';
import type { ZabContext } from './context.ts';
import type { LearnerSyncStep } from './decisions.ts';
import { newLeaderZxid } from './discovery.ts';
import type { LeaderState, LearnerHandlerState } from './leader-state.ts';
import type { QuorumPacket } from './packet.ts';
import { lastHole, newestSnapshotBytes } from './snapshot-file.ts';
import { sendingCondition } from './learner-handler-sender.ts';
import { planSync, type LogFrom, type SyncAnswer } from './sync-plan.ts';
import { nextTxn, readLogFrom, storageBytes } from './txn-log.ts';
import type { Txn } from './txn.ts';

/** SYNC-29: zookeeper.leader.maxConcurrentSnapSyncs and maxConcurrentDiffSyncs. */
const SNAP_SYNCS_MAX = 10;
const DIFF_SYNCS_MAX = 100;

/** Where the walk over the database is. */
export type SnapshotItem = { readonly type: 'snapshot-begin' } | { readonly type: 'snapshot-next'; readonly cursor: Item };

/** Returns why the handler has to give up, or null. */
export function performSyncStep(ctx: ZabContext, handler: LearnerHandlerState, step: LearnerSyncStep): string | null {
  const leader = own(ctx.parts, ctx.refs.leader);
  switch (step) {
    case 'queue-sync':
      queueSync(ctx, leader, handler);
      return null;
    case 'start-forwarding':
      queueAll(ctx, leader, handler, startForwarding(leader, handler));
      return null;
    case 'send-snapshot':
      return sendSnapshot(ctx, leader, handler);
    case 'queue-newleader':
      ctx.effects.push(queuePacket(leader, handler.key, { type: 'NEWLEADER', zxid: newLeaderZxid(leader) }));
      return null;
    case 'start-sending':
      handler.sendingThreadStarted = true;
      ctx.effects.push({ type: 'signal', condition: sendingCondition(handler.key) });
      return null;
    default:
      return unreachable(step);
  }
}

/** LearnerHandler.syncFollower: the decision and the packets that follow from it. */
function queueSync(ctx: ZabContext, leader: Readonly<LeaderState>, handler: LearnerHandlerState): void {
  const answer = decide(ctx, handler);
  handler.needSnap = answer.mode === 'SNAP';
  handler.currentZxid = answer.currentZxid;
  noteAnswer(ctx, leader, handler, answer);
  if (answer.mode === 'SNAP') return;
  const packets: QuorumPacket[] = [{ type: answer.mode, zxid: answer.zxid }];
  for (const txn of answer.proposals) packets.push({ type: 'PROPOSAL', zxid: txn.zxid, txn }, { type: 'COMMIT', zxid: txn.zxid });
  queueAll(ctx, leader, handler, packets);
}

function decide(ctx: ZabContext, { peerLastZxid }: Readonly<LearnerHandlerState>): SyncAnswer {
  const { committedLog, lastProcessedZxid } = peek(ctx.parts, ctx.refs.database);
  const { lastProposed } = peek(ctx.parts, ctx.refs.leader);
  const { forceSnapshotSync, snapshotSizePermille } = ctx.config;
  const { looksForPeerZxid, detectsLogGap, truncatesAcrossEpochs } = ctx.decide.zab;
  return planSync({
    peerLastZxid,
    lastProcessedZxid: ctx.decide.zab.comparesLearnerWith === 'last-proposed' ? lastProposed : lastProcessedZxid,
    committedLog,
    forceSnapshotSync,
    snapshotSizePermille,
    newestSnapshotBytes: () => newestSnapshotBytes(ctx),
    readLog: (zxid) => readLog(ctx, zxid),
    looksForPeerZxid,
    detectsLogGap,
    truncatesAcrossEpochs,
  });
}

function readLog(ctx: ZabContext, zxid: number): LogFrom | null {
  const reader = readLogFrom(ctx, zxid);
  const hole = ctx.decide.zab.readsLogAcrossHoles ? 0 : lastHole(ctx);
  const txns: Txn[] = [];
  for (let txn = nextTxn(ctx, reader); txn !== null; txn = nextTxn(ctx, reader)) if (txn.zxid > hole) txns.push(txn);
  return reader.corrupt ? null : { txns, bytesAfter: storageBytes(ctx, reader) };
}

function noteAnswer(ctx: ZabContext, leader: Readonly<LeaderState>, handler: Readonly<LearnerHandlerState>, answer: SyncAnswer): void {
  const { sid, peerLastZxid } = handler;
  const { mode, row, zxid, minCommittedLog, maxCommittedLog } = answer;
  const { lastProcessedZxid } = peek(ctx.parts, ctx.refs.database);
  const hadTxn = peerLastZxid > 0 && counterOf(peerLastZxid) > 0 && epochOf(peerLastZxid) < leader.epoch;
  ctx.note({
    type: 'sync-plan',
    sid,
    mode,
    row,
    zxid,
    peerLastZxid,
    minCommittedLog,
    maxCommittedLog,
    lastProcessedZxid,
    proposals: answer.proposals.length,
    withData: hadTxn && leader.epoch >= 2,
  });
}

function queueAll(ctx: ZabContext, leader: Readonly<LeaderState>, { key }: Readonly<LearnerHandlerState>, packets: QuorumPacket[]): void {
  if (packets.length === 0) return;
  const effects: Effect[] = packets.map((packet) => queuePacket(leader, key, packet));
  ctx.effects.push({ type: 'atomic', effects });
}

/** LearnerSyncThrottler.beginSync: voters are counted but never refused (SYNC-29). Then SNAP, straight to the connection (SYNC-26). */
function sendSnapshot(ctx: ZabContext, leader: LeaderState, handler: LearnerHandlerState): string | null {
  const running = handler.needSnap ? leader.snapSyncs : leader.diffSyncs;
  const most = handler.needSnap ? SNAP_SYNCS_MAX : DIFF_SYNCS_MAX;
  if (handler.learnerType === 'OBSERVER' && running >= most) return 'too-many-syncs';
  handler.syncing = handler.needSnap ? 'SNAP' : 'DIFF';
  if (handler.needSnap) leader.snapSyncs += 1;
  else leader.diffSyncs += 1;
  if (!handler.needSnap) return null;
  const packet: QuorumPacket = { type: 'SNAP', zxid: peek(ctx.parts, ctx.refs.database).lastProcessedZxid };
  ctx.effects.push(
    { type: 'send', link: handler.link, packet },
    { type: 'continue', item: { type: 'snapshot-begin' } satisfies SnapshotItem },
  );
  return null;
}

/** What commits between SNAP and here, or during the walk, is in the data although not in the zxid of SNAP. */
export function beginSnapshotWalk(ctx: ZabContext, ref: Ref<LearnerHandlerState>): void {
  sendSnapshotRecord(ctx, ref, ctx.app.beginSnapshot(ctx));
}

function goOnAt(cursor: Item): SnapshotItem {
  return { type: 'snapshot-next', cursor };
}

function snapData(record: Item): QuorumPacket {
  return { type: 'SNAPDATA', record };
}

/** One record; the walk goes on in the next event, among the commits (DISK-13). */
export function sendSnapshotRecord(ctx: ZabContext, ref: Ref<LearnerHandlerState>, cursor: Item): void {
  const { link } = peek(ctx.parts, ref);
  const { record, cursor: next } = ctx.app.walkSnapshot(ctx, cursor);
  ctx.effects.push({ type: 'send', link, packet: snapData(record) });
  if (next === null) ctx.effects.push({ type: 'send', link, packet: { type: 'SNAPEND' } });
  else ctx.effects.push({ type: 'continue', item: goOnAt(next) });
}

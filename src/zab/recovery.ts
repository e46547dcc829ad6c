/**
 * From disk to memory: the newest valid snapshot and every log record after it, committed or not (ID-22), and the checks of QuorumPeer that
 * a server may start with what it found.
 */
import { own, peek } from '../base/parts.ts';
import { epochOf, noZxid, type Zxid } from '../base/zxid.ts';
import type { ZabContext } from './context.ts';
import { addCommittedProposal, clearDatabase } from './database.ts';
import { assignEpoch, epochFileEffects, readEpochFile, temporaryOf, type EpochFile } from './epoch-file.ts';
import { pushWholeSnapshot, restoreSnapshot, sealedSnapshots, snapshotFiles } from './snapshot-file.ts';
import { hasLogRecords, hasRecordsAbove, logFiles, nextTxn, pushTruncation, readLogFrom } from './txn-log.ts';

/**
 * QuorumPeer.loadDataBase: database, then epochs. False when the server may not start; the process should end then. What a killed process
 * left in the page cache was just replayed and will be voted with: unless it is made durable first, a power loss takes records from the
 * middle of this server's history. The original does not care.
 */
export function loadDatabase(ctx: ZabContext): boolean {
  if (!restoreDatabase(ctx)) return false;
  const files = logFiles(ctx).map(({ file }) => file);
  if (ctx.decide.zab.syncsRecoveredLog && files.length > 0) ctx.effects.push({ type: 'fsync', files });
  return loadEpochs(ctx);
}

/** ZKDatabase.loadDataBase (FileTxnSnapLog.restore). `newest` sets aside the snapshots above it. */
export function restoreDatabase(ctx: ZabContext, newest: Zxid = Infinity): boolean {
  const snapshot = restoreNewestSnapshot(ctx, newest);
  if (snapshot === null) return false;
  const database = own(ctx.parts, ctx.refs.database);
  database.committedLog = [];
  database.lastProcessedZxid = Math.max(snapshot.zxid, 0);
  const replayed = replayLog(ctx, 'recovery');
  if (typeof replayed === 'string') return refuse(ctx, replayed, [database.lastProcessedZxid]);
  const { lastProcessedZxid } = database;
  database.initialized = true;
  ctx.note({ type: 'recovered', snapshot: snapshot.zxid, lastProcessedZxid, replayed, skippedSnapshots: snapshot.skipped });
  return true;
}

/** DISK-20, DISK-21, ID-25. The zxid is -1 when the database begins empty; null when it cannot be loaded. */
function restoreNewestSnapshot(ctx: ZabContext, newest: Zxid): { readonly zxid: Zxid; readonly skipped: number } | null {
  const { sealed, unsealed } = sealedSnapshots(ctx);
  const candidates = sealed.filter((snapshot) => snapshot.zxid <= newest);
  let skipped = unsealed + sealed.length - candidates.length;
  for (const { file, zxid } of candidates) {
    if (restoreSnapshot(ctx, file)) return { zxid, skipped };
    skipped += 1;
  }
  if (candidates.length > 0) {
    refuse(ctx, 'no-readable-snapshot', [candidates.length]);
    return null;
  }
  const hasLog = hasLogRecords(ctx);
  if (hasLog && !ctx.decide.zab.trustsEmptySnapshot) {
    refuse(ctx, 'log-without-snapshot', [unsealed]);
    return null;
  }
  ctx.app.clear(ctx);
  own(ctx.parts, ctx.refs.database).lastProcessedZxid = 0;
  if (!hasLog) pushWholeSnapshot(ctx, 0);
  return { zxid: noZxid, skipped };
}

/**
 * FileTxnSnapLog.fastForwardFromEdits: applies what the log holds after lastProcessedZxid and counts it committed (SYNC-22, DISK-22). Once it
 * has begun, records that go back in zxid are applied as well (DISK-25). The number of txns, or what is wrong.
 */
function replayLog(ctx: ZabContext, via: 'recovery' | 'fast-forward'): number | 'corrupt-log' | 'hole-in-log' | 'missing-parent' {
  const from = peek(ctx.parts, ctx.refs.database).lastProcessedZxid + 1;
  const reader = readLogFrom(ctx, from);
  let txn = nextTxn(ctx, reader);
  while (txn !== null && txn.zxid < from) txn = nextTxn(ctx, reader);
  let count = 0;
  for (; txn !== null; txn = nextTxn(ctx, reader)) {
    if (!ctx.app.applyTxn(ctx, txn, 'log') && !ctx.decide.zab.replaysWithoutParent) return 'missing-parent';
    ctx.note({ type: 'delivered', zxid: txn.zxid, txn, via });
    if (!addCommittedProposal(ctx, txn)) return 'hole-in-log';
    count += 1;
  }
  return reader.corrupt ? 'corrupt-log' : count;
}

/** ZKDatabase.fastForwardDataBase, when a server that was RUNNING stops (LIVE-14). An unreadable log clears the database instead. */
export function fastForward(ctx: ZabContext): void {
  const { lastProcessedZxid: from } = peek(ctx.parts, ctx.refs.database);
  const replayed = replayLog(ctx, 'fast-forward');
  if (replayed === 'hole-in-log') ctx.effects.push({ type: 'exit', reason: replayed });
  if (replayed === 'corrupt-log' || replayed === 'missing-parent') clearDatabase(ctx);
  if (typeof replayed === 'string') return;
  const database = own(ctx.parts, ctx.refs.database);
  database.initialized = true;
  if (replayed > 0) ctx.note({ type: 'fast-forwarded', from, to: database.lastProcessedZxid });
}

/** QuorumPeer.getLastLoggedZxid (ID-21): what memory has processed; a database that was cleared is loaded first. -1 and an exit when it cannot be. */
export function lastLoggedZxid(ctx: ZabContext): Zxid {
  if (!peek(ctx.parts, ctx.refs.database).initialized && !restoreDatabase(ctx)) {
    ctx.effects.push({ type: 'exit', reason: 'database-not-loaded' });
    return noZxid;
  }
  return peek(ctx.parts, ctx.refs.database).lastProcessedZxid;
}

/**
 * First half of ZKDatabase.truncateLog: empties the memory and pushes the cuts. False when the log cannot be cut there. Snapshots above the
 * cut go first (ZOOKEEPER-1549: the next load would take the newest, with what is cut off in it): a crash in between finds the uncut log.
 */
export function beginTruncation(ctx: ZabContext, zxid: Zxid): boolean {
  clearDatabase(ctx);
  if (ctx.decide.zab.truncationSkipsNewerSnapshots) {
    const older = sealedSnapshots(ctx).sealed.some((snapshot) => snapshot.zxid <= zxid);
    if (!older) return false;
    for (const { file, zxid: name } of snapshotFiles(ctx)) if (name > zxid) ctx.effects.push({ type: 'delete', file });
  }
  const length = ctx.effects.length;
  if (pushTruncation(ctx, zxid)) return true;
  ctx.effects.length = length;
  return false;
}

/**
 * After SNAP: what this server's files have beyond the snapshot just taken is not the leader's history, and a later load would bring it back
 * on top of the snapshot. The original relies on the snapshot being newer than anything in the log (SYNC-54). False when there is nothing.
 */
export function pushCutBeyondSnapshot(ctx: ZabContext, zxid: Zxid): boolean {
  const before = ctx.effects.length;
  for (const snapshot of snapshotFiles(ctx)) if (snapshot.zxid > zxid) ctx.effects.push({ type: 'delete', file: snapshot.file });
  if (hasRecordsAbove(ctx, zxid)) pushTruncation(ctx, zxid);
  return ctx.effects.length > before;
}

/** Second half, once the files are cut: loads anew and takes over the leader's word for the last zxid (SYNC-34). */
export function endTruncation(ctx: ZabContext, zxid: Zxid): boolean {
  if (!restoreDatabase(ctx, ctx.decide.zab.truncationSkipsNewerSnapshots ? zxid : Infinity)) return false;
  own(ctx.parts, ctx.refs.database).lastProcessedZxid = zxid;
  return true;
}

function refuse(ctx: ZabContext, why: string, operands: readonly number[]): false {
  ctx.note({ type: 'refused-to-start', why, operands });
  return false;
}

/** ID-13..ID-15. */
function loadEpochs(ctx: ZabContext): boolean {
  const last = peek(ctx.parts, ctx.refs.database).lastProcessedZxid;
  // A standalone server has no such files: no vote and no leader will ask for them.
  if (!ctx.decide.zab.keepsEpochFiles || ctx.config.standalone) {
    for (const file of ['currentEpoch', 'acceptedEpoch'] as const) assignEpoch(ctx, file, epochOf(last));
    return true;
  }
  for (const file of ['currentEpoch', 'acceptedEpoch'] as const) {
    if (ctx.disk.exists(file) && readEpochFile(ctx, file) === null) return refuse(ctx, 'unreadable-epoch-file', []);
  }
  const accepted = readEpochFile(ctx, 'acceptedEpoch');
  const current = adoptUnfinishedEpoch(ctx, readEpochFile(ctx, 'currentEpoch') ?? setUp(ctx, 'currentEpoch', epochOf(last)), accepted);
  if (current === null) return false;
  assignEpoch(ctx, 'currentEpoch', current);
  assignEpoch(ctx, 'acceptedEpoch', accepted ?? setUp(ctx, 'acceptedEpoch', epochOf(last)));
  const { acceptedEpoch } = peek(ctx.parts, ctx.refs.peer);
  return acceptedEpoch < current ? refuse(ctx, 'accepted-epoch-below-current', [acceptedEpoch, current]) : true;
}

/** A missing file is made from the history (ID-13). */
function setUp(ctx: ZabContext, file: EpochFile, epoch: number): number {
  for (const effect of epochFileEffects(file, epoch)) ctx.effects.push(effect);
  return epoch;
}

/**
 * The history is of a later epoch than the file: a crash came between the two. What was to be renamed into place is taken (ID-14). Else
 * the server was joining an epoch that it had accepted: it has said nothing about that history yet, so it may go on as a member of the old
 * epoch that knows more (ZOOKEEPER-1653); the original refuses to start. The epoch, or null.
 */
function adoptUnfinishedEpoch(ctx: ZabContext, current: number, accepted: number | null): number | null {
  const last = peek(ctx.parts, ctx.refs.database).lastProcessedZxid;
  if (epochOf(last) <= current) return current;
  const temporary = readEpochFile(ctx, temporaryOf('currentEpoch'));
  if (temporary !== null) return setUp(ctx, 'currentEpoch', temporary);
  if (ctx.decide.zab.startsWithUnfinishedEpoch && accepted !== null && epochOf(last) <= accepted) return current;
  refuse(ctx, 'history-newer-than-current-epoch', [current, last]);
  return null;
}

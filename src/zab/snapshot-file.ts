/**
 * FileSnap: snapshots as files `snapshot.<hex lastProcessedZxid>`. One is written by a fuzzy walk, a record an event, while other threads
 * change the tree (DISK-13); the walk's whole state travels in the `continue` items of the thread that takes it. A seal at the end says how
 * many records make it complete.
 */
import { peek } from '../base/parts.ts';
import type { Effect, Item } from '../base/step.ts';
import { zxidHex, type Zxid } from '../base/zxid.ts';
import type { ZabContext } from './context.ts';
import { temporaryOf } from './epoch-file.ts';
import { numberedFiles, type NumberedFile } from './txn-log.ts';

const SNAPSHOT_PREFIX = 'snapshot.';
const SEAL_BYTES = 13;
/** DISK-20 */
const SNAPSHOTS_TRIED = 100;

interface SnapshotSeal extends Item {
  readonly type: 'snapshot-seal';
  /** Records before the seal. */
  readonly records: number;
  /** Part of what came before it is in no log file of this server: it was taken after a SNAP or TRUNC (SYNC-51). */
  readonly fillsHole: boolean;
}

interface Walk {
  readonly file: string;
  readonly zxid: Zxid;
  /** Fsynced and renamed into place (ID-20). */
  readonly sync: boolean;
  readonly fillsHole: boolean;
  readonly records: number;
}

/** The `continue` items of a thread that takes a snapshot. */
export type SnapshotItem =
  | ({ readonly type: 'snapshot-walk'; readonly cursor: Item } & Walk)
  | ({ readonly type: 'snapshot-end' } & Walk)
  | { readonly type: 'snapshot-taken'; readonly zxid: Zxid };

export function isSnapshotItem(input: Item): input is SnapshotItem {
  return input.type === 'snapshot-walk' || input.type === 'snapshot-end' || input.type === 'snapshot-taken';
}

/** ZooKeeperServer.takeSnapshot: the name is lastProcessedZxid before the first byte (DISK-14). */
export function beginTakeSnapshot(ctx: ZabContext, options: { readonly sync: boolean; readonly fillsHole?: boolean }): void {
  const zxid = peek(ctx.parts, ctx.refs.database).lastProcessedZxid;
  const name = SNAPSHOT_PREFIX + zxidHex(zxid);
  const file = options.sync || ctx.decide.zab.namesSnapshotAtEnd ? temporaryOf(name) : name;
  ctx.note({ type: 'snapshot-begun', zxid });
  // One of this zxid is there and may be durable: the original empties it first, and a power loss then leaves neither.
  if (!options.sync && !ctx.decide.zab.overwritesSnapshots && sealedSnapshots(ctx).sealed.some((each) => each.zxid === zxid)) {
    const taken: SnapshotItem = { type: 'snapshot-taken', zxid };
    ctx.effects.push({ type: 'continue', item: taken });
    return;
  }
  const { sync, fillsHole = false } = options;
  const item: SnapshotItem = { type: 'snapshot-walk', cursor: ctx.app.beginSnapshot(ctx), file, zxid, sync, fillsHole, records: 0 };
  ctx.effects.push({ type: 'create', file }, { type: 'continue', item });
}

/** Goes on with the snapshot that this thread takes; true when it is done. */
export function stepTakeSnapshot(ctx: ZabContext, item: SnapshotItem): boolean {
  if (item.type === 'snapshot-taken') {
    ctx.note({ type: 'snapshot-done', zxid: item.zxid });
    return true;
  }
  const { file, zxid, sync, fillsHole, records } = item;
  if (item.type === 'snapshot-walk') {
    const { record, bytes, cursor } = ctx.app.walkSnapshot(ctx, item.cursor);
    const walk: Walk = { file, zxid, sync, fillsHole, records: records + 1 };
    const next: SnapshotItem = cursor === null ? { type: 'snapshot-end', ...walk } : { type: 'snapshot-walk', cursor, ...walk };
    ctx.effects.push({ type: 'append', file, record, bytes }, { type: 'continue', item: next });
    return false;
  }
  pushSeal(ctx, item);
  return false;
}

function pushSeal(ctx: ZabContext, { file, zxid: begun, sync, fillsHole, records }: Walk): void {
  const zxid = ctx.decide.zab.namesSnapshotAtEnd ? peek(ctx.parts, ctx.refs.database).lastProcessedZxid : begun;
  const name = SNAPSHOT_PREFIX + zxidHex(zxid);
  ctx.effects.push(sealEffect(file, records, fillsHole));
  if (sync) ctx.effects.push({ type: 'fsync', files: [file] });
  if (file !== name) ctx.effects.push({ type: 'rename', from: file, to: name });
  const item: SnapshotItem = { type: 'snapshot-taken', zxid };
  ctx.effects.push({ type: 'continue', item });
}

function sealEffect(file: string, records: number, fillsHole = false): Effect {
  const record: SnapshotSeal = { type: 'snapshot-seal', records, fillsHole };
  return { type: 'append', file, record, bytes: SEAL_BYTES };
}

/**
 * Writes the snapshot of an empty database, which nobody can change meanwhile (ID-25). It takes its name only once it is durable: a server
 * killed before would take it from the page cache, and one without power would find a log without a snapshot and refuse to start (DISK-21),
 * as the original does.
 */
export function pushWholeSnapshot(ctx: ZabContext, zxid: Zxid): void {
  const name = SNAPSHOT_PREFIX + zxidHex(zxid);
  const sync = ctx.decide.zab.syncsFirstSnapshot;
  const file = sync ? temporaryOf(name) : name;
  ctx.effects.push({ type: 'create', file });
  let cursor: Item | null = ctx.app.beginSnapshot(ctx);
  let records = 0;
  while (cursor !== null) {
    const step = ctx.app.walkSnapshot(ctx, cursor);
    ctx.effects.push({ type: 'append', file, record: step.record, bytes: step.bytes });
    cursor = step.cursor;
    records += 1;
  }
  ctx.effects.push(sealEffect(file, records));
  if (sync) ctx.effects.push({ type: 'fsync', files: [file] }, { type: 'rename', from: file, to: name });
}

/** The database's content is replaced record by record; nothing is added to it before the whole file is known to be readable. */
export function restoreSnapshot(ctx: ZabContext, file: string): boolean {
  const records = ctx.disk.records(file) - 1;
  for (let i = 0; i < records; i++) if (ctx.disk.record(file, i) === null) return false;
  ctx.app.clear(ctx);
  for (let i = 0; i < records; i++) {
    const record = ctx.disk.record(file, i);
    if (record !== null) ctx.app.restoreRecord(ctx, record);
  }
  ctx.app.restored(ctx);
  return true;
}

/** FileSnap.findNValidSnapshots: newest first, those that end with their seal (DISK-08), and how many newer than the last had none. */
export function sealedSnapshots(ctx: ZabContext): { readonly sealed: readonly NumberedFile[]; readonly unsealed: number } {
  const sealed: NumberedFile[] = [];
  let unsealed = 0;
  for (const snapshot of snapshotFiles(ctx).reverse()) {
    if (sealed.length === SNAPSHOTS_TRIED) break;
    if (isSealed(ctx, snapshot.file)) sealed.push(snapshot);
    else unsealed += 1;
  }
  return { sealed, unsealed };
}

/** Ascending by zxid; temporary files do not count. */
export function snapshotFiles(ctx: ZabContext): NumberedFile[] {
  return numberedFiles(ctx, SNAPSHOT_PREFIX);
}

function isSealed(ctx: ZabContext, file: string): boolean {
  const last = ctx.disk.records(file) - 1;
  const record = ctx.disk.record(file, last);
  return record !== null && isSeal(record) && record.records === last;
}

function isSeal(record: Item): record is SnapshotSeal {
  return record.type === 'snapshot-seal';
}

/** FileTxnSnapLog.findMostRecentSnapshot, its length (SYNC-05); 0 when there is none. */
export function newestSnapshotBytes(ctx: ZabContext): number {
  const newest = sealedSnapshots(ctx).sealed[0];
  return newest === undefined ? 0 : ctx.disk.bytes(newest.file);
}

/** The log is without holes after this zxid: the newest snapshot that fills one (SYNC-51, SYNC-54); 0 when none does. */
export function lastHole(ctx: ZabContext): Zxid {
  for (const { file, zxid } of sealedSnapshots(ctx).sealed) {
    const seal = ctx.disk.record(file, ctx.disk.records(file) - 1);
    if (seal !== null && isSeal(seal) && seal.fillsHole) return zxid;
  }
  return 0;
}

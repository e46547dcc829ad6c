/**
 * FileTxnLog: the log as files `log.<hex zxid of the first record>`, appended to through one shared handle, read through the page cache,
 * cut by a truncation.
 */
import { own, peek } from '../base/parts.ts';
import type { Effect, Item } from '../base/step.ts';
import { zxidHex, type Zxid } from '../base/zxid.ts';
import type { ZabContext } from './context.ts';
import type { Txn } from './txn.ts';

export interface NumberedFile {
  readonly file: string;
  readonly zxid: Zxid;
}

const LOG_PREFIX = 'log.';
/** Checksum, length and end mark of a record (DISK-02). */
const RECORD_BYTES = 13;
/** DISK-01 */
const HEADER_BYTES = 16;
/** DISK-03: the file grows when the end is nearer than this. */
const PADDING_MARGIN = 4096;

/** Files named prefix and hex zxid, ascending by zxid: the text order of names is not that of the numbers. */
export function numberedFiles(ctx: ZabContext, prefix: string): NumberedFile[] {
  const found: NumberedFile[] = [];
  for (const file of ctx.disk.names()) {
    if (!file.startsWith(prefix)) continue;
    const digits = file.slice(prefix.length);
    if (/^[0-9a-f]{1,14}$/.test(digits)) found.push({ file, zxid: Number.parseInt(digits, 16) });
  }
  return found.sort((a, b) => a.zxid - b.zxid);
}

export function logFiles(ctx: ZabContext): NumberedFile[] {
  return numberedFiles(ctx, LOG_PREFIX);
}

/**
 * Appends the txn to the current file. When none is open, creates one first and comes back with `again`: the crash between the two leaves
 * an empty file. Returns whether the append was pushed; it must be the step's first effect then, for the fact to be true.
 */
export function appendTxn(ctx: ZabContext, txn: Txn, again: Item): boolean {
  const { log } = own(ctx.parts, ctx.refs.sync);
  if (log.file === null) {
    // Files reach the disk in any order: in the original a power loss may keep the new one and not the end of the old, a hole (ID-29).
    if (ctx.decide.zab.syncsRolledLog && log.unsynced.length > 0) ctx.effects.push({ type: 'fsync', files: log.unsynced.slice() });
    log.file = LOG_PREFIX + zxidHex(txn.zxid);
    log.unsynced.push(log.file);
    ctx.effects.push({ type: 'create', file: log.file }, { type: 'continue', item: again });
    return false;
  }
  log.txnCount += 1;
  if (!log.unsynced.includes(log.file)) log.unsynced.push(log.file);
  ctx.effects.push({ type: 'append', file: log.file, record: txn, bytes: txn.bytes + RECORD_BYTES });
  ctx.note({ type: 'logged', zxid: txn.zxid, txn });
  return true;
}

/** Takes back what `appendTxn` did before its effect failed. */
export function onAppendFailed(ctx: ZabContext, effect: Effect): void {
  if (effect.type === 'append' && effect.record.zxid !== undefined) ctx.note({ type: 'append-failed', zxid: effect.record.zxid });
  const { log } = own(ctx.parts, ctx.refs.sync);
  const { file: missing } = log;
  if (missing === null || ctx.disk.exists(missing)) return;
  log.file = null;
  log.unsynced = log.unsynced.filter((file) => file !== missing);
}

/** The next append creates a new file (LOGT-07). */
export function rollLog(ctx: ZabContext): void {
  const { log } = own(ctx.parts, ctx.refs.sync);
  log.file = null;
  log.txnCount = 0;
}

export function unsyncedFiles(ctx: ZabContext): readonly string[] {
  return peek(ctx.parts, ctx.refs.sync).log.unsynced.slice();
}

/** FileTxnLog.commit is over: all up to `zxid` is on disk, and files rolled away are closed. */
export function onLogSynced(ctx: ZabContext, files: readonly string[], zxid: Zxid): void {
  const { log } = own(ctx.parts, ctx.refs.sync);
  log.unsynced = log.unsynced.filter((file) => !files.includes(file));
  ctx.note({ type: 'log-synced', zxid });
}

/** A place in the log: the record to be read next. */
export interface LogReader {
  readonly files: readonly NumberedFile[];
  at: number;
  index: number;
  /** A record inside a file did not match its checksum: reading ends here, and a load fails (DISK-04). */
  corrupt: boolean;
}

/** FileTxnIterator: begins in the newest file whose name is below `zxid`; the files named from `zxid` on follow. */
export function readLogFrom(ctx: ZabContext, zxid: Zxid): LogReader {
  const files = logFiles(ctx);
  let first = 0;
  for (let i = 0; i < files.length; i++) if ((files[i]?.zxid ?? 0) < zxid) first = i;
  return { files: files.slice(first), at: 0, index: 0, corrupt: false };
}

/** The next txn, or null at the end. A torn last record ends its file only (DISK-04). */
export function nextTxn(ctx: ZabContext, reader: LogReader): Txn | null {
  for (;;) {
    const current = reader.files[reader.at];
    if (current === undefined || reader.corrupt) return null;
    const records = ctx.disk.records(current.file);
    if (reader.index < records) {
      const record = ctx.disk.record(current.file, reader.index);
      reader.index += 1;
      if (record !== null && isTxn(record)) return record;
      if (reader.index < records) reader.corrupt = true;
    } else {
      reader.at += 1;
      reader.index = 0;
    }
  }
}

export function isTxn(record: Item): record is Txn {
  return record.type === 'txn';
}

/** Length of the files after the one where reading starts, padding included (SYNC-07, SYNC-62). */
export function storageBytes(ctx: ZabContext, reader: LogReader): number {
  let sum = 0;
  for (let i = 1; i < reader.files.length; i++) sum += paddedBytes(ctx, reader.files[i]?.file ?? '');
  return sum;
}

/** DISK-03: the file is grown by whole blocks before an append that would come near its end. */
function paddedBytes(ctx: ZabContext, file: string): number {
  const bytes = HEADER_BYTES + ctx.disk.bytes(file);
  const block = ctx.config.preAllocBytes;
  return block <= 0 || ctx.disk.records(file) === 0 ? bytes : HEADER_BYTES + block * (1 + Math.floor((bytes + PADDING_MARGIN) / block));
}

/** Does the log hold anything at all (DISK-21)? */
export function hasLogRecords(ctx: ZabContext): boolean {
  return nextTxn(ctx, readLogFrom(ctx, 0)) !== null;
}

/** Does the log go on beyond the zxid? */
export function hasRecordsAbove(ctx: ZabContext, zxid: Zxid): boolean {
  const reader = readLogFrom(ctx, zxid);
  for (let txn = nextTxn(ctx, reader); txn !== null; txn = nextTxn(ctx, reader)) if (txn.zxid > zxid) return true;
  return false;
}

/**
 * FileTxnLog.truncate: cuts behind the record of `zxid` and removes the later files, then opens the log anew. When all are below it nothing
 * can be done: false (DISK-28, DISK-29). Where `zxid` itself is absent the original lets the next larger record survive; here the cut is
 * before it.
 */
export function pushTruncation(ctx: ZabContext, zxid: Zxid): boolean {
  const reader = readLogFrom(ctx, zxid);
  let txn = nextTxn(ctx, reader);
  while (txn !== null && txn.zxid < zxid) txn = nextTxn(ctx, reader);
  const cut = reader.files[reader.at];
  if (txn === null || cut === undefined) return false;
  const keepsIt = txn.zxid === zxid || ctx.decide.zab.truncationKeepsNextLarger;
  const { log } = own(ctx.parts, ctx.refs.sync);
  log.file = null;
  log.unsynced = [];
  log.txnCount = 0;
  const records = keepsIt ? ctx.decide.zab.truncationKeeps(reader.index) : reader.index - 1;
  ctx.effects.push(records === 0 && !keepsIt ? { type: 'delete', file: cut.file } : { type: 'truncate', file: cut.file, records });
  for (let i = reader.at + 1; i < reader.files.length; i++) {
    const later = reader.files[i];
    if (later !== undefined) ctx.effects.push({ type: 'delete', file: later.file });
  }
  return true;
}

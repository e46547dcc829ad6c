/** acceptedEpoch and currentEpoch: each exists twice, in a file and in memory (ID-08, ID-09). */
import { own } from '../base/parts.ts';
import type { Effect, Item } from '../base/step.ts';
import type { ZabContext } from './context.ts';

export type EpochFile = 'acceptedEpoch' | 'currentEpoch';

interface EpochRecord extends Item {
  readonly type: 'epoch';
  readonly epoch: number;
}

/** The `continue` after the rename. */
export interface EpochWritten extends Item {
  readonly type: 'epoch-written';
  readonly file: EpochFile;
  readonly epoch: number;
}

export function temporaryOf(file: string): string {
  return `${file}.tmp`;
}

/** The number as text. */
const EPOCH_BYTES = 8;

/** AtomicFileOutputStream: a temporary file, made durable, then renamed over the old one; a crash leaves the old value or the new one. */
export function epochFileEffects(file: EpochFile, epoch: number): Effect[] {
  const temporary = temporaryOf(file);
  const record: EpochRecord = { type: 'epoch', epoch };
  return [
    { type: 'create', file: temporary },
    { type: 'append', file: temporary, record, bytes: EPOCH_BYTES },
    { type: 'fsync', files: [temporary] },
    { type: 'rename', from: temporary, to: file },
  ];
}

/** The value in the file; null when it is absent or unreadable. */
export function readEpochFile(ctx: ZabContext, file: string): number | null {
  const record = ctx.disk.record(file, 0);
  return record !== null && isEpochRecord(record) ? record.epoch : null;
}

function isEpochRecord(record: Item): record is EpochRecord {
  return record.type === 'epoch';
}

/**
 * Writes the file, then assigns the memory copy: by a `continue` that the thread's step hands to `assignEpoch`. The other order is
 * ZOOKEEPER-2307: after an I/O error the memory is ahead of the file.
 */
export function pushEpochWrite(ctx: ZabContext, file: EpochFile, epoch: number): void {
  if (!ctx.decide.zab.keepsEpochFiles) return assignEpoch(ctx, file, epoch);
  const isAssignedFirst = ctx.decide.zab.assignsEpochBeforeFile;
  if (isAssignedFirst) assignEpoch(ctx, file, epoch);
  for (const effect of epochFileEffects(file, epoch)) ctx.effects.push(effect);
  const item: EpochWritten = { type: 'epoch-written', file, epoch };
  if (!isAssignedFirst) ctx.effects.push({ type: 'continue', item });
}

/** The memory copy. */
export function assignEpoch(ctx: ZabContext, file: EpochFile, epoch: number): void {
  const peer = own(ctx.parts, ctx.refs.peer);
  if (file === 'acceptedEpoch') {
    peer.acceptedEpoch = epoch;
    ctx.note({ type: 'accepted-epoch', epoch });
  } else {
    peer.currentEpoch = epoch;
    ctx.note({ type: 'current-epoch', epoch });
  }
}

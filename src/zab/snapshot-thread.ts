/** The thread that SyncRequestProcessor starts for a periodic snapshot: unsynced (ID-20), while the log goes on in a new file. */
import { assert } from '../base/assert.ts';
import type { Item } from '../base/step.ts';
import type { ZabContext } from './context.ts';
import { beginTakeSnapshot, isSnapshotItem, stepTakeSnapshot } from './snapshot-file.ts';
import { ownSyncInstance } from './sync-thread.ts';

export function stepSnapshotThread(ctx: ZabContext, input: Item): void {
  if (input.type === 'take-snapshot') return beginTakeSnapshot(ctx, { sync: false });
  if (input.type === 'failed') {
    // DISK-17: a snapshot that cannot be written ends the process.
    ctx.effects.push({ type: 'exit', reason: 'snapshot-failed' });
    ctx.thread.ending = true;
    return;
  }
  assert(isSnapshotItem(input), () => `the SnapshotThread got ${input.type}`);
  if (!stepTakeSnapshot(ctx, input)) return;
  // The SyncThread that asked for it may be gone by now.
  const instance = ownSyncInstance(ctx);
  if (instance !== null) instance.snapping = false;
  ctx.thread.ending = true;
}

/** The steps that Leader.shutdown and Learner.shutdown have in common: QuorumPeerServer down to the fast-forward (LIVE-11..15). */
import { own, peek } from '../base/parts.ts';
import type { ThreadId } from '../base/step.ts';
import { unreachable } from '../base/assert.ts';
import type { ZabContext } from './context.ts';
import { clearDatabase } from './database.ts';
import { fastForward } from './recovery.ts';
import { pushSyncDeath } from './sync-thread.ts';

export type CommonShutdownStep = 'unpublish' | 'close-clients' | 'stop-processors' | 'join-commit' | 'drain-sync' | 'fast-forward';

/**
 * One step of a shutdown plan, on the QuorumPeer thread. A join sets `blockedOn`. ZooKeeperServer.shutdown does nothing to a server that
 * never was RUNNING, though its threads may run already (SYNC-52, SYNC-53).
 */
export function performShutdownStep(ctx: ZabContext, step: CommonShutdownStep, wasRunning: boolean): void {
  switch (step) {
    case 'unpublish':
      return unpublish(ctx);
    case 'close-clients':
      return ctx.app.closeClients(ctx);
    case 'stop-processors':
      return wasRunning ? ctx.app.stopProcessors(ctx) : undefined;
    case 'join-commit':
      return wasRunning ? join(ctx, ctx.app.commitThread(ctx)) : undefined;
    case 'drain-sync':
      return wasRunning ? join(ctx, pushSyncDeath(ctx)) : undefined;
    case 'fast-forward':
      return wasRunning ? catchUp(ctx) : undefined;
    default:
      return unreachable(step);
  }
}

function unpublish(ctx: ZabContext): void {
  if (!peek(ctx.parts, ctx.refs.peer).serving) return;
  own(ctx.parts, ctx.refs.peer).serving = false;
  ctx.app.unpublish(ctx);
  ctx.note({ type: 'serving', serving: false });
}

/**
 * When the log thread has failed, memory may hold what the log lacks, since a commit need not wait for the own disk (BCAST-16): the next
 * role would append after a hole. The original keeps it all the same.
 */
function catchUp(ctx: ZabContext): void {
  const { keepsDatabase, clearsDatabaseAfterFailure } = ctx.decide.zab;
  if (!keepsDatabase || (clearsDatabaseAfterFailure && peek(ctx.parts, ctx.refs.peer).failed)) clearDatabase(ctx);
  else fastForward(ctx);
}

function join(ctx: ZabContext, thread: ThreadId | null): void {
  if (thread !== null) ctx.thread.blockedOn = { on: 'end', thread, deadline: null };
}

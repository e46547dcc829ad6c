/** The address of a SyncRequestProcessor: how others start it, feed it and stop it. What it does is in sync-request-processor.ts. */
import { own, peek } from '../base/parts.ts';
import { threadId, type Effect, type Item, type ThreadId } from '../base/step.ts';
import type { Zxid } from '../base/zxid.ts';
import type { ZabContext } from './context.ts';
import type { SyncInstance } from './learner-state.ts';
import { QUORUM_PEER, SYNC } from './thread-kinds.ts';
import type { OpaqueRequest, Txn } from './txn.ts';

/** What lies in its queue. */
export type SyncItem =
  | { readonly type: 'start-sync' }
  | { readonly type: 'log'; readonly zxid: Zxid; readonly txn: Txn }
  /** Of a standalone server: every request comes this way, a read without a transaction. */
  | { readonly type: 'process'; readonly zxid: Zxid; readonly request: OpaqueRequest; readonly txn: Txn | null }
  | { readonly type: 'request-of-death' };

/** The role incarnation that the running thread works for; the QuorumPeer thread itself works for the present one. */
function ownIncarnation(ctx: ZabContext): number {
  return ctx.thread.kind === QUORUM_PEER ? peek(ctx.parts, ctx.refs.peer).incarnation : ctx.thread.incarnation;
}

/** Starts the SyncThread of the role just taken. A follower's acknowledges on the connection of this moment, whatever becomes of the role. */
export function startSyncThread(ctx: ZabContext): void {
  const { state, incarnation } = peek(ctx.parts, ctx.refs.peer);
  const led = ctx.config.standalone ? 'standalone' : 'leader';
  const role = state === 'LEADING' ? led : peek(ctx.parts, ctx.refs.learner).role;
  const link = role === 'follower' ? peek(ctx.parts, ctx.refs.learner).link : null;
  const instance: SyncInstance = {
    incarnation,
    role,
    link,
    toFlush: [],
    batch: [],
    flushing: -1,
    flushed: 0,
    dying: false,
    randRoll: 0,
    snapping: false,
    snapshots: 0,
  };
  own(ctx.parts, ctx.refs.sync).instances.push(instance);
  const item: SyncItem = { type: 'start-sync' };
  ctx.effects.push({ type: 'start', thread: threadId(SYNC, incarnation), item });
}

/** SyncRequestProcessor.processRequest of the caller's own incarnation. */
export function logEffect(ctx: ZabContext, txn: Txn): Effect {
  const item: SyncItem = { type: 'log', zxid: txn.zxid, txn };
  return { type: 'enqueue', to: threadId(SYNC, ownIncarnation(ctx)), item };
}

/** The same at a standalone server, where the request goes along. */
export function processEffect(ctx: ZabContext, request: OpaqueRequest, txn: Txn | null): Effect {
  const item: SyncItem = { type: 'process', zxid: txn === null ? -1 : txn.zxid, request, txn };
  return { type: 'enqueue', to: threadId(SYNC, ownIncarnation(ctx)), item };
}

/** The living instance of an incarnation, for reading only. */
export function syncInstance(ctx: ZabContext, incarnation: number): Readonly<SyncInstance> | null {
  for (const instance of peek(ctx.parts, ctx.refs.sync).instances) if (instance.incarnation === incarnation) return instance;
  return null;
}

/** The same for its own thread, or for one that works for it. */
export function ownSyncInstance(ctx: ZabContext): SyncInstance | null {
  for (const instance of own(ctx.parts, ctx.refs.sync).instances) if (instance.incarnation === ctx.thread.incarnation) return instance;
  return null;
}

/** SyncRequestProcessor.shutdown: what is queued is still logged (LIVE-15). Returns the thread to wait for, null when none is alive. */
export function pushSyncDeath(ctx: ZabContext): ThreadId | null {
  const incarnation = ownIncarnation(ctx);
  if (syncInstance(ctx, incarnation) === null) return null;
  const thread = threadId(SYNC, incarnation);
  const item: SyncItem & Item = { type: 'request-of-death' };
  ctx.effects.push({ type: 'enqueue', to: thread, item });
  return thread;
}

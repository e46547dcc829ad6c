/**
 * SyncRequestProcessor, the log thread (section E5): appends what it is given, fsyncs once for a batch, and passes the batch on: at a leader
 * to Leader.processAck, at a follower as ACK packets on the leader's connection, where the QuorumPeer thread writes too (BCAST-06). Each
 * instance works for the role it was started in, and may outlive it.
 */
import { own, peek } from '../base/parts.ts';
import { assert } from '../base/assert.ts';
import { threadId, type Effect, type HostInput, type Item } from '../base/step.ts';
import { processAck } from './broadcast.ts';
import type { ZabContext } from './context.ts';
import type { SyncInstance } from './learner-state.ts';
import type { QuorumPacket } from './packet.ts';
import { ownSyncInstance, type SyncItem } from './sync-thread.ts';
import { SNAPSHOT } from './thread-kinds.ts';
import { appendTxn, onAppendFailed, onLogSynced, rollLog, unsyncedFiles } from './txn-log.ts';

type SyncInput =
  | SyncItem
  /** The queue is looked at without waiting, or the batch is full. */
  | { readonly type: 'flush' }
  | { readonly type: 'flushed'; readonly files: readonly string[] }
  | { readonly type: 'flush-next' }
  /** A leader acknowledges to itself one txn an event. */
  | { readonly type: 'pass-on' }
  /** FinalRequestProcessor at work on this thread, at a standalone server. */
  | { readonly type: 'final' }
  | HostInput;

const SYNC_INPUTS: ReadonlySet<string> = new Set<SyncInput['type']>([
  'start-sync',
  'log',
  'process',
  'final',
  'request-of-death',
  'flush',
  'flushed',
  'flush-next',
  'pass-on',
  'timeout',
  'failed',
]);

function isSyncInput(input: Item): input is SyncInput {
  return SYNC_INPUTS.has(input.type);
}

export function stepSync(ctx: ZabContext, input: Item): void {
  assert(isSyncInput(input), () => `the SyncThread got ${input.type}`);
  const instance = ownSyncInstance(ctx);
  if (instance === null) {
    // It has ended but for its last acks, and one of them failed.
    ctx.thread.ending = true;
    return;
  }
  route(ctx, instance, input);
}

function route(ctx: ZabContext, instance: SyncInstance, input: SyncInput): void {
  switch (input.type) {
    case 'start-sync':
      return resetRoll(ctx, instance);
    case 'log':
      return onLog(ctx, instance, input);
    case 'process':
      return onProcess(ctx, instance, input);
    case 'final':
      return ctx.app.continueFinal(ctx, input);
    case 'request-of-death':
      instance.dying = true;
      return beginFlush(ctx, instance);
    case 'flush':
    case 'timeout':
      return beginFlush(ctx, instance);
    case 'flushed':
      onLogSynced(ctx, input.files, instance.flushed);
      return runFlush(ctx, instance, instance.flushing + 1);
    case 'flush-next':
      return runFlush(ctx, instance, instance.flushing + 1);
    case 'pass-on':
      return instance.role === 'standalone' ? processBatch(ctx, instance) : acknowledgeToSelf(ctx, instance);
    case 'failed':
      return onFailed(ctx, instance, input.effect);
    default: // nothing else can reach a thread that waits for its queue only
  }
}

/** LOGT-01. The next look at the queue does not wait while a batch is open (LOGT-02, LOGT-03). */
function onLog(ctx: ZabContext, instance: SyncInstance, item: Extract<SyncItem, { readonly type: 'log' }>): void {
  if (!appendTxn(ctx, item.txn, item)) return;
  instance.toFlush.push(item.zxid);
  maybeSnapshot(ctx, instance);
  waitForMore(ctx, instance);
}

/** LOGT-01 at a standalone server: a read waits for the writes before it, and for nothing where there are none. */
function onProcess(ctx: ZabContext, instance: SyncInstance, item: Extract<SyncItem, { readonly type: 'process' }>): void {
  const { request, txn } = item;
  if (txn === null && instance.toFlush.length === 0) return ctx.app.processFinal(ctx, request, null);
  if (txn !== null && !appendTxn(ctx, txn, item)) return;
  instance.batch = [...instance.batch, { request, txn }];
  if (txn !== null) {
    instance.toFlush.push(txn.zxid);
    maybeSnapshot(ctx, instance);
  }
  waitForMore(ctx, instance);
}

/** LOGT-02. */
function waitForMore(ctx: ZabContext, instance: SyncInstance): void {
  if (instance.toFlush.length >= ctx.config.maxBatchSize) ctx.effects.push({ type: 'continue', item: { type: 'flush' } });
  else ctx.thread.blockedOn = { on: 'queue', deadline: ctx.now };
}

/** LOGT-05 to LOGT-07: the log rolls at each trigger; the snapshot is left out while one is still being written. */
function maybeSnapshot(ctx: ZabContext, instance: SyncInstance): void {
  const { log } = own(ctx.parts, ctx.refs.sync);
  if (log.txnCount <= Math.floor(ctx.config.snapCount / 2) + instance.randRoll) return;
  resetRoll(ctx, instance);
  rollLog(ctx);
  if (instance.snapping) return;
  instance.snapping = true;
  const thread = threadId(SNAPSHOT, instance.incarnation, instance.snapshots);
  instance.snapshots += 1;
  ctx.effects.push({ type: 'start', thread, item: { type: 'take-snapshot' } });
}

function resetRoll(ctx: ZabContext, instance: SyncInstance): void {
  instance.randRoll = ctx.draw('snap-roll', Math.max(1, Math.floor(ctx.config.snapCount / 2)));
}

function beginFlush(ctx: ZabContext, instance: SyncInstance): void {
  const last = instance.toFlush[instance.toFlush.length - 1];
  if (last === undefined) return endFlush(ctx, instance);
  instance.flushed = last;
  runFlush(ctx, instance, 0);
}

/** flushPlan from entry `at`. */
function runFlush(ctx: ZabContext, instance: SyncInstance, at: number): void {
  const entry = ctx.decide.zab.flushPlan[at];
  if (entry === undefined) return endFlush(ctx, instance);
  instance.flushing = at;
  assert(typeof entry === 'string', 'a flush has no atomic groups: the disk is waited for');
  if (entry === 'pass-on') return passOn(ctx, instance);
  const files = unsyncedFiles(ctx);
  if (files.length > 0) ctx.effects.push({ type: 'fsync', files });
  const item: SyncInput = { type: 'flushed', files };
  ctx.effects.push({ type: 'continue', item });
}

function passOn(ctx: ZabContext, instance: SyncInstance): void {
  if (instance.role === 'leader') return acknowledgeToSelf(ctx, instance);
  if (instance.role === 'standalone') return processBatch(ctx, instance);
  if (instance.role === 'follower' && instance.link !== null) {
    for (const zxid of instance.toFlush) {
      const packet: QuorumPacket = { type: 'ACK', zxid };
      ctx.effects.push({ type: 'send', link: instance.link, packet });
    }
  }
  instance.toFlush = [];
  goOn(ctx, instance);
}

/** AckRequestProcessor. The call is in vain once this term is over: `processAck` knows. */
function acknowledgeToSelf(ctx: ZabContext, instance: SyncInstance): void {
  const acked = instance.toFlush.shift();
  if (acked !== undefined) processAck(ctx, ctx.config.sid, acked);
  if (instance.toFlush.length === 0) return goOn(ctx, instance);
  ctx.effects.push({ type: 'continue', item: { type: 'pass-on' } });
}

/** What is on the disk is committed, there being nobody else (PIPE-05); one request is quite done before the next begins. */
function processBatch(ctx: ZabContext, instance: SyncInstance): void {
  const [next, ...rest] = instance.batch;
  instance.batch = rest;
  if (next === undefined) {
    instance.toFlush = [];
    return goOn(ctx, instance);
  }
  if (next.txn !== null) ctx.note({ type: 'committed', zxid: next.txn.zxid, acks: [ctx.config.sid] });
  ctx.app.processFinal(ctx, next.request, next.txn);
  ctx.effects.push({ type: 'continue', item: { type: 'pass-on' } });
}

/** The end of the plan needs no event of its own. */
function goOn(ctx: ZabContext, instance: SyncInstance): void {
  if (instance.flushing + 1 >= ctx.decide.zab.flushPlan.length) return endFlush(ctx, instance);
  ctx.effects.push({ type: 'continue', item: { type: 'flush-next' } });
}

function endFlush(ctx: ZabContext, instance: SyncInstance): void {
  if (!instance.dying) instance.flushing = -1;
  else end(ctx, instance);
}

function end(ctx: ZabContext, instance: SyncInstance): void {
  const state = own(ctx.parts, ctx.refs.sync);
  state.instances = state.instances.filter((other) => other !== instance);
  ctx.thread.ending = true;
}

/**
 * SendAckRequestProcessor closes the connection it cannot write to and the thread lives on (LIVE-10); an error of the disk ends the thread
 * and with it the server (LOGT-08).
 */
function onFailed(ctx: ZabContext, instance: SyncInstance, effect: Effect): void {
  if (effect.type === 'send') {
    ctx.effects.push({ type: 'close', link: effect.link });
    return goOn(ctx, instance);
  }
  onAppendFailed(ctx, effect);
  if (peek(ctx.parts, ctx.refs.peer).incarnation === instance.incarnation) own(ctx.parts, ctx.refs.peer).failed = true;
  end(ctx, instance);
}

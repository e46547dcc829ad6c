/**
 * ZooKeeperServerMain: one server without an ensemble (CFG-09). Nobody is elected and nothing is proposed: what PREP makes is logged, flushed
 * and applied (PIPE-05). Java has no QuorumPeer there; here the same thread does what its main thread does, and the server is shown as
 * leading, so that whoever looks for the one that orders writes finds it.
 */
import { assert } from '../base/assert.ts';
import { own, peek } from '../base/parts.ts';
import type { Item } from '../base/step.ts';
import type { ZabContext } from './context.ts';
import { performLoadStep } from './leader.ts';
import { makePlanItem, runPlanEntry, type PlanItem } from './plan.ts';
import { performShutdownStep, type CommonShutdownStep } from './shutdown.ts';
import { isSnapshotItem, stepTakeSnapshot } from './snapshot-file.ts';
import { startSyncThread } from './sync-thread.ts';
import { setZabState } from './zab-state.ts';

const LOAD_PLAN = 'standalone-load';
const SHUTDOWN_PLAN = 'standalone-shutdown';

/** ZooKeeperServer.shutdown. The process ends behind it, so that nobody needs the log's tail in memory. */
const shutdownPlan: readonly CommonShutdownStep[] = ['unpublish', 'close-clients', 'stop-processors', 'drain-sync'];

/** The database is loaded. */
export function beginStandalone(ctx: ZabContext): void {
  const peer = own(ctx.parts, ctx.refs.peer);
  peer.stage = 'role';
  peer.incarnation += 1;
  peer.failed = false;
  peer.state = 'LEADING';
  ctx.note({ type: 'state', state: 'LEADING', epoch: peer.currentEpoch });
  ctx.effects.push({ type: 'continue', item: makePlanItem(LOAD_PLAN) });
}

/** One further input of the main thread. */
export function stepStandalone(ctx: ZabContext, input: Item): void {
  if (isPlanItem(input)) return input.plan === LOAD_PLAN ? runLoadEntry(ctx, input) : runShutdownEntry(ctx, input);
  if (isSnapshotItem(input)) {
    stepTakeSnapshot(ctx, input);
    return;
  }
  switch (input.type) {
    case 'server-started':
      return serve(ctx);
    case 'timeout':
      return watch(ctx);
    case 'interrupted':
      ctx.note({ type: 'left-role', role: 'LEADING', why: 'stopped', operands: [] });
      ctx.effects.push({ type: 'continue', item: makePlanItem(SHUTDOWN_PLAN) });
      return;
    case 'ended':
      return onJoined(ctx);
    default:
      assert(input.type === 'failed', () => `a standalone server got ${input.type}`);
      ctx.effects.push({ type: 'exit', reason: 'io-error-at-start' });
  }
}

function isPlanItem(input: Item): input is PlanItem {
  return input.type === 'plan';
}

/** ZooKeeperServer.loadData (ID-23) and startup. */
function runLoadEntry(ctx: ZabContext, item: PlanItem): void {
  if (runPlanEntry(ctx, item, ctx.decide.zab.leaderLoadPlan, (step) => performLoadStep(ctx, step))) return;
  startSyncThread(ctx);
  ctx.app.startProcessors(ctx, 'standalone');
  ctx.effects.push({ type: 'continue', item: { type: 'server-started' } });
}

/** Epoch 0: no election has ever given out another one. All that was in the log counts from here on. */
function serve(ctx: ZabContext): void {
  const { lastProcessedZxid } = peek(ctx.parts, ctx.refs.database);
  ctx.note({ type: 'established', epoch: 0, history: lastProcessedZxid });
  own(ctx.parts, ctx.refs.peer).serving = true;
  ctx.app.publish(ctx);
  ctx.note({ type: 'serving', serving: true });
  setZabState(ctx, 'BROADCAST');
  watch(ctx);
}

/** ZooKeeperServerShutdownHandler: the process ends when a critical thread has failed; here it is looked at once a tick. */
function watch(ctx: ZabContext): void {
  if (peek(ctx.parts, ctx.refs.peer).failed) ctx.effects.push({ type: 'exit', reason: 'processor-failed' });
  else ctx.thread.blockedOn = { on: 'sleep', until: ctx.now + ctx.config.tickUs };
}

function runShutdownEntry(ctx: ZabContext, item: PlanItem): void {
  own(ctx.parts, ctx.refs.peer).plan = { name: item.plan, at: item.at };
  if (runPlanEntry(ctx, item, shutdownPlan, (step) => performShutdownStep(ctx, step, true))) return;
  ctx.effects.push({ type: 'exit', reason: 'stopped' });
}

function onJoined(ctx: ZabContext): void {
  const { plan } = peek(ctx.parts, ctx.refs.peer);
  if (plan !== null) ctx.effects.push({ type: 'continue', item: makePlanItem(plan.name, plan.at + 1) });
}

/** How a learner's role ends: any exception of followLeader or observeLeader comes here (DISC-32), runs Learner.shutdown, and reports. */
import { own, peek } from '../base/parts.ts';
import type { ZabContext } from './context.ts';
import { clearDatabase } from './database.ts';
import type { LearnerShutdownStep } from './decisions.ts';
import type { LeaveReason } from './note.ts';
import { makePlanItem, runPlanEntry, type PlanItem } from './plan.ts';
import { performShutdownStep } from './shutdown.ts';

export const LEARNER_SHUTDOWN = 'learnerShutdownPlan';

export function leaveRole(ctx: ZabContext, why: LeaveReason, operands: readonly number[] = []): void {
  const learner = own(ctx.parts, ctx.refs.learner);
  learner.stage = 'shutdown';
  ctx.note({ type: 'left-role', role: learner.role === 'follower' ? 'FOLLOWING' : 'OBSERVING', why, operands });
  ctx.effects.push({ type: 'continue', item: makePlanItem(LEARNER_SHUTDOWN) });
}

export function runShutdownPlan(ctx: ZabContext, item: PlanItem): void {
  own(ctx.parts, ctx.refs.peer).plan = { name: item.plan, at: item.at };
  if (!runPlanEntry(ctx, item, ctx.decide.zab.learnerShutdownPlan, (step) => perform(ctx, step))) endRole(ctx);
}

/** A join is over, or a step failed, which shutdown code only logs: on with the next. */
export function resumeShutdown(ctx: ZabContext, skip: 0 | 1): void {
  const { plan } = peek(ctx.parts, ctx.refs.peer);
  runShutdownPlan(ctx, makePlanItem(LEARNER_SHUTDOWN, plan === null ? 0 : plan.at + skip));
}

function perform(ctx: ZabContext, step: LearnerShutdownStep): void {
  const { running, link } = peek(ctx.parts, ctx.refs.learner);
  if (step !== 'close-socket') return performShutdownStep(ctx, step, running);
  if (link === null) return;
  ctx.effects.push({ type: 'close', link });
  own(ctx.parts, ctx.refs.learner).link = null;
}

/** SYNC-52: a sync that died before NEWLEADER was handled has filled memory with what no file holds. */
function endRole(ctx: ZabContext): void {
  const learner = own(ctx.parts, ctx.refs.learner);
  const { clearsDatabaseAfterSnap, clearsDatabaseAfterTrunc } = ctx.decide.zab;
  const clears = { DIFF: false, TRUNC: clearsDatabaseAfterTrunc, SNAP: clearsDatabaseAfterSnap };
  if (learner.syncMode !== null && clears[learner.syncMode]) clearDatabase(ctx);
  learner.stage = 'idle';
  learner.running = false;
  learner.packetsNotLogged = [];
  learner.packetsCommitted = [];
  learner.pendingTxns = [];
  own(ctx.parts, ctx.refs.peer).plan = null;
  ctx.effects.push({ type: 'continue', item: { type: 'role-ended' } });
}

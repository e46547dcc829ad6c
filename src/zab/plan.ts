/**
 * Plans as data: a decision point that is an order is a list of named steps, of which the thread runs one entry per event. A nested array
 * is an atomic group: its steps' memory changes fall into one event, and what they enqueue or signal becomes one atomic effect.
 */
import type { Context, Effect, Item } from '../base/step.ts';

/** The `continue` that runs entry `at` of a plan. */
export interface PlanItem extends Item {
  readonly type: 'plan';
  readonly plan: string;
  readonly at: number;
}

export function makePlanItem(plan: string, at = 0): PlanItem {
  return { type: 'plan', plan, at };
}

/**
 * Runs entry `at` with `perform`, which may push effects (each a later event, the first in this one) and then the rest of the plan.
 * A step that has to wait (a join) says so by setting `blockedOn`: the plan then stops here, and whoever gets the wake-up pushes the
 * next entry itself, with `makePlanItem(plan, at + 1)`. Returns false when the plan is over and nothing was done.
 */
export function runPlanEntry<Step extends string>(
  ctx: Context,
  item: PlanItem,
  plan: readonly (Step | readonly Step[])[],
  perform: (step: Step) => void,
): boolean {
  const entry = plan[item.at];
  if (entry === undefined) return false;
  if (typeof entry === 'string') perform(entry);
  else {
    const first = ctx.effects.length;
    for (const step of entry) perform(step);
    fuse(ctx.effects, first);
  }
  if (ctx.thread.blockedOn === null) ctx.effects.push({ type: 'continue', item: makePlanItem(item.plan, item.at + 1) });
  return true;
}

/** Makes one atomic effect of all enqueues and signals from index `first` on; anything else keeps its place after it. */
function fuse(effects: Effect[], first: number): void {
  const fused: Effect[] = [];
  const others: Effect[] = [];
  for (const effect of effects.splice(first)) {
    if (effect.type === 'atomic') fused.push(...effect.effects);
    else if (effect.type === 'enqueue' || effect.type === 'signal') fused.push(effect);
    else others.push(effect);
  }
  if (fused.length > 0) effects.push({ type: 'atomic', effects: fused });
  effects.push(...others);
}

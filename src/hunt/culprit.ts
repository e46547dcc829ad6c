/** Which of the mutations of an ensemble a violation needs: those without which the same seed holds. */
import { assert } from '../base/assert.ts';
import type { PropertyId } from '../check/violation.ts';
import { FIXED, type Decisions } from '../ensemble/spec.ts';
import { findMutation, inCatalogueOrder } from '../mutations/catalogue.ts';
import { applyMutations, MutationConflict, type Mutation } from '../mutations/mutation.ts';
import { presetMutations } from '../mutations/presets.ts';
import { runPlan, type HuntOptions } from './hunt-run.ts';
import type { HuntPlan } from './plan.ts';

/** What is wrong with the ensemble that is hunted in; mutations by id. */
export interface Quarry {
  readonly preset: string;
  readonly mutations: readonly string[];
  /** Of both, set aside. */
  readonly without: readonly string[];
}

export function mutationsOf({ preset, mutations, without }: Quarry): Mutation[] {
  const base = presetMutations(preset);
  assert(base !== null, () => `a preset called ${preset}`);
  const added = mutations.map((name) => {
    const found = findMutation(name);
    assert(found !== null, () => `a mutation called ${name}`);
    return found;
  });
  return inCatalogueOrder([...base, ...added]).filter(({ id }) => !without.includes(id));
}

export function decisionsOf(quarry: Quarry): Decisions {
  return applyMutations(FIXED, mutationsOf(quarry));
}

/** Ids, in the catalogue's order: halves first, then one by one, as long as the plan still violates the property. */
export function culpritsOf(plan: HuntPlan, quarry: Quarry, property: PropertyId, options: HuntOptions): string[] {
  let needed = mutationsOf(quarry);
  for (let size = Math.ceil(needed.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < needed.length;) {
      const fewer = [...needed.slice(0, at), ...needed.slice(at + size)];
      if (violates(plan, fewer, property, options)) needed = fewer;
      else at += size;
    }
  }
  return needed.map(({ id }) => id);
}

/** Mutations may stand on one another: what cannot be applied is no answer. */
function violates(plan: HuntPlan, mutations: readonly Mutation[], property: PropertyId, options: HuntOptions): boolean {
  let decisions: Decisions;
  try {
    decisions = applyMutations(FIXED, mutations);
  } catch (error) {
    if (error instanceof MutationConflict) return false;
    throw error;
  }
  return runPlan(plan, decisions, options).violations.some(({ id }) => id === property);
}

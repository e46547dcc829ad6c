/**
 * A mutation is a short list of edits on named decision points, so that correct and mutated code share everything else and mutations
 * compose. Edits of plans move, remove, replace or insert steps by name; edits of predicates and switches set a value.
 */
import type { ClientDecisions } from '../client/decisions.ts';
import type { ServerDecisions } from '../server/decisions.ts';
import type { ZabDecisions } from '../zab/decisions.ts';

/** All decision points of a run. */
export interface DecisionTable {
  readonly zab: ZabDecisions;
  readonly server: ServerDecisions;
  readonly client: ClientDecisions;
}

type PlanOf<T> = T extends readonly (infer Entry)[] ? Exclude<Entry, readonly unknown[]> : never;

/** Edits on the plan `Name` of zab. */
type PlanEdit = {
  [Name in keyof ZabDecisions]: ZabDecisions[Name] extends readonly unknown[]
    ?
        | { readonly plan: Name; readonly move: PlanOf<ZabDecisions[Name]>; readonly before: PlanOf<ZabDecisions[Name]> }
        | { readonly plan: Name; readonly remove: PlanOf<ZabDecisions[Name]> }
        | { readonly plan: Name; readonly replace: PlanOf<ZabDecisions[Name]>; readonly by: PlanOf<ZabDecisions[Name]> }
        | { readonly plan: Name; readonly insert: PlanOf<ZabDecisions[Name]>; readonly before: PlanOf<ZabDecisions[Name]> | 'end' }
    : never;
}[keyof ZabDecisions];

type SetEdit<Layer extends string, D> = { [Name in keyof D]: { readonly layer: Layer; readonly set: Name; readonly to: D[Name] } }[keyof D];

export type Edit = PlanEdit | SetEdit<'zab', ZabDecisions> | SetEdit<'server', ServerDecisions> | SetEdit<'client', ClientDecisions>;

export interface Mutation {
  /** `ZOOKEEPER-` and the first issue's number, else the slug. */
  readonly id: string;
  readonly slug: string;
  /** The catalogue's letter and number, such as `A3`. */
  readonly letter: string;
  /** Other issue numbers of the same defect. */
  readonly issues: readonly number[];
  readonly edits: readonly Edit[];
  /** Properties that it breaks, the one its scenario names first. */
  readonly properties: readonly string[];
  /** Releases that have it, in words of the catalogue; empty for teaching mutations. */
  readonly versions: string;
  /** 1 to 4, as in the catalogue. */
  readonly difficulty: 1 | 2 | 3 | 4;
}

export class MutationConflict extends Error {
  override readonly name = 'MutationConflict';
}

type Plan = readonly (string | readonly string[])[];

/** The table with every edit applied, in the order of the list. Two edits that contradict one another are refused. */
export function applyMutations(base: DecisionTable, mutations: readonly Mutation[]): DecisionTable {
  const table = { zab: { ...base.zab }, server: { ...base.server }, client: { ...base.client } };
  const set = new Map<string, { readonly by: string; readonly to: unknown }>();
  for (const mutation of mutations) {
    for (const edit of mutation.edits) {
      if ('set' in edit) {
        const name = `${edit.layer}.${edit.set}`;
        const earlier = set.get(name);
        if (earlier !== undefined && earlier.to !== edit.to)
          throw new MutationConflict(`${mutation.id} and ${earlier.by} both change ${name}`);
        set.set(name, { by: mutation.id, to: edit.to });
        Object.assign(table[edit.layer], { [edit.set]: edit.to });
      } else {
        const plan: Plan = table.zab[edit.plan];
        Object.assign(table.zab, { [edit.plan]: editPlan(plan, edit, mutation.id) });
      }
    }
  }
  return table;
}

function editPlan(plan: Plan, edit: PlanEdit, id: string): Plan {
  if ('move' in edit) {
    need(plan, edit.move, edit.plan, id);
    return insert(without(plan, edit.move), edit.move, edit.before, edit.plan, id);
  }
  if ('remove' in edit) {
    need(plan, edit.remove, edit.plan, id);
    return without(plan, edit.remove);
  }
  if ('replace' in edit) {
    need(plan, edit.replace, edit.plan, id);
    return plan.map((entry) =>
      typeof entry === 'string'
        ? entry === edit.replace
          ? edit.by
          : entry
        : entry.map((step) => (step === edit.replace ? edit.by : step)),
    );
  }
  return insert(plan, edit.insert, edit.before, edit.plan, id);
}

function need(plan: Plan, step: string, name: string, id: string): void {
  if (!plan.flat().includes(step)) throw new MutationConflict(`${id} edits step ${step}, which another mutation has taken out of ${name}`);
}

function without(plan: Plan, step: string): Plan {
  return plan
    .map((entry) => (typeof entry === 'string' ? entry : entry.filter((one) => one !== step)))
    .filter((entry) => entry !== step && entry.length > 0);
}

/** Before the entry that holds `before`, outside of an atomic group. */
function insert(plan: Plan, step: string, before: string, name: string, id: string): Plan {
  if (before === 'end') return [...plan, step];
  need(plan, before, name, id);
  const at = plan.findIndex((entry) => entry === before || (typeof entry !== 'string' && entry.includes(before)));
  return [...plan.slice(0, at), step, ...plan.slice(at)];
}

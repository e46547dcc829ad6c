/**
 * A mutation is a short list of edits on named decision points, so that correct and mutated code share everything else and mutations
 * compose. Edits of plans move, remove, replace or insert steps by name; edits of predicates and switches set a value.
 */
import type { ClientDecisions } from '../client/decisions.ts';
import type { KernelDecisions } from '../kernel/decisions.ts';
import type { ServerDecisions } from '../server/decisions.ts';
import type { ZabDecisions } from '../zab/decisions.ts';

/** All decision points of a run. */
export interface DecisionTable {
  readonly zab: ZabDecisions;
  readonly server: ServerDecisions;
  readonly client: ClientDecisions;
  readonly kernel: KernelDecisions;
}

type PlanOf<T> = T extends readonly (infer Entry)[] ? Exclude<Entry, readonly unknown[]> : never;

/** Edits on the plan `Name` of zab. */
type PlanEdit = {
  [Name in keyof ZabDecisions]: ZabDecisions[Name] extends readonly unknown[]
    ?
        | { readonly plan: Name; readonly move: PlanOf<ZabDecisions[Name]>; readonly before: PlanOf<ZabDecisions[Name]> }
        | { readonly plan: Name; readonly move: PlanOf<ZabDecisions[Name]>; readonly after: PlanOf<ZabDecisions[Name]> }
        | { readonly plan: Name; readonly remove: PlanOf<ZabDecisions[Name]> }
        | { readonly plan: Name; readonly replace: PlanOf<ZabDecisions[Name]>; readonly by: PlanOf<ZabDecisions[Name]> }
        | { readonly plan: Name; readonly insert: PlanOf<ZabDecisions[Name]>; readonly before: PlanOf<ZabDecisions[Name]> | 'end' }
    : never;
}[keyof ZabDecisions];

type SetEdit<Layer extends string, D> = { [Name in keyof D]: { readonly layer: Layer; readonly set: Name; readonly to: D[Name] } }[keyof D];

export type Edit =
  | PlanEdit
  | SetEdit<'zab', ZabDecisions>
  | SetEdit<'server', ServerDecisions>
  | SetEdit<'client', ClientDecisions>
  | SetEdit<'kernel', KernelDecisions>;

type Release = `3.${number}.${number}` | 'master';
type Releases = Release | `${Release}-${Release}`;

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
  /**
   * Releases that have it, as `isInReleases` (releases.ts) reads them: `3.4.10-3.4.14, 3.5.3-master`. This is the one place that says so:
   * a preset is all the mutations that its release is named in (presets.ts). Empty for teaching mutations and what no release ever had.
   */
  readonly versions: '' | Releases | `${Releases}, ${string}`;
  /** 1 to 4, as in the catalogue. */
  readonly difficulty: 1 | 2 | 3 | 4;
}

export class MutationConflict extends Error {
  override readonly name = 'MutationConflict';
}

type Plan = readonly (string | readonly string[])[];

/** Steps that edits have taken out of one plan, with what stands in their place; null where nothing does. */
type Taken = Map<string, string | null>;

/**
 * The table with every edit applied, in the order of the list. Mutations may share an edit, and an anchor that another one has replaced is
 * found by its replacement; two that contradict one another are refused.
 */
export function applyMutations(base: DecisionTable, mutations: readonly Mutation[]): DecisionTable {
  const table = { zab: { ...base.zab }, server: { ...base.server }, client: { ...base.client }, kernel: { ...base.kernel } };
  const set = new Map<string, { readonly by: string; readonly to: unknown }>();
  const takenOf = new Map<string, Taken>();
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
        const taken: Taken = takenOf.get(edit.plan) ?? new Map();
        takenOf.set(edit.plan, taken);
        const plan: Plan = table.zab[edit.plan];
        Object.assign(table.zab, { [edit.plan]: editPlan(plan, edit, mutation.id, taken) });
      }
    }
  }
  return table;
}

/** A step stands in a plan at most once, so an edit that finds its work done changes nothing. */
function editPlan(plan: Plan, edit: PlanEdit, id: string, taken: Taken): Plan {
  const gone = (step: string): MutationConflict =>
    new MutationConflict(`${id} edits step ${step}, which another mutation has taken out of ${edit.plan}`);
  if ('move' in edit) {
    if (!has(plan, edit.move)) throw gone(edit.move);
    const rest = without(plan, edit.move);
    if ('after' in edit) return insertAfter(rest, edit.move, anchorOf(plan, edit.after, taken, gone));
    return insert(rest, edit.move, anchorOf(plan, edit.before, taken, gone));
  }
  if ('remove' in edit) {
    if (!has(plan, edit.remove) && taken.get(edit.remove) !== null) throw gone(edit.remove);
    taken.set(edit.remove, null);
    return without(plan, edit.remove);
  }
  if ('replace' in edit) {
    if (!has(plan, edit.replace) && taken.get(edit.replace) !== edit.by) throw gone(edit.replace);
    taken.set(edit.replace, edit.by);
    return plan.map((entry) => (typeof entry === 'string' ? swap(entry, edit) : entry.map((step) => swap(step, edit))));
  }
  if (has(plan, edit.insert)) return plan;
  return insert(plan, edit.insert, edit.before === 'end' ? null : anchorOf(plan, edit.before, taken, gone));
}

function has(plan: Plan, step: string): boolean {
  return plan.flat().includes(step);
}

function swap(step: string, { replace, by }: { readonly replace: string; readonly by: string }): string {
  return step === replace ? by : step;
}

/** The step itself, or what stands in its place. */
function anchorOf(plan: Plan, step: string, taken: Taken, gone: (step: string) => MutationConflict): string {
  const anchor = has(plan, step) ? step : taken.get(step);
  if (anchor === undefined || anchor === null || !has(plan, anchor)) throw gone(step);
  return anchor;
}

function without(plan: Plan, step: string): Plan {
  return plan
    .map((entry) => (typeof entry === 'string' ? entry : entry.filter((one) => one !== step)))
    .filter((entry) => entry !== step && entry.length > 0);
}

/** Before the entry that holds `before`, outside of an atomic group; at the end for null. */
function insert(plan: Plan, step: string, before: string | null): Plan {
  if (before === null) return [...plan, step];
  return plan.toSpliced(entryOf(plan, before), 0, step);
}

function insertAfter(plan: Plan, step: string, after: string): Plan {
  return plan.toSpliced(entryOf(plan, after) + 1, 0, step);
}

function entryOf(plan: Plan, step: string): number {
  return plan.findIndex((entry) => entry === step || (typeof entry !== 'string' && entry.includes(step)));
}

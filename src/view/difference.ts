/** What one event changed: the parts whose reference changed, by whose they are, and their fields before and after. */
import { diffParts, peek } from '../base/parts.ts';
import type { Ensemble } from '../ensemble/ensemble.ts';
import { LINK, type LinkPart } from '../kernel/network-state.ts';
import { partNames } from './part-names.ts';
import { BOOKKEEPING, entryTexts, valueText } from './field-text.ts';

export interface FieldChange {
  readonly name: string;
  /** Of a list, only what came and went. */
  readonly isList: boolean;
  /** Empty for what was not there. */
  readonly before: string;
  readonly after: string;
}

export interface PartChange {
  /** Node index, -1 for the network and the script. */
  readonly node: number;
  readonly part: string;
  readonly how: 'made' | 'changed' | 'ended';
  readonly changes: readonly FieldChange[];
}

const CHANGES_MAX = 12;
const PARTS_MAX = 40;

export function differences(before: Ensemble, after: Ensemble): PartChange[] {
  const old = partNames(before);
  const now = partNames(after);
  const found: PartChange[] = [];
  for (const slot of diffParts(before.world.parts, after.world.parts).slice(0, PARTS_MAX)) {
    const wasThere = kindAt(before, slot) !== null;
    const isThere = kindAt(after, slot) !== null;
    if (!wasThere && !isThere) continue;
    const owner = now.get(slot) ?? old.get(slot) ?? { node: -1, name: kindAt(after, slot) ?? kindAt(before, slot) ?? 'part' };
    const how = !wasThere ? 'made' : isThere ? 'changed' : 'ended';
    const changes = how === 'changed' ? fieldChanges(entriesAt(before, slot), entriesAt(after, slot)) : [];
    if (how === 'changed' && changes.length === 0) continue;
    found.push({ node: owner.node, part: owner.name, how, changes });
  }
  return found.sort((a, b) => a.node - b.node || (a.part < b.part ? -1 : a.part > b.part ? 1 : 0));
}

function kindAt({ world }: Ensemble, slot: number): string | null {
  return world.parts.kinds[slot]?.name ?? null;
}

function fieldChanges(old: Entries, now: Entries): FieldChange[] {
  const names = [...new Set([...old.keys(), ...now.keys()])].filter((name) => !BOOKKEEPING.has(name));
  const changes: FieldChange[] = [];
  for (const name of names) {
    const [a, b] = [old.get(name), now.get(name)];
    const change = a === b ? null : fieldChange(name, a, b);
    if (change !== null) changes.push(change);
  }
  return changes.slice(0, CHANGES_MAX);
}

function fieldChange(name: string, before: unknown, after: unknown): FieldChange | null {
  const [left, right] = [entryTexts(before, name), entryTexts(after, name)];
  if (left !== null && right !== null) {
    const [gone, come] = [without(left, right), without(right, left)];
    return gone.length + come.length === 0 ? null : { name, isList: true, before: gone.join(', '), after: come.join(', ') };
  }
  const [was, is] = [before === undefined ? '' : valueText(before, name), after === undefined ? '' : valueText(after, name)];
  return was === is ? null : { name, isList: false, before: was, after: is };
}

/** The texts of `list` that `other` has fewer of. */
function without(list: readonly string[], other: readonly string[]): string[] {
  const left = other.slice();
  return list.filter((text) => {
    const at = left.indexOf(text);
    if (at !== -1) left.splice(at, 1);
    return at === -1;
  });
}

type Entries = ReadonlyMap<string, unknown>;

/** Fields of a record, or entries of a table; of a connection what is on its way in each direction. */
function entriesAt({ world }: Ensemble, slot: number): Entries {
  if (world.parts.kinds[slot] === LINK) return linkEntries(world, peek<LinkPart>(world.parts, slot));
  const value = world.parts.values[slot];
  if (value instanceof Map) return new Map([...value].map(([key, entry]: [unknown, unknown]) => [String(key), entry]));
  return typeof value === 'object' && value !== null ? new Map<string, unknown>(Object.entries(value)) : new Map<string, unknown>();
}

function linkEntries(world: Ensemble['world'], { state, answer, ends, flows }: Readonly<LinkPart>): Entries {
  const [one, other] = ends.map(({ node }) => world.nodes[node]?.name ?? '');
  return new Map<string, unknown>([
    ['state', state],
    ['answer', answer?.how ?? null],
    [`${one}'s end`, ends[0].state],
    [`${other}'s end`, ends[1].state],
    [`${one} to ${other}`, flows[0].queue],
    [`${other} to ${one}`, flows[1].queue],
    [`end of ${one} to ${other}`, flows[0].end?.how ?? null],
    [`end of ${other} to ${one}`, flows[1].end?.how ?? null],
  ]);
}

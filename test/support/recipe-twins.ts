// Slow twins of the properties of recipes: each looks through all notes and the whole committed history every time.

import type { PropertyId } from '../../src/check/violation.ts';
import { forEachChange, type NodeChange } from '../../src/ensemble/txn-view.ts';
import type { NaiveHistory, Told } from './naive-history.ts';

type Twin = (history: NaiveHistory, told: Told) => boolean;
type Done = Extract<Told['note'], { type: 'client-sequence-done' }>;

interface Change {
  readonly change: NodeChange;
  readonly path: string;
  readonly zxid: number;
}

function changes({ committed }: NaiveHistory): Change[] {
  const all: Change[] = [];
  for (const txn of committed) forEachChange(txn, null, (_, change, path) => all.push({ change, path, zxid: txn.zxid }));
  return all;
}

const lastOf = (history: NaiveHistory, path: string, isSo: (change: NodeChange) => boolean): number =>
  changes(history)
    .filter((each) => each.path === path && isSo(each.change))
    .at(-1)?.zxid ?? Infinity;

const goneAt = (history: NaiveHistory, path: string): number => lastOf(history, path, (change) => change === 'delete');
const madeAt = (history: NaiveHistory, path: string): number => lastOf(history, path, (change) => change.startsWith('create'));

function pathOf({ told: [first] }: Done): string {
  return first?.key === 'path' ? first.path : '';
}

function doneBefore({ before }: NaiveHistory, op: string): { readonly note: Done; readonly node: number }[] {
  return before.flatMap(({ note, where: { node } }) =>
    note.type === 'client-sequence-done' && note.error === 'OK' && note.command.op === op ? [{ note, node }] : [],
  );
}

/** Somebody holds the same by another node that is there. */
function isHeld(history: NaiveHistory, note: Done): boolean {
  const own = pathOf(note);
  if (goneAt(history, own) !== Infinity) return false;
  return doneBefore(history, note.command.op).some(
    (each) => each.note.command.path === note.command.path && pathOf(each.note) !== own && goneAt(history, pathOf(each.note)) === Infinity,
  );
}

/** A call whose name two or more nodes have had. */
function hasTwins(history: NaiveHistory): boolean {
  const made = changes(history).filter(({ change }) => change.startsWith('create'));
  return history.before.some(({ note, where }) => {
    if (note.type !== 'client-sequence' || !['lock', 'elect', 'enter'].includes(note.command.op)) return false;
    const name = `${note.command.path}/c${where.node - history.trees.length + 1}-${note.call}`;
    const isNumbered = note.command.op !== 'enter';
    return made.filter(({ path }) => (isNumbered ? path.slice(0, -10) === `${name}-` : path === name)).length > 1;
  });
}

function leftEarly(history: NaiveHistory, { command: { path } }: Done, node: number): boolean {
  const entered = doneBefore(history, 'enter').filter((each) => each.note.command.path === path);
  const own = entered.filter((each) => each.node === node).at(-1);
  const gone = own === undefined ? Infinity : goneAt(history, pathOf(own.note));
  return entered.some((each) => {
    const other = pathOf(each.note);
    return each.node !== node && goneAt(history, other) === Infinity && madeAt(history, other) <= gone;
  });
}

export const recipeTwins: Partial<Record<PropertyId, Twin>> = {
  'I-MUTEX': (history, { note }) => {
    if (note.type !== 'client-sequence-done' || note.error !== 'OK') return false;
    const [first] = note.told;
    if (note.command.op === 'guarded-set') return first?.key === 'written' && goneAt(history, first.lock) < first.zxid;
    return note.command.op === 'lock' && isHeld(history, note);
  },

  'I-RECIPE': (history, { note, where: { node } }) => {
    if (note.type === 'client-waits') {
      const earlier = history.before.flatMap((each) =>
        each.note.type === 'client-waits' && each.note.call === note.call ? [each.note] : [],
      );
      return earlier.at(-1)?.before === note.before || hasTwins(history);
    }
    if (note.type !== 'client-sequence-done') return false;
    if (hasTwins(history)) return true;
    if (note.error !== 'OK') return false;
    if (note.command.op === 'take') return doneBefore(history, 'take').some((each) => pathOf(each.note) === pathOf(note));
    if (note.command.op === 'leave') return leftEarly(history, note, node);
    return note.command.op === 'elect' && isHeld(history, note);
  },
};

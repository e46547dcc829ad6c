/**
 * I-RECIPE: what the recipes of ZooKeeper's documentation promise. One leads at a time; one call stands in line once; who waits is woken only
 * when the node before its own has gone; an item of a queue is taken once; nobody leaves a double barrier before all others do.
 *
 * Exercised by a recipe that is done.
 */
import type { CheckState, Property } from './check-state.ts';
import type { NoteOf } from './fact.ts';
import { otherHolder } from './mutual-exclusion.ts';
import { clientAt, enteredKey, isHoldingRecipe, madeZxid, readOn, toldPath } from './recipe-ghost.ts';
import type { FindingOf } from './violation.ts';

type Found = FindingOf<'I-RECIPE'> | null;

export const recipes: Property = {
  id: 'I-RECIPE',
  types: ['client-sequence-done', 'client-waits'],
  onNote: (check, note, { node }) => {
    const client = clientAt(check.ghost, node);
    if (note.type === 'client-waits') return judgeWait(check, note, client);
    return note.type === 'client-sequence-done' ? judgeDone(check, note, client) : null;
  },
  atEnd: (check) => judgeNodes(check),
};

/** The same node as before the wake-up: somebody else's turn had come. */
function judgeWait(check: CheckState, { call, path, before }: NoteOf<'client-waits'>, client: string): Found {
  if (check.recipes.waits.get(call) !== before) return judgeNodes(check);
  return { property: 'I-RECIPE', kind: 'woken-in-vain', operands: { client, path, before } };
}

function judgeNodes(check: CheckState): Found {
  if (check.recipes.made.size === 0) return null;
  readOn(check.recipes, check.ghost);
  const { twice } = check.recipes;
  return twice === null ? null : { property: 'I-RECIPE', kind: 'two-nodes', operands: twice };
}

function judgeDone(check: CheckState, note: NoteOf<'client-sequence-done'>, client: string): Found {
  const { op } = note.command;
  const isOk = note.error === 'OK';
  if (isHoldingRecipe(op) || op === 'take' || op === 'leave') check.counts['I-RECIPE'] += 1;
  const nodes = judgeNodes(check);
  if (nodes !== null || !isOk) return nodes;
  if (op === 'elect') return judgeLeader(check, note, client);
  if (op === 'take') return judgeItem(check, note, client);
  return op === 'leave' ? judgeLeaving(check, note.command.path, client) : null;
}

function judgeLeader(check: CheckState, note: NoteOf<'client-sequence-done'>, second: string): Found {
  const { path } = note.command;
  const first = otherHolder(check.recipes, 'elect', path, toldPath(note));
  return first === null ? null : { property: 'I-RECIPE', kind: 'two-leaders', operands: { path, first, second } };
}

function judgeItem({ recipes: { taken } }: CheckState, note: NoteOf<'client-sequence-done'>, second: string): Found {
  const path = toldPath(note);
  const first = taken.get(path);
  return first === undefined ? null : { property: 'I-RECIPE', kind: 'taken-twice', operands: { path, first, second } };
}

/** Those who came after one had given up its node are of another round. */
function judgeLeaving({ recipes: ghost }: CheckState, path: string, first: string): Found {
  const gone = ghost.gone.get(ghost.entered.get(enteredKey(path, first)) ?? '') ?? Infinity;
  for (const [node, { recipe, path: barrier, client: second }] of ghost.holdings) {
    if (recipe !== 'enter' || barrier !== path || second === first || madeZxid(ghost, node) > gone) continue;
    return { property: 'I-RECIPE', kind: 'left-early', operands: { path, first, second } };
  }
  return null;
}

/**
 * I-MUTEX: of those who hold one lock only one has its node, and a guarded write takes effect only while its writer's node is there.
 *
 * The first is what a lock made of ephemeral nodes can promise: a holder that is paused or cut off may believe in it for longer than its
 * session lives. So the second is what a resource needs (fencing). Exercised by a lock granted, and by a guarded write that succeeded.
 */
import type { CheckState, Property } from './check-state.ts';
import type { NoteOf } from './fact.ts';
import { clientAt, readOn, toldPath, type HoldingRecipe, type RecipeGhost } from './recipe-ghost.ts';
import type { FindingOf } from './violation.ts';

export const mutualExclusion: Property = {
  id: 'I-MUTEX',
  types: ['client-sequence-done'],
  onNote: (check, note, { node }) => {
    if (note.type !== 'client-sequence-done' || note.error !== 'OK') return null;
    if (note.command.op === 'lock') return judgeGrant(check, note, clientAt(check.ghost, node));
    return note.command.op === 'guarded-set' ? judgeWrite(check, note, clientAt(check.ghost, node)) : null;
  },
};

function judgeGrant(check: CheckState, note: NoteOf<'client-sequence-done'>, second: string): FindingOf<'I-MUTEX'> | null {
  check.counts['I-MUTEX'] += 1;
  readOn(check.recipes, check.ghost);
  const { path } = note.command;
  const first = otherHolder(check.recipes, 'lock', path, toldPath(note));
  return first === null ? null : { property: 'I-MUTEX', kind: 'two-holders', operands: { path, first, second } };
}

/** Who else holds it, by a node that is there, unless the new one is gone itself. */
export function otherHolder({ holdings, gone }: RecipeGhost, recipe: HoldingRecipe, path: string, own: string): string | null {
  if (gone.has(own)) return null;
  for (const [node, holding] of holdings) if (node !== own && holding.recipe === recipe && holding.path === path) return holding.client;
  return null;
}

function judgeWrite(check: CheckState, { told }: NoteOf<'client-sequence-done'>, client: string): FindingOf<'I-MUTEX'> | null {
  const [written] = told;
  if (written?.key !== 'written') return null;
  check.counts['I-MUTEX'] += 1;
  readOn(check.recipes, check.ghost);
  const { path, lock, zxid } = written;
  const lost = check.recipes.gone.get(lock) ?? Infinity;
  return lost < zxid ? { property: 'I-MUTEX', kind: 'written-after-loss', operands: { client, path, lock, zxid, lost } } : null;
}

/** The mutations that are needed and no other: of a preset they tell which of its defects did it. */
import { presetMutations } from '../mutations/presets.ts';
import { findMutation, inCatalogueOrder } from '../mutations/catalogue.ts';
import { smallestPart } from './delta-debugging.ts';
import { namesOf, textOf, withKey, type Values } from './shrink-document.ts';
import { accepts, withoutMutations, type Shrinking } from './shrinking.ts';

export function* fewerMutations(shrinking: Shrinking): Generator<void> {
  const { best } = shrinking;
  const all = mutationsOf(best);
  yield* smallestPart(all, (kept) => accepts(shrinking, withMutations(best, kept)));
}

/** Ids of all that are in force. */
export function mutationsOf(document: Values): string[] {
  const ofPreset = presetMutations(textOf(document['preset']) ?? 'fixed') ?? [];
  const added = namesOf(document['mutations']).flatMap((name) => findMutation(name) ?? []);
  return inCatalogueOrder([...ofPreset, ...added]).map(({ id }) => id);
}

function withMutations(document: Values, ids: readonly string[]): Values {
  return withKey(withoutMutations(document), 'mutations', ids.length === 0 ? null : ids.length === 1 ? (ids[0] ?? null) : ids);
}

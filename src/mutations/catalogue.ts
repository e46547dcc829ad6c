/** Every mutation, in the order of the catalogue, which is also the order in which their edits are applied. */
import type { Mutation } from './mutation.ts';

export const MUTATIONS: readonly Mutation[] = [];

/** By id, slug or letter, in any case; null when there is none. */
export function findMutation(name: string): Mutation | null {
  const wanted = name.toLowerCase();
  return (
    MUTATIONS.find(({ id, slug, letter, issues }) =>
      [id, slug, letter, ...issues.map((n) => `zookeeper-${n}`)].some((known) => known.toLowerCase() === wanted),
    ) ?? null
  );
}

/** The mutations in the catalogue's order, each once. */
export function inCatalogueOrder(mutations: readonly Mutation[]): Mutation[] {
  return MUTATIONS.filter((mutation) => mutations.includes(mutation));
}

/** A preset is a list of mutations: what a release still had wrong. */
import { MUTATIONS } from './catalogue.ts';
import type { Mutation } from './mutation.ts';

const PRESET_IDS: Readonly<Record<string, readonly string[]>> = {
  /** master with its still-open bugs repaired: the default. */
  fixed: [],
};

export const PRESETS: readonly string[] = Object.keys(PRESET_IDS);

/** Null when there is no such preset. */
export function presetMutations(preset: string): Mutation[] | null {
  const ids = PRESET_IDS[preset];
  return ids === undefined ? null : MUTATIONS.filter(({ id }) => ids.includes(id));
}

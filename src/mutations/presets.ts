/** A preset is a list of mutations: what a release had wrong, by the `versions` of each. */
import { MUTATIONS } from './catalogue.ts';
import type { Mutation } from './mutation.ts';
import { isInReleases } from './releases.ts';

/** `fixed` is master with its still-open defects repaired: no mutation at all, and the default. */
const FIXED = 'fixed';

export const PRESETS: readonly string[] = [
  FIXED,
  'master',
  '3.9.4',
  '3.9.3',
  '3.9.2',
  '3.9.1',
  '3.8.4',
  '3.8.0',
  '3.7.0',
  '3.6.3',
  '3.6.2',
  '3.5.10',
  '3.5.9',
  '3.4.14',
  '3.4.10',
];

/**
 * The preset 3.8.0 is what Debian's package of that release does, the reference that conformance is compared with: its patches repair what
 * 3.8.0 itself still had.
 */
const REPAIRED_BY_DEBIAN: readonly string[] = ['ZOOKEEPER-4799'];

/** Null when there is no such preset. */
export function presetMutations(preset: string): Mutation[] | null {
  if (preset === FIXED) return [];
  if (!PRESETS.includes(preset)) return null;
  const repaired = preset === '3.8.0' ? REPAIRED_BY_DEBIAN : [];
  return MUTATIONS.filter(({ id, versions }) => isInReleases(versions, preset) && !repaired.includes(id));
}

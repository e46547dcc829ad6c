/** A preset is a list of mutations: what a release still had wrong. */
import { MUTATIONS } from './catalogue.ts';
import type { Mutation } from './mutation.ts';

/** In 3.8.0 as well as in master. */
const STILL_OPEN: readonly string[] = [
  'ZOOKEEPER-5094',
  'ZOOKEEPER-3598',
  'ZOOKEEPER-1549',
  'ZOOKEEPER-1653',
  'trunc-snapshot-not-fsynced',
  'first-snapshot-not-fsynced',
  'snapshot-overwrites-its-like',
  'recovered-log-not-fsynced',
  'rolled-log-not-fsynced',
  'log-read-across-holes',
  'database-kept-after-log-failure',
  'epoch-frozen-before-file',
  'newer-epoch-ignored',
  'log-kept-beyond-snapshot',
  'truncation-keeps-next-larger',
  'truncation-across-epochs',
  'session-owned-by-server',
];

const PRESET_IDS: Readonly<Record<string, readonly string[]>> = {
  /** master with its still-open bugs repaired: the default. */
  fixed: [],
  /** What is wrong in the code of master as it was read: issues that are open, and defects found by runs of this simulator. */
  master: [...STILL_OPEN, 'child-lost-on-replay'],
  /**
   * What Debian's package of 3.8.0 does: the reference that conformance is compared with. ZOOKEEPER-3023 and 4394 are missing: their
   * edits are written for the plan of 3.8.5 and contradict those of 4646.
   */
  '3.8.0': [
    'ZOOKEEPER-2590',
    'release-3.8.0',
    'ZOOKEEPER-2623',
    'ZOOKEEPER-4026',
    'ZOOKEEPER-4240',
    'ZOOKEEPER-4743',
    'ZOOKEEPER-4915',
    'delete-container-undecoded',
    'reconfig-without-header',
    'ZOOKEEPER-4466',
    'ZOOKEEPER-4471',
    'ZOOKEEPER-4475',
    'ZOOKEEPER-4508',
    'ZOOKEEPER-4643',
    'ZOOKEEPER-4646',
    'ZOOKEEPER-4655',
    'ZOOKEEPER-4685',
    'ZOOKEEPER-4712',
    ...STILL_OPEN,
  ],
};

export const PRESETS: readonly string[] = Object.keys(PRESET_IDS);

/** Null when there is no such preset. */
export function presetMutations(preset: string): Mutation[] | null {
  const ids = PRESET_IDS[preset];
  return ids === undefined ? null : MUTATIONS.filter(({ id }) => ids.includes(id));
}

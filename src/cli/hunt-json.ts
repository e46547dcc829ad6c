/** What `zablab hunt --json` prints, and what a hunt leaves in its folder as hunt.json. A field is added without a new formatVersion, never removed or changed. */
import { z } from 'zod';

const count = z.int().nonnegative();
const tally = z.record(z.string(), count);

const found = z.strictObject({
  property: z.string(),
  /** The mutations that the violation needs; empty where nothing is known to be wrong with the ensemble. */
  mutations: z.array(z.string()),
  /** The first of them, or null. */
  mutation: z.string().nullable(),
  strategy: z.string(),
  seed: count,
  runsToFind: count,
  wallMsToFind: z.number().nonnegative(),
  eventsInRun: count,
  /** Lines that act, in the file. */
  deviations: count,
  /** Nothing more can be taken away. */
  shrunk: z.boolean(),
  /** The scenario: the text of a file for `zablab replay`; in hunt.json the file's name. */
  repro: z.string(),
});

/** Seeds that were run, and with which mutations set aside: reports add up by these. */
const chunk = z.strictObject({
  first: count,
  last: count,
  without: z.array(z.string()),
  runs: count,
  events: count,
  wallMs: z.number().nonnegative(),
  undecided: count,
  faults: tally,
  syncs: tally,
  excuses: tally,
});

export const huntJson = z.strictObject({
  formatVersion: z.literal(1),
  version: z.string(),
  preset: z.string(),
  mutations: z.array(z.string()),
  strategy: z.string(),
  properties: z.array(z.string()),
  found: z.array(found),
  runs: count,
  events: count,
  wallMs: z.number().nonnegative(),
  /** Runs that were ended for their length. */
  undecided: count,
  /** Abstract states seen. */
  coverage: count,
  /** How often each fault found something to act on. */
  faults: tally,
  /** Synchronisations by mode; withData: of a learner with data in epoch 2 or later. */
  syncs: tally,
  /** Runs that ended stuck for a good reason, by the reason. */
  excuses: tally,
  /** To the first synchronisation with data. */
  firstSync: z.strictObject({ runs: count, events: count, wallMs: z.number().nonnegative() }).nullable(),
  canary: z.strictObject({ mutation: z.string(), found: z.boolean(), runs: count }),
  /** False when Ctrl-C ended it. */
  complete: z.boolean(),
  chunks: z.array(chunk),
  /** The states themselves, so that reports can be merged; only in hunt.json. */
  states: z.array(z.int()).optional(),
});

export type HuntJson = z.output<typeof huntJson>;
export type FoundJson = HuntJson['found'][number];
export type ChunkJson = HuntJson['chunks'][number];

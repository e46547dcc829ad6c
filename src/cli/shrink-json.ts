/** What `zablab shrink --json` prints: one object. A field is added without a new formatVersion, never removed or changed. */
import { z } from 'zod';

export const shrinkJson = z.strictObject({
  formatVersion: z.literal(1),
  /** Of the file that was shrunk: its name and where it came from. */
  scenario: z.string(),
  file: z.string(),
  /** What is violated before and after, and how. */
  property: z.string(),
  explanation: z.string(),
  /** Of the shrunk file; ids of all mutations in force. */
  seed: z.string(),
  preset: z.string(),
  mutations: z.array(z.string()),
  mode: z.enum(['fine', 'coarse']),
  /** Lines that act and chosen events, before and after. */
  deviationsBefore: z.int().nonnegative(),
  deviations: z.int().nonnegative(),
  /** Nothing more can be taken away; false when Ctrl-C came first. */
  complete: z.boolean(),
  /** Candidates that were run, and their events. */
  runs: z.int().nonnegative(),
  events: z.int().nonnegative(),
  wallMs: z.number().nonnegative(),
  traceHash: z.string().regex(/^[0-9a-f]{16}$/),
  /** An error of ours that a candidate ran into, which was left out; null for none. */
  broke: z.string().nullable(),
  /** The shrunk scenario: the text of a file for `zablab replay`. */
  repro: z.string(),
});

export type ShrinkJson = z.output<typeof shrinkJson>;

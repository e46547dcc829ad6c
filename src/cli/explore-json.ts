/** What `zablab explore --json` prints: one object. A field is added without a new formatVersion, never removed or changed. */
import { z } from 'zod';

const bound = z.int().nonnegative().nullable();

export const exploreJson = z.strictObject({
  formatVersion: z.literal(1),
  scenario: z.string(),
  file: z.string(),
  seed: z.string(),
  preset: z.string(),
  mutations: z.array(z.string()),
  mode: z.enum(['fine', 'coarse']),
  order: z.enum(['bfs', 'dfs']),
  /** How much might happen; null for as much as there is. */
  bounds: z.record(z.string(), bound),
  /** Everything within the bounds was seen, and nothing is violated. */
  exhausted: z.boolean(),
  /** What ended it before that; null when it is exhausted. */
  stopped: z.enum(['depth', 'states', 'budget', 'violation', 'interrupted']).nullable(),
  /** Different states, told apart by 64-bit keys. */
  states: z.int().nonnegative(),
  transitions: z.int().nonnegative(),
  depth: z.int().nonnegative(),
  /** States in which nothing more need happen. */
  ends: z.int().nonnegative(),
  /** What servers and clients came to in those. */
  outcomes: z.array(z.string()),
  wallMs: z.number().nonnegative(),
  statesPerSecond: z.number().nonnegative(),
  violation: z
    .strictObject({
      property: z.string(),
      explanation: z.string(),
      /** Names of events, and lines of a script. */
      schedule: z.array(z.union([z.string(), z.record(z.string(), z.unknown())])),
      /** A scenario that runs into it: the text of a file for `zablab replay`. */
      repro: z.string(),
      reproduces: z.boolean(),
    })
    .nullable(),
});

export type ExploreJson = z.output<typeof exploreJson>;

/** What `zablab replay --json` prints: one object. */
import { z } from 'zod';
import { runJson } from './run-json.ts';

export const replayJson = z.strictObject({
  formatVersion: z.literal(1),
  reproduces: z.boolean(),
  /** What differs; empty when it reproduces. */
  why: z.string(),
  /** The run, as `zablab run --json` tells it. */
  run: runJson,
});

export type ReplayJson = z.output<typeof replayJson>;

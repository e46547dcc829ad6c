/** What `zablab explain --json` prints: one object. A field is added without a new formatVersion, never removed or changed. */
import { z } from 'zod';

/** One of the two runs there. */
const side = z.strictObject({
  preset: z.string(),
  mutations: z.array(z.string()).readonly(),
  /** What happens; null when the run is over before. */
  happens: z.string().nullable(),
  notes: z.array(z.string()).readonly(),
  /** What the event changes here and not in the other run. */
  changes: z.array(z.string()).readonly(),
  servers: z.array(z.strictObject({ name: z.string(), is: z.string() })).readonly(),
  /** What the whole run violates. */
  violated: z.array(z.string()).readonly(),
  events: z.int().nonnegative(),
});

export const explainJson = z.strictObject({
  formatVersion: z.literal(1),
  /** Null when the two runs are the same to the end. */
  difference: z
    .strictObject({
      scenario: z.string(),
      seed: z.string(),
      event: z.int().positive(),
      atUs: z.number().nonnegative(),
      /** event: another one happens. state: the same happens and leaves something else behind. */
      what: z.enum(['event', 'state']),
      /** Points where the two runs decide by another rule, those asked for last first. */
      decisions: z
        .array(z.strictObject({ point: z.string(), mutated: z.string(), fixed: z.string(), askedAt: z.int().nonnegative().nullable() }))
        .readonly(),
      mutated: side,
      fixed: side,
    })
    .nullable(),
});

export type ExplainJson = z.output<typeof explainJson>;

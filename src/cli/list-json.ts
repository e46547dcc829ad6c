/** What `zablab list --json` prints: one object; without a kind all lists, with one only that. */
import { z } from 'zod';

export const listJson = z.strictObject({
  formatVersion: z.literal(1),
  scenarios: z.array(z.strictObject({ id: z.string(), name: z.string(), about: z.string() })).optional(),
  presets: z.array(z.strictObject({ id: z.string(), mutations: z.array(z.string()) })).optional(),
  mutations: z
    .array(
      z.strictObject({
        id: z.string(),
        slug: z.string(),
        /** Letter and number in the catalogue. */
        letter: z.string(),
        /** Numbers of further issues of the same defect. */
        issues: z.array(z.number()),
        title: z.string(),
        /** What somebody sees of it. */
        symptom: z.string(),
        /** Properties it breaks, the likeliest first. */
        breaks: z.array(z.string()),
        /** Releases that have it; empty for one made up for teaching. */
        versions: z.string(),
        /** 1 to 4: how special a run has to be for it. */
        difficulty: z.number(),
      }),
    )
    .optional(),
  /** With the mutations: entries of the catalogue that none of them brings back, and why. */
  notModelled: z
    .array(z.strictObject({ letter: z.string(), slug: z.string(), issues: z.array(z.number()), reason: z.string() }))
    .optional(),
  properties: z.array(z.strictObject({ id: z.string(), demands: z.string() })).optional(),
});

export type ListJson = z.output<typeof listJson>;

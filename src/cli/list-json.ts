/** What `zablab list --json` prints: one object; without a kind all four lists, with one only that. */
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
        /** Properties it breaks, the likeliest first. */
        breaks: z.array(z.string()),
        /** Releases that have it; empty for one made up for teaching. */
        versions: z.string(),
      }),
    )
    .optional(),
  properties: z.array(z.strictObject({ id: z.string(), demands: z.string() })).optional(),
});

export type ListJson = z.output<typeof listJson>;

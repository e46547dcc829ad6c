/** What `zablab bench --json` prints: one object. Figures may be added; what one means never changes. */
import { z } from 'zod';

const huntBench = z.strictObject({
  mutation: z.string(),
  /** The first of its own; only this one was judged. */
  property: z.string(),
  difficulty: z.int(),
  /** From seeds far apart. Times are of the processor. */
  hunts: z.array(z.strictObject({ found: z.boolean(), runs: z.int(), events: z.int(), ms: z.number() })),
  /** Of the first find when it is shrunk; null for none. */
  deviations: z.int().nullable(),
  shrinkMs: z.number(),
});

export type HuntBenchJson = z.output<typeof huntBench>;

export const benchJson = z.strictObject({
  formatVersion: z.literal(1),
  version: z.string(),
  machine: z.strictObject({ node: z.string(), platform: z.string(), cores: z.int(), cpu: z.string() }),
  /** How the real ZooKeeper was run that stands among the peers; null where it was not. */
  zooKeeper: z.string().nullable(),
  /** Small runs: the figures are rough. */
  quick: z.boolean(),
  /** False when Ctrl-C came before all were measured. */
  complete: z.boolean(),
  figures: z.array(
    z.strictObject({
      id: z.string(),
      what: z.string(),
      mode: z.enum(['fine', 'coarse']).nullable(),
      value: z.number(),
      unit: z.string(),
      /** Each repetition that the median was taken of; empty where it is no median of repetitions. */
      runs: z.array(z.number()),
      /** What it should reach, and what others reach; empty where nothing is known. */
      target: z.string(),
      peers: z.string(),
    }),
  ),
  /** How soon bugs are found; empty when that was not measured. */
  hunts: z.array(huntBench),
});

export type BenchJson = z.output<typeof benchJson>;

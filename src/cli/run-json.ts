/** What `zablab run --json` prints: one object, documented here. A field is added without a new formatVersion, never removed or changed. */
import { z } from 'zod';
import type { Violation } from '../check/violation.ts';
import type { Run } from '../scenario/run-scenario.ts';
import type { Played } from './play.ts';
import { againCommand } from './run-options.ts';
import { explanationOf } from './run-report.ts';

export const runJson = z.strictObject({
  formatVersion: z.literal(1),
  /** The scenario's name, and the file it came from as it was named. */
  scenario: z.string(),
  file: z.string(),
  seed: z.string(),
  preset: z.string(),
  /** Ids of all mutations in force, those of the preset included. */
  mutations: z.array(z.string()),
  mode: z.enum(['fine', 'coarse']),
  /** Every expectation is met and no property is violated but those that the scenario expects to be. */
  ok: z.boolean(),
  /** False when Ctrl-C ended the run: then all else is what was known so far. */
  complete: z.boolean(),
  events: z.int().nonnegative(),
  virtualMs: z.number().nonnegative(),
  wallMs: z.number().nonnegative(),
  /** 16 hexadecimal digits; the same for the same scenario, seed, preset, mutations, mode and version on every machine. */
  traceHash: z.string().regex(/^[0-9a-f]{16}$/),
  properties: z.record(z.string(), z.enum(['held', 'violated', 'not-exercised', 'unknown'])),
  expectations: z.array(
    z.strictObject({
      text: z.string(),
      line: z.int().nonnegative(),
      column: z.int().nonnegative(),
      ok: z.boolean(),
      /** What was found instead; empty for one that is met. */
      found: z.string(),
    }),
  ),
  /** The first violation that the scenario does not expect, else the first of all. */
  violation: z
    .strictObject({
      property: z.string(),
      event: z.int().positive(),
      virtualMs: z.number().nonnegative(),
      explanation: z.string(),
    })
    .nullable(),
  /** At the end of the run. */
  servers: z.array(
    z.strictObject({
      name: z.string(),
      sid: z.int(),
      state: z.string(),
      /** currentEpoch; -1 for none. */
      epoch: z.int(),
      /** Last zxid of the tree, as 0x and hexadecimal digits. */
      zxid: z.string().regex(/^0x[0-9a-f]+$/),
    }),
  ),
  /** The command that does it again. */
  replay: z.string(),
});

export type RunJson = z.output<typeof runJson>;

export function runJsonOf(run: Run, named: string, { result, isComplete, wallMs }: Played): RunJson {
  const { scenario, seed, preset, mutations, mode, ok, events, virtualUs, traceHash, properties, expectations, violation, servers } =
    result;
  const found = violation?.violation ?? null;
  return {
    formatVersion: 1,
    scenario,
    file: run.scenario.file,
    seed,
    preset,
    mutations: [...mutations],
    mode,
    ok,
    complete: isComplete,
    events,
    virtualMs: virtualUs / 1000,
    wallMs: Math.round(wallMs * 10) / 10,
    traceHash,
    properties: Object.fromEntries(properties.map(({ id, status }) => [id, status])),
    expectations: expectations.map(({ text, place, ok, found }) => ({ text, line: place.line, column: place.column, ok, found })),
    violation: found === null ? null : violationJson(run, found),
    servers: servers.map(({ zxid, ...server }) => ({ ...server, zxid: `0x${zxid}` })),
    replay: againCommand(run, named),
  };
}

function violationJson(run: Run, violation: Violation): NonNullable<RunJson['violation']> {
  return {
    property: violation.property,
    event: violation.event,
    virtualMs: violation.at / 1000,
    explanation: explanationOf(run, violation),
  };
}

/**
 * A scenario as a document: ensemble, network, clients, a script of operations and faults, expectations, and prose. YAML in the failsafe
 * schema, so that every scalar arrives as the text it was written as; this schema coerces and checks it, and is published as JSON Schema.
 */
import { z } from 'zod';
import { DURATION_FORM, parseDuration } from './duration.ts';

const text = z.string();
const name = z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,31}$/, 'a name: a letter, then letters, digits, - or _');
export const duration = z.string().transform((found, ctx) => {
  const us = parseDuration(found);
  if (us !== null) return us;
  ctx.addIssue({ code: 'custom', message: `found "${found}", expected ${DURATION_FORM}` });
  return z.NEVER;
});

function whole(min: number, max: number) {
  return z.string().transform((found, ctx) => {
    const n = /^-?\d{1,15}$/.test(found) ? Number(found) : Number.NaN;
    if (n >= min && n <= max) return n;
    ctx.addIssue({ code: 'custom', message: `found "${found}", expected a whole number from ${min} to ${max}` });
    return z.NEVER;
  });
}

const flag = z.string().transform((found, ctx) => {
  if (found === 'true' || found === 'false') return found === 'true';
  ctx.addIssue({ code: 'custom', message: `found "${found}", expected true or false` });
  return z.NEVER;
});

/** `0.2ms` or `0.2ms..0.5ms`: evenly from the first to the second. */
const latency = z.string().transform((found, ctx) => {
  const parts = found.split('..').map((part) => parseDuration(part));
  const [low, high = low] = parts;
  if (low !== undefined && low !== null && high !== undefined && high !== null && parts.length <= 2 && low <= high) {
    return Array.from({ length: 16 }, (_, i) => low + Math.floor(((high - low) * i) / 15));
  }
  ctx.addIssue({ code: 'custom', message: `found "${found}", expected a duration or a range such as 0.2ms..0.5ms` });
  return z.NEVER;
});

/** `0.1%`, to parts in a million. */
const share = z.string().transform((found, ctx) => {
  const match = /^(\d{1,3})(?:\.(\d{1,4}))?%$/.exec(found);
  const perMillion = match === null ? Number.NaN : Number(match[1]) * 10_000 + Number((match[2] ?? '').padEnd(4, '0'));
  if (perMillion <= 990_000) return perMillion;
  ctx.addIssue({ code: 'custom', message: `found "${found}", expected a share up to 99%, such as 0.1%` });
  return z.NEVER;
});

const list = z.union([text.transform((one) => one.split(',').map((part) => part.trim())), z.array(text)]);

const server = z.strictObject({ name, sid: whole(1, 255).optional(), observer: flag.optional(), fsync: latency.optional() });

const ensemble = z.strictObject({
  servers: z.union([whole(1, 99), z.array(server).min(1)]).optional(),
  observers: whole(0, 99).optional(),
  tickTime: duration.optional(),
  initLimit: whole(1, 10_000).optional(),
  syncLimit: whole(1, 10_000).optional(),
  cnxTimeout: duration.optional(),
  commitLogCount: whole(1, 1_000_000).optional(),
  snapshotSizePermille: whole(-1, 1000).optional(),
  forceSnapshotSync: flag.optional(),
  snapCount: whole(2, 100_000_000).optional(),
  preAllocSize: whole(0, 1_000_000_000).optional(),
  maxCounter: whole(3, 4_294_967_295).optional(),
  fsync: latency.optional(),
});

const network = z.strictObject({
  latency: latency.optional(),
  loss: share.optional(),
  keepalive: duration.optional(),
  retransmit: duration.optional(),
});

const client = z.strictObject({ name, servers: list.optional(), timeout: duration.optional(), shuffle: flag.optional(), connectDelay: duration.optional() });

const selector = z.strictObject({
  type: text.optional(),
  from: text.optional(),
  to: text.optional(),
  port: z.enum(['election', 'quorum', 'client']).optional(),
  zxid: text.optional(),
  /** Matches to let pass first. */
  skip: whole(0, 1_000_000).optional(),
  times: whole(1, 1_000_000).optional(),
  /** Packets already on the way instead of the next ones. */
  inFlight: flag.optional(),
  by: duration.optional(),
});

export type Selector = z.output<typeof selector>;

const powerLoss = z.union([
  text.transform((found) => ({ server: found, keep: undefined, torn: undefined })),
  z.strictObject({ server: text, keep: z.union([z.enum(['none', 'all', 'drawn']), z.record(text, whole(0, 1_000_000_000))]).optional(), torn: flag.optional() }),
]);

const disk = z.strictObject({
  server: text,
  full: flag.optional(),
  slow: whole(1, 100_000).optional(),
  lying: flag.optional(),
  fail: z.enum(['append', 'fsync', 'create', 'rename', 'truncate', 'delete', 'any', 'none']).optional(),
  times: whole(1, 1_000_000).optional(),
});

const breaks = z.union([
  text.transform((found) => ({ between: found.split('-').map((part) => part.trim()), port: undefined, keep: undefined, notice: undefined })),
  z.strictObject({ between: list, port: z.enum(['election', 'quorum', 'client']).optional(), keep: z.array(whole(0, 1_000_000)).length(2).optional(), notice: z.array(duration).length(2).optional() }),
]);

const oneWay = z.union([text.transform((found) => [found]), z.array(text)]);

/** The verbs of a script line; a line has one of them or the name of a client with an operation. */
export const verbs = {
  start: list,
  stop: list,
  kill: list,
  'power-loss': powerLoss,
  pause: list,
  resume: list,
  stall: z.strictObject({ server: text, thread: text, for: duration.optional(), onlyLiving: flag.optional() }),
  unstall: z.strictObject({ server: text, thread: text }),
  partition: z.array(list).min(1),
  cut: oneWay,
  mend: oneWay,
  heal: text,
  break: breaks,
  disk,
  'tear-tail': z.strictObject({ server: text, file: text }),
  link: z.strictObject({ from: text, to: text, latency: latency.optional(), loss: share.optional() }),
  drop: selector,
  hold: selector,
  release: selector,
  duplicate: selector,
  delay: selector,
  wait: duration,
  until: text,
  check: z.union([text.transform((one) => [one]), z.array(text)]),
  move: z.strictObject({ client: text, to: text }),
  disconnect: text,
  open: text,
  calm: text,
  say: text,
} as const;

export type Verb = keyof typeof verbs;

/** What may stand beside the verb. */
export const modifiers = {
  /** Not before this time. */
  at: duration.optional(),
  /** For `until` and operations: how long to wait for it. */
  within: duration.optional(),
  /** Gives the servers that the line named a name for later lines. */
  as: name.optional(),
  /** For operations: the error code or `ok`, or the printed value. */
  expect: z.union([text, z.array(text)]).optional(),
  /** Operations: go on without waiting for the answer. */
  async: flag.optional(),
} as const;

const violation = z.union([text.transform((one) => [one]), z.array(text)]);

/** A note of the trace, by its type and operands: `{ note: sync-plan, mode: SNAP, at: s1 }`. */
const traceExpectation = z.record(text, text);

const expectation = z.union([
  text.transform((state) => ({ state })),
  z.strictObject({ violates: violation }),
  z.strictObject({ holds: violation }),
  z.strictObject({ trace: traceExpectation, times: z.string().regex(/^\d{1,9}\+?$/, 'a number, or a number and + for at least so many').optional() }),
  z.strictObject({ before: duration, state: text }),
]);

export const documentSchema = z.strictObject({
  name: z.string().regex(/\S/, 'a text'),
  about: text.optional(),
  seed: z.string().regex(/^\S.*$/, 'a text or a number').optional(),
  preset: text.optional(),
  mutations: list.optional(),
  mode: z.enum(['fine', 'coarse']).optional(),
  until: duration.optional(),
  /** Of a counterexample: the hash that its trace had; `replay` compares. */
  traceHash: z.string().regex(/^[0-9a-f]{16}$/, '16 hexadecimal digits').optional(),
  ensemble: ensemble.optional(),
  network: network.optional(),
  clients: z.array(z.union([name.transform((one) => ({ name: one })), client])).optional(),
  /** `none` leaves every server and client down until the script starts it. */
  start: z.enum(['all', 'none']).optional(),
  script: z.array(z.record(text, z.unknown())).optional(),
  expect: z.array(expectation).optional(),
});

export type Document = z.output<typeof documentSchema>;
export type Expectation = NonNullable<Document['expect']>[number];

/**
 * The scalars of a scenario. YAML is read in the failsafe schema, so each arrives as the text it was written as; here it gets its type. The
 * `meta` of each is what the published JSON Schema says of it, where editors read YAML with its usual types.
 */
import * as z from 'zod/mini';
import { DURATION_FORM, DURATION_PATTERN, parseDuration } from './duration.ts';

/** What the published JSON Schema says of it beside what it checks. */
export function described<S extends z.ZodMiniType>(schema: S, meta: z.core.GlobalMeta): S {
  const copy = schema.clone();
  z.globalRegistry.add(copy, meta);
  return copy;
}

/** A key that may be absent. */
export function optional<S extends z.ZodMiniType>(schema: S, description?: string): z.ZodMiniOptional<S> {
  const made = z.optional(schema);
  return description === undefined ? made : described(made, { description });
}

export function mapped<S extends z.ZodMiniType, T>(schema: S, map: (found: z.output<S>) => T) {
  return z.pipe(schema, z.transform(map));
}

/** Messages say what was expected; what was found stands before them. */
function expected<T>(what: string, read: (found: string) => T | null) {
  return z.pipe(
    z.string(),
    z.transform((found: string, ctx) => {
      const value = read(found);
      if (value !== null) return value;
      ctx.issues.push({ code: 'custom', message: what, input: found });
      return z.NEVER;
    }),
  );
}

export const text = described(z.string(), { type: ['string', 'number', 'boolean'] });

/** A text that says something. */
export const someText = described(z.string().check(z.regex(/\S/, 'a text')), {
  type: ['string', 'number', 'boolean'],
  pattern: undefined,
});

export const NAME = '[A-Za-z][A-Za-z0-9_-]{0,31}';

export const name = described(
  z.string().check(z.regex(new RegExp(`^${NAME}$`), 'a name: a letter, then letters, digits, - or _, at most 32')),
  { pattern: `^${NAME}$` },
);

export const duration = described(expected(DURATION_FORM, parseDuration), {
  pattern: DURATION_PATTERN,
  examples: ['200ms', '1.5s', '2min'],
});

export function whole(min: number, max: number) {
  const read = (found: string): number | null => {
    const n = /^-?\d{1,15}$/.test(found) ? Number(found) : Number.NaN;
    return n >= min && n <= max ? n : null;
  };
  return described(expected(`a whole number from ${min} to ${max}`, read), {
    type: ['integer', 'string'],
    minimum: min,
    maximum: max,
    pattern: '^-?[0-9]+$',
  });
}

export const flag = described(
  expected('true or false', (found) => (found === 'true' ? true : found === 'false' ? false : null)),
  {
    type: 'boolean',
  },
);

/** As many delays as a run draws from; a power of two. */
const LATENCIES = 16;

/** `0.2ms` or `0.2ms..0.5ms`: evenly from the first to the second. */
function readLatency(found: string): number[] | null {
  const parts = found.split('..').map((part) => parseDuration(part));
  const [low, high = low] = parts;
  if (low === undefined || low === null || high === undefined || high === null || parts.length > 2 || low > high) return null;
  return Array.from({ length: LATENCIES }, (_, i) => low + Math.floor(((high - low) * i) / (LATENCIES - 1)));
}

export const latency = described(expected('a duration or a range such as 0.2ms..0.5ms', readLatency), {
  type: 'string',
  examples: ['1ms', '0.2ms..0.5ms'],
});

/** `0.1%`, to parts in a million. */
function readShare(found: string): number | null {
  const match = /^(\d{1,3})(?:\.(\d{1,4}))?%$/.exec(found);
  const perMillion = match === null ? Number.NaN : Number(match[1]) * 10_000 + Number((match[2] ?? '').padEnd(4, '0'));
  return perMillion <= 990_000 ? perMillion : null;
}

export const share = described(expected('a share up to 99%, such as 0.1%', readShare), {
  type: 'string',
  pattern: '^[0-9]{1,3}(\\.[0-9]{1,4})?%$',
});

/** One text with commas, or a list. */
export const list = z.union([mapped(text, (one) => one.split(',').map((part) => part.trim())), z.array(text).check(z.minLength(1))]);

/** `all except a, b` could mean two things. */
function readRefs(found: string): string[] | null {
  return /\sexcept\s[^,]*,/.test(found) ? null : found.split(',').map((part) => part.trim());
}

/** As `list`, of references to servers and clients. */
export const refs = z.union([
  described(expected('names such as s1, leader or all except s1 except s2', readRefs), { type: 'string' }),
  z.array(text).check(z.minLength(1)),
]);

/** One text, commas and all, or a list. */
export const texts = z.union([mapped(text, (one) => [one]), z.array(text).check(z.minLength(1))]);

/** For verbs that need no object: `heal: all`, or nothing after the colon. */
export const nothing = described(z.enum(['all', '']), { type: ['string', 'null'], enum: ['all', null] });

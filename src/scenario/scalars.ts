/**
 * The scalars of a scenario. YAML is read in the failsafe schema, so each arrives as the text it was written as; here it gets its type. The
 * `meta` of each is what the published JSON Schema says of it, where editors read YAML with its usual types.
 */
import { z } from 'zod';
import { DURATION_FORM, DURATION_PATTERN, parseDuration } from './duration.ts';

/** Messages say what was expected; what was found stands before them. */
function expected<T>(what: string, read: (found: string) => T | null) {
  return z.string().transform((found, ctx) => {
    const value = read(found);
    if (value !== null) return value;
    ctx.addIssue({ code: 'custom', message: what });
    return z.NEVER;
  });
}

export const text = z.string().meta({ type: ['string', 'number', 'boolean'] });

/** A text that says something. */
export const someText = z
  .string()
  .regex(/\S/, 'a text')
  .meta({ type: ['string', 'number', 'boolean'], pattern: undefined });

export const NAME = '[A-Za-z][A-Za-z0-9_-]{0,31}';

export const name = z
  .string()
  .regex(new RegExp(`^${NAME}$`), 'a name: a letter, then letters, digits, - or _, at most 32')
  .meta({ pattern: `^${NAME}$` });

export const duration = expected(DURATION_FORM, parseDuration).meta({ pattern: DURATION_PATTERN, examples: ['200ms', '1.5s', '2min'] });

export function whole(min: number, max: number) {
  const read = (found: string): number | null => {
    const n = /^-?\d{1,15}$/.test(found) ? Number(found) : Number.NaN;
    return n >= min && n <= max ? n : null;
  };
  return expected(`a whole number from ${min} to ${max}`, read).meta({
    type: ['integer', 'string'],
    minimum: min,
    maximum: max,
    pattern: '^-?[0-9]+$',
  });
}

export const flag = expected('true or false', (found) => (found === 'true' ? true : found === 'false' ? false : null)).meta({
  type: 'boolean',
});

/** As many delays as a run draws from; a power of two. */
const LATENCIES = 16;

/** `0.2ms` or `0.2ms..0.5ms`: evenly from the first to the second. */
function readLatency(found: string): number[] | null {
  const parts = found.split('..').map((part) => parseDuration(part));
  const [low, high = low] = parts;
  if (low === undefined || low === null || high === undefined || high === null || parts.length > 2 || low > high) return null;
  return Array.from({ length: LATENCIES }, (_, i) => low + Math.floor(((high - low) * i) / (LATENCIES - 1)));
}

export const latency = expected('a duration or a range such as 0.2ms..0.5ms', readLatency).meta({
  type: 'string',
  examples: ['1ms', '0.2ms..0.5ms'],
});

/** `0.1%`, to parts in a million. */
function readShare(found: string): number | null {
  const match = /^(\d{1,3})(?:\.(\d{1,4}))?%$/.exec(found);
  const perMillion = match === null ? Number.NaN : Number(match[1]) * 10_000 + Number((match[2] ?? '').padEnd(4, '0'));
  return perMillion <= 990_000 ? perMillion : null;
}

export const share = expected('a share up to 99%, such as 0.1%', readShare).meta({
  type: 'string',
  pattern: '^[0-9]{1,3}(\\.[0-9]{1,4})?%$',
});

/** One text with commas, or a list. */
export const list = z.union([text.transform((one) => one.split(',').map((part) => part.trim())), z.array(text).min(1)]);

/** `all except a, b` could mean two things. */
function readRefs(found: string): string[] | null {
  return /\sexcept\s[^,]*,/.test(found) ? null : found.split(',').map((part) => part.trim());
}

/** As `list`, of references to servers and clients. */
export const refs = z.union([
  expected('names such as s1, leader or all except s1 except s2', readRefs).meta({ type: 'string' }),
  z.array(text).min(1),
]);

/** One text, commas and all, or a list. */
export const texts = z.union([text.transform((one) => [one]), z.array(text).min(1)]);

/** For verbs that need no object: `heal: all`, or nothing after the colon. */
export const nothing = z.enum(['all', '']).meta({ type: ['string', 'null'], enum: ['all', null] });

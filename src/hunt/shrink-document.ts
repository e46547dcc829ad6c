/** A scenario file as plain values, each scalar its text: what shrinking takes apart. */
import { MODIFIERS } from '../scenario/lines.ts';

export type Values = Readonly<Record<string, unknown>>;

export function isValues(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A list, or one text with commas. */
export function namesOf(value: unknown): string[] {
  const found = typeof value === 'string' ? value.split(',') : listOf(value).filter((each) => typeof each === 'string');
  return found.map((each) => each.trim()).filter((each) => each !== '');
}

export function linesOf(document: Values): readonly Values[] {
  return listOf(document['script']).filter(isValues);
}

export function scheduleOf(document: Values): readonly unknown[] {
  return listOf(document['schedule']);
}

/** The same file with another value; null takes the key away. */
export function withKey(values: Values, key: string, value: unknown): Values {
  if (value !== null) return { ...values, [key]: value };
  return Object.fromEntries(Object.entries(values).filter(([own]) => own !== key));
}

export function withLines(document: Values, lines: readonly Values[]): Values {
  return withKey(document, 'script', lines);
}

export function withLine(document: Values, index: number, line: Values): Values {
  return withLines(document, linesOf(document).with(index, line));
}

/** The verb of a line or the client that acts; an empty text for none. */
export function verbOf(line: Values): string {
  return Object.keys(line).find((key) => !MODIFIERS.some((modifier) => modifier === key)) ?? '';
}

const IDLE = ['wait', 'until', 'check', 'say', 'pick'];

/** Does the line act, on a server, a connection or through a client? */
export function isActing(line: Values): boolean {
  return !IDLE.includes(verbOf(line));
}

/** What the file does that would not happen by itself. */
export function deviationsOf(document: Values): number {
  return linesOf(document).filter(isActing).length + scheduleOf(document).length;
}

export function clientsOf(document: Values): readonly (string | Values)[] {
  return listOf(document['clients']).filter((each) => typeof each === 'string' || isValues(each));
}

export function clientName(client: string | Values): string {
  return typeof client === 'string' ? client : (textOf(client['name']) ?? '');
}

/** The same value with every text in it put through `map`. */
export function mapTexts(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === 'string') return map(value);
  if (Array.isArray(value)) return value.map((each) => mapTexts(each, map));
  if (!isValues(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, mapTexts(each, map)]));
}

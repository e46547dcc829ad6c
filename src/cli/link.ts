/**
 * The page's address as a scenario: everything is in the fragment. `s` names a scenario that comes with Zablab, `t` holds the text of one
 * (base64url of the raw deflate of its UTF-8, or of the UTF-8 itself); `seed`, `preset`, `mutate`, `mode` and `until` go over the file's head. What
 * else the page keeps there, such as the cursor, does not change the run.
 */
import { inflateRawSync } from 'node:zlib';
import { InputError } from '../scenario/input-error.ts';

export interface LinkChoices {
  readonly seed?: string;
  readonly preset?: string;
  readonly mutate?: readonly string[];
  readonly mode?: string;
  readonly until?: string;
}

export type Link = { readonly choices: LinkChoices } & ({ readonly scenario: string; readonly text: null } | { readonly text: string });

const TEXT_MAX = 4_000_000;

export function isLink(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text) || text.startsWith('#');
}

/** Throws InputError. */
export function readLink(text: string): Link {
  const at = text.indexOf('#');
  const fragment = new URLSearchParams(at === -1 ? '' : text.slice(at + 1));
  const choices: LinkChoices = {
    ...optional('seed', fragment),
    ...optional('preset', fragment),
    ...optional('mode', fragment),
    ...optional('until', fragment),
    ...(fragment.has('mutate') ? { mutate: fragment.getAll('mutate').flatMap((ids) => ids.split(',')) } : {}),
  };
  const packed = fragment.get('t');
  if (packed !== null) return { choices, text: unpack(packed) };
  const scenario = fragment.get('s');
  if (scenario === null) throw mistake('found no scenario in its fragment, expected #s=NAME or #t=TEXT');
  return { choices, scenario, text: null };
}

function optional<K extends 'seed' | 'preset' | 'mode' | 'until'>(key: K, fragment: URLSearchParams): Partial<Record<K, string>> {
  const value = fragment.get(key);
  const made: Partial<Record<K, string>> = {};
  if (value !== null) made[key] = value;
  return made;
}

function unpack(packed: string): string {
  if (!/^[\w-]+=*$/.test(packed)) throw mistake('found characters in t that are not base64url, expected the text of a scenario');
  const bytes = Buffer.from(packed, 'base64url');
  const text = decode(inflate(bytes) ?? bytes);
  if (text === null) throw mistake('t can be neither inflated nor read as UTF-8, expected the text of a scenario');
  return text;
}

/** Null for what was not deflated. */
function inflate(bytes: Uint8Array): Uint8Array | null {
  try {
    return inflateRawSync(bytes, { maxOutputLength: TEXT_MAX });
  } catch (error) {
    if (error instanceof RangeError) throw mistake(`t holds more than ${TEXT_MAX} bytes, expected the text of a scenario`);
    return null;
  }
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function mistake(message: string): InputError {
  return new InputError({ file: 'link', line: 0, column: 0 }, message);
}

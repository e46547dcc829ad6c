/**
 * The page's address as a scenario: everything is in the fragment (web/share.ts). `s` is the name of a scenario that comes with Zablab, or `~` and
 * the packed text of one, which `t` may hold too; packed is base64url of the raw deflate of UTF-8, or of the UTF-8 itself. `do` holds packed clicks,
 * `k` a check of all that follows it. `seed`, `preset`, `mutate`, `mode` and `until` go over the file's head. The cursor does not change the run.
 */
import { inflateRawSync } from 'node:zlib';
import { hashString } from '../base/hash.ts';
import { InputError } from '../scenario/input-error.ts';

export interface LinkChoices {
  readonly seed?: string;
  readonly preset?: string;
  readonly mutate?: readonly string[];
  readonly mode?: string;
  readonly until?: string;
}

/** A line of a script that somebody ran at the page: after this event, not before this time in virtual microseconds. */
export interface Click {
  readonly after: number;
  readonly at: number;
  readonly line: string;
}

export interface Link {
  readonly choices: LinkChoices;
  /** A name, or the text itself. */
  readonly scenario: { readonly name: string } | { readonly text: string };
  readonly clicks: readonly Click[];
  /** The link is not as it was made. */
  readonly isChanged: boolean;
}

const TEXT_MAX = 4_000_000;

export function isLink(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text) || text.startsWith('#');
}

/** Throws InputError. */
export function readLink(text: string): Link {
  const at = text.indexOf('#');
  const [, check, rest = ''] = /^(?:k=([^&]*)(?:&|$))?(.*)$/s.exec(at === -1 ? '' : text.slice(at + 1)) ?? [];
  const fragment = new URLSearchParams(rest);
  const choices: LinkChoices = {
    ...optional('seed', fragment),
    ...optional('preset', fragment),
    ...optional('mode', fragment),
    ...optional('until', fragment),
    ...(fragment.has('mutate') ? { mutate: fragment.getAll('mutate').flatMap((ids) => ids.split(',')) } : {}),
  };
  const clicks = fragment.get('do');
  return {
    choices,
    scenario: scenarioOf(fragment),
    clicks: clicks === null ? [] : unpack(clicks, 'do', 'clicks').split('\n').map(clickOf),
    isChanged: check !== undefined && check !== hashString(rest).toString(36),
  };
}

function scenarioOf(fragment: URLSearchParams): Link['scenario'] {
  const text = fragment.get('t');
  if (text !== null) return { text: unpack(text, 't', 'the text of a scenario') };
  const scenario = fragment.get('s');
  if (scenario === null) throw mistake('found no scenario in its fragment, expected #s=NAME');
  return scenario.startsWith('~') ? { text: unpack(scenario.slice(1), 's', 'the text of a scenario') } : { name: scenario };
}

function optional<K extends 'seed' | 'preset' | 'mode' | 'until'>(key: K, fragment: URLSearchParams): Partial<Record<K, string>> {
  const value = fragment.get(key);
  const made: Partial<Record<K, string>> = {};
  if (value !== null) made[key] = value;
  return made;
}

/** `<after> <at> <line>` */
function clickOf(row: string): Click {
  const [, after, at, line] = /^(\d{1,9}) (\d{1,15}) (\{.*\})$/.exec(row) ?? [];
  if (line === undefined) throw mistake(`found "${row}" among its clicks, expected an event, a time and a line of a script`);
  return { after: Number(after), at: Number(at), line };
}

function unpack(packed: string, key: string, expected: string): string {
  if (!/^[\w-]+=*$/.test(packed)) throw mistake(`found characters in ${key} that are not base64url, expected ${expected}`);
  const bytes = Buffer.from(packed, 'base64url');
  const text = decode(inflate(bytes, key) ?? bytes);
  if (text === null) throw mistake(`${key} can be neither inflated nor read as UTF-8, expected ${expected}`);
  return text;
}

/** Null for what was not deflated. */
function inflate(bytes: Uint8Array, key: string): Uint8Array | null {
  try {
    return inflateRawSync(bytes, { maxOutputLength: TEXT_MAX });
  } catch (error) {
    if (error instanceof RangeError) throw mistake(`found more than ${TEXT_MAX} bytes in ${key}`);
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

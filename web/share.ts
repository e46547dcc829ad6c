/**
 * The run in the address: `#k=<check>&s=<scenario>&seed=<seed>&e=<event>&do=<clicks>`. A scenario is the name of one that comes with the page, or
 * `~` and its compressed text. The check comes first, so that a link that was cut off or changed is known as such.
 */
import { hashString } from '../src/base/hash.ts';
import { isClick, type Click } from './protocol.ts';

export interface Link {
  /** Name of a scenario, or null for its own text. */
  readonly scenario: string | null;
  readonly text: string | null;
  readonly seed: string | null;
  readonly event: number | null;
  readonly clicks: readonly Click[];
}

/** What a fragment says. `damage`: why it cannot be opened. `doubt`: it can, but is not what its author made. */
export interface ReadLink {
  readonly link: Link;
  readonly damage: string | null;
  readonly doubt: string | null;
}

const EMPTY: Link = { scenario: null, text: null, seed: null, event: null, clicks: [] };
const SEED_MAX = 200;
const TEXT_MAX = 1_000_000;
const EVENT_MAX = 2_000_000;

/** Null for an address without a run. */
export async function readFragment(fragment: string, isKnown: (scenario: string) => boolean): Promise<ReadLink | null> {
  const body = fragment.replace(/^#/, '');
  if (body === '') return null;
  const { check, rest } = splitCheck(body);
  const doubt = check !== null && check !== checkOf(rest) ? 'This link was cut off or changed after it was made.' : null;
  const fields = new URLSearchParams(rest);
  const damaged = (damage: string): ReadLink => ({ link: EMPTY, damage, doubt });
  const scenario = fields.get('s');
  if (scenario === null) return damaged('it names no scenario');
  const seed = fields.get('seed');
  if (seed !== null && seed.length > SEED_MAX) return damaged('its seed is too long');
  const event = fields.get('e');
  if (event !== null && !(/^\d{1,9}$/.test(event) && Number(event) <= EVENT_MAX)) return damaged(`it names the event "${event}"`);
  let text: string | null = null;
  if (scenario.startsWith('~')) {
    text = await inflate(scenario.slice(1)).catch(() => null);
    if (text === null) return damaged('the scenario in it cannot be read');
  } else if (!isKnown(scenario)) {
    return damaged(`it names the scenario "${scenario.slice(0, 80)}", which does not exist`);
  }
  const packed = fields.get('do');
  const clicks = packed === null ? [] : await inflate(packed).then(readClicks, () => null);
  if (clicks === null) return damaged('the clicks in it cannot be read');
  return {
    link: { scenario: text === null ? scenario : null, text, seed, event: event === null ? null : Number(event), clicks },
    damage: null,
    doubt,
  };
}

function splitCheck(body: string): { readonly check: string | null; readonly rest: string } {
  const match = /^k=([^&]*)(?:&(.*))?$/s.exec(body);
  return match === null ? { check: null, rest: body } : { check: match[1] ?? '', rest: match[2] ?? '' };
}

function checkOf(rest: string): string {
  return hashString(rest).toString(36);
}

export async function writeFragment({ scenario, text, seed, event, clicks }: Link): Promise<string> {
  const fields = [`s=${scenario === null ? `~${await deflate(text ?? '')}` : encodeName(scenario)}`];
  if (seed !== null) fields.push(`seed=${encodeURIComponent(seed)}`);
  if (event !== null) fields.push(`e=${event}`);
  if (clicks.length > 0) fields.push(`do=${await deflate(clicks.map(({ after, at, line }) => `${after} ${at} ${line}`).join('\n'))}`);
  const rest = fields.join('&');
  return `#k=${checkOf(rest)}&${rest}`;
}

/** Slashes may stand in a fragment and read better. */
function encodeName(name: string): string {
  return encodeURIComponent(name).replaceAll('%2F', '/');
}

function readClicks(text: string): readonly Click[] | null {
  const clicks: Click[] = [];
  for (const row of text.split('\n')) {
    const match = /^(\d{1,9}) (\d{1,15}) (\{.*\})$/.exec(row);
    const click = match === null ? null : { after: Number(match[1]), at: Number(match[2]), line: match[3] };
    if (!isClick(click)) return null;
    clicks.push(click);
  }
  return clicks;
}

async function deflate(text: string): Promise<string> {
  const bytes = await through(new TextEncoder().encode(text), new CompressionStream('deflate-raw'), Infinity);
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

/** Rejects what is no base64, no deflate stream, no UTF-8, or too long when unpacked. */
async function inflate(packed: string): Promise<string> {
  const binary = atob(packed.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  const text = await through(bytes, new DecompressionStream('deflate-raw'), TEXT_MAX);
  return new TextDecoder('utf-8', { fatal: true }).decode(text);
}

async function through(
  bytes: Uint8Array<ArrayBuffer>,
  stream: CompressionStream | DecompressionStream,
  limit: number,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > limit) {
      await reader.cancel();
      throw new RangeError('too long');
    }
    chunks.push(value);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

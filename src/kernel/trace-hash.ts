/**
 * What `traceHash` takes in of an event: when, who, what it got, what it did and on what, and which event made it possible. Codes of
 * names and plain numbers only; no notes, so that a run has the same hash whether it is traced or not.
 */
import { unreachable } from '../base/assert.ts';
import { hashString, type Lanes } from '../base/hash.ts';
import { mix, mixed, upperLane } from '../base/mix.ts';
import type { Effect, Item } from '../base/step.ts';
import type { EventRecord } from './world.ts';

export function rollEvent(hash: Lanes, record: EventRecord): void {
  const { at, thread, input, effect } = record;
  const who = Math.imul(record.node + 2, 0x9e3779b1) ^ Math.imul(record.slot + 2, 0x85ebca6b);
  mix(hash.lo ^ at, hash.hi ^ upperLane(at) ^ who);
  mix((mixed[0] ?? 0) ^ thread, (mixed[1] ?? 0) ^ upperLane(thread) ^ Math.imul(record.cause + 1, 0xc2b2ae35));
  if (input !== null) {
    absorb(codeOf(input.type) ^ operandOfInput(input), (input as HostFields).packet?.zxid ?? input.zxid ?? -1);
  }
  if (effect !== null) absorbEffect(effect);
  hash.lo = mixed[0] ?? 0;
  hash.hi = mixed[1] ?? 0;
}

/** What inputs from the host carry. An item of a program may have the name of one and none of its fields. */
interface HostFields extends Item {
  readonly link?: number;
  readonly packet?: Item;
  readonly how?: string;
  readonly error?: string;
}

function absorb(code: number, number: number): void {
  mix((mixed[0] ?? 0) ^ code ^ number, (mixed[1] ?? 0) ^ upperLane(number));
}

function absorbEffect(effect: Effect): void {
  const code = codeOf(effect.type);
  switch (effect.type) {
    case 'send':
      return absorbItem(code ^ Math.imul(effect.link, 0x2545f491), effect.packet);
    case 'enqueue':
      return absorbItem(code ^ threadCode(effect.to), effect.item);
    case 'start':
      return absorbItem(code ^ threadCode(effect.thread), effect.item);
    case 'append':
      return absorbItem(code ^ Math.imul(codeOf(effect.file), 3) ^ Math.imul(effect.bytes, 0x2545f491), effect.record);
    case 'atomic':
      absorb(code, effect.effects.length);
      for (const each of effect.effects) absorbEffect(each);
      return;
    case 'fsync':
      absorb(code, effect.files.length);
      for (const file of effect.files) absorb(codeOf(file), 0);
      return;
    default:
      absorb(code ^ operandOf(effect), 0);
  }
}

function absorbItem(code: number, item: Item): void {
  absorb(code ^ Math.imul(codeOf(item.type), 5), item.zxid ?? -1);
}

type Simple = Exclude<Effect, { type: 'send' | 'enqueue' | 'start' | 'append' | 'atomic' | 'fsync' }>;

function operandOf(effect: Simple): number {
  switch (effect.type) {
    case 'connect':
      return codeOf(effect.port) ^ Math.imul(effect.to + 1, 0x2545f491);
    case 'listen':
    case 'unlisten':
      return Math.imul(codeOf(effect.port), 3);
    case 'close':
      return Math.imul(effect.link, 0x2545f491);
    case 'create':
    case 'delete':
      return Math.imul(codeOf(effect.file), 3);
    case 'rename':
      return Math.imul(codeOf(effect.from), 3) ^ Math.imul(codeOf(effect.to), 5);
    case 'truncate':
      return Math.imul(codeOf(effect.file), 3) ^ Math.imul(effect.records + 1, 0x2545f491);
    case 'signal':
      return Math.imul(codeOf(effect.condition), 3);
    case 'interrupt':
      return threadCode(effect.thread);
    case 'exit':
      return Math.imul(codeOf(effect.reason), 3);
    case 'continue':
      return 0;
    default:
      return unreachable(effect);
  }
}

function operandOfInput({ link, packet, how, error }: HostFields): number {
  let code = link === undefined ? 0 : Math.imul(link, 0x2545f491);
  if (packet !== undefined) code ^= Math.imul(codeOf(packet.type), 5);
  if (how !== undefined) code ^= Math.imul(codeOf(how), 3);
  if (error !== undefined) code ^= Math.imul(codeOf(error), 7);
  return code;
}

function threadCode(id: number): number {
  return Math.imul(id, 0x9e3779b1) ^ Math.imul(upperLane(id), 0x85ebca6b);
}

/** Codes of the few names there are; only a memory, and emptied when it is full. */
const codes = new Map<string, number>();

function codeOf(text: string): number {
  const known = codes.get(text);
  if (known !== undefined) return known;
  const [lo, hi] = mixed;
  const code = hashString(text) | 0;
  mixed[0] = lo ?? 0; // the hash of the text went through the same lanes
  mixed[1] = hi ?? 0;
  if (codes.size >= 10_000) codes.clear();
  codes.set(text, code);
  return code;
}

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
  const { at, node, slot, cause, thread, input, effect } = record;
  const who = Math.imul(node + 2, 0x9e3779b1) ^ Math.imul(slot + 2, 0x85ebca6b);
  mix(hash.lo ^ at ^ who, hash.hi ^ upperLane(at) ^ Math.imul(cause + 1, 0xc2b2ae35));
  let lo = (mixed[0] ?? 0) ^ threadCode(thread);
  let hi = mixed[1] ?? 0;
  if (input !== null) {
    const subject = (input as HostFields).packet ?? input;
    lo ^= codeOf(input.type) ^ operandOfInput(input) ^ numberCode(subject.zxid ?? -1);
  }
  if (effect !== null) hi ^= codeOfEffect(effect);
  mix(lo, hi);
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

function codeOfEffect(effect: Effect): number {
  switch (effect.type) {
    case 'send':
      return 0x1b873593 ^ Math.imul(effect.link, 0x2545f491) ^ codeOfItem(effect.packet);
    case 'enqueue':
      return 0x2f0b4c47 ^ threadCode(effect.to) ^ codeOfItem(effect.item);
    case 'start':
      return 0x3c6ef372 ^ threadCode(effect.thread) ^ codeOfItem(effect.item);
    case 'append':
      return 0x5be0cd19 ^ Math.imul(codeOf(effect.file), 3) ^ Math.imul(effect.bytes, 0x2545f491) ^ codeOfItem(effect.record);
    case 'atomic':
      return codeOfAll(effect.effects);
    case 'fsync':
      return effect.files.reduce((code, file) => Math.imul(code, 31) ^ codeOf(file), 0x510e527f);
    default:
      return codeOf(effect.type) ^ operandOf(effect);
  }
}

function codeOfAll(effects: readonly Effect[]): number {
  let code = 0x1f83d9ab;
  for (const effect of effects) code = Math.imul(code, 31) ^ codeOfEffect(effect);
  return code;
}

function codeOfItem(item: Item): number {
  return Math.imul(codeOf(item.type), 5) ^ numberCode(item.zxid ?? -1);
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

function numberCode(n: number): number {
  return Math.imul(n, 0x27d4eb2f) ^ Math.imul(upperLane(n), 0x165667b1);
}

/** Codes of the few names there are; only a memory, and emptied when it is full. */
const codes = new Map<string, number>();

function codeOf(text: string): number {
  const known = codes.get(text);
  if (known !== undefined) return known;
  const code = hashString(text) | 0;
  if (codes.size >= 10_000) codes.clear();
  codes.set(text, code);
  return code;
}

/** Faults on messages by what they are: the next PROPOSAL from A to C is dropped, held, sent twice or delayed. */
import { own, peek } from '../base/parts.ts';
import type { Item } from '../base/step.ts';
import type { MessageMatch, MessageRule } from './network-state.ts';
import type { World } from './world.ts';

export function matches(match: MessageMatch, from: number, to: number, port: string, packet: Item): boolean {
  if (match.from !== undefined && match.from !== from) return false;
  if (match.to !== undefined && match.to !== to) return false;
  if (match.port !== undefined && match.port !== port) return false;
  if (match.packet !== undefined && match.packet !== packet.type) return false;
  return match.zxid === undefined || match.zxid === packet.zxid;
}

/** The first rule that acts on this packet, with its counts brought forward. */
export function ruleFor(world: World, from: number, to: number, port: string, packet: Item): MessageRule | null {
  if (peek(world.parts, world.network).rules.length === 0) return null;
  const network = own(world.parts, world.network);
  for (let i = 0; i < network.rules.length; i++) {
    const rule = network.rules[i];
    if (rule === undefined || !matches(rule.match, from, to, port, packet)) continue;
    if (rule.skip > 0) {
      network.rules[i] = { ...rule, skip: rule.skip - 1 };
      continue;
    }
    if (rule.times > 1) network.rules[i] = { ...rule, times: rule.times - 1 };
    else network.rules.splice(i, 1);
    return rule;
  }
  return null;
}

/** Adds a rule and returns its number. */
export function addRule(world: World, rule: Omit<MessageRule, 'id'>): number {
  const network = own(world.parts, world.network);
  const id = network.nextRule;
  network.nextRule += 1;
  network.rules.push({ ...rule, id });
  return id;
}

export function removeRule(world: World, id: number): void {
  const network = own(world.parts, world.network);
  network.rules = network.rules.filter((rule) => rule.id !== id);
}

/** Two nodes or more that dial each other, read what comes, and send what a test tells them. */
import { own, peek } from '../../src/base/parts.ts';
import { threadId, type Item } from '../../src/base/step.ts';
import { postItem } from '../../src/kernel/thread.ts';
import type { World } from '../../src/kernel/world.ts';
import {
  act,
  idOf,
  makeLab,
  type Lab,
  type LabContext,
  type LabInput,
  type LabOptions,
  type Memory,
  type Threads,
} from './kernel-world.ts';

export const PORT = 'p';

/** Acceptor takes every connection, Dialler makes one when told, Reader reads the newest to its end, Writer does what it is told. */
const PEER: Threads = {
  Acceptor: (ctx, input) => {
    if (input.type === 'go') ctx.effects.push({ type: 'listen', port: PORT });
    if (input.type === 'accepted') join(ctx, input);
    ctx.thread.blockedOn = { on: 'accept', port: PORT };
  },
  Dialler: (ctx, input) => {
    if (input.type === 'dial') {
      ctx.effects.push({ type: 'connect', to: Number(input['to']), port: PORT });
      ctx.thread.blockedOn = { on: 'connect', deadline: null };
    }
    if (input.type === 'connected') join(ctx, input);
  },
  Writer: (ctx, input) => {
    const link = Number(peek(ctx.parts, ctx.memory)['link'] ?? -1);
    if (input.type === 'send') ctx.effects.push({ type: 'send', link, packet: { type: String(input['name']) } });
    if (input.type === 'close') ctx.effects.push({ type: 'close', link });
    if (input.type === 'exit') ctx.effects.push({ type: 'exit', reason: 'told' });
  },
  'Reader?': (ctx, input) => {
    if (input.type === 'closed') ctx.thread.ending = true;
    else ctx.thread.blockedOn = { on: 'read', link: input.link ?? -1, deadline: null };
  },
};

function join(ctx: LabContext, { link = -1 }: LabInput): void {
  const memory = own(ctx.parts, ctx.memory);
  memory['link'] = link;
  memory['links'] = Number(memory['links'] ?? 0) + 1;
  const item: Item & { readonly link: number } = { type: 'run', link };
  ctx.effects.push({ type: 'start', thread: threadId(4, 0, Number(memory['links'])), item });
}

export function makePeers(names: readonly string[], options: LabOptions = {}): Lab {
  return makeLab(Object.fromEntries(names.map((name) => [name, PEER])), options);
}

/** Tells a node's writer or dialler. */
export function tell(world: World, node: number, item: LabInput): void {
  const thread = idOf(PEER, item.type === 'dial' ? 'Dialler' : 'Writer');
  act(world, () => postItem(world, node, thread, item));
}

export function say(world: World, node: number, ...names: readonly string[]): void {
  for (const name of names) tell(world, node, { type: 'send', name });
}

/** The newest link of a node. */
export function linkIdOf(world: World, node: number): number {
  return Number(peek<Memory>(world.parts, world.nodes[node]?.memory as number)['link'] ?? -1);
}

/** What a node's readers got, in order: packets by name, ends as `eof`, `reset` or `local`. */
export function readBy(lab: Lab, name: string): string[] {
  return lab.log.flatMap((line) =>
    line.startsWith(`${name}.Reader packet `) || line.startsWith(`${name}.Reader closed `) ? [line.split(' ')[2] ?? ''] : [],
  );
}

/** Every line of a node's writer that tells of a failure. */
export function failuresOf(lab: Lab, name: string): string[] {
  return lab.log.filter((line) => line.startsWith(`${name}.Writer failed`));
}

/**
 * A program that does nothing but keep the kernel busy: nodes in a ring pass tokens on, each node through a reader, two workers and a
 * writer. What the bench measures and what tests of determinism run.
 */
import { allot, makePartKind, own, type Ref } from '../base/parts.ts';
import { threadId, type Context, type Item } from '../base/step.ts';
import { boot } from './node.ts';
import { runInput } from './run.ts';
import { makeWorld, type Mode, type Program, type World } from './world.ts';

const ACCEPTOR = threadId(1, 0);
const READER = threadId(2, 0);
const FIRST = threadId(3, 0);
const SECOND = threadId(4, 0);
const WRITER = threadId(5, 0);
const NAMES = ['Main', 'Acceptor', 'Reader', 'First', 'Second', 'Writer'];
const PORT = 'ring';

interface RingMemory {
  passed: number;
  out: number;
}

const MEMORY = makePartKind<RingMemory>('ring-memory', { copy: (part) => ({ ...part }) });

interface RingContext extends Context {
  readonly memory: Ref<RingMemory>;
}

/** Inputs of every thread of the ring; which fields there are depends on the type. */
interface RingItem extends Item {
  readonly link?: number;
  readonly packet?: Item;
}

export interface RingOptions {
  readonly seed?: string;
  readonly mode: Mode;
  readonly nodes: number;
  readonly tokens: number;
  readonly guard?: boolean;
}

/** A ring that has been started: every node dials the next and sends its share of the tokens. */
export function makeRing({ seed = 'ring', mode, nodes, tokens, guard = false }: RingOptions): World {
  const network = {
    latencies: [80, 100, 120, 150, 200, 300],
    lossPerMillion: 0,
    retransmitUs: 200_000,
    retransmissionsMax: 8,
    keepaliveUs: 0,
  };
  const specs = Array.from({ length: nodes }, (_, i) => ({ name: `N${i}`, program: ringProgram(nodes, tokens), fsyncTimes: [100] }));
  const world = makeWorld({ seed, mode, network, driver: null }, specs, guard);
  for (let i = 0; i < nodes; i++) runInput(world, 0, { type: 'start' }, () => boot(world, i));
  return world;
}

function ringProgram(nodes: number, tokens: number): Program {
  const times = [3, 4, 4, 5, 5, 6, 7, 40];
  return {
    allot: (parts) => allot(parts, MEMORY, { passed: 0, out: -1 }),
    context: (base, memory) => Object.assign(base, { memory: memory as Ref<RingMemory> }),
    threadName: (kind) => NAMES[kind] ?? `thread${kind}`,
    serviceTimes: () => times,
    boot: (ctx) => {
      for (const thread of [ACCEPTOR, FIRST, SECOND, WRITER]) ctx.effects.push({ type: 'start', thread, item: { type: 'run' } });
    },
    step: (ctx, input) => stepRing(ctx as RingContext, input, nodes, tokens),
  };
}

function stepRing(ctx: RingContext, input: RingItem, nodes: number, tokens: number): void {
  switch (ctx.thread.id) {
    case ACCEPTOR:
      return stepAcceptor(ctx, input);
    case READER:
      if (input.packet !== undefined) ctx.effects.push({ type: 'enqueue', to: FIRST, item: input.packet });
      ctx.thread.blockedOn = { on: 'read', link: input.link ?? -1, deadline: null };
      return;
    case FIRST:
      if (input.type === 'token') ctx.effects.push({ type: 'enqueue', to: SECOND, item: input });
      return;
    case SECOND:
      if (input.type !== 'token') return;
      own(ctx.parts, ctx.memory).passed += 1;
      ctx.effects.push({ type: 'enqueue', to: WRITER, item: input });
      return;
    default:
      return stepWriter(ctx, input, nodes, tokens);
  }
}

function stepAcceptor(ctx: RingContext, input: RingItem): void {
  if (input.type === 'accepted') ctx.effects.push({ type: 'start', thread: READER, item: { type: 'run', link: input.link } as Item });
  else ctx.effects.push({ type: 'listen', port: PORT });
  ctx.thread.blockedOn = { on: 'accept', port: PORT };
}

function stepWriter(ctx: RingContext, input: RingItem, nodes: number, tokens: number): void {
  const memory = own(ctx.parts, ctx.memory);
  if (input.type === 'run' || input.type === 'refused') {
    ctx.effects.push({ type: 'connect', to: (ctx.node + 1) % nodes, port: PORT });
    ctx.thread.blockedOn = { on: 'connect', deadline: null };
  } else if (input.type === 'connected') {
    memory.out = input.link ?? -1;
    for (let i = ctx.node; i < tokens; i += nodes) ctx.effects.push({ type: 'send', link: memory.out, packet: { type: 'token', zxid: i } });
  } else if (input.type === 'token') {
    ctx.effects.push({ type: 'send', link: memory.out, packet: input });
  }
}

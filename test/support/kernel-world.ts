/** Worlds for tests of the kernel: nodes whose threads are functions that a test writes, on a network of the test's choice. */
import { kindOf, threadId, type Context, type Effect, type HostInput, type Item } from '../../src/base/step.ts';
import { allot, makePartKind, type Ref } from '../../src/base/parts.ts';
import type { Driver } from '../../src/kernel/driver.ts';
import type { NetworkConfig } from '../../src/kernel/network-state.ts';
import { boot } from '../../src/kernel/node.ts';
import { runInput, runUntil } from '../../src/kernel/run.ts';
import { makeWorld, type EventRecord, type Mode, type Program, type World } from '../../src/kernel/world.ts';

export const LAN: NetworkConfig = { latencies: [100], lossPerMillion: 0, retransmitUs: 200_000, retransmissionsMax: 4, keepaliveUs: 0 };

/** Memory of a process: named numbers and texts. */
export type Memory = Record<string, number | string>;
export const MEMORY = makePartKind<Memory>('memory');

export interface LabContext extends Context {
  readonly memory: Ref<Memory>;
}

/** Any input: the fields there are depend on its type. */
export type LabInput = Item & {
  readonly link?: number;
  readonly packet?: Item;
  readonly from?: number;
  readonly how?: string;
  readonly error?: string;
  readonly effect?: Effect;
  readonly [field: string]: unknown;
};

/** What a thread does with an input. */
export type Script = (ctx: LabContext, input: LabInput) => void;

/** Threads by name; every one is started with an item of type 'go' at boot, in this order, but those whose name ends in '?'. */
export type Threads = Readonly<Record<string, Script>>;

export interface LabOptions {
  readonly seed?: string;
  readonly mode?: Mode;
  readonly network?: Partial<NetworkConfig>;
  readonly serviceTimes?: readonly number[];
  readonly fsyncTimes?: readonly number[];
  readonly driver?: Driver;
  readonly guard?: boolean;
  /** Nodes left for the test to boot. */
  readonly asleep?: boolean;
}

export interface Lab {
  readonly world: World;
  /** One line an event: `A.Thread input > effect`. */
  readonly log: string[];
}

/** Thread ids of a lab: the n-th named thread of its node has kind n. */
export function idOf(threads: Threads, name: string): number {
  return threadId(1 + Object.keys(threads).indexOf(name), 0);
}

/** Nodes by name, booted at time 0 unless asleep; parts are frozen between events. */
export function makeLab(nodes: Readonly<Record<string, Threads>>, options: LabOptions = {}): Lab {
  const { seed = '1', mode = 'fine', network = {}, serviceTimes = [], fsyncTimes = [1000], driver = null, guard = true } = options;
  const specs = Object.entries(nodes).map(([name, threads]) => ({ name, fsyncTimes, program: programOf(threads, serviceTimes) }));
  const world = makeWorld({ seed, mode, network: { ...LAN, ...network }, driver }, specs, guard);
  const log: string[] = [];
  world.observe = () => log.push(lineOf(world));
  if (options.asleep !== true) for (const node of world.nodes) bootNode(world, node.index);
  return { world, log };
}

export function bootNode(world: World, node: number): void {
  runInput(world, world.now, { type: 'start' }, () => boot(world, node));
}

/** Something from outside as one event, now or after what comes up to `at`. */
export function act(world: World, what: () => unknown, at = world.now): void {
  if (at > world.now) play(world, at);
  runInput(world, at, { type: 'act' }, () => void what());
}

/** Runs until the time is past. No lab has so many events but by a loop. */
export function play(world: World, until: number): void {
  if (runUntil(world, until, 20_000) === 20_000) throw new Error(`a loop at ${world.now}`);
}

function programOf(threads: Threads, times: readonly number[]): Program {
  const names = Object.keys(threads);
  const scripts = Object.values(threads);
  return {
    allot: (parts) => allot(parts, MEMORY, {}),
    context: (base, memory) => Object.assign(base, { memory: memory as Ref<Memory> }),
    boot: (ctx) => {
      for (const name of names)
        if (!name.endsWith('?')) ctx.effects.push({ type: 'start', thread: idOf(threads, name), item: { type: 'go' } });
    },
    step: (ctx, input) => scripts[kindOf(ctx.thread.id) - 1]?.(ctx as LabContext, input as LabInput),
    threadName: (kind) => (names[kind - 1] ?? `thread${kind}`).replace('?', ''),
    serviceTimes: () => times,
  };
}

function lineOf(world: World): string {
  const { record } = world;
  const { input, effect } = record;
  return `${actorOf(world, record)} ${input === null ? '' : textOfInput(input as LabInput)}${effect === null ? '' : `> ${textOfEffect(effect)}`}`;
}

function actorOf(world: World, record: EventRecord): string {
  if (record.actor !== 'thread') return record.node === -1 ? record.actor : `${world.nodes[record.node]?.name}.${record.actor}`;
  const handle = world.nodes[record.node];
  const kind = kindOf(record.thread);
  return `${handle?.name}.${kind === 127 ? 'Main' : handle?.program.threadName(kind)}`;
}

function textOfInput(input: LabInput): string {
  const { type, packet, how, error } = input as HostInput & LabInput;
  const detail = packet?.type ?? how ?? error;
  return detail === undefined ? type : `${type} ${detail}`;
}

function textOfEffect(effect: Effect): string {
  if (effect.type === 'send') return `send ${effect.packet.type}`;
  if (effect.type === 'enqueue') return `enqueue ${effect.item.type}`;
  if (effect.type === 'append') return `append ${effect.record.type}`;
  return effect.type;
}

/** Dials; what comes of it goes to `onInput`. */
export function dialScript(to: number, port: string, onInput: Script): Script {
  return (ctx, input) => {
    if (input.type === 'go') {
      ctx.effects.push({ type: 'connect', to, port });
      ctx.thread.blockedOn = { on: 'connect', deadline: null };
    } else {
      onInput(ctx, input);
    }
  };
}

/** Listens, accepts one connection, and then reads from it: each packet goes to `onInput`, which may block elsewhere. */
export function acceptScript(port: string, onInput: Script): Script {
  return (ctx, input) => {
    if (input.type === 'go') {
      ctx.effects.push({ type: 'listen', port });
      ctx.thread.blockedOn = { on: 'accept', port };
      return;
    }
    if (input.type === 'accepted' || input.type === 'packet') ctx.thread.blockedOn = { on: 'read', link: input.link ?? -1, deadline: null };
    onInput(ctx, input);
  };
}

import { expect, test } from 'vitest';
import { hashText } from '../../src/base/hash.ts';
import { drawBelow, makeKey, streamOf } from '../../src/base/draw.ts';
import { own, peek } from '../../src/base/parts.ts';
import { threadId, type Item } from '../../src/base/step.ts';
import { choices, nextChoice } from '../../src/kernel/choose.ts';
import { setDiskFaults } from '../../src/kernel/disk.ts';
import { HEALTHY } from '../../src/kernel/disk-state.ts';
import { addRule } from '../../src/kernel/message-rules.ts';
import { breakBetween, healAll, livingLinks, partition, setBlocked } from '../../src/kernel/network-faults.ts';
import { boot, kill, powerLoss, setPaused } from '../../src/kernel/node.ts';
import { nextTime } from '../../src/kernel/run.ts';
import { stateKey } from '../../src/kernel/state-key.ts';
import { interruptThread } from '../../src/kernel/thread.ts';
import { THREAD, type ThreadPart } from '../../src/kernel/thread-state.ts';
import { forkWorld, type Mode, type World } from '../../src/kernel/world.ts';
import { act, idOf, makeLab, play, type LabContext, type LabInput, type Threads } from '../support/kernel-world.ts';

const NODES = ['A', 'B', 'C', 'D'];

interface Numbered extends Item {
  /** Names the connection: its dialler and how many it had dialled. */
  readonly stream: string;
  readonly n: number;
}

/** What every reader got: by connection, the numbers in order. */
type Heard = Map<string, number[]>;

/**
 * Each node keeps one connection to each other one and sends numbers on it; readers note what they hear. A logger appends what was heard
 * and fsyncs. Everything is redone after every failure.
 */
function makeThreads(heard: Heard): Threads {
  const threads: Threads = {
    Acceptor: (ctx, input) => {
      if (input.type === 'go') ctx.effects.push({ type: 'listen', port: 'p' });
      if (input.type === 'accepted')
        ctx.effects.push({ type: 'start', thread: readerOf(ctx), item: { type: 'run', link: input.link } as Item });
      ctx.thread.blockedOn = { on: 'accept', port: 'p' };
    },
    Dialler: (ctx, input) => dial(ctx, input),
    Logger: (ctx, input) => log(ctx, input),
    'Reader?': (ctx, input) => read(ctx, input, heard, idOf(threads, 'Logger')),
    'Sender?': (ctx, input) => send(ctx, input),
  };
  return threads;
}

function count(ctx: LabContext, name: string): number {
  const memory = own(ctx.parts, ctx.memory);
  const next = Number(memory[name] ?? 0) + 1;
  memory[name] = next;
  return next;
}

function readerOf(ctx: LabContext): number {
  return threadId(4, 0, count(ctx, 'readers'));
}

function dial(ctx: LabContext, input: LabInput): void {
  if (input.type === 'connected') {
    const stream = `${ctx.node}.${ctx.draw('stream', 2 ** 31)}`;
    const item: LabInput = { type: 'run', link: input.link ?? -1, stream };
    ctx.effects.push({ type: 'start', thread: threadId(5, 0, count(ctx, 'senders')), item });
    ctx.thread.blockedOn = { on: 'sleep', until: ctx.now + 3000 };
    return;
  }
  const to = (ctx.node + 1 + ctx.draw('whom', NODES.length - 1)) % NODES.length;
  ctx.effects.push({ type: 'connect', to, port: 'p' });
  ctx.thread.blockedOn = { on: 'connect', deadline: ctx.now + 20_000 };
}

function log(ctx: LabContext, input: LabInput): void {
  if (input.type === 'go' || input.type === 'failed') ctx.effects.push({ type: 'create', file: 'log' });
  if (input.type === 'heard')
    ctx.effects.push({ type: 'append', file: 'log', record: { type: 'r' }, bytes: 1 }, { type: 'fsync', files: ['log'] });
}

function read(ctx: LabContext, input: LabInput, heard: Heard, logger: number): void {
  if (input.type === 'closed') {
    ctx.effects.push({ type: 'close', link: input.link ?? -1 });
    ctx.thread.ending = true;
    return;
  }
  if (input.type === 'packet') {
    const { stream, n } = input.packet as Numbered;
    heard.set(stream, [...(heard.get(stream) ?? []), n]);
    ctx.effects.push({ type: 'enqueue', to: logger, item: { type: 'heard' } });
  }
  const memory = own(ctx.parts, ctx.memory);
  const name = `reads${ctx.thread.key}`;
  if (input.link !== undefined) memory[name] = input.link;
  ctx.thread.blockedOn = { on: 'read', link: Number(memory[name]), deadline: ctx.now + 60_000 };
  if (input.type === 'timeout') ctx.effects.push({ type: 'close', link: Number(memory[name]) });
}

function send(ctx: LabContext, input: LabInput): void {
  const memory = own(ctx.parts, ctx.memory);
  const key = ctx.thread.key;
  if (input.type === 'run') {
    memory[`link${key}`] = input.link ?? -1;
    memory[`stream${key}`] = String(input['stream']);
  }
  const link = Number(memory[`link${key}`]);
  if (input.type === 'failed' || ctx.draw('end', 30) === 0) {
    ctx.effects.push({ type: 'close', link });
    ctx.thread.ending = true;
    return;
  }
  const packet: Numbered = { type: 'n', stream: String(memory[`stream${key}`]), n: count(ctx, `n${key}`) };
  ctx.effects.push({ type: 'send', link, packet });
  ctx.thread.blockedOn = { on: 'sleep', until: ctx.now + ctx.draw('pause', 1500) + 1 };
}

/** One fault, drawn. */
function disturb(world: World, below: (n: number) => number): void {
  const node = below(NODES.length);
  const other = (node + 1 + below(NODES.length - 1)) % NODES.length;
  const deeds: (() => unknown)[] = [
    () => kill(world, node),
    () => powerLoss(world, node, { keep: 'drawn', torn: below(2) === 0 }),
    () => boot(world, node),
    () => boot(world, other),
    () => setPaused(world, node, true),
    () => setPaused(world, node, false),
    () => partition(world, [[node]]),
    () => setBlocked(world, node, other, true),
    () => healAll(world),
    () => healAll(world),
    () => breakBetween(world, node, other, null, null),
    () => setDiskFaults(world, world.nodes[node]!, { failing: { op: 'any', times: 1 }, slow: 1 + below(5), lying: below(2) === 0 }),
    () => setDiskFaults(world, world.nodes[node]!, HEALTHY),
    () => interruptThread(world, node, threadId(2, 0)),
    () => addRule(world, { match: { from: node }, action: 'delay', delayUs: below(3000), skip: below(3), times: 1 }),
  ];
  act(world, deeds[below(deeds.length)]!);
}

/** What must hold of any world between two events. */
function examine(world: World): void {
  const { parts } = world;
  const threads = new Set<number>();
  for (const node of world.nodes) {
    const { threads: own, power } = peek(parts, node.part);
    if (power !== 'up') expect(own.size).toBe(0);
    for (const [id, slot] of own) {
      expect(parts.kinds[slot]).toBe(THREAD);
      const thread = peek<ThreadPart>(parts, slot);
      expect([thread.id, thread.node]).toEqual([id, node.index]);
      threads.add(slot);
    }
  }
  expect(parts.kinds.filter((kind) => kind === THREAD)).toHaveLength(threads.size);
  for (const link of livingLinks(world)) {
    for (const side of [0, 1] as const) {
      const end = link.ends[side];
      const { power } = peek(parts, world.nodes[end.node]!.part);
      if (end.state === 'open') expect(power).toBe('up');
      if (end.giveUpAt !== Infinity) expect([end.state, end.reset], JSON.stringify(link)).toEqual(['open', null]);
    }
    expect(
      link.ends.some((end) => end.state === 'open'),
      JSON.stringify(link),
    ).toBe(true);
  }
}

function story(
  seed: number,
  mode: Mode,
  guard: boolean,
  observe: World['observe'] = null,
): { readonly world: World; readonly heard: Heard; readonly hash: string } {
  const heard: Heard = new Map();
  const threads = makeThreads(heard);
  const network = {
    latencies: [50, 100, 100, 400],
    lossPerMillion: 10_000,
    retransmitUs: 2000,
    keepaliveUs: seed % 2 === 0 ? 0 : 40_000,
    windowPackets: 5,
  };
  const lab = makeLab(Object.fromEntries(NODES.map((name) => [name, threads])), {
    seed: String(seed),
    mode,
    guard,
    network,
    serviceTimes: [2, 3, 5, 40],
    fsyncTimes: [200, 900],
  });
  lab.world.observe = observe;
  const key = makeKey(String(seed));
  let draws = 0;
  const below = (n: number): number => drawBelow(key, streamOf('swarm'), draws++, n);
  for (let round = 0; round < 120; round++) {
    play(lab.world, lab.world.now + below(6000));
    disturb(lab.world, below);
    examine(lab.world);
  }
  act(lab.world, () => {
    healAll(lab.world);
    for (const node of lab.world.nodes) {
      setPaused(lab.world, node.index, false);
      boot(lab.world, node.index);
      setDiskFaults(lab.world, node, HEALTHY);
    }
  });
  play(lab.world, lab.world.now + 50_000);
  examine(lab.world);
  return { world: lab.world, heard, hash: hashText(lab.world.hash) };
}

const SEEDS = Array.from({ length: 24 }, (_, i) => i + 1);

test.for(['fine', 'coarse'] as const)('under any faults a connection is a prefix of what was sent, in order: %s [R18]', (mode) => {
  let longest = 0;
  let connections = 0;
  for (const seed of SEEDS) {
    const { heard } = story(seed, mode, seed % 4 === 0);
    for (const numbers of heard.values()) {
      expect(numbers).toEqual(numbers.map((_, i) => i + 1));
      longest = Math.max(longest, numbers.length);
    }
    connections += heard.size;
  }
  expect(longest).toBeGreaterThan(20);
  expect(connections).toBeGreaterThan(24 * 40);
});

test('the same faults give the same run, guarded or not; a fork goes the same way', () => {
  for (const seed of SEEDS.slice(0, 4)) {
    const one = story(seed, 'fine', false);
    const two = story(seed, 'fine', true);
    expect(two.hash).toBe(one.hash);
    const fork = forkWorld(one.world);
    play(fork, fork.now + 100_000);
    play(two.world, two.world.now + 100_000);
    expect(hashText(fork.hash)).toBe(hashText(two.world.hash));
  }
});

test('to ask after each event what may come next makes no difference', () => {
  const ask = (world: World): void => {
    nextTime(world);
    nextChoice(world);
    choices(world);
    stateKey(world);
    forkWorld(world);
  };
  for (const mode of ['fine', 'coarse'] as const) {
    for (const seed of SEEDS.slice(4, 8)) expect(story(seed, mode, false, ask).hash).toBe(story(seed, mode, false).hash);
  }
});

// What the modelling requirements of the bug catalogue ask of the kernel, one test each; links, disks and choices have more of their own.

import { expect, test } from 'vitest';
import { own, peek } from '../../src/base/parts.ts';
import { contextOf } from '../../src/kernel/context.ts';
import { threadId, type Effect, type Item } from '../../src/base/step.ts';
import { choiceNamed, choices } from '../../src/kernel/choose.ts';
import { choose } from '../../src/kernel/run.ts';
import { boot, kill, powerLoss, setPaused } from '../../src/kernel/node.ts';
import { interruptThread, postItem } from '../../src/kernel/thread.ts';
import { forkWorld, type World } from '../../src/kernel/world.ts';
import { act, idOf, makeLab, play, type Lab, type Script, type Threads } from '../support/kernel-world.ts';

function filesOf(world: World): string[] {
  const { disk } = contextOf(world, world.nodes[0]!);
  return disk.names().map((file) => `${file}:${disk.records(file)}`);
}

/** A thread that writes an epoch the way ZooKeeper does: temporary file, fsync, rename, and only then memory. */
const epochWriter: Script = (ctx, input) => {
  const memory = own(ctx.parts, ctx.memory);
  if (input.type === 'go') {
    const record: Item = { type: 'epoch', zxid: 2 };
    const effects: Effect[] = [
      { type: 'create', file: 'epoch.tmp' },
      { type: 'append', file: 'epoch.tmp', record, bytes: 1 },
      { type: 'fsync', files: ['epoch.tmp'] },
      { type: 'rename', from: 'epoch.tmp', to: 'epoch' },
      { type: 'continue', item: { type: 'written' } },
    ];
    ctx.effects.push(...effects);
  } else if (input.type === 'written') {
    memory['epoch'] = 2;
  } else if (input.type === 'interrupted') {
    memory['stopped'] = 1;
    ctx.thread.ending = true;
  }
};

test('a kill keeps the page cache, a power loss does not, a pause keeps all while time passes, a stop runs the code of the process [R1]', () => {
  const make = (): Lab => {
    const lab = makeLab({ A: { Writer: epochWriter } }, { fsyncTimes: [1000] });
    play(lab.world, 500);
    expect(filesOf(lab.world)).toEqual(['epoch.tmp:1']);
    return lab;
  };
  const killed = make();
  act(killed.world, () => kill(killed.world, 0));
  expect(filesOf(killed.world)).toEqual(['epoch.tmp:1']);
  const dark = make();
  act(dark.world, () => powerLoss(dark.world, 0, { keep: 'none', torn: false }));
  expect(filesOf(dark.world)).toEqual([]);
  const paused = make();
  act(paused.world, () => setPaused(paused.world, 0, true));
  play(paused.world, 10_000_000);
  expect(paused.log.at(-1)).toBe('A.disk > fsync');
  act(paused.world, () => setPaused(paused.world, 0, false), 10_000_000);
  play(paused.world, 20_000_000);
  expect(paused.log.at(-1)).toBe('A.Writer written');
  const stopped = make();
  act(stopped.world, () => interruptThread(stopped.world, 0, threadId(1, 0)));
  play(stopped.world, 10_000);
  expect(stopped.log.slice(-2)).toEqual(['A.Writer written', 'A.Writer interrupted']);
});

test('each disk operation is an event of its own: a crash can come between any two [R2]', () => {
  const { world } = makeLab({ A: { Writer: epochWriter } }, { fsyncTimes: [1000] });
  const after: string[] = [];
  for (;;) {
    const crashed = forkWorld(world);
    act(crashed, () => powerLoss(crashed, 0, { keep: 'none', torn: false }));
    const left = filesOf(crashed).join(' ');
    if (after.at(-1) !== left) after.push(left);
    const [next] = choices(world);
    if (next === undefined) break;
    choose(world, next);
    const memory = peek(world.parts, world.nodes[0]?.memory as number) as { readonly epoch?: number };
    if (memory.epoch === 2) expect(filesOf(world)).toEqual(['epoch:1']);
  }
  expect(after).toEqual(['', 'epoch.tmp:1', 'epoch:1']);
});

test('threads are actors of their own, and one of an earlier role may outlive it [R3]', () => {
  const SYNC = 2;
  const threads: Threads = {
    // Starts a processor for each role, without waiting for the one before.
    Peer: (ctx, input) => {
      const role = Number(input['role'] ?? 0);
      if (input.type === 'role') ctx.effects.push({ type: 'start', thread: threadId(SYNC, role), item: { type: 'request', zxid: role } });
    },
    'Sync?': (ctx, input) => {
      if (input.type !== 'request') return;
      const file = `log.${ctx.thread.incarnation}`;
      ctx.effects.push({ type: 'create', file }, { type: 'fsync', files: [file] }, { type: 'continue', item: { type: 'ack' } });
    },
  };
  const { world, log } = makeLab({ A: threads }, { fsyncTimes: [1000] });
  play(world, 10);
  for (const role of [1, 2]) act(world, () => postItem(world, 0, idOf(threads, 'Peer'), { type: 'role', role } as Item));
  play(world, 500);
  // Both processors are in their fsync, and either may be done first: the old one acks after the new one.
  const names = choices(world).map((choice) => choice.name);
  expect(names).toEqual(['A.Sync#1.synced', 'A.Sync#2.synced']);
  for (const name of ['A.Sync#2.synced', 'A.Sync#2.ack', 'A.Sync#1.synced', 'A.Sync#1.ack']) choose(world, choiceNamed(world, name)!);
  expect(log.slice(-4)).toEqual(['A.disk > fsync', 'A.Sync ack', 'A.disk > fsync', 'A.Sync ack']);
  expect(peek(world.parts, world.nodes[0]!.part).threads.size).toBe(3);
});

test('timeouts are events like others: due times order them in timed play, and a schedule may put them anywhere [R15]', () => {
  const wait =
    (time: number): Script =>
    (ctx, input) => {
      if (input.type === 'go') ctx.thread.blockedOn = { on: 'sleep', until: time };
    };
  const timed = makeLab({ A: { T: wait(2000), U: wait(1000) } });
  const chosen = makeLab({ A: { T: wait(2000), U: wait(1000) } });
  play(timed.world, 5000);
  expect(timed.log.slice(-2)).toEqual(['A.U timeout', 'A.T timeout']);
  play(chosen.world, 500);
  choose(chosen.world, choiceNamed(chosen.world, 'A.T.timeout')!);
  choose(chosen.world, choiceNamed(chosen.world, 'A.U.timeout')!);
  expect(chosen.log.slice(-2)).toEqual(['A.T timeout', 'A.U timeout']);
  expect(chosen.world.now).toBe(2000);
});

test('what a schedule names is there again in another world, whatever slots it uses [R21]', () => {
  const threads: Threads = { T: () => undefined, U: () => undefined };
  const make = (crash: boolean): World => {
    const { world } = makeLab({ A: threads, B: threads });
    play(world, 100);
    if (crash) {
      act(world, () => kill(world, 0));
      act(world, () => boot(world, 0));
      play(world, 200);
    }
    act(world, () => postItem(world, 1, idOf(threads, 'U'), { type: 'mail', zxid: 0x1_0000_0001 }), 300);
    return world;
  };
  for (const world of [make(false), make(true)]) expect(choices(world).map(({ name }) => name)).toEqual(['B.U.mail(1.1)']);
});

test('service times make threads race: over seeds, either of two comes first, and one that stalls is overtaken by all [R3]', () => {
  const threads: Threads = { T: () => undefined, U: () => undefined };
  const firsts = new Map<string, number>();
  for (let seed = 0; seed < 60; seed++) {
    const { world, log } = makeLab({ A: threads }, { seed: String(seed), serviceTimes: [3, 4, 5, 6, 7, 8, 9, 200] });
    play(world, 1000);
    act(
      world,
      () => {
        postItem(world, 0, idOf(threads, 'T'), { type: 'mail' });
        postItem(world, 0, idOf(threads, 'U'), { type: 'mail' });
      },
      1000,
    );
    play(world, 2000);
    const first = log.at(-2) ?? '';
    firsts.set(first, (firsts.get(first) ?? 0) + 1);
  }
  expect([...firsts.keys()].sort()).toEqual(['A.T mail', 'A.U mail']);
  for (const count of firsts.values()) expect(count).toBeGreaterThan(15);
});

test('a thread that gets item after item is served in its time, not put off by each of them [R3]', () => {
  const threads: Threads = { T: () => undefined };
  const { world, log } = makeLab({ A: threads }, { serviceTimes: [100] });
  play(world, 1000);
  for (let i = 0; i < 20; i++) act(world, () => postItem(world, 0, idOf(threads, 'T'), { type: `m${i}` }), 1000 + i * 50);
  expect(log.filter((line) => line.startsWith('A.T m')).length).toBeGreaterThanOrEqual(8);
});

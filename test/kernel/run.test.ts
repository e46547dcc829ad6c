import { expect, test } from 'vitest';
import type { Context, Item } from '../../src/base/step.ts';
import { threadId } from '../../src/base/step.ts';
import { boot } from '../../src/kernel/node.ts';
import { runInput, runUntil } from '../../src/kernel/run.ts';
import { forkWorld, makeWorld, type Program } from '../../src/kernel/world.ts';
import { hashText } from '../../src/base/hash.ts';

const NETWORK = { latencies: [100, 200, 300], lossPerMillion: 0, retransmitUs: 200_000, retransmissionsMax: 8, keepaliveUs: 0 };
const ECHO = threadId(1, 0);
const got: string[] = [];

/** Node 0 dials node 1 and they pass a counter back and forth. */
const pingPong: Program = {
  allot: () => null,
  context: (base) => base,
  threadName: () => 'Echo',
  serviceTimes: () => [5, 7, 11],
  boot: (ctx) => ctx.effects.push({ type: 'start', thread: ECHO, item: { type: 'go' } }),
  step: (ctx, input) => stepEcho(ctx, input),
};

function stepEcho(ctx: Context, input: Item & { link?: number; packet?: Item }): void {
  got.push(`${ctx.node}:${input.type}`);
  if (input.type === 'go') {
    if (ctx.node === 0) {
      ctx.effects.push({ type: 'connect', to: 1, port: 'echo' });
      ctx.thread.blockedOn = { on: 'connect', deadline: null };
    } else {
      ctx.effects.push({ type: 'listen', port: 'echo' });
      ctx.thread.blockedOn = { on: 'accept', port: 'echo' };
    }
    return;
  }
  const link = input.link ?? -1;
  if (input.type === 'connected') ctx.effects.push({ type: 'send', link, packet: { type: 'n', zxid: 1 } });
  if (input.type === 'packet') ctx.effects.push({ type: 'send', link, packet: { type: 'n', zxid: (input.packet?.zxid ?? 0) + 1 } });
  ctx.thread.blockedOn = { on: 'read', link, deadline: null };
}

function play(mode: 'fine' | 'coarse', until: number): string {
  got.length = 0;
  const world = makeWorld(
    { seed: '1', mode, network: NETWORK, driver: null },
    [
      { name: 'A', program: pingPong, fsyncTimes: [100] },
      { name: 'B', program: pingPong, fsyncTimes: [100] },
    ],
    true,
  );
  runInput(world, 0, { type: 'start' }, () => boot(world, 1));
  runInput(world, 100, { type: 'start' }, () => boot(world, 0));
  runUntil(world, until / 2);
  const fork = forkWorld(world);
  runUntil(world, until);
  runUntil(fork, until);
  expect(hashText(fork.hash)).toBe(hashText(world.hash));
  expect(world.events).toBeGreaterThan(20);
  return hashText(world.hash);
}

test('two nodes talk, and a fork goes the same way', () => {
  expect(play('fine', 10_000)).toBe(play('fine', 10_000));
  play('coarse', 10_000);
});

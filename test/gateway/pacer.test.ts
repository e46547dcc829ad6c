import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { makeEnsemble, startAll } from '../../src/ensemble/ensemble.ts';
import { makeSpec } from '../../src/ensemble/spec.ts';
import type { InputEntry } from '../../src/ensemble/timeline.ts';
import { Pacer } from '../../src/gateway/pacer.ts';
import { makeLog } from '../../src/gateway/log.ts';
import { runUntil } from '../../src/kernel/run.ts';

interface Paced {
  readonly pacer: Pacer;
  readonly lines: string[];
  readonly inputs: InputEntry[];
  readonly now: () => number;
}

function paced(): Paced {
  const ensemble = makeEnsemble(makeSpec({ mode: 'coarse', outside: true }));
  startAll(ensemble);
  runUntil(ensemble.world, 5_000_000);
  const lines: string[] = [];
  const inputs: InputEntry[] = [];
  const pacer = new Pacer(ensemble, {
    takeInputs: () => undefined,
    passOn: () => undefined,
    onInput: (entry) => inputs.push(entry),
    log: (line) => lines.push(line),
    onBroken: (error) => {
      throw error;
    },
  });
  return { pacer, lines, inputs, now: () => ensemble.world.now };
}

test('virtual time goes with the wall clock, at most a millisecond before it', async () => {
  const { pacer, now } = paced();
  const [virtual, wall] = [now(), performance.now()];
  pacer.start();
  await pause(1500);
  pacer.stop();
  expect((now() - virtual) / 1000).toBeLessThanOrEqual(performance.now() - wall + 1);
  expect(now() - virtual).toBeGreaterThan(0);
});

test('after a stall of more than a tick virtual time goes on where it stood, and that is told', async () => {
  const { pacer, lines, now } = paced();
  pacer.start();
  await pause(50);
  const before = now();
  const end = performance.now() + 4500;
  while (performance.now() < end); // a process that does not get to run
  await pause(20);
  pacer.stop();
  expect(now() - before).toBeLessThan(2_500_000);
  expect(lines).toEqual([expect.stringMatching(/^nothing ran for \d+ ms; the time of the ensemble stood still meanwhile$/)]);
});

test('what comes in is stamped with the mapped time, after what was due before', async () => {
  const { pacer, inputs, now } = paced();
  pacer.start();
  await pause(1200);
  pacer.act({ type: 'kill', node: 0 });
  pacer.stop();
  expect(inputs).toEqual([{ after: expect.any(Number), at: now(), action: { type: 'kill', node: 0 } }]);
});

test('lines of one kind are limited in a while, and what was left out is counted', () => {
  const lines: string[] = [];
  let now = 0;
  const log = makeLog(
    (line) => lines.push(line),
    () => now,
  );
  for (let i = 0; i < 15; i++) log.say('a', `a${i}`);
  log.say('b', 'b');
  now = 10_000;
  log.say('a', 'later');
  expect(lines).toHaveLength(13);
  expect(lines.slice(-3)).toEqual(['b', '5 more such lines were left out (a)', 'later']);
});

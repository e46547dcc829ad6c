// stateKey: equal for states that differ in times and history alone, different for all others.

import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { forkEnsemble, type Ensemble } from '../../src/ensemble/ensemble.ts';
import { choiceNamed, choices, type Choice } from '../../src/kernel/choose.ts';
import { choose, runNext } from '../../src/kernel/run.ts';
import { stateKey } from '../../src/kernel/state-key.ts';
import type { World } from '../../src/kernel/world.ts';
import { essenceOf, openSwarm, playSwarm, type Memo } from '../support/swarm-world.ts';

test('over 10,000 states of random runs the key is a name of the content: none is shared, none has two', () => {
  const contentOfKey = new Map<string, string>();
  const keyOfContent = new Map<string, string>();
  let states = 0;
  for (let seed = 1; seed <= 20; seed++) {
    const run = openSwarm(seed);
    const memo: Memo = new WeakMap();
    playSwarm(run, 300);
    for (let i = 0; i < 500 && runNext(run.world); i++, states++) {
      const key = stateKey(run.world);
      const content = createHash('sha1')
        .update(essenceOf(forkEnsemble(run).world, memo))
        .digest('base64');
      expect(contentOfKey.get(key) ?? content, `seed ${seed}, event ${run.world.events}`).toBe(content);
      expect(keyOfContent.get(content) ?? key, `seed ${seed}, event ${run.world.events}`).toBe(key);
      contentOfKey.set(key, content);
      keyOfContent.set(content, key);
    }
  }
  expect(states).toBe(10_000);
  // Some events change times alone, such as a tick in which nothing is due: their states are equal.
  expect(contentOfKey.size).toBeGreaterThan(9000);
  expect(contentOfKey.size).toBeLessThan(states);
});

test('the key of a state does not depend on what was hashed before', () => {
  for (let seed = 21; seed <= 30; seed++) {
    const asked = openSwarm(seed);
    for (let i = 0; i < 2000; i++) {
      runNext(asked.world);
      stateKey(asked.world);
    }
    expect(stateKey(asked.world), `seed ${seed}`).toBe(stateKey(playSwarm(openSwarm(seed), 2000)));
  }
});

test('events of two nodes that are due now lead to one state in either order', () => {
  const { pairs } = comparePairs(1, 40, (a, b, now) => isLocal(a) && isLocal(b) && a.at <= now && b.at <= now);
  expect(pairs).toBeGreaterThan(500);
});

test('and so do events at different times, but where the time goes into a transaction or a session id', () => {
  const { pairs } = comparePairs(1, 16, (a, b) => isLocal(a) && isLocal(b) && a.at !== b.at && !tellsTime(a) && !tellsTime(b));
  expect(pairs).toBeGreaterThan(500);
});

test('each of the events that can happen next has a name of its own', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const run = openSwarm(seed);
    for (let i = 0; i < 100; i++) {
      playSwarm(run, run.world.events + 30);
      const names = choices(run.world).map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
    }
  }
});

/** An event of a thread or a disk: what it does is seen on its own node, or as a packet in flight. */
function isLocal({ name }: Choice): boolean {
  return !nodeOf(name).includes('-');
}

function tellsTime({ name }: Choice): boolean {
  return /PrepRequestProcessor|\.read CONNECT|\.Main\./.test(name);
}

function nodeOf(name: string): string {
  return name.split('.')[0] ?? '';
}

/** Plays pairs of possible events of different nodes in both orders, at many points of fine runs. */
function comparePairs(first: number, last: number, isWanted: (a: Choice, b: Choice, now: number) => boolean): { pairs: number } {
  let pairs = 0;
  for (let seed = first; seed <= last; seed++) {
    const run = openSwarm(seed, { mode: 'fine' });
    for (let point = 0; point < 40; point++) {
      playSwarm(run, run.world.events + 40);
      const near = choices(run.world).filter(({ at }) => at <= run.world.now + 2000);
      for (const [i, a] of near.entries()) {
        const b = near.slice(i + 1).find((other) => nodeOf(other.name) !== nodeOf(a.name) && isWanted(a, other, run.world.now));
        if (b === undefined) continue;
        const [ab, ba] = [inOrder(run, a, b), inOrder(run, b, a)];
        if (stateKey(ab) !== stateKey(ba))
          expect(essenceOf(ba).split('\n'), `seed ${seed}: ${a.name}, ${b.name}`).toEqual(essenceOf(ab).split('\n'));
        expect(stateKey(ba)).toBe(stateKey(ab));
        pairs += 1;
      }
    }
  }
  return { pairs };
}

function inOrder(run: Ensemble, ...order: readonly Choice[]): World {
  const { world } = forkEnsemble(run);
  for (const { name } of order) {
    const choice = choiceNamed(world, name);
    expect(choice, name).not.toBeNull();
    if (choice !== null) choose(world, choice);
  }
  return world;
}

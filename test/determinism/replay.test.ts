// The same seed is the same run: again, beside other runs, forked, traced, judged.

import { expect, test } from 'vitest';
import { drawBelow, makeKey, streamOf } from '../../src/base/draw.ts';
import { makeChecker, observeEvent } from '../../src/check/checker.ts';
import { forkEnsemble, type Ensemble } from '../../src/ensemble/ensemble.ts';
import { runNext } from '../../src/kernel/run.ts';
import { contentOf, hashOf, openSwarm, playSwarm } from '../support/swarm-world.ts';

const seeds = (first: number, last: number): number[] => Array.from({ length: last + 1 - first }, (_, i) => first + i);

/** A number below `n` for the `i`-th choice of this test about a seed. */
function pick(seed: number, i: number, n: number): number {
  return drawBelow(makeKey(`test ${seed}`), streamOf('determinism'), i, n);
}

test('a seed played twice is the same run to the last byte of every part', () => {
  for (const seed of seeds(1, 24)) {
    const once = playSwarm(openSwarm(seed));
    const again = playSwarm(openSwarm(seed));
    expect(hashOf(again), `seed ${seed}`).toBe(hashOf(once));
    expect(contentOf(again)).toEqual(contentOf(once));
  }
});

test('worlds that run by turns in one process do not disturb each other', () => {
  const alone = seeds(41, 56).map((seed) => hashOf(playSwarm(openSwarm(seed), 3000)));
  const together = seeds(41, 56).map((seed) => openSwarm(seed));
  for (let i = 0; i < 3000; i++) for (const { world } of together) runNext(world);
  expect(together.map(({ world }) => hashOf(world))).toEqual(alone);
});

test('a traced run, and one under the properties, has the same trace as a bare one', () => {
  for (const seed of seeds(1, 20)) {
    const bare = playSwarm(openSwarm(seed));
    const traced = openSwarm(seed);
    traced.world.traced = true;
    const judged = openSwarm(seed);
    const checker = makeChecker(judged);
    judged.world.observe = () => observeEvent(checker, judged);
    expect(hashOf(playSwarm(traced)), `seed ${seed}, traced`).toBe(hashOf(bare));
    expect(contentOf(traced.world)).toEqual(contentOf(bare));
    expect(hashOf(playSwarm(judged)), `seed ${seed}, judged`).toBe(hashOf(bare));
    expect(contentOf(judged.world)).toEqual(contentOf(bare));
  }
});

test('a fork and its original both go on as if there were no fork', () => {
  for (const seed of seeds(1, 20)) {
    const whole = playSwarm(openSwarm(seed));
    const original = openSwarm(seed);
    const forks: Ensemble[] = [];
    for (let i = 0; i < 4; i++) {
      playSwarm(original, pick(seed, i, whole.events));
      forks.push(forkEnsemble(original));
    }
    // One fork goes on before the original, the others after it; a fork of a fork is a fork.
    const [first, ...others] = forks;
    for (const fork of [first, original, ...others, ...others.map((each) => forkEnsemble(each))]) {
      if (fork === undefined) continue;
      expect(hashOf(playSwarm(fork, whole.events)), `seed ${seed}`).toBe(hashOf(whole));
      expect(contentOf(fork.world)).toEqual(contentOf(whole));
    }
  }
});

test('what happens in one fork is not seen by its original, nor by a sister', () => {
  for (const seed of seeds(57, 76)) {
    const original = openSwarm(seed);
    playSwarm(original, 500 + pick(seed, 0, 2500));
    const before = contentOf(original.world);
    const [fork, sister] = [forkEnsemble(original), forkEnsemble(original)];
    expect(contentOf(fork.world)).toEqual(before);
    playSwarm(fork);
    expect(contentOf(original.world)).toEqual(before);
    expect(contentOf(sister.world)).toEqual(before);
  }
});

test('no step writes to a part that it has not made its own: shared parts are frozen between any two events', () => {
  for (const seed of seeds(77, 96)) {
    const free = playSwarm(openSwarm(seed), 4000);
    const guarded = playSwarm(openSwarm(seed, { guard: true }), 4000);
    expect(hashOf(guarded), `seed ${seed}`).toBe(hashOf(free));
  }
});

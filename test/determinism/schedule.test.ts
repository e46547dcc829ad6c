// One event loop under two schedulers: what the coarse one plays is one of the schedules of the fine one.

import { expect, test } from 'vitest';
import type { Ensemble } from '../../src/ensemble/ensemble.ts';
import { contentOf, hashOf, openSwarm } from '../support/swarm-world.ts';
import { playTurns, recordTurns } from '../support/schedule.ts';

const EVENTS = 2500;

test('every coarse run replays as a fine schedule, by the names of its events alone [R21]', () => {
  for (let seed = 1; seed <= 30; seed++) {
    const coarse = openSwarm(seed, { mode: 'coarse' });
    const turns = recordTurns(coarse, EVENTS);
    expect(turns).toHaveLength(EVENTS);
    const fine = openSwarm(seed, { mode: 'fine' });
    playTurns(fine, turns, true);
    expect(hashOf(fine.world), `seed ${seed}`).toBe(hashOf(coarse.world));
    expect(memoryOf(fine), `seed ${seed}`).toEqual(memoryOf(coarse));
  }
});

test('a fine run replays as a schedule of its own, at its own times', () => {
  for (let seed = 31; seed <= 40; seed++) {
    const run = openSwarm(seed, { mode: 'fine' });
    const turns = recordTurns(run, EVENTS);
    const again = openSwarm(seed, { mode: 'fine' });
    playTurns(again, turns, false);
    expect(hashOf(again.world), `seed ${seed}`).toBe(hashOf(run.world));
    expect(memoryOf(again), `seed ${seed}`).toEqual(memoryOf(run));
  }
});

/** The parts without the scheduler's own times, which differ between the modes. */
function memoryOf(ensemble: Ensemble): string[] {
  return contentOf(ensemble.world).map((line) => line.replace(/ due \S+ tie \S+:/, ':').replace(/^hot.*/, 'hot'));
}

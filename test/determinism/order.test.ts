// What a table holds decides, not in which order it came to be there: equal states, which hash alike, have equal futures.

import { expect, test } from 'vitest';
import { own } from '../../src/base/parts.ts';
import { forkEnsemble, type Ensemble } from '../../src/ensemble/ensemble.ts';
import { runUntil } from '../../src/kernel/run.ts';
import type { World } from '../../src/kernel/world.ts';
import { hashOf, openSwarm, playSwarm } from '../support/swarm-world.ts';

const EVENTS = 1500;

test('a world whose tables are all turned round goes on as before', { timeout: 120_000 }, () => {
  for (let seed = 1; seed <= 16; seed++) {
    const run = openSwarm(seed, { mode: 'fine' });
    for (let point = 0; point < 8; point++) {
      playSwarm(run, run.world.events + 311);
      expect(
        futureOf(run, (world) => turnTables(world, [])),
        `seed ${seed}, event ${run.world.events}`,
      ).toBe(futureOf(run, () => undefined));
    }
  }
});

test(
  'a coarse one too: there the threads of a node, which wake in the order of their starts, are left as they are',
  { timeout: 120_000 },
  () => {
    for (let seed = 1; seed <= 16; seed++) {
      const run = openSwarm(seed, { mode: 'coarse' });
      for (let point = 0; point < 8; point++) {
        playSwarm(run, run.world.events + 311);
        expect(
          futureOf(run, (world) => turnTables(world, ['node'])),
          `seed ${seed}, event ${run.world.events}`,
        ).toBe(futureOf(run, () => undefined));
      }
    }
  },
);

function futureOf(run: Ensemble, change: (world: World) => void): string {
  const fork = forkEnsemble(run);
  change(fork.world);
  runUntil(fork.world, Infinity, EVENTS);
  return hashOf(fork.world);
}

function turnTables(world: World, without: readonly string[]): void {
  const { parts } = world;
  for (let slot = 0; slot < parts.values.length; slot++) {
    const kind = parts.kinds[slot];
    if (kind !== null && kind !== undefined && !without.includes(kind.name)) turn(own(parts, slot));
  }
}

/** Turns round the tables in a part of its own. */
function turn(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  if (!(value instanceof Map)) {
    for (const inner of Object.values(value)) turn(inner);
    return;
  }
  const entries = [...value].toReversed();
  value.clear();
  for (const [key, inner] of entries) {
    turn(inner);
    value.set(key, inner);
  }
}

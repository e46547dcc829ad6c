// Known answers: the traces of some runs, as every machine and engine must make them. A change that moves them says why; `npx vitest run -u`
// writes the new ones.

import { expect, test } from 'vitest';
import { makeEnsemble } from '../../src/ensemble/ensemble.ts';
import { WRITE_LOAD, writeLoadSpec } from '../../src/hunt/write-load.ts';
import { runUntil } from '../../src/kernel/run.ts';
import { stateKey } from '../../src/kernel/state-key.ts';
import { hashOf, openSwarm, playSwarm } from '../support/swarm-world.ts';

const GOLDEN = '../golden/determinism/trace-hashes.txt';

test('known runs have the known trace hashes', async () => {
  const lines: string[] = [];
  for (const mode of ['fine', 'coarse'] as const) {
    for (const events of [100, 1000, 10_000]) {
      const { world } = makeEnsemble(writeLoadSpec(WRITE_LOAD, { mode }));
      runUntil(world, Infinity, events);
      lines.push(`write load, ${mode}: trace ${hashOf(world)}, state ${stateKey(world)}`);
    }
  }
  for (let seed = 1; seed <= 10; seed++) {
    const world = playSwarm(openSwarm(seed));
    lines.push(`swarm seed ${seed}, ${world.config.mode}: trace ${hashOf(world)}, state ${stateKey(world)}`);
  }
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(GOLDEN);
});

import { test } from 'vitest';
import { expectSwarmHolds } from './swarm.ts';

test(
  'random faults, seeds 1 to 250: no property of `fixed` is violated and every fault and synchronisation occurs',
  { timeout: 600_000 },
  () => {
    expectSwarmHolds(1, 250);
  },
);

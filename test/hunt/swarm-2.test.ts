import { test } from 'vitest';
import { expectSwarmHolds } from './swarm.ts';

test(
  'random faults, seeds 251 to 500: no property of `fixed` is violated and every fault and synchronisation occurs',
  { timeout: 600_000 },
  () => {
    expectSwarmHolds(251, 500);
  },
);

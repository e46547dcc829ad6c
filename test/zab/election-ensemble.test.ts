import { expect, test } from 'vitest';
import { killServer, makeElectionWorld, rolesOf, runMs, startServers } from '../support/election-world.ts';

test('three servers with equal histories elect the highest id [ELEC-41]', () => {
  const ensemble = makeElectionWorld([1, 2, 3]);
  startServers(ensemble, 1, 2, 3);
  runMs(ensemble, 1000);
  expect(rolesOf(ensemble, 1, 2, 3)).toBe('1:FOLLOWING>3 2:FOLLOWING>3 3:LEADING>3');
});

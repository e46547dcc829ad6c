// An example for your own tests: an application's leader election against the crash of the leading server, with node-zookeeper-client.
// Outside this repository the import is: import { startEnsemble, type RunningEnsemble } from 'zablab/gateway';

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunningEnsemble } from '../../src/gateway/library-types.d.ts';
import { startEnsemble } from '../../src/gateway/library.ts';
import { Candidate } from './candidate.ts';

let ensemble: RunningEnsemble;

beforeAll(async () => {
  ensemble = await startEnsemble({ servers: 3 });
});

afterAll(() => ensemble.stop());

test('one candidate leads; it leads on when the leading server dies, and another takes over when it stops', async () => {
  const told: string[] = [];
  const candidateOf = (name: string): Candidate =>
    new Candidate(ensemble.connectString, '/election', (isLeader) => told.push(`${name} ${isLeader ? 'leads' : 'steps down'}`));
  const heard = async (...wanted: string[]): Promise<void> => {
    await expect.poll(() => told, { timeout: 20_000 }).toEqual(wanted);
  };

  const alice = candidateOf('alice');
  alice.start();
  await heard('alice leads');
  const bob = candidateOf('bob');
  bob.start();

  // Without a connection alice may not lead; her session outlives the election, so that it is she again.
  const dead = ensemble.crash('leader');
  await heard('alice leads', 'alice steps down', 'alice leads');
  expect(ensemble.leader()).not.toBe(dead);

  alice.stop();
  await heard('alice leads', 'alice steps down', 'alice leads', 'alice steps down', 'bob leads');
  bob.stop();

  ensemble.restart(dead);
  await ensemble.untilServing();
});

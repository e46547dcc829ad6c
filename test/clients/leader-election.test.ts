// An example for your own tests: an application's leader election against the crash of a server.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { Candidate } from './candidate.ts';
import { startTarget } from './start-target.ts';
import { connectStringOf, leaderOf, type Target } from './target.ts';

let ensemble: Target;

beforeAll(async () => {
  ensemble = await startTarget();
});

afterAll(() => ensemble.stop());

test('one candidate leads; it leads on when the leading server dies, and another takes over when it stops', async () => {
  const told: string[] = [];
  const candidateOf = (name: string): Candidate =>
    new Candidate(connectStringOf(ensemble), '/election', (isLeader) => told.push(`${name} ${isLeader ? 'leads' : 'steps down'}`));
  const heard = async (...wanted: string[]): Promise<void> => {
    await expect.poll(() => told, { timeout: 20_000 }).toEqual(wanted);
  };

  const alice = candidateOf('alice');
  alice.start();
  await heard('alice leads');
  const bob = candidateOf('bob');
  bob.start();

  // Without a connection alice may not lead; her session outlives the election, so that it is she again.
  const server = await leaderOf(ensemble);
  await ensemble.crash(server.sid);
  await heard('alice leads', 'alice steps down', 'alice leads');

  alice.stop();
  await heard('alice leads', 'alice steps down', 'alice leads', 'alice steps down', 'bob leads');
  bob.stop();
});

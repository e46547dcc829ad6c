import { expect, test } from 'vitest';
import { explainJson } from '../../src/cli/explain-json.ts';
import { zablab } from '../support/command-line.ts';

test('the first event that differs, the decision, the servers and what comes of it', async () => {
  const { code, out, err } = await zablab(['explain', 'bugs/zookeeper-4712']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  await expect(out).toMatchFileSnapshot('../golden/cli/explain.txt');
});

test('--json prints the documented object', async () => {
  const { code, out } = await zablab(['explain', 'bugs/zookeeper-2845', '--json']);
  expect(code).toBe(0);
  const { difference } = explainJson.parse(JSON.parse(out));
  expect(difference?.decisions[0]).toMatchObject({ point: 'zab.leaderShutdownPlan', askedAt: difference?.event });
});

test('a scenario in which nothing is mutated: both runs are the same, exit 1', async () => {
  const { code, out } = await zablab(['explain', 'failures/leader-crash']);
  expect(code).toBe(1);
  expect(out).toContain('the same from beginning to end');
});

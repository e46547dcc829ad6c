import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exploreJson } from '../../src/cli/explore-json.ts';
import { zablab } from '../support/command-line.ts';

test('an exhausted model: exit 0', async () => {
  const { code, out, err } = await zablab(['explore', 'models/one-write']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out.replace(/[\d ]+ states\/s/, ' N states/s')).toBe(
    [
      'One write, in every order',
      '  seed 1, preset fixed, no mutations, coarse mode, bfs',
      '  at most states 1 000 000',
      '71 states, 145 transitions, depth 14, 1 ends with 1 outcomes, N states/s',
      'Exhausted: nothing is violated in any order of what may happen.\n',
    ].join('\n'),
  );
});

test('a violation: exit 1, its steps, and a file that replays', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'zablab-')), 'found.yaml');
  const { code, out } = await zablab(['explore', 'models/joining-follower', '--mutate', 'ZOOKEEPER-4394', '--out', file]);
  expect(code).toBe(1);
  expect(out).toContain('I-CODE violated after 18 steps: s1 met an impossible commit');
  expect(out).toContain('   18  s1.QuorumPeer.read COMMIT(1.3)\n');
  expect(await zablab(['replay', file])).toMatchObject({ code: 0, out: expect.stringContaining('It reproduces.') });
});

test('--json prints the documented object', async () => {
  const { code, out } = await zablab(['explore', 'models/joining-follower', '--mutate', 'ZOOKEEPER-4394', '--json', '--order', 'dfs']);
  expect(code).toBe(1);
  expect(exploreJson.parse(JSON.parse(out))).toMatchObject({
    mode: 'coarse',
    order: 'dfs',
    exhausted: false,
    stopped: 'violation',
    violation: { property: 'I-CODE', reproduces: true },
  });
});

test('Ctrl-C ends it with what is known: exit 130', async () => {
  const { code, out } = await zablab(['explore', 'models/one-write', '--mode', 'fine', '--json'], { interruptAfter: 1 });
  expect(code).toBe(130);
  const { states, stopped, exhausted } = exploreJson.parse(JSON.parse(out));
  expect({ stopped, exhausted }).toEqual({ stopped: 'interrupted', exhausted: false });
  expect(states).toBeGreaterThan(100);
});

test('bounds on the command line go over the file; what they cut off is said', async () => {
  const { code, out } = await zablab(['explore', 'models/one-write', '--depth', '3', '--power-losses', '1']);
  expect(code).toBe(0);
  expect(out).toContain('at most depth 3, states 1 000 000, powerLosses 1\n');
  expect(out).toContain('Not exhausted: nothing is violated as far as the depth allowed to look.\n');
});

test.for<[string, string, string[]]>([
  ['a bound that is no number', '--power-losses: found "many", expected a whole number up to', ['--power-losses', 'many']],
  ['an order that there is not', '--order: unknown order "best": expected', ['--order', 'best']],
  ['a time that is none', '--budget: found "soon", expected', ['--budget', 'soon']],
])('%s: exit 2', async ([, message, flags]) => {
  const { code, err } = await zablab(['explore', 'models/one-write', ...flags]);
  expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining(message) });
});

test.for<[string, string]>([
  ['a line that waits among those to explore', 'script:\n  - kill: s1\n  - wait: 1s\n'],
  ['a beginning that is not said', 'explore: { from: here }\nscript:\n  - say: there\n'],
  ['a server that there is not', 'explore: { on: s9 }\n'],
  ['a script that does not get to its lines', 'script:\n  - until: s1 is down\n    within: 100ms\n  - kill: s1\n'],
])('%s: exit 2 with its place', async ([, text]) => {
  const { code, err } = await zablab(['explore', '-'], { stdin: `name: x\n${text}` });
  expect({ code, err }).toMatchObject({
    code: 2,
    err: expect.stringMatching(/^zablab: <stdin>:\d+:\d+: .*expected/),
  });
});

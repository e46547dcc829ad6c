import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { shrinkJson } from '../../src/cli/shrink-json.ts';
import { zablab } from '../support/command-line.ts';

const folder = mkdtempSync(join(tmpdir(), 'zablab-'));

test('the smaller scenario is printed, what it was about beside it: exit 0, and it replays', async () => {
  const { code, out, err } = await zablab(['shrink', 'bugs/commit-with-minority']);
  expect(code).toBe(0);
  expect(err).toMatch(/^I-LOSS is still violated: .*\n {2}seed 1, .*\n\d+ to \d+ deviations in \d+ runs, /);
  const file = join(folder, 'printed.yaml');
  writeFileSync(file, out);
  expect(await zablab(['replay', file])).toMatchObject({ code: 0, out: expect.stringContaining('It reproduces.') });
});

test('--out writes the file, --json prints the documented object', async () => {
  const file = join(folder, 'out.yaml');
  const { code, out, err } = await zablab(['shrink', 'bugs/commit-with-minority', '--out', file, '--json']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const json = shrinkJson.parse(JSON.parse(out));
  expect(json).toMatchObject({ property: 'I-LOSS', mutations: ['commit-with-minority'], complete: true, broke: null });
  expect(json.deviations).toBeLessThanOrEqual(json.deviationsBefore);
  expect(readFileSync(file, 'utf8')).toBe(json.repro);
});

test('Ctrl-C ends it with the smallest one so far: exit 130, and it replays', async () => {
  const file = join(folder, 'interrupted.yaml');
  const { code, out } = await zablab(['shrink', 'bugs/zookeeper-3911', '--out', file, '--json'], { interruptAfter: 5 });
  expect(code).toBe(130);
  expect(shrinkJson.parse(JSON.parse(out))).toMatchObject({ complete: false, runs: expect.any(Number) });
  expect(await zablab(['replay', file])).toMatchObject({ code: 0 });
});

test('a file that violates nothing of what it expects: exit 1', async () => {
  const stdin = 'name: x\nexpect:\n  - violates: I-LOSS\n';
  const { code, out, err } = await zablab(['shrink', '-'], { stdin });
  expect({ code, out, err }).toEqual({
    code: 1,
    out: '',
    err: 'zablab: <stdin>: nothing that it expects to be violated is: there is nothing to shrink\n',
  });
});

test.for<[string, string]>([
  ['a file that expects no violation', 'name: x\n'],
  ['a file that is no scenario', 'name: x\nscript:\n  - frob: s1\n'],
])('%s: exit 2 with its place', async ([, stdin]) => {
  const { code, err } = await zablab(['shrink', '-'], { stdin });
  expect({ code, err }).toMatchObject({ code: 2, err: expect.stringMatching(/^zablab: <stdin>:\d+:\d+: .*expected/) });
});

// The command as a process: exit codes, signals, pipes.

import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const launcher = join('src', 'cli', 'zablab.mjs');
let folder: string;
let endless: string;

beforeAll(() => {
  zablab('', '--version'); // builds the bundle where it is stale
  folder = mkdtempSync(join(tmpdir(), 'zablab-process-'));
  endless = join(folder, 'endless.yaml');
  writeFileSync(endless, 'name: Endless\nmode: coarse\nuntil: 900h\n');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function zablab(input: string, ...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [launcher, ...args], { encoding: 'utf8', input });
}

test('exit 0, narrated on stdout, nothing on stderr', () => {
  const { status, stdout, stderr } = zablab('', 'run', 'failures/leader-crash');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain('\nOK  ');
});

test('exit 1 when an expectation is not met, from stdin', () => {
  expect(zablab('name: x\nexpect:\n  - s1 is LEADING\n', 'run', '-')).toMatchObject({ status: 1, stderr: '' });
});

test('exit 2 on bad input, told on stderr', () => {
  expect(zablab('nme: x\n', 'run', '-')).toMatchObject({
    status: 2,
    stdout: '',
    stderr: expect.stringMatching(/^zablab: <stdin>:1:1: .*\n$/),
  });
});

test('Ctrl-C: exit 130 with what is known so far', async () => {
  const child = spawn(process.execPath, [launcher, 'run', endless]);
  let out = '';
  child.stdout.on('data', (text: Buffer) => {
    const wasSilent = out === '';
    out += text.toString();
    if (wasSilent) child.kill('SIGINT');
  });
  const status = await new Promise((resolve) => child.on('close', resolve));
  expect(status).toBe(130);
  expect(out).toMatch(/\nINTERRUPTED  .*, trace [0-9a-f]{16}\nAgain: zablab run .*\n$/);
});

test('a reader that leaves early does not crash it', () => {
  const command = `"${process.execPath}" ${launcher} run failures/leader-crash --level detail; echo "exit $?" >&2`;
  const { stdout, stderr } = spawnSync('sh', ['-c', `{ ${command}; } | head -n 1`], { encoding: 'utf8' });
  expect(stdout).toBe('Leader crash\n');
  expect(stderr).toBe('exit 0\n');
});

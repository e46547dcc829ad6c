import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { replayJson } from '../../src/cli/replay-json.ts';
import { zablab } from '../support/command-line.ts';

const plain = 'name: Repro\nseed: 3\nscript:\n  - until: leader elected\n';

async function traceHashOf(text: string): Promise<string> {
  const { out } = await zablab(['run', '-', '--json'], { stdin: text });
  return (JSON.parse(out) as { traceHash: string }).traceHash;
}

test('a run with the trace that the file names reproduces', async () => {
  const stdin = `${plain}traceHash: ${await traceHashOf(plain)}\n`;
  const { code, out } = await zablab(['replay', '-'], { stdin });
  expect(code).toBe(0);
  expect(out).toMatch(/^Repro: seed 3, preset fixed, no mutations, fine mode\ntrace [0-9a-f]{16}\nIt reproduces\.\n$/);
});

test('a violation that comes reproduces, and is explained', async () => {
  const bug = readFileSync('scenarios/bugs/zookeeper-4643.yaml', 'utf8');
  const { code, out } = await zablab(['replay', '-'], { stdin: `${bug}seed: 1\n` });
  expect(code).toBe(0);
  expect(out).toMatch(/\nI-LOSS violated at event \d+ \(.* s\): s1 was established .*\ntrace [0-9a-f]{16}\nIt reproduces\.\n$/);
});

test('another trace does not, and the exit code is 1', async () => {
  const { code, out } = await zablab(['replay', '-'], { stdin: `${plain}traceHash: 0123456789abcdef\n` });
  expect(code).toBe(1);
  expect(out).toMatch(/It does not reproduce: the trace is [0-9a-f]{16} and was 0123456789abcdef: .*\n$/);
});

test('a violation that does not come does not, and --json says why', async () => {
  const { code, out } = await zablab(['replay', '-', '--json'], { stdin: `${plain}expect:\n  - violates: I-LOSS\n` });
  expect(code).toBe(1);
  expect(replayJson.parse(JSON.parse(out))).toMatchObject({ reproduces: false, why: 'I-LOSS is not violated', run: { seed: '3' } });
});

test('--level tells the run on the way', async () => {
  const { out } = await zablab(['replay', '-', '--level', 'story'], { stdin: `${plain}expect:\n  - violates: I-LOSS\n` });
  expect(out).toContain('is established as leader of epoch 1');
});

test('a scenario without a seed, or without anything to reproduce, is no counterexample: exit 2', async () => {
  expect(await zablab(['replay', '-'], { stdin: 'name: x\n' })).toMatchObject({
    code: 2,
    err: expect.stringContaining('<stdin>:1:1: found no seed, expected'),
  });
  expect(await zablab(['replay', '-'], { stdin: 'name: x\nseed: 1\n' })).toMatchObject({
    code: 2,
    err: expect.stringContaining('found nothing to reproduce, expected'),
  });
});

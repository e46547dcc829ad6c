import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { huntJson } from '../../src/cli/hunt-json.ts';
import { zablab } from '../support/command-line.ts';

const folder = (): string => mkdtempSync(join(tmpdir(), 'zablab-hunt-'));
const ALONE = ['--jobs', '1'] as const;

test('a bug that was put in: exit 1, the culprit, and a shrunk file that replays', { timeout: 300_000 }, async () => {
  const out = folder();
  const junit = join(out, 'junit.xml');
  const hunted = await zablab(['hunt', '--mutate', 'ZOOKEEPER-2845', '--json', '--out', out, '--junit', junit, ...ALONE]);
  expect(hunted.code).toBe(1);
  const json = huntJson.parse(JSON.parse(hunted.out));
  expect(json).toMatchObject({ preset: 'fixed', mutations: ['ZOOKEEPER-2845'], complete: true, canary: { found: true } });
  const [first] = json.found;
  expect(first).toMatchObject({ mutation: 'ZOOKEEPER-2845', shrunk: true, runsToFind: json.runs });
  expect(first?.deviations).toBeLessThanOrEqual(12);
  expect(json.firstSync?.runs).toBeLessThanOrEqual(json.runs);
  const file = readdirSync(out).find((name) => name.endsWith('.yaml')) ?? '';
  expect(readFileSync(join(out, file), 'utf8')).toBe(first?.repro);
  expect(readFileSync(junit, 'utf8')).toContain(`<failure type="${first?.property}"`);
  expect(await zablab(['replay', join(out, file)])).toMatchObject({ code: 0, out: expect.stringContaining('It reproduces.') });
});

test('shards run other seeds, and merging adds up each chunk once', { timeout: 300_000 }, async () => {
  const [one, two, all] = [folder(), folder(), folder()];
  const hunt = (...more: string[]): Promise<unknown> => zablab(['hunt', '--seeds', '1..64', '--strategy', 'episodes', ...ALONE, ...more]);
  await hunt('--shard', '1/2', '--out', one);
  await hunt('--shard', '2/2', '--out', two);
  await hunt('--out', all);
  const merge = async (...folders: string[]) => huntJson.parse(JSON.parse((await zablab(['hunt', '--json', '--merge', ...folders])).out));
  const [both, twice, whole] = [await merge(one, two), await merge(one, two, one), await merge(all)];
  expect(both.runs).toBe(64);
  const figures = ({ runs, events, coverage, faults, syncs, found }: typeof both) => ({ runs, events, coverage, faults, syncs, found });
  expect(figures(both)).toEqual(figures(whole));
  expect(figures(twice)).toEqual(figures(both));
  expect((await zablab(['hunt', '--merge', one, join(one, 'nowhere')])).code).toBe(2);
});

test('the ensemble of a file is hunted in, with its mutations', { timeout: 300_000 }, async () => {
  const { out, code } = await zablab(['hunt', 'bugs/zookeeper-2845', '--json', '--no-shrink', ...ALONE]);
  expect(code).toBe(1);
  const json = huntJson.parse(JSON.parse(out));
  expect(json).toMatchObject({ mutations: ['ZOOKEEPER-2845'], found: [{ mutation: 'ZOOKEEPER-2845', shrunk: false }] });
  expect(json.found[0]?.repro).toContain('alice');
});

test('Ctrl-C keeps what is known: exit 130', async () => {
  const { code, out } = await zablab(['hunt', '--json', ...ALONE], { interruptAfter: 2 });
  expect(code).toBe(130);
  expect(huntJson.parse(JSON.parse(out))).toMatchObject({ complete: false, runs: 48 });
});

test.each([
  [['--seeds', '9..2'], '--seeds: found "9..2", expected seeds from the first to the last'],
  [['--shard', '3/2'], '--shard: found "3/2", expected a part of so many'],
  [['--strategy', 'ptc'], '--strategy: '],
  [['--jobs', '0'], '--jobs: found "0", expected a whole number from 1'],
  [['--mutate', 'ZOOKEEPER-1'], '--mutate: '],
  [['--budget', '60'], '--budget: found "60", expected a duration'],
  [['--property', 'I-LOS'], '--property: '],
])('bad input %j: exit 2 and what was expected', async (flags, message) => {
  const { code, err } = await zablab(['hunt', ...flags]);
  expect(code).toBe(2);
  expect(err).toContain(message);
});

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Bug } from '../../src/base/assert.ts';
import { play } from '../../src/cli/play.ts';
import { runJson } from '../../src/cli/run-json.ts';
import { tellError } from '../../src/cli/tell-error.ts';
import { makeProgress } from '../../src/cli/terminal.ts';
import { parseScenario } from '../../src/scenario/parse-scenario.ts';
import { openRun } from '../../src/scenario/run-scenario.ts';
import { writeFragment } from '../../web/share.ts';
import { memoryTerminal, zablab } from '../support/command-line.ts';

const election =
  'name: An election\nabout: Three servers choose.\nscript:\n  - say: Nobody leads yet.\n  - until: leader elected\nexpect:\n  - s3 is LEADING\n';
const fails = `${election}  - s1 is LEADING\n`;

async function json(argv: readonly string[], stdin = election): Promise<ReturnType<typeof runJson.parse>> {
  const { out } = await zablab(['run', ...argv, '--json'], { stdin });
  return runJson.parse(JSON.parse(out));
}

describe('the narration', () => {
  test('begins with what is run, tells it, and ends with the verdict and how to do it again', async () => {
    const { code, out, err } = await zablab(['run', '-'], { stdin: election });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^An election\n  Three servers choose\.\n  seed 1, preset fixed, no mutations, fine mode\n\n/);
    expect(out).toContain('-- Nobody leads yet.\n');
    expect(out).toMatch(/\n {3}0\.\d{3}  s3     is established as leader of epoch 1; .*\n/);
    expect(out).toMatch(/\nExpectations: 2 of 2 met\nProperties: \d+ held, 0 violated/);
    expect(out).toMatch(/\nServers:\n  s1  FOLLOWING  epoch 1  zxid 0x[01]0*\n/);
    expect(out).toMatch(
      /\nOK  \d+ events, \d\.\d{3} s simulated in \d+\.\d\d s, trace [0-9a-f]{16}\nAgain: zablab run - --seed 1 --preset fixed\n$/,
    );
  });

  test('an expectation that is not met is told with its place, and the exit code is 1', async () => {
    const { code, out } = await zablab(['run', '-'], { stdin: fails });
    expect(code).toBe(1);
    expect(out).toContain('\nExpectations: 2 of 3 met\n  not met: s1 is LEADING: s1: FOLLOWING, BROADCAST, serving (<stdin>:8:5)\n');
    expect(out).toContain('\nFAILED  ');
  });

  test('a violation is explained, with the event at which it was seen; one that the scenario expects is no failure', async () => {
    const { code, out } = await zablab(['run', 'bugs/zookeeper-4643']);
    expect(code).toBe(0);
    expect(out).toMatch(
      /\n  I-LOSS violated at event \d+ \(\d\.\d{3} s\): s1 was established as leader of epoch 3 without 1\.3, which is committed\n/,
    );
    expect((await zablab(['run', 'bugs/zookeeper-4643', '--mutate', 'none'])).code).toBe(0);
  });

  test('detail tells more than story, and neither changes the run', async () => {
    const story = await zablab(['run', '-'], { stdin: election });
    const detail = await zablab(['run', '-', '--level', 'detail'], { stdin: election });
    const hashOf = (text: string): string | undefined => /trace (\w+)/.exec(text)?.[1];
    expect(detail.out).toContain('keeps its vote');
    expect(story.out).not.toContain('keeps its vote');
    expect(hashOf(detail.out)).toBe(hashOf(story.out));
  });

  test('colours are for a terminal', async () => {
    const escape = '\u001B[';
    expect((await zablab(['run', '-'], { stdin: election })).out).not.toContain(escape);
    expect((await zablab(['run', '-'], { stdin: election, isTerminal: true })).out).toContain(escape);
  });

  test('Ctrl-C ends it with what is known so far', async () => {
    const stdin = `${fails}until: 100h\n`;
    const { code, out } = await zablab(['run', '-'], { stdin, interruptAfter: 1 });
    expect(code).toBe(130);
    expect(out).toContain('is established as leader');
    expect(out).toContain('\nINTERRUPTED  ');
    const printed = await zablab(['run', '-', '--json'], { stdin, interruptAfter: 1 });
    expect(printed.code).toBe(130);
    expect(runJson.parse(JSON.parse(printed.out))).toMatchObject({ complete: false });
  });
});

describe('progress', () => {
  test('is one line, written over and taken away in the end', () => {
    const printed = { out: '', err: '' };
    const progress = makeProgress(memoryTerminal(printed, { isTerminal: true }));
    while (printed.err === '') progress.show(() => 'so far');
    progress.clear();
    expect(printed).toEqual({ out: '', err: '\r\u001B[2Kso far\r\u001B[2K' });
  });

  test('stays out of a narration on the terminal', async () => {
    const { err } = await zablab(['run', '-'], { stdin: `${election}until: 20h\n`, isTerminal: true, interruptAfter: 100 });
    expect(err).toBe('');
  });
});

describe('--json', () => {
  test('prints one object of the documented shape', async () => {
    expect(await json(['-'])).toMatchObject({
      formatVersion: 1,
      scenario: 'An election',
      file: '<stdin>',
      seed: '1',
      preset: 'fixed',
      mutations: [],
      mode: 'fine',
      ok: true,
      complete: true,
      properties: { 'I-LEAD': 'held' },
      violation: null,
      servers: [{ sid: 1, state: 'FOLLOWING', epoch: 1 }, { sid: 2 }, { sid: 3, state: 'LEADING' }],
      replay: 'zablab run - --seed 1 --preset fixed',
    });
  });

  test('an expectation that is not met stands with its place and what was found', async () => {
    const { ok, expectations } = await json(['-'], fails);
    expect(ok).toBe(false);
    expect(expectations.at(-1)).toEqual({
      text: 's1 is LEADING',
      line: 8,
      column: 5,
      ok: false,
      found: 's1: FOLLOWING, BROADCAST, serving',
    });
  });

  test('a violation stands with its event and its explanation', async () => {
    const { ok, violation, mutations, properties } = await json(['bugs/zookeeper-4643']);
    expect({ ok, mutations, loss: properties['I-LOSS'] }).toEqual({ ok: true, mutations: ['ZOOKEEPER-4643'], loss: 'violated' });
    expect(violation).toMatchObject({ property: 'I-LOSS', explanation: expect.stringContaining('without 1.3') });
  });

  test('the same run gives the same trace, another seed another one', async () => {
    const first = await json(['-']);
    expect((await json(['-'])).traceHash).toBe(first.traceHash);
    expect((await json(['-', '--seed', '2'])).traceHash).not.toBe(first.traceHash);
  });
});

describe('the command line goes before the file', () => {
  const file = `${election}seed: 5\nmode: coarse\nuntil: 9s\n`;

  test('the file goes before the defaults', async () => {
    const { seed, mode, virtualMs } = await json(['-'], file);
    expect({ seed, mode }).toEqual({ seed: '5', mode: 'coarse' });
    expect(virtualMs).toBeGreaterThan(8000);
  });

  test('seed, mode and end can be given', async () => {
    const { seed, mode, virtualMs, replay } = await json(['-', '--seed', '00x', '--mode', 'fine', '--until', '1s'], file);
    expect({ seed, mode }).toEqual({ seed: '00x', mode: 'fine' });
    expect(virtualMs).toBeLessThanOrEqual(1000);
    expect(replay).toBe('zablab run - --seed 00x --preset fixed --mode fine --until 1s');
  });

  test('--mutate replaces the list, none is the empty one, and a slug or a letter is as good as an id', async () => {
    const mutated = `${file}mutations: ZOOKEEPER-4643\n`;
    expect((await json(['-'], mutated)).mutations).toEqual(['ZOOKEEPER-4643']);
    const none = await json(['-', '--mutate', 'none'], mutated);
    expect(none).toMatchObject({ mutations: [], replay: expect.stringContaining('--mutate none') });
    expect((await json(['-', '--mutate', 'diff-without-trunc', '--mutate', 'a3'], mutated)).mutations).toEqual([
      'ZOOKEEPER-4643',
      'ZOOKEEPER-1154',
    ]);
  });

  test('a preset is a list of mutations', async () => {
    const { preset, mutations, replay } = await json(['-', '--preset', 'master'], file);
    expect({ preset, has: mutations.includes('ZOOKEEPER-1549') }).toEqual({ preset: 'master', has: true });
    expect(replay).not.toContain('--mutate');
  });
});

describe('what can be named', () => {
  test('a scenario that comes with Zablab, with or without its folder and ending', async () => {
    const { traceHash, file } = await json(['failures/leader-crash']);
    expect(file).toBe('scenarios/failures/leader-crash.yaml');
    expect((await json(['scenarios/failures/leader-crash.yaml'])).traceHash).toBe(traceHash);
  });

  test('text with CRLF and a byte order mark is the same scenario', async () => {
    const { traceHash } = await json(['-']);
    expect((await json(['-'], `\uFEFF${election.replaceAll('\n', '\r\n')}`)).traceHash).toBe(traceHash);
  });

  test('a link with the name of a scenario, over whose head it may go, and the command line over both', async () => {
    const link = 'https://zablab.example/#s=failures/leader-crash&seed=7&cursor=12';
    expect(await json([link])).toMatchObject({ scenario: 'Leader crash', seed: '7' });
    expect(await json([link, '--seed', '8'])).toMatchObject({ seed: '8' });
  });

  test('a link with the text of a scenario, deflated or plain', async () => {
    const { traceHash } = await json(['-']);
    for (const bytes of [deflateRawSync(election), Buffer.from(election)]) {
      const packed = Buffer.from(bytes).toString('base64url');
      expect(await json([`#t=${packed}`])).toMatchObject({ file: 'link', traceHash });
      expect(await json([`#s=~${packed}`])).toMatchObject({ file: 'link', traceHash });
    }
  });

  test('a link that the page makes, with its clicks', async () => {
    const clicks = [{ after: 300, at: 400_000, line: '{"kill":"s1"}' }];
    const fragment = await writeFragment({ scenario: 'basics/election-of-three', text: null, seed: '4', event: 12, clicks });
    const { code, out, err } = await zablab(['run', `https://zablab.example/${fragment}`]);
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(out).toContain('\n   0.400  s1     is dead');
    expect(out).toContain('s1: down');
    const cut = await zablab(['run', `https://zablab.example/${fragment.replace('seed=4', 'seed=5')}`]);
    expect(cut.err).toBe('zablab: this link was cut off or changed after it was made\n');
  });

  test('a click that cannot be done is bad input', async () => {
    const link = async (after: number, line: string): Promise<string> =>
      `#${(await writeFragment({ scenario: 'basics/election-of-three', text: null, seed: null, event: null, clicks: [{ after, at: 0, line }] })).slice(1)}`;
    expect(await zablab(['run', await link(10, '{"kill":"s9"}')])).toMatchObject({
      code: 2,
      err: expect.stringContaining('did you mean s1?'),
    });
    expect(await zablab(['run', await link(10, '{"kill":"leader"}')])).toMatchObject({ code: 2, err: expect.stringContaining('nobody') });
  });
});

describe('--trace', () => {
  let folder: string;
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'zablab-trace-'))));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('writes a line for the run and one for each event, and does not change the run', async () => {
    const file = join(folder, 'events.ndjson');
    const plain = await json(['-']);
    const { events, traceHash } = await json(['-', '--trace', file]);
    expect(traceHash).toBe(plain.traceHash);
    const [head, ...lines] = readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(head).toEqual({
      formatVersion: 1,
      scenario: 'An election',
      seed: '1',
      preset: 'fixed',
      mutations: [],
      mode: 'fine',
      nodes: ['s1', 's2', 's3'],
    });
    expect(lines).toHaveLength(events);
    expect(lines[0]).toMatchObject({ id: 1, at: 0, node: 0, thread: null, actor: 'driver', cause: 0 });
    expect(lines).toContainEqual(
      expect.objectContaining({ notes: expect.arrayContaining([expect.objectContaining({ type: 'established', epoch: 1 })]) }),
    );
  });
});

describe('an error of ours', () => {
  test('ends the run with exit code 3 and names seed, preset, mutations, event and how to see it again', async () => {
    const printed = { out: '', err: '' };
    const terminal = memoryTerminal(printed);
    const run = openRun(parseScenario(election, 'a b.yaml'), { seed: '9' });
    const broken = play({ run, named: 'a b.yaml', clicks: [] }, terminal, ({ world }) => {
      if (world.record.id === 12) throw new Bug('the sky fell');
    });
    const error: unknown = await broken.catch((reason: unknown) => reason);
    expect(tellError(error, terminal)).toBe(3);
    expect(printed.out).toBe('');
    expect(printed.err).toMatch(
      /^zablab: a bug in Zablab ended the run\n  event 12 at 0\.\d{3} s: s\d \w+.*\n  a b\.yaml: seed 9, preset fixed, no mutations, fine mode\n  Bug: the sky fell\n/,
    );
    expect(printed.err).toMatch(/\n  Again: zablab run 'a b\.yaml' --seed 9 --preset fixed --trace events\.ndjson\n$/);
  });

  test('anything else that is thrown is exit code 3 too', () => {
    const printed = { out: '', err: '' };
    expect(tellError(new TypeError('x is not a function'), memoryTerminal(printed))).toBe(3);
    expect(printed.err).toMatch(/^zablab: a bug in Zablab\n  TypeError: x is not a function\n/);
  });
});

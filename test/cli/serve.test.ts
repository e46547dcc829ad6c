import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import { bytesOfUtf8 } from '../../src/base/bytes.ts';
import { OPEN_ACL_UNSAFE } from '../../src/server/protocol.ts';
import { memoryTerminal, zablab, type Ran } from '../support/command-line.ts';
import { tcpClient } from '../support/tcp-client.ts';

let folder = '';
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'zablab-'))));
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

interface Command {
  readonly ports: readonly number[];
  readonly control: string;
  readonly printed: { readonly out: string; readonly err: string };
  /** Ctrl-C, and what came of it. */
  readonly stop: () => Promise<Ran>;
}

/** `zablab serve` on free ports, until it is ready. */
async function serve(...argv: string[]): Promise<Command> {
  const printed = { out: '', err: '' };
  let interrupt: () => void = () => undefined;
  const interrupted = new Promise<void>((resolve) => (interrupt = resolve));
  const command = runProgram(['serve', '--port', '0', '--control', '0', ...argv], memoryTerminal(printed, { interrupt: interrupted }));
  const ended = command.then((code) => code);
  while (printed.out === '' && (await Promise.race([ended, pause(5, null)])) === null);
  return {
    printed,
    ports: [...printed.out.matchAll(/127\.0\.0\.1:(\d+)[, ]/g)].map(([, port]) => Number(port)),
    control: /control (\S+)\)/.exec(printed.out)?.[1] ?? '',
    stop: async () => {
      interrupt();
      return { code: await command, ...printed };
    },
  };
}

async function writeOn(port: number): Promise<string> {
  const client = await tcpClient(port);
  await client.handshake();
  const data = bytesOfUtf8('x');
  const { error } = await client.call({ op: 'create', path: '/a', data, acl: OPEN_ACL_UNSAFE, mode: 'PERSISTENT_SEQUENTIAL' });
  client.socket.destroy();
  return error;
}

describe('zablab serve', () => {
  test('says in one line that three servers are ready, serves them, and ends with Ctrl-C', async () => {
    const command = await serve();
    expect(command.printed.out).toMatch(
      /^serving 3 servers at (127\.0\.0\.1:\d+,?){3} \(leader s3, control http:\/\/127\.0\.0\.1:\d+\)\n$/,
    );
    expect(await writeOn(command.ports[0] ?? 0)).toBe('OK');
    expect(await command.stop()).toMatchObject({ code: 130, err: '' });
    await expect(tcpClient(command.ports[0] ?? 0)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('serves what a zoo.cfg describes, and warns of what means nothing', async () => {
    const cfg = fileOf('zoo.cfg', 'tickTime=500\ninitLimit=5\nsyncLimit=5\nserver.4=a:1:2\nserver.5=b:1:2\nserver.6=c:1:2\nnonsense=1\n');
    const command = await serve(cfg, '-Dzookeeper.skipACL=yes');
    expect(command.printed.out).toMatch(/^serving 3 servers .*\(leader s6, /);
    expect(command.printed.err).toContain(`zablab: ${cfg}:7: nonsense means nothing here\n`);
    expect(await writeOn(command.ports[1] ?? 0)).toBe('OK');
    await command.stop();
  });

  test("a scenario's script runs while clients are connected", async () => {
    const scenario = fileOf(
      'play.yaml',
      'name: play\nscript:\n  - until: leader elected\n  - kill: leader\n  - until: leader elected\n  - say: over\n',
    );
    const command = await serve(scenario);
    await until(async () => (await zablab(['fault', '--control', command.control])).out.startsWith('s2 leads'));
    expect(await writeOn(command.ports[0] ?? 0)).toBe('OK');
    await command.stop();
  });

  test('a port that another program has is bad input', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => void other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const { code, err } = await zablab(['serve', '--port', String(port), '--control', '0']);
    expect({ code, err }).toEqual({ code: 2, err: `zablab: port ${port}: another program has it, expected a free port\n` });
    other.close();
  });

  test.each([
    [['--port', 'x'], '--port: found "x", expected a port, 0 to 65535'],
    [['--preset', 'newest'], '--preset: unknown preset "newest"'],
    [['-Dzookeeper.snapCount=many'], '-Dzookeeper.snapCount: found zookeeper.snapCount=many, expected a whole number from 2'],
    [['no-such.cfg'], 'no-such.cfg: there is no such file'],
    [['--record', '/no/such/folder/file'], '--record: the file cannot be written'],
  ])('%j is refused with what was expected', async (argv, message) => {
    const { code, err } = await zablab(['serve', '--control', '0', ...argv]);
    expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining(message) });
  });
});

describe('zablab fault', () => {
  test('tells how the servers are, and does what a line of a script says', async () => {
    const command = await serve();
    const fault = (...words: string[]): Promise<Ran> => zablab(['fault', ...words, '--control', command.control]);
    const { out } = await fault('status');
    expect(out).toMatch(/^s3 leads, 0 connections\n(  s\d  127\.0\.0\.1:\d+ +\w+ +epoch 1 +zxid \w+\n){3}$/);
    expect(await fault('kill:', 'leader')).toEqual({ code: 0, out: 's3 is killed\n', err: '' });
    expect(await fault('kill: s3')).toEqual({ code: 1, out: 's3 is killed\nit found nothing to act on\n', err: '' });
    await until(async () => (await fault()).out.startsWith('s2 leads'));
    expect((await fault()).out).toMatch(/\n  s3  127\.0\.0\.1:\d+  down /);
    expect((await fault('start: s3')).out).toBe('s3 is started\n');
    expect(await fault('kill: lader')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^zablab: fault: unknown server or client "lader": .*did you mean leader\?\n$/),
    });
    expect(await fault('kill: outside')).toMatchObject({ code: 2 });
    expect((await fault('partition: [[s1, outside], [s2, s3]]')).out).toBe('the network splits: {s1, outside} | {s2, s3}\n');
    expect((await fault('heal: all')).out).toBe('the network is whole again\n');
    expect(JSON.parse((await fault('status', '--json')).out)).toMatchObject({ formatVersion: 1, servers: [{ name: 's1' }, {}, {}] });
    await command.stop();
  });

  test('where nobody answers that is bad input', async () => {
    const { code, err } = await zablab(['fault', '--control', 'http://127.0.0.1:1']);
    expect({ code, err }).toEqual({ code: 2, err: 'zablab: --control: nobody answers at http://127.0.0.1:1 as a `zablab serve` would\n' });
  });
});

describe('the control door', () => {
  test('keeps web pages and everything else out', async () => {
    const command = await serve();
    const ask = async (path: string, init: RequestInit): Promise<number> => (await fetch(new URL(path, command.control), init)).status;
    expect(await ask('/fault', { method: 'POST', body: 'kill: s1', headers: { origin: 'http://example.org' } })).toBe(403);
    expect(await ask('/fault', { method: 'GET' })).toBe(405);
    expect(await ask('/fault', { method: 'POST', body: '' })).toBe(400);
    expect(await ask('/fault', { method: 'POST', body: `kill: ${'s'.repeat(100_000)}` })).toBe(413);
    expect(await ask('/nothing', {})).toBe(404);
    expect(await ask('/fault', { method: 'POST', body: '{"kill":"s1"}' })).toBe(200);
    await command.stop();
  });
});

test('what was served replays: the same run again, or another one', async () => {
  const file = join(folder, 'session.ndjson');
  const command = await serve('--record', file);
  expect(await writeOn(command.ports[0] ?? 0)).toBe('OK');
  await zablab(['fault', 'kill: leader', '--control', command.control]);
  await command.stop();
  const again = await zablab(['replay', file]);
  expect(again).toMatchObject({ code: 0, out: expect.stringMatching(/ simulated\ntrace [0-9a-f]{16}\nIt is the same run\.\n$/) });
  const json = JSON.parse((await zablab(['replay', file, '--json'])).out);
  expect(json).toMatchObject({ formatVersion: 1, same: true, traceHash: json.expectedTraceHash });
  const changed = fileOf('changed.ndjson', readFileSync(file, 'utf8').replace(json.traceHash, '0123456789abcdef'));
  expect(await zablab(['replay', changed])).toMatchObject({
    code: 1,
    out: expect.stringContaining('It is another run: the recording has trace 0123'),
  });
});

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await pause(20);
}

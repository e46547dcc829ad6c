// ZooKeeper's C client over TCP: its shell, and its library by way of Python's ctypes.

import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { suite } from '../support/suites.ts';
import { talkWith } from './process.ts';
import { failuresOf, runPytest } from './pytest.ts';
import { startTarget } from './start-target.ts';
import { connectStringOf, leaderOf, type Target } from './target.ts';
import { findCShell, findCLibrary } from './tools.ts';

suite('cli_mt', findCShell(), (command) => {
  let target: Target;

  beforeAll(async () => {
    target = await startTarget();
  });

  afterAll(() => target.stop());

  test('every command, an election, and on with the same session', async () => {
    const leader = await leaderOf(target);
    const shell = talkWith(command, ['-h', connectStringOf(target)]);
    const [, session = ''] = await shell.hear(/Got a new session id: (0x[0-9a-f]+)\n/);
    await shell.ask('create /c', /\[\/c\]: rc = 0\n\tname = \/c\n/);
    await shell.ask('create /c', /\[\/c\]: rc = -110\n/);
    await shell.ask('create2 +s /c/s-', /rc = 0\n\tname = \/c\/s-0000000000\n/);
    await shell.ask('create +e /c/e', /rc = 0\n\tname = \/c\/e\n/);
    await shell.ask('create +c /c/box', /rc = 0\n\tname = \/c\/box\n/);
    await shell.ask('create +t=60000 /c/ttl', /rc = 0\n\tname = \/c\/ttl\n/);
    await shell.ask('get /c', /\/c: rc = 0\n value_len = 3\nnew\nStat:\n/);
    await shell.ask('set /c other', /\/c: rc = 0 Stat:\n/);
    await shell.ask('get /c', /value_len = 5\nother\nStat:\n[^]*?version=1/);
    await shell.ask('ls /c', /\/c: rc = 0\n(\t(s-0000000000|e|box|ttl)\n){4}/);
    await shell.ask('ls2 /c', /\/c: rc = 0\n(\t(s-0000000000|e|box|ttl)\n){4}time = \d+ msec\n\tctime = /);
    await shell.ask('sync /c', /rc = 0\n/);
    await shell.ask('config', /version=\d+/);
    await shell.ask('addauth digest alice:wonderland', /^/);
    await shell.ask('delete /c/box', /\/c\/box: rc = 0\n/);
    await shell.ask('delete /c', /\/c: rc = -111\n/);
    await shell.ask('exists /c', /^/);
    await shell.ask('set /c again', /Watcher CHANGED_EVENT state = CONNECTED_STATE for path \/c\n/);
    await shell.ask('wexists /c', /^/);
    await shell.ask('get /nope', /\/nope: rc = -101\n/);

    await target.crash(leader.sid);
    await shell.hear(/Watcher SESSION_EVENT state = CONNECTING_STATE\n/);
    await shell.hear(/Watcher SESSION_EVENT state = CONNECTED_STATE\n/);
    expect(shell.transcript().match(/Got a new session id/g)).toHaveLength(1);
    await shell.ask('set /c after', /Watcher CHANGED_EVENT state = CONNECTED_STATE for path \/c\n/);
    await shell.ask('get /c/e', new RegExp(`ephemeralOwner = ${session.slice('0x'.length)}\n`));
    await target.restart(leader.sid);
    await shell.ask('quit', /Quitting/);
    await shell.end();
  });
});

suite('libzookeeper', findCLibrary(), (python) => {
  test('its calls, its watchers, and an election', async () => {
    const paths = [join('test', 'clients', 'python', 'test_c_client.py')];
    const results = await runPytest(python, { paths, plugins: [], withinMs: 120_000, target: {}, notMet: [] });
    expect(failuresOf(results)).toEqual([]);
    expect(Object.keys(results).length).toBeGreaterThan(10);
  }, 150_000);
});

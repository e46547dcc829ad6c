import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bytesOfUtf8 } from '../../src/base/bytes.ts';
import { startEnsemble } from '../../src/gateway/library.ts';
import type { RunningEnsemble } from '../../src/gateway/library-types.d.ts';
import { ADMIN_COMMANDS } from '../../src/server/admin-commands.ts';
import { OPEN_ACL_UNSAFE } from '../../src/server/protocol.ts';
import { tcpClient } from '../support/tcp-client.ts';

let ensemble: RunningEnsemble;
let client: Awaited<ReturnType<typeof tcpClient>>;
let session = '';

beforeAll(async () => {
  ensemble = await startEnsemble({ admin: true, config: { tickTime: 500 }, properties: { 'zookeeper.4lw.commands.whitelist': '*' } });
  client = await tcpClient(ensemble.servers[0]?.port ?? 0);
  session = (await client.handshake()).session;
  await client.call({ op: 'create', path: '/a', data: bytesOfUtf8('x'), acl: OPEN_ACL_UNSAFE, mode: 'PERSISTENT' });
  await client.call({ op: 'exists', path: '/a', watch: true });
});
afterAll(() => ensemble.stop());

async function ask(name: string, server = 's1'): Promise<{ readonly status: number; readonly text: string }> {
  const port = ensemble.servers.find((each) => each.name === server)?.adminPort ?? 0;
  const response = await fetch(`http://127.0.0.1:${port}${name}`, { signal: AbortSignal.timeout(2000) });
  return { status: response.status, text: await response.text() };
}

async function fields(command: string, server?: string): Promise<unknown> {
  return JSON.parse((await ask(`/commands/${command}`, server)).text);
}

describe('the AdminServer (ADM-10, ADM-11, ADM-12)', () => {
  test('lists its commands, and answers each of them and their short names with JSON', async () => {
    const { text } = await ask('/commands');
    for (const name of ADMIN_COMMANDS) expect(text).toContain(`<a href="/commands/${name}">${name}</a>`);
    for (const name of ADMIN_COMMANDS) expect(await fields(name)).toMatchObject({ command: name, error: null });
    expect(await fields('srvr')).toMatchObject({ command: 'server_stats' });
  });

  test('counts anew where it is asked to, as crst and srst do [ADM-23]', async () => {
    const received = async () =>
      ((await fields('server_stats')) as { server_stats: { packets_received: number } }).server_stats.packets_received;
    await client.call({ op: 'sync', path: '/' });
    expect(await received()).toBeGreaterThan(0);
    expect(await fields('srst')).toEqual({ command: 'stat_reset', error: null });
    expect(await received()).toBe(0);
    expect(await fields('connection_stat_reset')).toEqual({ command: 'connection_stat_reset', error: null });
  });

  test('shows the fields of the real server', async () => {
    expect(await fields('configuration')).toMatchObject({ client_port: ensemble.servers[0]?.port, tick_time: 500, max_client_cnxns: 60 });
    expect(await fields('server_stats')).toMatchObject({
      server_stats: { server_state: 'follower', num_alive_client_connections: 1 },
      node_count: 6,
    });
    expect(await fields('watch_summary')).toMatchObject({ num_connections: 1, num_paths: 1, num_total_watches: 1 });
    expect(await fields('leader')).toMatchObject({ is_leader: false, leader_id: 3, leader_ip: '127.0.0.1' });
    expect(await fields('zabstate', 's3')).toMatchObject({ myid: 3, is_leader: true, voting: true, zab_epoch: 1, zabstate: 'broadcast' });
    expect(await fields('ruok')).toEqual({ command: 'ruok', error: null });
    expect(await fields('nothing')).toEqual({ command: 'nothing', error: 'Unknown command: nothing' });
  });

  test('writes a session id as the whole number that it is', async () => {
    const decimal = BigInt.asIntN(64, BigInt(`0x${session}`)).toString();
    expect((await ask('/commands/connections')).text).toContain(`"session_id": ${decimal},`);
    expect((await ask('/commands/watches')).text).toContain(`"${decimal}": [`);
    expect((await ask('/commands/watches_by_path')).text).toMatch(new RegExp(String.raw`"/a": \[\s+${decimal}\s+\]`));
  });

  test('refuses what is no command', async () => {
    expect(await ask('/')).toMatchObject({ status: 404 });
  });

  test('is gone with its process, silent while that stands still, and says when nobody is served', async () => {
    ensemble.crash('s2');
    await expect(ask('/commands/ruok', 's2')).rejects.toThrow('fetch failed');
    // Without a quorum the others stop serving.
    ensemble.crash('s3');
    await expect
      .poll(() => fields('ruok'))
      .toEqual({ command: 'ruok', error: 'This ZooKeeper instance is not currently serving requests' });
    expect(await fields('zabstate')).toEqual({ voting: false, zabstate: '', command: 'zabstate', error: null });
    ensemble.pause('s1');
    await expect(ask('/commands/ruok')).rejects.toThrow('timeout');
  });
});

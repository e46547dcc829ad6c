import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { bytesOfUtf8 } from '../../src/base/bytes.ts';
import { startEnsemble } from '../../src/gateway/library.ts';
import type { EnsembleOptions, RunningEnsemble } from '../../src/gateway/library-types.d.ts';
import { OPEN_ACL_UNSAFE } from '../../src/server/protocol.ts';
import { tcpClient, type Call, type TcpClient } from '../support/tcp-client.ts';

const running: RunningEnsemble[] = [];

async function start(options: EnsembleOptions = {}): Promise<RunningEnsemble> {
  const ensemble = await startEnsemble(options);
  running.push(ensemble);
  return ensemble;
}

afterEach(async () => {
  for (const ensemble of running.splice(0)) await ensemble.stop();
});

function portOf(ensemble: RunningEnsemble, name: string): number {
  return ensemble.servers.find((server) => server.name === name)?.port ?? 0;
}

async function connected(ensemble: RunningEnsemble, name: string): Promise<TcpClient> {
  const client = await tcpClient(portOf(ensemble, name));
  expect((await client.handshake()).timeoutMs).toBeGreaterThan(0);
  return client;
}

const create = (path: string): Call => ({ op: 'create', path, data: bytesOfUtf8('x'), acl: OPEN_ACL_UNSAFE, mode: 'PERSISTENT' });
const exists = (path: string): Call => ({ op: 'exists', path, watch: false });

const SILENT = Symbol('silent');

/** What comes within a while, or silence. */
function within<T>(promise: Promise<T>, ms: number): Promise<T | typeof SILENT> {
  return Promise.race([promise, pause(ms, SILENT)]);
}

/** A connection, once the port is open again. */
async function eventually(ensemble: RunningEnsemble, name: string): Promise<TcpClient> {
  for (;;) {
    try {
      return await tcpClient(portOf(ensemble, name));
    } catch {
      await pause(5);
    }
  }
}

describe('what a client sees over TCP', () => {
  test('it creates a node on one server and finds it on another; its times are of this year', async () => {
    const ensemble = await start();
    const one = await connected(ensemble, 's1');
    const other = await connected(ensemble, 's2');
    expect(await one.call(create('/a'))).toMatchObject({ error: 'OK', result: { path: '/a' } });
    await other.call({ op: 'sync', path: '/a' });
    const { error, result } = await other.call(exists('/a'));
    expect({ error, year: new Date(result !== null && 'stat' in result ? (result.stat?.ctime ?? 0) : 0).getFullYear() }).toEqual({
      error: 'OK',
      year: new Date().getFullYear(),
    });
  });

  test('a crash ends its connection and closes the port; after the restart the port is open again with what was written', async () => {
    const ensemble = await start();
    const client = await connected(ensemble, 's1');
    await client.call(create('/kept'));
    expect(ensemble.crash('s1')).toBe('s1');
    expect(['eof', 'reset']).toContain(await client.ended);
    await expect(tcpClient(portOf(ensemble, 's1'))).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    ensemble.restart('s1');
    await ensemble.untilServing();
    const again = await eventually(ensemble, 's1');
    await again.handshake();
    expect(await again.call(exists('/kept'))).toMatchObject({ error: 'OK' });
  });

  test('when the leader dies another one is elected, and a client of a follower gets its session back', async () => {
    const ensemble = await start({ config: { tickTime: 500 } });
    const dead = ensemble.leader() ?? '';
    const follower = ensemble.servers.find(({ name }) => name !== dead)?.name ?? '';
    const client = await tcpClient(portOf(ensemble, follower));
    const session = await client.handshake();
    ensemble.crash('leader');
    expect(['eof', 'reset']).toContain(await client.ended);
    await ensemble.untilServing();
    expect(ensemble.leader()).not.toBe(dead);
    const again = await eventually(ensemble, follower);
    expect(await again.handshake(session)).toMatchObject({ session: session.session });
    expect(await again.call(create('/after'))).toMatchObject({ error: 'OK' });
  });

  test('a dark machine is silent: old connections hear nothing, new ones are taken by the system and not answered', async () => {
    const ensemble = await start();
    const client = await connected(ensemble, 's1');
    ensemble.powerLoss('s1');
    expect(await within(client.call(exists('/')), 200)).toBe(SILENT);
    expect(await within(client.ended, 50)).toBe(SILENT);
    const late = await tcpClient(portOf(ensemble, 's1'));
    expect(await within(late.handshake(), 200)).toBe(SILENT);
    expect(await within(late.ended, 50)).toBe(SILENT);
  });

  test('a partition from the outside is silent until it heals, and then everything arrives', async () => {
    const ensemble = await start();
    const client = await connected(ensemble, 's1');
    ensemble.partition([['outside'], ['s1']]);
    const answer = client.call(exists('/'));
    expect(await within(answer, 300)).toBe(SILENT);
    ensemble.heal();
    expect(await answer).toMatchObject({ error: 'OK' });
  });

  test('a paused server stands still with its connections open, and answers when it goes on', async () => {
    const ensemble = await start();
    const name = ensemble.servers.find((server) => server.name !== ensemble.leader())?.name ?? '';
    const client = await connected(ensemble, name);
    ensemble.pause(name);
    const answer = client.call(exists('/'));
    expect(await within(answer, 200)).toBe(SILENT);
    ensemble.resume(name);
    expect(await answer).toMatchObject({ error: 'OK' });
  });

  test('partitions of servers alone leave the clients where they are', async () => {
    const ensemble = await start({ config: { tickTime: 200 } });
    const leader = ensemble.leader() ?? '';
    const client = await connected(ensemble, leader);
    ensemble.partition([[leader]]);
    // The leader loses its followers and closes all its connections, which a client that is cut off as well would not see.
    expect(['eof', 'reset']).toContain(await client.ended);
  });

  test('a server alone is a standalone server', async () => {
    const ensemble = await start({ servers: 1 });
    const client = await connected(ensemble, 's1');
    expect(await client.call(create('/a'))).toMatchObject({ error: 'OK' });
  });
});

test('what an option gets wrong is said with what was expected', async () => {
  await expect(startEnsemble({ preset: '3.8' })).rejects.toThrow(/unknown preset "3.8"/);
  await expect(startEnsemble({ config: { tickTime: 'soon' } })).rejects.toThrow(
    'tickTime: found tickTime=soon, expected a whole number from 1',
  );
  await expect(startEnsemble({ config: { reconfigEnabled: true } })).rejects.toThrow('there is no dynamic reconfiguration here');
  const ensemble = await start();
  expect(() => ensemble.crash('s9')).toThrow(/s9: there is no such server now, expected one of s1, s2, s3/);
  const [taken] = ensemble.servers;
  await expect(startEnsemble({ ports: [taken?.port ?? 0] })).rejects.toThrow(/another program has it, expected a free port/);
});

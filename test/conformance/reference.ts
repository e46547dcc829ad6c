// The real server: Debian's package zookeeper, started on loopback ports of its own. A learner reaches the leader through relays, so that a
// script can hold what the leader sends.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Tool } from '../support/suites.ts';
import type { Address } from './client.ts';
import { openRelay, type Relay } from './relay.ts';
import { type Candidate, placesOf, rolesOf, waitForWord } from './roles.ts';
import { memberLine, type Role, settingLines, type Setup } from './setups.ts';
import type { Running, Target } from './target.ts';

/** Debian names the release in the file: recordings are of this one. */
const JAR = '/usr/share/java/zookeeper-3.8.0.jar';

export interface Reference {
  readonly java: string;
  readonly jar: string;
}

export function findReference(jar = JAR): Tool<Reference> {
  const isThere = existsSync(jar) && spawnSync('java', ['-version']).status === 0;
  return isThere ? { found: { java: 'java', jar } } : { install: "install Debian's package zookeeper, version 3.8.0" };
}

/** A short start and little memory matter more than speed later. */
const JVM = ['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-XX:-UsePerfData', '-Xshare:auto'];

interface Server {
  readonly sid: number;
  readonly folder: string;
  readonly address: Address;
  process: ChildProcess | null;
}

interface Ports {
  readonly client: number;
  readonly quorum: number;
  readonly election: number;
}

export function referenceTarget(reference: Reference): Target {
  return { name: 'ZooKeeper 3.8.0', retries: 2, start: (setup) => startReference(reference, setup) };
}

async function startReference(reference: Reference, setup: Setup): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), 'zablab-reference-'));
  const all = await freePorts(setup.roles.length * 3);
  const ports = setup.roles.map((_, i): Ports => ({ client: all[i * 3]!, quorum: all[i * 3 + 1]!, election: all[i * 3 + 2]! }));
  const relays = await openRelays(ports);
  const servers = ports.map((own, i) => {
    const server: Server = {
      sid: i + 1,
      folder: join(folder, `s${i + 1}`),
      address: { host: '127.0.0.1', port: own.client },
      process: null,
    };
    mkdirSync(server.folder);
    writeFileSync(join(server.folder, 'myid'), `${server.sid}\n`);
    writeFileSync(join(server.folder, 'zoo.cfg'), zooCfg(setup, ports, relays, server));
    return server;
  });
  const parts: Parts = { folder, ports, relays, servers, setup, run: (server) => startServer(reference, setup, server) };
  try {
    await startInOrder(servers, setup, parts.run);
    return await running(parts);
  } catch (error) {
    await stop(parts);
    throw error;
  }
}

/** The two with the highest sids first: whichever of them hears of the other first, the higher one leads. */
async function startInOrder(servers: readonly Server[], setup: Setup, run: (server: Server) => void): Promise<void> {
  const voters = servers.slice(0, setup.roles.includes('observer') ? -1 : undefined);
  const first = voters.slice(-2);
  first.forEach(run);
  for (const { address } of first) await waitForWord(address);
  const later = servers.filter((server) => !first.includes(server));
  later.forEach(run);
  for (const { address } of later) await waitForWord(address);
}

interface Parts {
  readonly folder: string;
  readonly ports: readonly Ports[];
  readonly relays: ReadonlyMap<string, Relay>;
  readonly servers: readonly Server[];
  readonly setup: Setup;
  readonly run: (server: Server) => void;
}

async function stop({ folder, relays, servers }: Parts): Promise<void> {
  for (const server of servers) await end(server);
  for (const relay of relays.values()) relay.close();
  rmSync(folder, { recursive: true, force: true });
}

async function running(parts: Parts): Promise<Running> {
  const { ports, relays, servers, setup, run } = parts;
  const sids = new Map<Role, number>();
  const reelected = async (): Promise<void> => {
    const candidates: Candidate[] = [];
    for (const { sid, address, process } of servers) candidates.push({ sid, mode: process === null ? 'dead' : await waitForWord(address) });
    sids.clear();
    for (const [role, sid] of rolesOf(setup, candidates)) sids.set(role, sid);
  };
  await reelected();
  const serverOf = (role: Role): Server => {
    const server = servers.find(({ sid }) => sid === sids.get(role));
    if (server === undefined) throw new Error(`nobody plays ${role}`);
    return server;
  };
  const relayOf = (role: Role): Relay[] => [...relays].filter(([key]) => key.startsWith(`${sids.get(role)} `)).map(([, relay]) => relay);
  return {
    sids,
    address: (role) => serverOf(role).address,
    places: placesOf([
      ...ports.flatMap((own) => Object.entries(own).map(([kind, port]) => [port, kind] as const)),
      ...[...relays.values()].map(({ port }) => [port, 'quorum'] as const),
    ]),
    hold: (role) => relayOf(role).forEach((relay) => relay.hold()),
    release: (role) => relayOf(role).forEach((relay) => relay.release()),
    kill: (role) => end(serverOf(role)),
    restart: (role) => Promise.resolve(run(serverOf(role))),
    reelected,
    stop: () => stop(parts),
  };
}

/** One relay for each learner and each server that may lead it, by `<learner> <leader>`. */
async function openRelays(ports: readonly Ports[]): Promise<ReadonlyMap<string, Relay>> {
  const relays = new Map<string, Relay>();
  for (let from = 1; from <= ports.length; from += 1) {
    for (let to = 1; to <= ports.length; to += 1) {
      if (from !== to) relays.set(`${from} ${to}`, await openRelay(ports[to - 1]!.quorum));
    }
  }
  return relays;
}

function zooCfg(setup: Setup, ports: readonly Ports[], relays: ReadonlyMap<string, Relay>, { sid, folder }: Server): string {
  const own = { dataDir: folder, clientPort: ports[sid - 1]!.client, clientPortAddress: '127.0.0.1', 'admin.enableServer': 'false' };
  const lines = [...settingLines(setup), ...Object.entries(own).map(([key, value]) => `${key}=${value}`)];
  if (ports.length > 1) {
    for (const [i, { quorum, election }] of ports.entries()) {
      const port = relays.get(`${sid} ${i + 1}`)?.port ?? quorum;
      lines.push(memberLine(i + 1, setup.roles[i], port, election));
    }
    if (setup.roles[sid - 1] === 'observer') lines.push('peerType=observer');
  }
  return `${lines.join('\n')}\n`;
}

function startServer({ java, jar }: Reference, setup: Setup, server: Server): void {
  const log = openSync(join(server.folder, 'out.txt'), 'a');
  const properties = Object.entries(setup.properties).map(([key, value]) => `-D${key}=${value}`);
  // Disks do not matter here, and their fsync would be most of the time.
  const more = ['-Dzookeeper.forceSync=no', '-Dzookeeper.preAllocSize=64'];
  const main = 'org.apache.zookeeper.server.quorum.QuorumPeerMain';
  const args = [...JVM, ...more, ...properties, '-cp', jar, main, join(server.folder, 'zoo.cfg')];
  const child = spawn(java, args, { stdio: ['ignore', log, log], cwd: server.folder });
  closeSync(log);
  server.process = child;
  const endWithUs = (): void => void child.kill('SIGKILL');
  process.on('exit', endWithUs);
  child.on('exit', () => process.off('exit', endWithUs));
}

async function end(server: Server): Promise<void> {
  const child = server.process;
  server.process = null;
  if (child === null || child.exitCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

/**
 * Ports that were free a moment ago, from below the range that the system takes for outgoing connections: there, who asks a port whether its
 * server is up yet may be given that very port and talk to himself.
 */
async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  while (ports.length < count) {
    const port = randomInt(10_000, 32_000);
    if (!ports.includes(port) && (await isFree(port))) ports.push(port);
  }
  return ports;
}

async function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.on('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

// The reference: a real ensemble of Debian's ZooKeeper on loopback. ZABLAB_CLIENTS_AGAINST=reference runs the suites against it, to learn what
// each client asks of the real thing.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configOfAll, leaderOf, propertiesOfAll, type Target, type TargetOptions, type TargetServer } from './target.ts';

const classPath = '/usr/share/java/zookeeper.jar:/usr/share/java/slf4j-simple.jar';

/** kazoo's suite logs in over SASL as these. */
const jaas = `Server {
  org.apache.zookeeper.server.auth.DigestLoginModule required
  user_super="super_secret"
  user_jaasuser="jaas_password";
};
`;

/** What the gateway has not. */
const wholeConfig = {
  reconfigEnabled: true,
  'authProvider.1': 'org.apache.zookeeper.server.auth.SASLAuthenticationProvider',
};

interface Peer extends TargetServer {
  readonly quorumPort: number;
  readonly electionPort: number;
}

export async function startReference({ isWhole = false }: TargetOptions = {}): Promise<Target> {
  const folder = mkdtempSync(join(tmpdir(), 'zablab-reference-'));
  const peers = await choosePeers(3);
  for (const peer of peers) writeFilesOf(peer, peers, folder, isWhole);
  const running = new Map(peers.map(({ sid }) => [sid, startServer(sid, folder, isWhole)]));
  const target: Target = {
    servers: peers.map(({ sid, host, port }) => ({ sid, host, port })),
    leader: () => leaderAmong(peers),
    crash: (sid) => end(running.get(sid)),
    restart: async (sid) => {
      await end(running.get(sid));
      running.set(sid, startServer(sid, folder, isWhole));
    },
    stop: async () => {
      await Promise.all([...running.values()].map(end));
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await leaderOf(target);
  return target;
}

async function leaderAmong(peers: readonly TargetServer[]): Promise<number | null> {
  for (const peer of peers) if (/^Mode: leader$/m.test(await askOperator(peer))) return peer.sid;
  return null;
}

/** The answer to `srvr`; nothing of a server that is down, which refuses, or going down, which resets. */
function askOperator({ host, port }: TargetServer): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(port, host, () => socket.write('srvr'));
    socket.setTimeout(5_000, () => socket.destroy());
    socket.on('data', (bytes) => (answer += bytes.toString()));
    socket.on('error', () => resolve(answer));
    socket.on('close', () => resolve(answer));
  });
}

async function choosePeers(count: number): Promise<Peer[]> {
  const ports = await freePorts(3 * count);
  const portAt = (at: number): number => ports[at] ?? 0;
  return Array.from({ length: count }, (_, index) => ({
    sid: index + 1,
    host: '127.0.0.1',
    port: portAt(3 * index),
    quorumPort: portAt(3 * index + 1),
    electionPort: portAt(3 * index + 2),
  }));
}

/** All are held at once, so that none comes twice. */
async function freePorts(count: number): Promise<number[]> {
  const held = await Promise.all(Array.from({ length: count }, holdPort));
  const ports = held.map((server) => {
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  });
  await Promise.all(held.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

function holdPort(): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => resolve(server));
  });
}

function writeFilesOf(peer: Peer, peers: readonly Peer[], folder: string, isWhole: boolean): void {
  const dataDir = join(folder, String(peer.sid));
  mkdirSync(dataDir);
  writeFileSync(join(dataDir, 'myid'), String(peer.sid));
  writeFileSync(join(folder, 'jaas.conf'), jaas);
  const lines = [
    `dataDir=${dataDir}`,
    `clientPort=${peer.port}`,
    'admin.enableServer=false',
    ...Object.entries({ ...configOfAll, ...(isWhole ? wholeConfig : {}) }).map(([key, value]) => `${key}=${value}`),
    ...peers.map(({ sid, host, quorumPort, electionPort }) => `server.${sid}=${host}:${quorumPort}:${electionPort}`),
  ];
  writeFileSync(join(folder, `${peer.sid}.cfg`), `${lines.join('\n')}\n`);
}

function startServer(sid: number, folder: string, isWhole: boolean): ChildProcess {
  const properties = {
    ...propertiesOfAll,
    'file.encoding': 'UTF-8',
    ...(isWhole ? { 'readonlymode.enabled': 'true', 'java.security.auth.login.config': join(folder, 'jaas.conf') } : {}),
  };
  const settings = Object.entries(properties).map(([key, value]) => `-D${key}=${value}`);
  const main = ['org.apache.zookeeper.server.quorum.QuorumPeerMain', join(folder, `${sid}.cfg`)];
  const log = openSync(join(folder, `${sid}.log`), 'a');
  return spawn('java', ['-Xmx256m', ...settings, '-cp', classPath, ...main], { stdio: ['ignore', log, log] });
}

async function end(process: ChildProcess | undefined): Promise<void> {
  if (process === undefined || process.exitCode !== null || process.signalCode !== null) return;
  const closed = new Promise((resolve) => process.once('close', resolve));
  process.kill('SIGKILL');
  await closed;
}

/** Ensembles in processes of their own: the gateway as a person starts it, and Debian's ZooKeeper where it is installed. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Address } from './wire-client.ts';

export interface ServerProcesses {
  /** When the first was started, on the clock of performance.now. */
  readonly start: number;
  readonly addresses: readonly Address[];
  /** Resident megabytes of all together; null where nobody can say. */
  readonly memory: () => number | null;
  readonly stop: () => Promise<void>;
}

const SERVERS = [1, 2, 3];
/** The limit of connections of one address is for strangers. */
const SETTINGS = 'tickTime=2000\ninitLimit=10\nsyncLimit=5\nmaxClientCnxns=0\n';

/** `zablab serve` of three servers. */
export async function startGateway(launcher: string): Promise<ServerProcesses> {
  const folder = mkdtempSync(join(tmpdir(), 'zablab-bench-'));
  const file = join(folder, 'zoo.cfg');
  writeFileSync(file, `${SETTINGS}${SERVERS.map((sid) => `server.${sid}=127.0.0.1:2888:3888;0\n`).join('')}`);
  const start = performance.now();
  const child = spawn(process.execPath, [launcher, 'serve', file, '--port', '0', '--control', '0'], { stdio: ['ignore', 'pipe', 'pipe'] });
  endWithUs(child);
  const stop = async (): Promise<void> => {
    await end(child);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    return { start, addresses: await readyAddresses(child), memory: () => memoryOf([child]), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The places that its one line names. */
async function readyAddresses(child: ChildProcess): Promise<Address[]> {
  let said = '';
  child.stderr?.on('data', (chunk) => (said += String(chunk)));
  for await (const chunk of child.stdout ?? []) {
    said += String(chunk);
    const places = / at (\S+) \(/.exec(said)?.[1];
    if (places !== undefined) return places.split(',').map((place) => addressOf(place));
  }
  throw new Error(`zablab serve ended before it was ready: ${said.trim()}`);
}

function addressOf(place: string): Address {
  const at = place.lastIndexOf(':');
  return { host: place.slice(0, at), port: Number(place.slice(at + 1)) };
}

/** Debian's package zookeeper. */
export interface Java {
  readonly jar: string;
  /** As the jar's name has it. */
  readonly release: string;
}

export function findZooKeeper(): Java | null {
  const release = '3.8.0';
  const jar = `/usr/share/java/zookeeper-${release}.jar`;
  return existsSync(jar) && spawnSync('java', ['-version']).status === 0 ? { jar, release } : null;
}

/** No disk is waited for, since those of the simulated servers are not there either. */
export const JVM_FLAGS = {
  load: ['-Xmx512m', '-XX:+UseSerialGC', '-XX:-UsePerfData', '-Dzookeeper.forceSync=no', '-Dzookeeper.admin.enableServer=false'],
  /** These cost speed later. */
  quickStart: ['-XX:TieredStopAtLevel=1', '-Xshare:auto'],
} as const;

/** Three real servers, one process each, with their data in a temporary folder. */
export async function startZooKeeper({ jar }: Java, flags: readonly string[]): Promise<ServerProcesses> {
  const folder = mkdtempSync(join(tmpdir(), 'zablab-bench-'));
  const ports = await freePorts(3 * SERVERS.length);
  const portsOf = (sid: number): number[] => ports.slice(3 * (sid - 1), 3 * sid);
  const lines = SERVERS.map((sid) => `server.${sid}=127.0.0.1:${portsOf(sid)[1]}:${portsOf(sid)[2]}\n`).join('');
  const start = performance.now();
  const children = SERVERS.map((sid) => {
    const own = join(folder, String(sid));
    mkdirSync(own);
    writeFileSync(join(own, 'myid'), `${sid}\n`);
    writeFileSync(join(own, 'zoo.cfg'), `${SETTINGS}dataDir=${own}\nclientPort=${portsOf(sid)[0]}\nclientPortAddress=127.0.0.1\n${lines}`);
    const main = 'org.apache.zookeeper.server.quorum.QuorumPeerMain';
    const child = spawn('java', [...flags, '-cp', jar, main, join(own, 'zoo.cfg')], { stdio: 'ignore', cwd: own });
    endWithUs(child);
    return child;
  });
  const stop = async (): Promise<void> => {
    await Promise.all(children.map(end));
    rmSync(folder, { recursive: true, force: true });
  };
  const addresses = SERVERS.map((sid) => ({ host: '127.0.0.1', port: portsOf(sid)[0] ?? 0 }));
  return { start, addresses, memory: () => memoryOf(children), stop };
}

/** All held at once, so that they differ. */
async function freePorts(count: number): Promise<number[]> {
  const holders = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(holders.map(async (holder) => once(holder, 'listening')));
  const ports = holders.map((holder) => addressPort(holder.address()));
  await Promise.all(holders.map(async (holder) => once(holder.close(), 'close')));
  return ports;
}

function addressPort(address: ReturnType<ReturnType<typeof createServer>['address']>): number {
  return address === null || typeof address === 'string' ? 0 : address.port;
}

/** Whatever ends this process, a second Ctrl-C too. */
function endWithUs(child: ChildProcess): void {
  const kill = (): void => void child.kill('SIGKILL');
  process.on('exit', kill);
  child.on('exit', () => process.off('exit', kill));
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

function memoryOf(children: readonly ChildProcess[]): number | null {
  const sizes = children.map(({ pid }) => residentKb(pid ?? 0));
  return sizes.includes(null) ? null : sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0) / 1024;
}

/** As Linux says it, else as `ps` does. */
function residentKb(pid: number): number | null {
  const status = `/proc/${pid}/status`;
  const text = existsSync(status)
    ? /VmRSS:\s+(\d+)/.exec(readFileSync(status, 'utf8'))?.[1]
    : spawnSync('ps', ['-o', 'rss=', '-p', String(pid)])
        .stdout?.toString()
        .trim();
  return text === undefined || text === '' ? null : Number(text);
}

// A running ensemble as a client's suite needs it: where to connect, and what may befall it while clients are connected.

import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

export interface TargetServer {
  readonly sid: number;
  readonly host: string;
  readonly port: number;
}

export interface Target {
  readonly servers: readonly TargetServer[];
  /** The process dies at once, as by `kill -9`. */
  crash(sid: number): Promise<void>;
  /** It is started again with its disk; does not wait until it serves. */
  restart(sid: number): Promise<void>;
  stop(): Promise<void>;
}

export interface TargetOptions {
  readonly tickTimeMs?: number;
}

/** The super user's password is `test`, as kazoo's own cluster has it. */
export const systemProperties: Readonly<Record<string, string>> = {
  'zookeeper.extendedTypesEnabled': 'true',
  'zookeeper.DigestAuthenticationProvider.superDigest': 'super:D/InIHSb7yEEbrWz8b9l71RjZJU=',
  'readonlymode.enabled': 'true',
};

export const configLines = ['initLimit=4', 'syncLimit=2', 'maxClientCnxns=0', '4lw.commands.whitelist=*', 'reconfigEnabled=true'];

export function connectStringOf({ servers }: Target): string {
  return servers.map(({ host, port }) => `${host}:${port}`).join(',');
}

/** Asks every server, as an operator would, until one of them leads. */
export async function leaderOf({ servers }: Target, withinMs = 30_000): Promise<TargetServer> {
  const deadline = Date.now() + withinMs;
  while (Date.now() < deadline) {
    for (const server of servers) if ((await modeOf(server)) === 'leader') return server;
    await pause(50);
  }
  throw new Error(`no server of ${servers.length} led within ${withinMs} ms`);
}

/** `leader`, `follower`, `observer`, `read-only`, or nothing of a server that does not serve. */
export async function modeOf(server: TargetServer): Promise<string | null> {
  return /^Mode: (\S+)$/m.exec(await fourLetterWord(server, 'srvr'))?.[1] ?? null;
}

export function fourLetterWord({ host, port }: TargetServer, word: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(port, host, () => socket.write(word));
    socket.setTimeout(5_000, () => socket.destroy());
    socket.on('data', (bytes) => (answer += bytes.toString()));
    // A server that is down refuses, one that is going down resets: both have no mode.
    socket.on('error', () => resolve(answer));
    socket.on('close', () => resolve(answer));
  });
}

// A running ensemble as a client's suite needs it: where to connect, and what may befall it while clients are connected.

import { setTimeout as pause } from 'node:timers/promises';

export interface TargetServer {
  readonly sid: number;
  readonly host: string;
  readonly port: number;
}

export interface Target {
  readonly servers: readonly TargetServer[];
  /** The established leader's id, or null. */
  leader(): Promise<number | null>;
  /** The process dies at once, as by `kill -9`. */
  crash(sid: number): Promise<void>;
  /** It is started again with its disk; does not wait until it serves. */
  restart(sid: number): Promise<void>;
  stop(): Promise<void>;
}

export interface TargetOptions {
  /** With what the gateway has not, where the target has it: reconfiguration, a read-only mode, SASL. */
  readonly isWhole?: boolean;
}

export const configOfAll = { tickTime: 2000, initLimit: 4, syncLimit: 2, maxClientCnxns: 0, '4lw.commands.whitelist': '*' };

/** The super user's password is `test`, as kazoo's own cluster has it. */
export const propertiesOfAll = {
  'zookeeper.extendedTypesEnabled': 'true',
  'zookeeper.DigestAuthenticationProvider.superDigest': 'super:D/InIHSb7yEEbrWz8b9l71RjZJU=',
};

export function addressOf({ host, port }: TargetServer): string {
  return `${host}:${port}`;
}

export function connectStringOf({ servers }: Pick<Target, 'servers'>): string {
  return servers.map(addressOf).join(',');
}

/** Waits until there is one. */
export async function leaderOf(target: Target, withinMs = 30_000): Promise<TargetServer> {
  const deadline = Date.now() + withinMs;
  while (Date.now() < deadline) {
    const sid = await target.leader();
    const leader = target.servers.find((server) => server.sid === sid);
    if (leader !== undefined) return leader;
    await pause(50);
  }
  throw new Error(`no server of ${target.servers.length} led within ${withinMs} ms`);
}

// Our own servers behind the gateway, in this process, with the preset of the release that was recorded.

import { connect } from 'node:net';
import { startServing, type Serving } from '../../src/gateway/serving.ts';
import { makeHead } from '../../src/gateway/session-file.ts';
import { statusOf } from '../../src/gateway/status.ts';
import type { Action } from '../../src/ensemble/action.ts';
import type { Address } from './client.ts';
import { type Candidate, placesOf, rolesOf } from './roles.ts';
import type { Role, Setup } from './setups.ts';
import type { Running, Target } from './target.ts';

const ELECTION_MS = 30_000;

const MODES: Readonly<Record<string, string>> = { LEADING: 'leader', FOLLOWING: 'follower', OBSERVING: 'observer' };

export const gatewayTarget: Target = { name: 'gateway', start: startGateway };

async function startGateway(setup: Setup): Promise<Running> {
  const serving = await startServing({
    head: headOf(setup),
    addresses: setup.roles.map(() => ({ host: '127.0.0.1', port: 0 })),
    frameMax: 0xfffff, // jute.maxbuffer
    recordTo: null,
    log: () => {},
    onBroken: (error) => {
      throw error;
    },
  });
  const sids = new Map<Role, number>();
  const dead = new Set<number>();
  const reelected = async (): Promise<void> => {
    const roles = rolesOf(setup, await candidatesOf(serving, dead));
    for (const [i, address] of serving.gateway.ports.entries()) if (!dead.has(i + 1)) await untilOpen(address);
    sids.clear();
    for (const [role, sid] of roles) sids.set(role, sid);
  };
  await reelected();
  const nodeOf = (role: Role): number => (sids.get(role) ?? 0) - 1;
  const act = (action: Action): void => void serving.gateway.act(action);
  return {
    sids,
    address: (role) => serving.gateway.ports[nodeOf(role)]!,
    places: placesOf(serving.gateway.ports.map(({ port }, i) => [port, `client-${i + 1}`] as const)),
    hold: (role) => act({ type: 'cut', from: nodeOf('leader'), to: nodeOf(role) }),
    release: (role) => act({ type: 'mend', from: nodeOf('leader'), to: nodeOf(role) }),
    kill: (role) => {
      dead.add(sids.get(role)!);
      return Promise.resolve(act({ type: 'kill', node: nodeOf(role) }));
    },
    restart: (role) => {
      dead.delete(sids.get(role)!);
      return Promise.resolve(act({ type: 'start', node: nodeOf(role) }));
    },
    reelected,
    stop: () => Promise.resolve(serving.close()),
  };
}

function headOf({ name, roles, settings, properties }: Setup): ReturnType<typeof makeHead> {
  const observers = roles.filter((role) => role === 'observer').length;
  const { tickTime, maxSessionTimeout, ...limits } = settings;
  const ensemble = { servers: roles.length - observers, observers, tickTime: `${tickTime}ms`, ...limits };
  return makeHead({
    version: 'test',
    file: name,
    scenario: JSON.stringify({ name, ensemble }),
    seed: name,
    preset: '3.8.0',
    mutations: null,
    startUs: Date.now() * 1000,
    zoo: {},
    server: {
      quorumConfig: [...roles.map((_, i) => `server.${i + 1}=127.0.0.1:10001:10002:participant`), 'version=0'].join('\n'),
      ...(maxSessionTimeout === undefined ? {} : { maxSessionTimeoutMs: Number(maxSessionTimeout) }),
      ...Object.fromEntries(Object.entries(properties).flatMap(([key, value]) => SERVER_CONFIG[key]?.(value) ?? [])),
    },
  });
}

const SERVER_CONFIG: Readonly<Record<string, (value: string) => [string, string | number | boolean][]>> = {
  'zookeeper.DigestAuthenticationProvider.superDigest': (value) => [['superDigest', value]],
  'zookeeper.extendedTypesEnabled': (value) => [['extendedTypesEnabled', value === 'true']],
  'zookeeper.enforceQuota': (value) => [['enforceQuota', value === 'true']],
  'znode.container.checkIntervalMs': (value) => [['containerCheckIntervalMs', Number(value)]],
};

/** Waits until every server that should live serves. */
async function candidatesOf({ gateway }: Serving, dead: ReadonlySet<number>): Promise<Candidate[]> {
  const until = Date.now() + ELECTION_MS;
  for (;;) {
    const { servers } = statusOf(gateway);
    if (servers.every(({ sid, serving }) => serving !== dead.has(sid))) {
      return servers.map(({ sid, state }) => ({ sid, mode: servers.length === 1 ? 'standalone' : (MODES[state] ?? 'dead') }));
    }
    if (Date.now() > until) throw new Error(`not all serve: ${JSON.stringify(servers)}`);
    await new Promise((resolve) => {
      setTimeout(resolve, 10);
    });
  }
}

/** Its port is opened a moment after a server serves. */
async function untilOpen({ host, port }: Address): Promise<void> {
  const isOpen = await new Promise<boolean>((resolve) => {
    const socket = connect(port, host, () => resolve(true));
    socket.on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
  if (!isOpen) await untilOpen({ host, port });
}

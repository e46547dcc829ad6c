// Our own servers behind the gateway, in this process, with the preset of the release that was recorded.

import { startServing, type Serving } from '../../src/gateway/serving.ts';
import { makeHead } from '../../src/gateway/session-file.ts';
import { statusOf } from '../../src/gateway/status.ts';
import type { Action } from '../../src/ensemble/action.ts';
import { placesOf } from './roles.ts';
import type { Role, Setup } from './setups.ts';
import type { Running, Target } from './target.ts';

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
  const sids = rolesOf(serving, setup);
  const nodeOf = (role: Role): number => (sids.get(role) ?? 0) - 1;
  const act = (action: Action): void => void serving.gateway.act(action);
  return {
    sids,
    address: (role) => serving.gateway.ports[nodeOf(role)]!,
    places: placesOf(serving.gateway.ports.map(({ port }, i) => [port, `client-${i + 1}`] as const)),
    hold: (role) => act({ type: 'cut', from: nodeOf('leader'), to: nodeOf(role) }),
    release: (role) => act({ type: 'mend', from: nodeOf('leader'), to: nodeOf(role) }),
    kill: (role) => Promise.resolve(act({ type: 'kill', node: nodeOf(role) })),
    restart: (role) => Promise.resolve(act({ type: 'start', node: nodeOf(role) })),
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

function rolesOf({ gateway }: Serving, setup: Setup): ReadonlyMap<Role, number> {
  const free = [...setup.roles];
  const states: Readonly<Record<string, string>> = { leader: 'LEADING', follower: 'FOLLOWING', other: 'FOLLOWING', observer: 'OBSERVING' };
  const sids = new Map<Role, number>();
  for (const { sid, state } of statusOf(gateway).servers) {
    const role = free.find((each) => each === 'alone' || state === states[each]);
    if (role === undefined) throw new Error(`server ${sid} is ${state}, which '${setup.name}' has no role for`);
    free.splice(free.indexOf(role), 1);
    sids.set(role, sid);
  }
  return sids;
}

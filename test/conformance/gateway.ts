// Our own servers behind the gateway, in this process, with the preset of the release that was recorded.

import { connect } from 'node:net';
import { readServed, type Served } from '../../src/gateway/served.ts';
import { startServing, type Serving } from '../../src/gateway/serving.ts';
import { statusOf } from '../../src/gateway/status.ts';
import type { Action } from '../../src/ensemble/action.ts';
import type { Address } from './client.ts';
import { type Candidate, placesOf, rolesOf } from './roles.ts';
import { memberLine, type Role, settingLines, type Setup } from './setups.ts';
import type { Running, Target } from './target.ts';

const ELECTION_MS = 30_000;

const MODES: Readonly<Record<string, string>> = { LEADING: 'leader', FOLLOWING: 'follower', OBSERVING: 'observer' };

export const gatewayTarget: Target = { name: 'gateway', retries: 0, start: startGateway };

async function startGateway(setup: Setup): Promise<Running> {
  const serving = await startServing({
    ...servedOf(setup),
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
    places: placesOf([...serving.gateway.ports.map(({ port }) => [port, 'client'] as const), [10_001, 'quorum'], [10_002, 'election']]),
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

/** The same zoo.cfg as the real servers have, but for the ports, which name machines that are not there. */
function servedOf(setup: Setup): Served {
  const members = setup.roles.map((role, i) => memberLine(i + 1, role, 10_001, 10_002));
  const text = [...settingLines(setup), 'clientPort=10000', ...(members.length > 1 ? members : [])].join('\n');
  const properties = Object.entries(setup.properties).map(([key, value], i) => ({ key, value, place: { file: '-D', line: i, column: 1 } }));
  return readServed({
    source: { text, file: `${setup.name}.cfg` },
    readFile: () => null,
    properties,
    host: '127.0.0.1',
    firstPort: 0,
    version: 'test',
    seed: setup.name,
    preset: '3.8.0',
    mutations: null,
  });
}

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

/** An ensemble for a test: the door of `zablab/gateway`. What its parts promise is in library-types.d.ts. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Action } from '../ensemble/action.ts';
import { InputError } from '../scenario/input-error.ts';
import { resolveNodes } from '../scenario/server-ref.ts';
import type { EnsembleOptions, RunningEnsemble, ServerStatus, startEnsemble as promised } from './library-types.d.ts';
import { readServed } from './served.ts';
import { isServing, startServing, type Serving } from './serving.ts';
import { statusOf } from './status.ts';
import { VERSION } from './version.ts';
import type { Setting } from './zoo-settings.ts';

export const startEnsemble: typeof promised = async (options = {}) => {
  const log = options.log ?? (() => undefined);
  const served = readServed({
    source: { text: options.scenario ?? scenarioOf(options), file: 'startEnsemble' },
    readFile: () => null,
    config: settingsOf(options.config ?? {}),
    properties: settingsOf(options.properties ?? {}),
    host: options.host ?? '127.0.0.1',
    firstPort: 0,
    adminPort: options.admin === true ? 0 : null,
    version: VERSION,
    seed: options.seed ?? null,
    preset: options.preset ?? null,
    mutations: options.mutations ?? null,
  });
  for (const warning of served.warnings) log(warning);
  let failure: Error | null = null;
  const serving = await startServing({
    ...served,
    addresses: served.addresses.map(({ host }, i) => ({ host, port: options.ports?.[i] ?? 0 })),
    recordTo: options.record ?? null,
    log,
    onBroken: (error) => {
      failure = error instanceof Error ? error : new Error(String(error));
      log(`a bug in Zablab ended the ensemble: ${failure.stack ?? failure.message}`);
    },
  });
  return handleOf(serving, () => failure);
};

function scenarioOf({ servers = 3, observers = 0 }: EnsembleOptions): string {
  return JSON.stringify({ name: 'startEnsemble', ensemble: { servers: String(servers), observers: String(observers) } });
}

function settingsOf(values: Readonly<Record<string, string | number | boolean>>): Setting[] {
  return Object.entries(values).map(([key, value]) => ({ key, value: String(value), place: { file: key, line: 0, column: 0 } }));
}

function handleOf(serving: Serving, failure: () => Error | null): RunningEnsemble {
  const { gateway } = serving;
  const servers = statusOf(gateway).servers.map(({ name, host, port }, i) => ({
    name,
    host,
    port,
    connectString: `${host}:${port}`,
    adminPort: serving.adminPorts[i] ?? null,
  }));
  const onServer = (type: 'kill' | 'start' | 'pause' | 'resume' | 'power-loss') => (server: string) => {
    const node = serverNamed(serving, server);
    gateway.act(type === 'power-loss' ? { type, node, keep: 'none', torn: false } : { type, node });
    return gateway.ensemble.servers[node]?.name ?? '';
  };
  return {
    connectString: servers.map(({ connectString }) => connectString).join(','),
    servers,
    leader: () => statusOf(gateway).leader,
    status: () => statusOf(gateway),
    crash: onServer('kill'),
    powerLoss: onServer('power-loss'),
    restart: onServer('start'),
    pause: onServer('pause'),
    resume: onServer('resume'),
    partition: (groups) => {
      for (const action of cutsBetween(serving, groups)) gateway.act(action);
    },
    heal: () => void gateway.act({ type: 'heal' }),
    fault: serving.act,
    untilServing: (withinMs = 30_000) => untilServing(serving, withinMs, failure),
    stop: () => {
      serving.close();
      return Promise.resolve();
    },
  };
}

/** Throws InputError unless it means one server now. */
function serverNamed({ gateway }: Serving, name: string): number {
  const nodes = resolveNodes(gateway.ensemble, name, []).filter((node) => node < gateway.ensemble.servers.length);
  const [node] = nodes;
  if (node !== undefined && nodes.length === 1) return node;
  const known = gateway.ensemble.servers.map((server) => server.name).join(', ');
  throw new InputError(
    { file: name, line: 0, column: 0 },
    nodes.length === 0
      ? `there is no such server now, expected one of ${known}, or a role such as leader`
      : `found ${nodes.length} servers, expected one`,
  );
}

/** Servers that no group names are one more group. */
function* cutsBetween({ gateway }: Serving, groups: readonly (readonly string[])[]): Generator<Action> {
  const { ensemble } = gateway;
  const named = groups.map((group) => group.flatMap((name) => nodesNamed(ensemble, name)));
  const rest = ensemble.servers.map(({ node }) => node).filter((node) => !named.some((group) => group.includes(node)));
  const all = [...named, rest];
  for (const [i, group] of all.entries()) {
    for (const other of all.slice(i + 1)) {
      for (const from of group) {
        for (const to of other) yield* [cut(from, to), cut(to, from)];
      }
    }
  }
}

function cut(from: number, to: number): Action {
  return { type: 'cut', from, to };
}

function nodesNamed(ensemble: Serving['gateway']['ensemble'], name: string): number[] {
  const nodes = resolveNodes(ensemble, name, []);
  if (nodes.length > 0) return nodes;
  throw new InputError({ file: name, line: 0, column: 0 }, 'there is nobody of that name now, expected a server, a role, or outside');
}

/** Looks again and again: what it waits for is seldom far. */
async function untilServing({ gateway }: Serving, withinMs: number, failure: () => Error | null): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!isServing(gateway.ensemble)) {
    const broken = failure();
    if (broken !== null) throw broken;
    if (performance.now() > deadline) throw new Error(`after ${withinMs} ms: ${stateText(statusOf(gateway).servers)}`);
    await pause(5);
  }
}

function stateText(servers: readonly ServerStatus[]): string {
  return servers
    .map(({ name, state, paused, serving }) => `${name} is ${state}${paused ? ', paused' : ''}${serving ? '' : ', not serving'}`)
    .join('; ');
}

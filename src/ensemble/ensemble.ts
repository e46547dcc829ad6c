/** An ensemble and its clients as one world: the memory of servers and clients allotted, their programs joined to the kernel. */
import { assert } from '../base/assert.ts';
import { allot, type Parts, type Ref } from '../base/parts.ts';
import type { Context, Item } from '../base/step.ts';
import { bootClient, stepClient } from '../client/client.ts';
import { CLIENT, makeClientState, type ClientState } from '../client/client-state.ts';
import { makeClientConfig, type ClientContext } from '../client/context.ts';
import { runInput } from '../kernel/run.ts';
import { forkWorld, makeWorld, type NodeSpec, type Program, type World } from '../kernel/world.ts';
import { application } from '../server/application.ts';
import { makeServerConfig, type ServerConfig } from '../server/config.ts';
import type { ServerContext } from '../server/context.ts';
import { bootServer, stepServer } from '../server/server.ts';
import { allotServer, type ServerRefs } from '../server/server-state.ts';
import { SERVER_KIND_FIRST } from '../server/thread-kinds.ts';
import type { PeerConfig, ServerSpec } from '../zab/context.ts';
import { makeMajority } from '../zab/quorum-verifier.ts';
import { bootQuorumPeer } from '../zab/quorum-peer.ts';
import { stepZab } from '../zab/step-zab.ts';
import { applyAction, type Action } from './action.ts';
import { serviceTimesOf } from './service-times.ts';
import { OUTSIDE, outsideProgram } from './outside.ts';
import type { ClientOptions, EnsembleSpec, ServerOptions, ZooConfig } from './spec.ts';
import { outsideRefAt, type OutsideState } from './tcp-action.ts';
import { threadNameOf } from './thread-names.ts';

export interface ServerHandle {
  readonly name: string;
  readonly sid: number;
  readonly node: number;
  readonly learnerType: 'PARTICIPANT' | 'OBSERVER';
  readonly refs: ServerRefs;
}

export interface ClientHandle {
  readonly name: string;
  readonly node: number;
  readonly client: Ref<ClientState>;
}

export interface OutsideHandle {
  readonly name: string;
  readonly node: number;
  readonly outside: Ref<OutsideState>;
}

export interface Ensemble {
  readonly spec: EnsembleSpec;
  readonly world: World;
  readonly servers: readonly ServerHandle[];
  readonly clients: readonly ClientHandle[];
  /** Where clients of the real world come from; null where there are none. */
  readonly outside: OutsideHandle | null;
}

/** Servers come first, then clients, then the outside; nothing runs until something starts it. */
export function makeEnsemble(spec: EnsembleSpec): Ensemble {
  const serverSpecs = spec.servers.map(({ sid, learnerType }, node): ServerSpec => ({ sid, learnerType, node }));
  const serverNodes = spec.servers.map((server): NodeSpec => ({
    name: server.name,
    fsyncTimes: server.fsyncTimes,
    program: serverProgram(spec, server, serverSpecs),
  }));
  const clientNodes = spec.clients.map((client): NodeSpec => ({
    name: client.name,
    fsyncTimes: [0],
    program: clientProgram(spec, client),
  }));
  const outsideNodes: NodeSpec[] = spec.outside ? [{ name: OUTSIDE, fsyncTimes: [0], program: outsideProgram }] : [];
  const { seed, mode, network, driver, startUs, decisions } = spec;
  const world = makeWorld(
    { seed, mode, network, driver, startUs, decide: decisions.kernel },
    [...serverNodes, ...clientNodes, ...outsideNodes],
    spec.guard,
  );
  return {
    spec,
    world,
    servers: spec.servers.map(({ name, sid, learnerType }, node) => ({
      name,
      sid,
      node,
      learnerType,
      refs: memoryOf(world, node) as ServerRefs,
    })),
    clients: spec.clients.map(({ name }, i) => {
      const node = spec.servers.length + i;
      return { name, node, client: clientRefAt(world, node) };
    }),
    outside: spec.outside ? outsideHandle(world) : null,
  };
}

function outsideHandle(world: World): OutsideHandle {
  const node = world.nodes.length - 1;
  return { name: OUTSIDE, node, outside: outsideRefAt(world, node) };
}

export function forkEnsemble(ensemble: Ensemble): Ensemble {
  return { ...ensemble, world: forkWorld(ensemble.world) };
}

/** The memory of the client on that node, for drivers, which know the world alone. */
export function clientRefAt(world: World, node: number): Ref<ClientState> {
  return (memoryOf(world, node) as { readonly client: Ref<ClientState> }).client;
}

/** The parts of the server at this node, for whoever has only the world. */
export function serverRefsOf(world: World, node: number): ServerRefs {
  return memoryOf(world, node) as ServerRefs;
}

function memoryOf(world: World, node: number): unknown {
  const handle = world.nodes[node];
  assert(handle !== undefined, 'a node for each server and client');
  return handle.memory;
}

/** One action from outside, as an event at `at` or now. */
export function actOn(ensemble: Ensemble, action: Action, at = ensemble.world.now): boolean {
  let bit = false;
  runInput(ensemble.world, at, { type: action.type }, () => {
    bit = applyAction(ensemble.world, action);
  });
  return bit;
}

/** Starts every server, then every client: one event each. */
export function startAll(ensemble: Ensemble): void {
  for (const { index } of ensemble.world.nodes) actOn(ensemble, { type: 'start', node: index });
}

function serverProgram(spec: EnsembleSpec, server: ServerOptions, servers: readonly ServerSpec[]): Program {
  const config: PeerConfig & ServerConfig = {
    ...peerConfig(spec.zoo, server.sid, servers),
    ...makeServerConfig(spec.zoo.tickTimeMs * 1000),
    ...spec.server,
  };
  return {
    allot: (parts: Parts) => allotServer(parts),
    context: (base, refs) => Object.assign(base, { refs, config, decide: spec.decisions, app: application }),
    boot: (ctx) => {
      bootServer(ctx as ServerContext);
      bootQuorumPeer(ctx as ServerContext);
    },
    step: stepServerNode,
    threadName: threadNameOf,
    serviceTimes: serviceTimesOf,
  };
}

function stepServerNode(ctx: Context, input: Item): void {
  if (ctx.thread.kind < SERVER_KIND_FIRST) stepZab(ctx as ServerContext, input);
  else stepServer(ctx as ServerContext, input);
}

function clientProgram(spec: EnsembleSpec, client: ClientOptions): Program {
  const servers = spec.servers.flatMap(({ name }, node) => (client.servers.length === 0 || client.servers.includes(name) ? [node] : []));
  const { sessionTimeoutMs, shufflesServers, connectDelayMs } = client;
  const config = makeClientConfig(client.name, servers, { sessionTimeoutMs, shufflesServers, connectDelayMs });
  return {
    allot: (parts: Parts) => ({ client: allot(parts, CLIENT, makeClientState(config, servers, 0, 0)) }),
    context: (base, refs) => Object.assign(base, { refs, config, decide: spec.decisions }),
    boot: (ctx) => bootClient(ctx as ClientContext),
    step: (ctx, input) => stepClient(ctx as ClientContext, input as never),
    threadName: threadNameOf,
    serviceTimes: serviceTimesOf,
  };
}

function peerConfig(zoo: ZooConfig, sid: number, servers: readonly ServerSpec[]): PeerConfig {
  return {
    sid,
    servers,
    standalone: servers.length === 1 && zoo.standaloneEnabled,
    verifier: makeMajority(servers.filter(({ learnerType }) => learnerType === 'PARTICIPANT').map((server) => server.sid)),
    tickUs: zoo.tickTimeMs * 1000,
    initLimit: zoo.initLimit,
    syncLimit: zoo.syncLimit,
    cnxTimeoutUs: zoo.cnxTimeoutMs * 1000,
    minNotificationUs: zoo.minNotificationIntervalMs * 1000,
    maxNotificationUs: zoo.maxNotificationIntervalMs * 1000,
    finalizeWaitUs: zoo.finalizeWaitMs * 1000,
    leaderConnectDelayUs: zoo.leaderConnectDelayMs * 1000,
    observerElectionDelayUs: zoo.observerElectionDelayMs * 1000,
    commitLogCount: zoo.commitLogCount,
    snapshotSizePermille: zoo.snapshotSizePermille,
    forceSnapshotSync: zoo.forceSnapshotSync,
    snapCount: zoo.snapCount,
    maxBatchSize: zoo.maxBatchSize,
    preAllocBytes: zoo.preAllocBytes,
    maxCounter: zoo.maxCounter,
  };
}

/** What an ensemble consists of, with ZooKeeper's defaults (section M); times in virtual microseconds inside, as Zab wants them. */
import { FIXED_CLIENT, type ClientDecisions } from '../client/decisions.ts';
import type { ServerConfig } from '../server/config.ts';
import { FIXED_SERVER, type ServerDecisions } from '../server/decisions.ts';
import { FIXED_ZAB, type ZabDecisions } from '../zab/decisions.ts';
import type { Mode } from '../kernel/world.ts';
import { FIXED_KERNEL, type KernelDecisions } from '../kernel/decisions.ts';
import type { NetworkConfig } from '../kernel/network-state.ts';
import type { Driver } from '../kernel/driver.ts';

export interface Decisions {
  readonly zab: ZabDecisions;
  readonly server: ServerDecisions;
  readonly client: ClientDecisions;
  readonly kernel: KernelDecisions;
}

export const FIXED: Decisions = { zab: FIXED_ZAB, server: FIXED_SERVER, client: FIXED_CLIENT, kernel: FIXED_KERNEL };

/** Per server: everything but the id has a default. */
export interface ServerOptions {
  readonly name: string;
  readonly sid: number;
  readonly learnerType: 'PARTICIPANT' | 'OBSERVER';
  readonly fsyncTimes: readonly number[];
}

export interface ClientOptions {
  readonly name: string;
  /** Names of servers in the connect string; all voters and observers when empty. */
  readonly servers: readonly string[];
  readonly sessionTimeoutMs: number;
  readonly shufflesServers: boolean;
  readonly connectDelayMs: number;
}

/** The configuration shared by all servers, in zoo.cfg's units where it has them. */
export interface ZooConfig {
  readonly tickTimeMs: number;
  readonly initLimit: number;
  readonly syncLimit: number;
  readonly cnxTimeoutMs: number;
  readonly minNotificationIntervalMs: number;
  readonly maxNotificationIntervalMs: number;
  readonly finalizeWaitMs: number;
  readonly leaderConnectDelayMs: number;
  readonly observerElectionDelayMs: number;
  readonly commitLogCount: number;
  readonly snapshotSizePermille: number;
  readonly forceSnapshotSync: boolean;
  readonly snapCount: number;
  readonly maxBatchSize: number;
  readonly preAllocBytes: number;
  readonly maxCounter: number;
  /** CFG-09: a single server is no ensemble. */
  readonly standaloneEnabled: boolean;
}

export const ZOO_DEFAULTS: ZooConfig = {
  tickTimeMs: 2000,
  initLimit: 10,
  syncLimit: 5,
  cnxTimeoutMs: 5000,
  minNotificationIntervalMs: 200,
  maxNotificationIntervalMs: 60_000,
  finalizeWaitMs: 200,
  leaderConnectDelayMs: 100,
  observerElectionDelayMs: 200,
  commitLogCount: 500,
  snapshotSizePermille: 330,
  forceSnapshotSync: false,
  snapCount: 100_000,
  maxBatchSize: 1000,
  preAllocBytes: 67_108_864,
  maxCounter: 0xffff_ffff,
  standaloneEnabled: true,
};

/** A local network: 0.2 to 0.5 ms one way with a tail; one value is drawn for each packet. */
export const LAN: NetworkConfig = {
  latencies: [200, 210, 220, 230, 240, 250, 260, 270, 280, 300, 320, 350, 400, 500, 800, 2000],
  lossPerMillion: 0,
  retransmitUs: 200_000,
  retransmissionsMax: 15,
  keepaliveUs: 0,
};

/** One machine: everything is there at once, as far as a client can see. */
export const LOOPBACK: NetworkConfig = { ...LAN, latencies: [10, 10, 10, 11, 11, 12, 12, 13, 13, 14, 15, 16, 18, 20, 25, 30] };

/** An SSD: around a millisecond, now and then ten. */
export const SSD: readonly number[] = [600, 700, 800, 800, 900, 900, 1000, 1000, 1100, 1200, 1300, 1500, 1800, 2500, 5000, 10_000];

/** A disk that is quick because it need not last: what a test wants. */
export const RAM_DISK: readonly number[] = [20, 20, 20, 20, 25, 25, 25, 30, 30, 30, 35, 35, 40, 45, 50, 60];

export interface EnsembleSpec {
  readonly seed: string;
  readonly mode: Mode;
  readonly servers: readonly ServerOptions[];
  readonly clients: readonly ClientOptions[];
  readonly zoo: ZooConfig;
  /** What differs from the defaults of the server layer. */
  readonly server: Partial<ServerConfig>;
  readonly network: NetworkConfig;
  readonly decisions: Decisions;
  readonly driver: Driver | null;
  /** Virtual microseconds at which the run begins. */
  readonly startUs: number;
  /** Is there a node for clients that are no part of the simulation? */
  readonly outside: boolean;
  /** In tests: shared parts are frozen. */
  readonly guard: boolean;
}

/** `voters` servers named s1, s2, ... and then `observers`. */
export function makeServers(voters: number, observers = 0): ServerOptions[] {
  return Array.from({ length: voters + observers }, (_, i) => ({
    name: `s${i + 1}`,
    sid: i + 1,
    learnerType: i < voters ? 'PARTICIPANT' : 'OBSERVER',
    fsyncTimes: SSD,
  }));
}

export function makeClient(name: string, options: Partial<ClientOptions> = {}): ClientOptions {
  return { name, servers: [], sessionTimeoutMs: 10_000, shufflesServers: true, connectDelayMs: 1000, ...options };
}

export function makeSpec(options: Partial<EnsembleSpec> = {}): EnsembleSpec {
  return {
    seed: '1',
    mode: 'fine',
    servers: makeServers(3),
    clients: [],
    zoo: ZOO_DEFAULTS,
    server: {},
    network: LAN,
    decisions: FIXED,
    driver: null,
    startUs: 0,
    outside: false,
    guard: false,
    ...options,
  };
}

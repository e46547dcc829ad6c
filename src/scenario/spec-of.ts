/** From a scenario's document to the specification of an ensemble; what it does not say has ZooKeeper's defaults. */
import type { Driver } from '../kernel/driver.ts';
import type { NetworkConfig } from '../kernel/network-state.ts';
import {
  LAN,
  LOOPBACK,
  makeClient,
  makeServers,
  makeSpec,
  RAM_DISK,
  ZOO_DEFAULTS,
  type ClientOptions,
  type Decisions,
  type EnsembleSpec,
  type ServerOptions,
  type ZooConfig,
} from '../ensemble/spec.ts';
import type { ServerConfig } from '../server/config.ts';
import type { Document } from './document.ts';

/** For clients of the real world: what the document does not say is quick, and may be said in zoo.cfg's terms. */
export interface Serving {
  /** Microseconds since 1970 at which virtual time begins. */
  readonly startUs: number;
  readonly zoo: Partial<ZooConfig>;
  readonly server: Partial<ServerConfig>;
}

export interface RunChoices {
  readonly seed: string;
  readonly mode: 'fine' | 'coarse';
  readonly decisions: Decisions;
}

export function specOf(document: Document, choices: RunChoices, driver: Driver | null, guard = false): EnsembleSpec {
  return makeSpec({
    ...choices,
    servers: serversOf(document),
    clients: clientsOf(document),
    zoo: zooOf(document),
    server: serverConfigOf(document),
    network: networkOf(document, LAN),
    driver,
    guard,
  });
}

/** The same with a door for clients from outside. */
export function servingSpec(
  document: Document,
  choices: RunChoices,
  driver: Driver | null,
  { startUs, zoo, server }: Serving,
): EnsembleSpec {
  const spec = specOf(document, choices, driver);
  return {
    ...spec,
    servers: document.ensemble?.fsync === undefined ? spec.servers.map((each, i) => withQuickDisk(document, each, i)) : spec.servers,
    zoo: { ...spec.zoo, ...zoo },
    network: networkOf(document, LOOPBACK),
    server: { quorumConfig: quorumConfigOf(spec.servers), ...spec.server, ...server },
    startUs,
    outside: true,
  };
}

/** As in a zoo.cfg with the usual ports, each server on a machine of its name. */
function quorumConfigOf(servers: readonly ServerOptions[]): string {
  const lines = servers.map(({ name, sid, learnerType }) => `server.${sid}=${name}:2888:3888:${learnerType.toLowerCase()}`);
  return [...lines, 'version=0'].join('\n');
}

function withQuickDisk({ ensemble }: Document, server: ServerOptions, i: number): ServerOptions {
  const given = typeof ensemble?.servers === 'object' ? ensemble.servers[i]?.fsync : undefined;
  return given === undefined ? { ...server, fsyncTimes: RAM_DISK } : server;
}

export function serversOf(document: Document): ServerOptions[] {
  const given = document.ensemble?.servers;
  const observers = document.ensemble?.observers ?? 0;
  const fsync = document.ensemble?.fsync;
  const usual = typeof given === 'object' ? given.length : (given ?? 3);
  const servers = makeServers(usual, observers).map((server) => (fsync === undefined ? server : { ...server, fsyncTimes: fsync }));
  if (typeof given !== 'object') return servers;
  return servers.map((server, i): ServerOptions => {
    const own = given[i];
    if (own === undefined) return server;
    const { name, sid, observer, fsync: own_fsync } = own;
    return {
      name,
      sid: sid ?? server.sid,
      learnerType: observer === true ? 'OBSERVER' : server.learnerType,
      fsyncTimes: own_fsync ?? server.fsyncTimes,
    };
  });
}

export function clientsOf(document: Document): ClientOptions[] {
  return (document.clients ?? []).map((client) => {
    const { name, servers, timeout, shuffle, connectDelay } = client;
    return makeClient(name, {
      ...(servers === undefined ? {} : { servers, shufflesServers: false }),
      ...(timeout === undefined ? {} : { sessionTimeoutMs: Math.floor(timeout / 1000) }),
      ...(shuffle === undefined ? {} : { shufflesServers: shuffle }),
      ...(connectDelay === undefined ? {} : { connectDelayMs: Math.floor(connectDelay / 1000) }),
    });
  });
}

function zooOf(document: Document): ZooConfig {
  const { ensemble } = document;
  if (ensemble === undefined) return ZOO_DEFAULTS;
  const {
    tickTime,
    initLimit,
    syncLimit,
    cnxTimeout,
    maxNotificationInterval,
    commitLogCount,
    snapshotSizePermille,
    forceSnapshotSync,
    snapCount,
    preAllocSize,
    maxCounter,
    standaloneEnabled,
  } = ensemble;
  return {
    ...ZOO_DEFAULTS,
    ...(tickTime === undefined ? {} : { tickTimeMs: Math.max(1, Math.floor(tickTime / 1000)) }),
    ...(initLimit === undefined ? {} : { initLimit }),
    ...(syncLimit === undefined ? {} : { syncLimit }),
    ...(cnxTimeout === undefined ? {} : { cnxTimeoutMs: Math.floor(cnxTimeout / 1000) }),
    ...(maxNotificationInterval === undefined
      ? {}
      : { maxNotificationIntervalMs: Math.max(1, Math.floor(maxNotificationInterval / 1000)) }),
    ...(commitLogCount === undefined ? {} : { commitLogCount }),
    ...(snapshotSizePermille === undefined ? {} : { snapshotSizePermille }),
    ...(forceSnapshotSync === undefined ? {} : { forceSnapshotSync }),
    ...(snapCount === undefined ? {} : { snapCount }),
    ...(preAllocSize === undefined ? {} : { preAllocBytes: preAllocSize * 1024 }),
    ...(maxCounter === undefined ? {} : { maxCounter }),
    ...(standaloneEnabled === undefined ? {} : { standaloneEnabled }),
  };
}

function serverConfigOf({ ensemble = {} }: Document): EnsembleSpec['server'] {
  const { extendedTypesEnabled, enforceQuota, skipACL, superDigest, maxClientCnxns, globalOutstandingLimit, fourLetterWhitelist } =
    ensemble;
  const { minSessionTimeout, maxSessionTimeout, containerCheckInterval, containerMaxPerMinute, containerMaxNeverUsedInterval } = ensemble;
  return {
    ...(minSessionTimeout === undefined ? {} : { minSessionTimeoutMs: Math.floor(minSessionTimeout / 1000) }),
    ...(maxSessionTimeout === undefined ? {} : { maxSessionTimeoutMs: Math.floor(maxSessionTimeout / 1000) }),
    ...(extendedTypesEnabled === undefined ? {} : { extendedTypesEnabled }),
    ...(enforceQuota === undefined ? {} : { enforceQuota }),
    ...(skipACL === undefined ? {} : { skipACL }),
    ...(superDigest === undefined ? {} : { superDigest }),
    ...(maxClientCnxns === undefined ? {} : { maxClientCnxns }),
    ...(globalOutstandingLimit === undefined ? {} : { globalOutstandingLimit }),
    ...(fourLetterWhitelist === undefined ? {} : { fourLetterWhitelist }),
    ...(containerCheckInterval === undefined ? {} : { containerCheckIntervalMs: Math.max(1, Math.floor(containerCheckInterval / 1000)) }),
    ...(containerMaxPerMinute === undefined ? {} : { containerMaxPerMinute }),
    ...(containerMaxNeverUsedInterval === undefined
      ? {}
      : { containerMaxNeverUsedIntervalMs: Math.floor(containerMaxNeverUsedInterval / 1000) }),
  };
}

function networkOf(document: Document, usual: NetworkConfig): NetworkConfig {
  const { latency, loss, keepalive, retransmit } = document.network ?? {};
  return {
    ...usual,
    ...(latency === undefined ? {} : { latencies: latency }),
    ...(loss === undefined ? {} : { lossPerMillion: loss }),
    ...(keepalive === undefined ? {} : { keepaliveUs: keepalive }),
    ...(retransmit === undefined ? {} : { retransmitUs: retransmit }),
  };
}

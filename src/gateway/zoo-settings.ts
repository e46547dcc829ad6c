/**
 * What the lines of a zoo.cfg and the system properties mean here (section M): each sets a field of the ensemble's configuration, is refused
 * because what it turns on is not there, or means nothing to a simulated server. As in ZooKeeper, a key of the file that is no setting of its own
 * becomes the property `zookeeper.<key>`.
 */
import { nearest } from '../base/text.ts';
import type { ZooConfig } from '../ensemble/spec.ts';
import { InputError, type Place } from '../scenario/input-error.ts';
import type { ServerConfig } from '../server/config.ts';
import { hashNamed } from './digest-hashes.ts';
import { JUTE_MAXBUFFER } from '../wire/framer.ts';

/** As it is written down: a hash by its name. */
type NamedConfig = Omit<ServerConfig, 'digestHash'> & { readonly digestAlg: string };

/** A setting as it was written, and where: a key of a file, or a property of the command line. */
export interface Setting {
  readonly key: string;
  readonly value: string;
  readonly place: Place;
}

export interface Settings {
  readonly zoo: Partial<ZooConfig>;
  readonly server: Partial<NamedConfig>;
  readonly frameMax: number;
  /** admin.serverPort, where it is said; null for no AdminServer. */
  readonly adminPort: number | null;
  /** What was set and has no effect, one line each. */
  readonly warnings: readonly string[];
}

interface Draft {
  zoo: { -readonly [Name in keyof ZooConfig]?: ZooConfig[Name] };
  server: { -readonly [Name in keyof NamedConfig]?: NamedConfig[Name] };
  frameMax: number;
  adminPort: number | null;
  hasAdmin: boolean;
  warnings: string[];
}

/** Throws a text that says what was expected. */
type Apply = (draft: Draft, value: string) => void;

type NumberField<T> = { [Name in keyof T]: T[Name] extends number | null ? Name : never }[keyof T];
type FlagField<T> = { [Name in keyof T]: T[Name] extends boolean ? Name : never }[keyof T];

class Expected extends Error {}

function wholeOf(value: string, min: number, max = 0x7fff_ffff): number {
  const n = /^-?\d{1,10}$/.test(value) ? Number(value) : Number.NaN;
  if (n >= min && n <= max) return n;
  throw new Expected(`a whole number from ${min} to ${max}`);
}

/** QuorumPeerConfig.parseBoolean takes only these two words. */
function flagOf(value: string): boolean {
  const word = value.toLowerCase();
  if (word === 'true' || word === 'false') return word === 'true';
  throw new Expected('true or false');
}

function zoo(field: NumberField<ZooConfig>, min: number, times = 1): Apply {
  return (draft, value) => void (draft.zoo[field] = wholeOf(value, min) * times);
}

function server(field: NumberField<ServerConfig>, min: number): Apply {
  return (draft, value) => void (draft.server[field] = wholeOf(value, min));
}

function zooFlag(field: FlagField<ZooConfig>): Apply {
  return (draft, value) => void (draft.zoo[field] = flagOf(value));
}

/** A property that Java asks with Boolean.getBoolean: anything but `true` is false. */
function serverFlag(field: FlagField<ServerConfig>): Apply {
  return (draft, value) => void (draft.server[field] = value.toLowerCase() === 'true');
}

function digestAlgorithm(draft: Draft, value: string): void {
  if (hashNamed(value) === null) throw new Expected('SHA1, SHA-256 or SHA-512');
  draft.server.digestAlg = value;
}

/** CFG-26: above 1 the default is meant. */
function snapshotSizeFactor(draft: Draft, value: string): void {
  const factor = Number(value);
  if (!/^-?\d+(\.\d+)?$/.test(value)) throw new Expected('a number such as 0.33');
  if (factor <= 1) draft.zoo.snapshotSizePermille = factor < 0 ? -1 : Math.floor(factor * 1000);
}

/** Keys of zoo.cfg that QuorumPeerConfig knows. */
const FILE_SETTINGS: Readonly<Record<string, Apply>> = {
  tickTime: zoo('tickTimeMs', 1),
  initLimit: zoo('initLimit', 1),
  syncLimit: zoo('syncLimit', 1),
  minSessionTimeout: server('minSessionTimeoutMs', 1),
  maxSessionTimeout: server('maxSessionTimeoutMs', 1),
  dataDir: (draft, value) => void (draft.server.dataDir = value),
  dataLogDir: (draft, value) => void (draft.server.dataLogDir = value),
  maxClientCnxns: server('maxClientCnxns', 0),
  standaloneEnabled: zooFlag('standaloneEnabled'),
  electionAlg: (_, value) => {
    if (value !== '3') throw new Expected('3, the only election there is');
  },
};

/** System properties by their whole name. */
const PROPERTIES: Readonly<Record<string, Apply>> = {
  'jute.maxbuffer': (draft, value) => void (draft.frameMax = wholeOf(value, 0)),
  'znode.container.checkIntervalMs': server('containerCheckIntervalMs', 1),
  'znode.container.maxPerMinute': server('containerMaxPerMinute', 1),
  'znode.container.maxNeverUsedIntervalMs': server('containerMaxNeverUsedIntervalMs', 0),
  'zookeeper.snapCount': zoo('snapCount', 2),
  'zookeeper.commitLogCount': (draft, value) => void (draft.zoo.commitLogCount = Math.max(500, wholeOf(value, 0))),
  'zookeeper.snapshotSizeFactor': snapshotSizeFactor,
  'zookeeper.forceSnapshotSync': (draft, value) => void (draft.zoo.forceSnapshotSync = value.toLowerCase() === 'true'),
  'zookeeper.preAllocSize': zoo('preAllocBytes', 0, 1024),
  'zookeeper.maxBatchSize': zoo('maxBatchSize', 1),
  'zookeeper.cnxTimeout': zoo('cnxTimeoutMs', 1),
  'zookeeper.fastleader.minNotificationInterval': zoo('minNotificationIntervalMs', 1),
  'zookeeper.fastleader.maxNotificationInterval': zoo('maxNotificationIntervalMs', 1),
  'zookeeper.leaderConnectDelayDuringRetryMs': zoo('leaderConnectDelayMs', 0),
  'zookeeper.observer.election.DelayMs': zoo('observerElectionDelayMs', 0),
  'zookeeper.commitProcessor.numWorkerThreads': server('commitWorkers', 0),
  'zookeeper.nio.sessionlessCnxnTimeout': server('sessionlessCnxnTimeoutMs', 1),
  'zookeeper.globalOutstandingLimit': server('globalOutstandingLimit', 1),
  'zookeeper.request_throttle_max_requests': server('requestThrottleMaxRequests', 0),
  'zookeeper.request_throttle_stall_time': server('requestThrottleStallTimeMs', 1),
  'zookeeper.request_throttle_drop_stale': serverFlag('requestThrottleDropStale'),
  'zookeeper.request_stale_connection_check': serverFlag('requestStaleConnectionCheck'),
  'zookeeper.request_stale_latency_check': serverFlag('requestStaleLatencyCheck'),
  'zookeeper.throttled_op_wait_time': server('throttledOpWaitTimeMs', 0),
  'zookeeper.4lw.commands.whitelist': (draft, value) => void (draft.server.fourLetterWhitelist = value),
  'zookeeper.admin.serverPort': (draft, value) => void (draft.adminPort = wholeOf(value, 0, 65_535)),
  'zookeeper.admin.enableServer': (draft, value) => void (draft.hasAdmin = value.toLowerCase() === 'true'),
  'zookeeper.enforceQuota': serverFlag('enforceQuota'),
  'zookeeper.enableEagerACLCheck': serverFlag('enableEagerACLCheck'),
  'zookeeper.skipACL': (draft, value) => void (draft.server.skipACL = value === 'yes'),
  'zookeeper.extendedTypesEnabled': serverFlag('extendedTypesEnabled'),
  'zookeeper.DigestAuthenticationProvider.superDigest': (draft, value) => void (draft.server.superDigest = value),
  'zookeeper.DigestAuthenticationProvider.digestAlg': digestAlgorithm,
};

/** What these turn on is not there: a server that silently went without would mislead. `off` is the value that changes nothing. */
const REFUSED: Readonly<Record<string, { readonly off: string; readonly what: string }>> = {
  reconfigEnabled: { off: 'false', what: 'dynamic reconfiguration' },
  localSessionsEnabled: { off: 'false', what: 'local sessions' },
  localSessionsUpgradingEnabled: { off: 'false', what: 'local sessions' },
  sslQuorum: { off: 'false', what: 'TLS' },
  portUnification: { off: 'false', what: 'TLS' },
  secureClientPort: { off: '', what: 'TLS' },
  secureClientPortAddress: { off: '', what: 'TLS' },
  observerMasterPort: { off: '0', what: 'observer masters' },
  oraclePath: { off: '', what: 'the oracle of two servers' },
  'multiAddress.enabled': { off: 'false', what: 'several addresses of one server' },
  'quorum.auth.enableSasl': { off: 'false', what: 'SASL' },
  'readonlymode.enabled': { off: 'false', what: 'read-only mode' },
  'zookeeper.leaderServes': { off: 'yes', what: 'a leader that takes no clients' },
  'zookeeper.sessionRequireClientSASLAuth': { off: 'false', what: 'SASL' },
  'zookeeper.client.portUnification': { off: 'false', what: 'TLS' },
};

/** Settings of files, logs, threads and buffers that a simulated server has not, or that change nothing that can be seen. */
const WITHOUT_EFFECT =
  /^(clientPortListenBacklog|quorumListenOnAllIPs|peerType|syncEnabled|connectToLearnerMasterLimit|autopurge\..*|metricsProvider\..*|multiAddress\..*|jvm\..*|quorum\..*|sslQuorumReloadCertFiles|java\..*|org\.apache\..*|log4j\..*|fsync\..*)$/;
/** Of these nobody needs to be told. */
const SILENT = /^(autopurge\..*|metricsProvider\..*|clientPortListenBacklog|peerType|quorumListenOnAllIPs)$/;

const KNOWN: readonly string[] = [
  'clientPort',
  ...Object.keys(FILE_SETTINGS),
  ...Object.keys(PROPERTIES).flatMap((name) => [name, name.replace(/^zookeeper\./, '')]),
];

/** File first, then the command line, which goes before it. Throws InputError. */
export function readSettings(file: readonly Setting[], properties: readonly Setting[]): Settings {
  const draft: Draft = { zoo: {}, server: {}, frameMax: JUTE_MAXBUFFER, adminPort: null, hasAdmin: true, warnings: [] };
  for (const setting of file) apply(draft, setting, FILE_SETTINGS[setting.key] ?? PROPERTIES[`zookeeper.${setting.key}`], setting.key);
  for (const setting of properties) apply(draft, setting, PROPERTIES[setting.key], setting.key);
  const { minSessionTimeoutMs, maxSessionTimeoutMs } = draft.server;
  const tickMs = draft.zoo.tickTimeMs ?? 2000;
  if ((minSessionTimeoutMs ?? 2 * tickMs) > (maxSessionTimeoutMs ?? 20 * tickMs)) {
    const { place } = file.find(({ key }) => key === 'minSessionTimeout' || key === 'maxSessionTimeout') ?? { place: NOWHERE };
    throw new InputError(place, 'found a minSessionTimeout above maxSessionTimeout, expected it below');
  }
  return { ...draft, adminPort: draft.hasAdmin ? draft.adminPort : null };
}

const NOWHERE: Place = { file: 'settings', line: 0, column: 0 };

function apply(draft: Draft, { key, value, place }: Setting, known: Apply | undefined, named: string): void {
  const refused = REFUSED[key] ?? REFUSED[`zookeeper.${key}`];
  if (refused !== undefined) {
    if (value.toLowerCase() === refused.off) return;
    throw new InputError(
      place,
      `found ${named}=${value}, but there is no ${refused.what} here, expected ${refused.off === '' ? 'no such line' : `${named}=${refused.off}`}`,
    );
  }
  if (known === undefined) return leave(draft, key, place);
  try {
    known(draft, value);
  } catch (error) {
    if (!(error instanceof Expected)) throw error;
    throw new InputError(place, `found ${named}=${value}, expected ${error.message}`);
  }
}

function leave(draft: Draft, key: string, { file, line }: Place): void {
  if (SILENT.test(key)) return;
  const near = WITHOUT_EFFECT.test(key) ? null : nearest(key, KNOWN);
  draft.warnings.push(`${file}${line === 0 ? '' : `:${line}`}: ${key} means nothing here${near === null ? '' : `; did you mean ${near}?`}`);
}

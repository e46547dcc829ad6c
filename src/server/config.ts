/** The server layer's share of section M. Constant during a run; times in virtual milliseconds where so named. */
import { sha1 } from '@noble/hashes/legacy.js';
import type { AuthConfig } from './auth-provider.ts';

export interface ServerConfig extends AuthConfig {
  /** QuorumVerifier.toString, as /zookeeper/config shows it (TREE-22); '' where nobody asks for it. */
  readonly quorumConfig: string;
  /** CFG-06 */
  readonly minSessionTimeoutMs: number;
  readonly maxSessionTimeoutMs: number;
  /** CFG-41: threads of the read pool; 0 runs reads on the CommitProcessor's own thread. */
  readonly commitWorkers: number;
  /** CFG-55 */
  readonly sessionlessCnxnTimeoutMs: number;
  /** CFG-07: 0 for no limit. */
  readonly maxClientCnxns: number;
  /** CFG-56: the four-letter words that are answered, separated by commas; `*` for all. */
  readonly fourLetterWhitelist: string;
  /** What a server calls itself: `<version>-<revision>, built on <date>`; null where the release decides. */
  readonly version: string | null;
  /** As conf shows them (ADM-17): the servers' client ports in the order of the servers, separated by commas; '' for 2181 and on. */
  readonly clientPorts: string;
  readonly dataDir: string;
  /** Null for the same as dataDir. */
  readonly dataLogDir: string | null;
  /** zoo.cfg's server lines, `server.<sid>=<host>:<quorumPort>:<electionPort>:<type>` each; '' for those of an ensemble on one machine. */
  readonly serverLines: string;
  /** The text that the server was started with, for the AdminServer alone. */
  readonly initialConfig: string | null;
  /** CFG-35, before the division by the number of followers (THR-01). */
  readonly globalOutstandingLimit: number;
  /** CFG-36: 0 for no limit of the requests in process; beyond it the RequestThrottler waits, this long at a time (THR-03). */
  readonly requestThrottleMaxRequests: number;
  readonly requestThrottleStallTimeMs: number;
  readonly requestThrottleDropStale: boolean;
  /** CFG-37 */
  readonly requestStaleConnectionCheck: boolean;
  readonly requestStaleLatencyCheck: boolean;
  /** CFG-38: 0 for never (THR-04). */
  readonly throttledOpWaitTimeMs: number;
  /** CFG-48 */
  readonly enforceQuota: boolean;
  /** CFG-49 */
  readonly skipACL: boolean;
  /** CFG-50 */
  readonly enableEagerACLCheck: boolean;
  /** CFG-51 */
  readonly extendedTypesEnabled: boolean;
  /** CFG-52; null where the release decides. */
  readonly containerCheckIntervalMs: number;
  readonly containerMaxPerMinute: number;
  readonly containerMaxNeverUsedIntervalMs: number | null;
}

/** The defaults that depend on the tick: sessions of 2 to 20 ticks. */
export function makeServerConfig(tickUs: number): ServerConfig {
  return {
    quorumConfig: '',
    minSessionTimeoutMs: Math.floor((2 * tickUs) / 1000),
    maxSessionTimeoutMs: Math.floor((20 * tickUs) / 1000),
    commitWorkers: 2,
    sessionlessCnxnTimeoutMs: 10_000,
    maxClientCnxns: 60,
    fourLetterWhitelist: 'srvr',
    version: null,
    clientPorts: '',
    dataDir: '/var/lib/zookeeper',
    dataLogDir: null,
    serverLines: '',
    initialConfig: null,
    globalOutstandingLimit: 1000,
    requestThrottleMaxRequests: 0,
    requestThrottleStallTimeMs: 100,
    requestThrottleDropStale: true,
    requestStaleConnectionCheck: true,
    requestStaleLatencyCheck: false,
    throttledOpWaitTimeMs: 0,
    digestHash: sha1,
    superDigest: null,
    enforceQuota: false,
    skipACL: false,
    enableEagerACLCheck: false,
    extendedTypesEnabled: false,
    containerCheckIntervalMs: 60_000,
    containerMaxPerMinute: 10_000,
    containerMaxNeverUsedIntervalMs: null,
  };
}

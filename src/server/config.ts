/** The server layer's share of section M. Constant during a run; times in virtual milliseconds where so named. */
export interface ServerConfig {
  /** CFG-06 */
  readonly minSessionTimeoutMs: number;
  readonly maxSessionTimeoutMs: number;
  /** CFG-41: threads of the read pool; 0 runs reads on the CommitProcessor's own thread. */
  readonly commitWorkers: number;
  /** CFG-55 */
  readonly sessionlessCnxnTimeoutMs: number;
}

/** The defaults that depend on the tick: sessions of 2 to 20 ticks. */
export function makeServerConfig(tickUs: number): ServerConfig {
  return {
    minSessionTimeoutMs: Math.floor((2 * tickUs) / 1000),
    maxSessionTimeoutMs: Math.floor((20 * tickUs) / 1000),
    commitWorkers: 2,
    sessionlessCnxnTimeoutMs: 10_000,
  };
}

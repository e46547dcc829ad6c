/**
 * The types of `zablab/gateway`, an ensemble for a test: real clients connect to it, and the test crashes, pauses and cuts off servers under
 * them. Self-contained, because this file is what the package's users get.
 *
 *     const ensemble = await startEnsemble({ servers: 3 });
 *     const client = createClient(ensemble.connectString);
 *     const dead = ensemble.crash('leader');
 *     ensemble.restart(dead);
 *     await ensemble.untilServing();
 *     await ensemble.stop();
 *
 * Servers are named s1, s2, ...; `leader`, `follower` and the other words of a scenario mean whoever it is now.
 */

export interface EnsembleOptions {
  /** Servers that vote; 3 when absent. One alone is a standalone server. */
  readonly servers?: number;
  readonly observers?: number;
  /** A release whose bugs the servers have, such as `3.8.0`; `fixed` when absent. */
  readonly preset?: string;
  /** Further bugs, by their ids. */
  readonly mutations?: readonly string[];
  /** Decides every delay and every draw; `1` when absent. */
  readonly seed?: string;
  /** Client ports in the order of the servers; free ones when absent. */
  readonly ports?: readonly number[];
  /** 127.0.0.1 when absent. */
  readonly host?: string;
  /** Keys of zoo.cfg, such as `{ tickTime: 500 }`. */
  readonly config?: Readonly<Record<string, string | number | boolean>>;
  /** System properties, such as `{ 'zookeeper.extendedTypesEnabled': 'true' }`. */
  readonly properties?: Readonly<Record<string, string | number | boolean>>;
  /** Does each server have an AdminServer, on a free port? */
  readonly admin?: boolean;
  /** The text of a scenario instead: its servers, network, clients and script. */
  readonly scenario?: string;
  /** A file for what comes in, which `zablab replay` replays. */
  readonly record?: string;
  /** What a person should know: connections that misbehave, a machine that slept. Nowhere when absent. */
  readonly log?: (line: string) => void;
}

export interface RunningEnsemble {
  /** `127.0.0.1:40001,127.0.0.1:40002,127.0.0.1:40003` */
  readonly connectString: string;
  readonly servers: readonly {
    readonly name: string;
    readonly host: string;
    readonly port: number;
    readonly connectString: string;
    /** Of its AdminServer; null where there is none. */
    readonly adminPort: number | null;
  }[];
  /** The name of the established leader, or null. */
  readonly leader: () => string | null;
  readonly status: () => EnsembleStatus;
  /** The process dies as by `kill -9`; returns the server's name. */
  readonly crash: (server: string) => string;
  /** The machine goes dark: nobody is told, and what was not synced is lost. */
  readonly powerLoss: (server: string) => string;
  /** The process, or the machine, is started again with its disk. */
  readonly restart: (server: string) => string;
  /** The process stands still with its connections open, as in a long collection of garbage. */
  readonly pause: (server: string) => string;
  readonly resume: (server: string) => string;
  /** Nothing gets from one group to another. Servers that are not named are a group of their own; `outside` is where the clients are, and they reach every server unless it is named. */
  readonly partition: (groups: readonly (readonly string[])[]) => void;
  /** Ends all partitions. */
  readonly heal: () => void;
  /** Any other line of the scenario language, such as `disk: { server: s1, slow: 20 }`. */
  readonly fault: (line: string) => Done;
  /** Waits until there is a leader and every server takes clients that is up; rejects after so many milliseconds. */
  readonly untilServing: (withinMs?: number) => Promise<void>;
  readonly stop: () => Promise<void>;
}

export interface ServerStatus {
  readonly name: string;
  readonly sid: number;
  readonly host: string;
  readonly port: number;
  /** LOOKING, FOLLOWING, LEADING or OBSERVING; down or off. */
  readonly state: string;
  readonly power: 'up' | 'down' | 'off';
  readonly paused: boolean;
  /** Does it take clients? */
  readonly serving: boolean;
  readonly epoch: number;
  readonly zxid: string;
}

export interface EnsembleStatus {
  readonly formatVersion: 1;
  readonly leader: string | null;
  /** Milliseconds since 1970, as far as the ensemble knows. */
  readonly virtualMs: number;
  readonly events: number;
  readonly connections: number;
  readonly servers: readonly ServerStatus[];
}

export interface Done {
  /** What was done, in words. */
  readonly did: readonly string[];
  /** False when it found nothing to act on. */
  readonly bit: boolean;
}

/** Resolves when clients can connect. Rejects with an Error that says what is wrong with the options, or which port is taken. */
export declare function startEnsemble(options?: EnsembleOptions): Promise<RunningEnsemble>;

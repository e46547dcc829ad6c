/** What somebody asks to be served: nothing in particular, a scenario, or a zoo.cfg; with system properties over it. */
import { parseScenario } from '../scenario/parse-scenario.ts';
import { serversOf } from '../scenario/spec-of.ts';
import type { Address } from './serving.ts';
import { makeHead, type SessionHead } from './session-file.ts';
import { readZooCfg } from './zoo-cfg.ts';
import { readSettings, type Setting, type Settings } from './zoo-settings.ts';

export interface Asked {
  /** Null for three servers. */
  readonly source: { readonly text: string; readonly file: string } | null;
  /** For the files that a zoo.cfg names; null where there is none of that name. */
  readonly readFile: (name: string) => string | null;
  /** Keys of zoo.cfg beside a source that is none. */
  readonly config?: readonly Setting[];
  readonly properties: readonly Setting[];
  readonly host: string;
  /** The port of the first server, from which the others count up, 0 for any; null for what the source says. */
  readonly firstPort: number | null;
  /** The port of the first server's AdminServer; what the source says where it is absent or null. */
  readonly adminPort?: number | null;
  readonly version: string;
  readonly seed: string | null;
  readonly preset: string | null;
  readonly mutations: readonly string[] | null;
}

export interface Served {
  readonly head: SessionHead;
  readonly addresses: readonly Address[];
  readonly frameMax: number;
  /** Of each server's AdminServer, 0 for any; none when empty. */
  readonly adminPorts: readonly number[];
  readonly warnings: readonly string[];
}

export const FIRST_PORT = 2181;
const THREE_SERVERS = { text: 'name: three servers\n', file: 'three servers' };

/** An election that is not waited for takes about so long; afterwards virtual time is about the wall clock's. */
const ELECTION_US = 700_000;

/** Throws InputError. */
export function readServed(asked: Asked): Served {
  const { host, firstPort, version, seed, preset, mutations } = asked;
  const { scenario, file, settings, ports } = sourceOf(asked);
  const { zoo, server, frameMax, warnings } = settings;
  const head = makeHead({
    version,
    file,
    scenario,
    seed,
    preset,
    mutations: mutations === null ? null : [...mutations],
    startUs: Date.now() * 1000 - ELECTION_US,
    zoo,
    server,
  });
  const addresses = ports.map((port, i) => ({ host, port: firstPort === null ? port : firstPort === 0 ? 0 : firstPort + i }));
  return { head, addresses, frameMax, adminPorts: countUp(asked.adminPort ?? settings.adminPort, ports.length), warnings };
}

function countUp(first: number | null, count: number): number[] {
  return first === null ? [] : Array.from({ length: count }, (_, i) => (first === 0 ? 0 : first + i));
}

interface Source {
  readonly scenario: string;
  readonly file: string;
  readonly settings: Settings;
  readonly ports: readonly number[];
}

function sourceOf({ source, readFile, config = [], properties }: Asked): Source {
  const { text, file } = source ?? THREE_SERVERS;
  if (looksLikeZooCfg(text, file)) {
    const cfg = readZooCfg(text, file, properties, readFile);
    return { scenario: cfg.scenario, file, settings: cfg, ports: cfg.ports };
  }
  const servers = serversOf(parseScenario(text, file).document);
  return { scenario: text, file, settings: readSettings(config, properties), ports: servers.map((_, i) => FIRST_PORT + i) };
}

/** By its name, or where that says nothing by a line that only a zoo.cfg has. */
function looksLikeZooCfg(text: string, file: string): boolean {
  if (/\.(cfg|properties)$/.test(file)) return true;
  return !/\.ya?ml$/.test(file) && /^[ \t]*(tickTime|clientPort|dataDir|server\.\d+)[ \t]*[=:]/m.test(text) && !/^name:/m.test(text);
}

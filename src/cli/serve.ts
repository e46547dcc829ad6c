/** `zablab serve`: real ZooKeeper clients connect to an ensemble of simulated servers. */
import { startServing, type Address, type Serving } from '../gateway/serving.ts';
import { makeHead, type SessionHead } from '../gateway/session-file.ts';
import { statusOf } from '../gateway/status.ts';
import { InputError } from '../scenario/input-error.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { runOptionsOf, type RunFlags } from './run-options.ts';
import { readScenarioInput } from './scenario-input.ts';
import { tellError } from './tell-error.ts';
import type { Terminal } from './terminal.ts';
import { VERSION } from './version.ts';

export interface ServeFlags extends Pick<RunFlags, 'seed' | 'preset' | 'mutate'> {
  readonly D?: readonly string[];
  readonly host?: string;
  readonly port?: string;
  readonly control?: string;
  readonly record?: string;
}

const FIRST_PORT = 2181;
const PORT_MAX = 65_535;

export async function serveCommand(what: string | undefined, flags: ServeFlags, terminal: Terminal): Promise<ExitCode> {
  const served = await readServed(what, flags, terminal);
  let fail: (error: unknown) => void = () => undefined;
  const broken = new Promise<never>((_, reject) => (fail = reject));
  broken.catch(() => undefined);
  const serving = await startServing({
    ...served,
    recordTo: flags.record ?? null,
    log: (line) => terminal.err(`zablab: ${line}\n`),
    onBroken: fail,
  });
  terminal.out(readyText(serving));
  try {
    await Promise.race([terminal.untilInterrupted(), broken]);
  } catch (error) {
    return tellError(error, terminal);
  } finally {
    serving.close();
  }
  return EXIT.interrupted;
}

interface Served {
  readonly head: SessionHead;
  readonly addresses: readonly Address[];
}

const THREE_SERVERS = 'name: three servers\n';

async function readServed(what: string | undefined, flags: ServeFlags, terminal: Terminal): Promise<Served> {
  const { preset, mutations, seed } = runOptionsOf(flags, {});
  const input = what === undefined ? { file: 'serve', text: THREE_SERVERS } : await readScenarioInput(what, terminal);
  const first = flags.port === undefined ? FIRST_PORT : portOf(flags.port, '--port');
  const head = makeHead({
    version: VERSION,
    file: input.file,
    scenario: input.text,
    seed: seed ?? '1',
    preset: preset ?? null,
    mutations: mutations === undefined ? null : [...mutations],
    startUs: Date.now() * 1000,
    zoo: {},
    server: {},
  });
  const host = flags.host ?? '127.0.0.1';
  return { head, addresses: Array.from({ length: 99 }, (_, i) => ({ host, port: first === 0 ? 0 : first + i })) };
}

function portOf(text: string, blamed: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= PORT_MAX) return port;
  throw new InputError({ file: blamed, line: 0, column: 0 }, `found "${text}", expected a port, 0 to ${PORT_MAX}`);
}

/** One line, for people and for programs that wait for it. */
function readyText({ gateway }: Serving): string {
  const { servers, leader } = statusOf(gateway);
  const places = servers.map(({ host, port }) => `${host}:${port}`).join(',');
  const count = servers.length === 1 ? '1 server' : `${servers.length} servers`;
  return `serving ${count} at ${places} (${leader === null ? 'nobody leads yet' : `leader ${leader}`})\n`;
}

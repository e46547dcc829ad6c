/** `zablab serve`: real ZooKeeper clients connect to an ensemble of simulated servers. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openControlDoor, type ControlDoor } from '../gateway/control-door.ts';
import { readServed, type Served } from '../gateway/served.ts';
import { isServing, startServing, type Serving } from '../gateway/serving.ts';
import { statusOf } from '../gateway/status.ts';
import type { Setting } from '../gateway/zoo-settings.ts';
import { InputError } from '../scenario/input-error.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { runOptionsOf, type RunFlags } from './run-options.ts';
import { readScenarioInput } from './scenario-input.ts';
import { tellError } from './tell-error.ts';
import type { Terminal } from './terminal.ts';
import { VERSION } from '../gateway/version.ts';

export interface ServeFlags extends Pick<RunFlags, 'seed' | 'preset' | 'mutate'> {
  readonly D?: readonly string[];
  readonly host?: string;
  readonly port?: string;
  readonly control?: string;
  readonly admin?: string;
  readonly record?: string;
}

const CONTROL_PORT = 8180;
const PORT_MAX = 65_535;
const READY_WITHIN_MS = 10_000;
const LOOK_MS = 10;

export async function serveCommand(what: string | undefined, flags: ServeFlags, terminal: Terminal): Promise<ExitCode> {
  const log = (line: string): void => terminal.err(`zablab: ${line}\n`);
  const served = await readAsked(what, flags, terminal);
  for (const warning of served.warnings) log(warning);
  let fail: (error: unknown) => void = () => undefined;
  const broken = new Promise<never>((_, reject) => (fail = reject));
  broken.catch(() => undefined); // it may come before anybody waits for it
  const serving = await startServing({ ...served, recordTo: flags.record ?? null, log, onBroken: fail });
  let door: ControlDoor | null = null;
  try {
    door = await openDoor(serving, flags.control);
    const interrupted = terminal.untilInterrupted();
    await Promise.race([untilReady(serving), interrupted, broken]);
    terminal.out(readyText(serving, door));
    await Promise.race([interrupted, broken]);
    return EXIT.interrupted;
  } catch (error) {
    if (!(error instanceof InputError)) log(againText(served, flags));
    return tellError(error, terminal);
  } finally {
    door?.close();
    serving.close();
  }
}

/** A script may want its election seen, or none: then the line comes without a leader. */
async function untilReady({ gateway, run }: Serving): Promise<void> {
  if (run.scenario.document.start === 'none') return;
  for (let waited = 0; waited < READY_WITHIN_MS && !isServing(gateway.ensemble); waited += LOOK_MS)
    await pause(LOOK_MS, null, { ref: false });
}

async function readAsked(what: string | undefined, flags: ServeFlags, terminal: Terminal): Promise<Served> {
  const { preset, mutations, seed } = runOptionsOf(flags, {});
  const source = what === undefined ? null : await readScenarioInput(what, terminal);
  return readServed({
    source,
    readFile: (name) => textOrNull(resolve(dirname(what ?? ''), name)),
    properties: (flags.D ?? []).map(propertyOf),
    host: flags.host ?? '127.0.0.1',
    firstPort: flags.port === undefined ? null : portOf(flags.port, '--port'),
    adminPort: flags.admin === undefined ? null : portOf(flags.admin, '--admin'),
    version: VERSION,
    seed: seed ?? null,
    preset: preset ?? null,
    mutations: mutations ?? null,
  });
}

function textOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** `-Dname=value`, as Java takes it: without a value it is empty. */
function propertyOf(text: string): Setting {
  const at = text.indexOf('=');
  const key = at === -1 ? text : text.slice(0, at);
  return { key, value: at === -1 ? '' : text.slice(at + 1).trim(), place: { file: `-D${key}`, line: 0, column: 0 } };
}

function portOf(text: string, blamed: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= PORT_MAX) return port;
  throw new InputError({ file: blamed, line: 0, column: 0 }, `found "${text}", expected a port, 0 to ${PORT_MAX}`);
}

/** Where the port that nobody asked for is taken, another one does as well: it is printed. */
async function openDoor(serving: Serving, asked: string | undefined): Promise<ControlDoor> {
  const port = asked === undefined ? CONTROL_PORT : portOf(asked, '--control');
  try {
    return await openControlDoor(serving, port);
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    if (asked === undefined) return openControlDoor(serving, 0);
    throw new InputError(
      { file: '--control', line: 0, column: 0 },
      `port ${port} cannot be had (${String(error.code)}), expected a free one`,
    );
  }
}

/** One line, for people and for programs that wait for it. */
function readyText({ gateway, adminPorts }: Serving, { url }: ControlDoor): string {
  const { servers, leader } = statusOf(gateway);
  const places = servers.map(({ host, port }) => `${host}:${port}`).join(',');
  const count = servers.length === 1 ? '1 server' : `${servers.length} servers`;
  const who = servers.length === 1 ? 'standalone' : leader === null ? 'nobody leads yet' : `leader ${leader}`;
  return `serving ${count} at ${places} (${who}, control ${url}${adminPorts.length === 0 ? '' : `, admin ports ${adminPorts.join(' ')}`})\n`;
}

function againText({ head }: Served, { record }: ServeFlags): string {
  const how = `seed ${head.seed ?? '1'}, preset ${head.preset ?? 'fixed'}`;
  return record === undefined ? `${how}; with --record it could be replayed` : `${how}; again: zablab replay ${record}`;
}

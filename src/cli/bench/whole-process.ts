/** How long a person waits for `zablab run`: from the shell's prompt to the next one. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { figureOf, type Figure } from './figure.ts';
import { medianOf, timed } from './measure.ts';

/** A minute of an ensemble: writes, a dead leader, its return, and the heartbeats in between. */
const SCENARIO = `name: A minute
until: 60s
clients: [alice]
script:
  - until: leader elected
  - alice: create /a hello
  - alice: set /a welcome
  - kill: leader
    at: 10s
    as: old
  - alice: set /a again
  - start: old
    at: 20s
  - alice: get /a
    at: 30s
`;

/** Nothing where there is no launcher to start. */
export function measureProcess(repetitions: number): Figure[] {
  const launcher = launcherPath();
  if (launcher === null) return [];
  const run = (): number => timed(() => void spawnSync(process.execPath, [launcher, 'run', '-'], { input: SCENARIO }));
  return [figureOf('process-60s', medianOf(repetitions, 0, run))];
}

/** Null where it is not beside the code. The sources are three folders below the root, the bundle two. */
export function launcherPath(): string | null {
  const here = dirname(fileURLToPath(import.meta.url));
  const found = ['../..', '../../..'].map((up) => join(here, up, 'src', 'cli', 'zablab.mjs')).find((path) => existsSync(path));
  return found ?? null;
}

// The same run in another process, through the built command, and in this one.

import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { parseScenario } from '../../src/scenario/parse-scenario.ts';
import { openRun, runToEnd, type RunOptions, type RunResult } from '../../src/scenario/run-scenario.ts';

const launcher = join('src', 'cli', 'zablab.mjs');

const files = readdirSync('scenarios', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => join('scenarios', name))
  .sort();

// Builds the bundle where it is stale, and says so.
beforeAll(() => void spawnSync(process.execPath, [launcher, '--version']), 300_000);

function here(file: string, options: RunOptions): RunResult {
  return runToEnd(openRun(parseScenario(readFileSync(file, 'utf8'), file), options));
}

interface There {
  readonly traceHash: string;
  readonly events: number;
  readonly ok: boolean;
}

/** Prints its verdict and exits with 0 or 1, whether or not the run went well. */
function there(file: string, ...args: string[]): There {
  const { stdout, stderr } = spawnSync(process.execPath, [launcher, 'run', file, '--json', ...args], { encoding: 'utf8' });
  expect(stderr).toBe('');
  return JSON.parse(stdout) as There;
}

test('every shipped scenario has the same trace in two processes', { timeout: 300_000 }, () => {
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) {
    const { traceHash, events, ok } = here(file, {});
    expect(there(file), file).toMatchObject({ traceHash, events, ok });
  }
});

test('and with other seeds, coarse and traced as well', { timeout: 300_000 }, () => {
  for (const seed of ['2', 'a long seed: 0123456789012345678901234567890']) {
    for (const file of files.slice(0, 6)) {
      const { traceHash, events } = here(file, { seed, mode: 'coarse' });
      expect(there(file, '--seed', seed, '--mode', 'coarse'), file).toMatchObject({ traceHash, events });
      const traced = here(file, { seed, traced: true });
      expect(there(file, '--seed', seed), file).toMatchObject({ traceHash: traced.traceHash, events: traced.events });
    }
  }
});

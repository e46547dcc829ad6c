// The same run in another process, through the built command, and in this one.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { parseScenario } from '../../src/scenario/parse-scenario.ts';
import { openRun, runToEnd, type RunOptions, type RunResult } from '../../src/scenario/run-scenario.ts';
import { SHIPPED } from '../support/shipped-scenarios.ts';

const launcher = join('src', 'cli', 'zablab.mjs');

// Builds the bundle where it is stale, and says so.
beforeAll(() => void spawnSync(process.execPath, [launcher, '--version']), 300_000);

function here(file: string, text: string, options: RunOptions): RunResult {
  return runToEnd(openRun(parseScenario(text, file), options));
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
  expect(SHIPPED.length).toBeGreaterThan(0);
  for (const [file, text] of SHIPPED) {
    const { traceHash, events, ok } = here(file, text, {});
    expect(there(file), file).toMatchObject({ traceHash, events, ok });
  }
});

test('and with other seeds, coarse and traced as well', { timeout: 300_000 }, () => {
  for (const seed of ['2', 'a long seed: 0123456789012345678901234567890']) {
    for (const [file, text] of SHIPPED.slice(0, 5)) {
      const { traceHash, events } = here(file, text, { seed, mode: 'coarse' });
      expect(there(file, '--seed', seed, '--mode', 'coarse'), file).toMatchObject({ traceHash, events });
      const traced = here(file, text, { seed, traced: true });
      expect(there(file, '--seed', seed), file).toMatchObject({ traceHash: traced.traceHash, events: traced.events });
    }
  }
});

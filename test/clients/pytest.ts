// Suites in Python, run by pytest against a target of their own.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDoor } from './door.ts';
import { runToEnd } from './process.ts';
import { startTarget } from './start-target.ts';
import type { TargetOptions } from './target.ts';

/** Test id (`test_lock.py::KazooLockTests::test_lock`) to `passed`, `failed` or `skipped` and the end of its report. */
export type Results = Readonly<Record<string, readonly [outcome: string, report: string]>>;

export interface Pytest {
  readonly paths: readonly string[];
  readonly plugins: readonly string[];
  readonly withinMs: number;
  readonly target: TargetOptions;
  /** Known to fail. */
  readonly notMet: readonly string[];
}

export async function runPytest(python: string, { paths, plugins, withinMs, target: options, notMet }: Pytest): Promise<Results> {
  const folder = mkdtempSync(join(tmpdir(), 'zablab-pytest-'));
  const target = await startTarget(options);
  const door = await openDoor(target);
  const file = join(folder, 'results.json');
  const env = {
    PYTHONPATH: join('test', 'clients', 'python'),
    PYTHONDONTWRITEBYTECODE: '1',
    ZABLAB_SERVERS: target.servers.map(({ sid, host, port }) => `${sid}=${host}:${port}`).join(','),
    ZABLAB_DOOR: door.url,
    ZABLAB_RESULTS: file,
    ZABLAB_NOT_MET: notMet.join(' '),
  };
  const withPlugins = ['zablab_results', ...plugins].flatMap((plugin) => ['-p', plugin]);
  try {
    const args = ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', ...withPlugins, ...paths];
    const { status, output } = await runToEnd(python, args, env, withinMs);
    // 0: all passed, 1: some failed; anything else is pytest's own trouble.
    if (status !== 0 && status !== 1) throw new Error(`pytest ended with ${status}:\n${output.slice(-5_000)}`);
    return JSON.parse(readFileSync(file, 'utf8')) as Results;
  } finally {
    await door.close();
    await target.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

export function failuresOf(results: Results): string[] {
  return Object.entries(results).flatMap(([id, [outcome, report]]) => (outcome === 'failed' ? [`${id}\n${report}`] : []));
}

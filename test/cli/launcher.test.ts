import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { files, version } from '../../package.json';

const launcher = join('src', 'cli', 'zablab.mjs');

function zablab(cwd: string, ...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [launcher, ...args], { cwd, encoding: 'utf8' });
}

test('the launcher of a checkout starts the command', () => {
  expect(zablab('.', '--version')).toMatchObject({ status: 0, stdout: `${version}\n` });
});

describe('a published package', () => {
  let folder: string;

  beforeAll(() => {
    zablab('.', '--version'); // builds the bundle where it is stale
    folder = mkdtempSync(join(tmpdir(), 'zablab-package-'));
    for (const path of ['package.json', launcher, join('dist', 'cli')]) cpSync(path, join(folder, path), { recursive: true });
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('runs from its bundle alone, without node_modules', () => {
    expect(zablab(folder, '--version')).toMatchObject({ status: 0, stdout: `${version}\n`, stderr: '' });
  });

  test('holds the launcher and not what only a checkout needs', () => {
    expect(files).toContain('src/cli/zablab.mjs');
    expect(files.filter((file) => file.includes('ready') || file === 'src')).toEqual([]);
  });
});

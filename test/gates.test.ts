// `npm test` alone tells all: the compilers, the linter, the formatter and knip run here as `npm run check` runs them.

import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';
import { scripts } from '../package.json';

const gates = ['types', 'types:core', 'lint', 'format:check', 'knip'] as const;

test.for(gates)('npm run %s', async (gate) => {
  const { status, output } = await runScript(scripts[gate]);
  expect(status, output).toBe(0);
});

function runScript(script: string): Promise<{ status: number | null; output: string }> {
  const path = [join(process.cwd(), 'node_modules', '.bin'), process.env['PATH']].join(delimiter);
  const child = spawn(script, { shell: true, env: { ...process.env, PATH: path, NO_COLOR: '1' } });
  let output = '';
  child.stdout.on('data', (text: Buffer) => (output += text.toString()));
  child.stderr.on('data', (text: Buffer) => (output += text.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, output }));
  });
}

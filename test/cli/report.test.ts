import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { zablab } from '../support/command-line.ts';

const folder = mkdtempSync(join(tmpdir(), 'zablab-'));

test('every file of the report is written, and the trace has every event', async () => {
  const out = join(folder, 'report');
  const ran = await zablab(['report', 'bugs/zookeeper-4643', '--out', out]);
  expect(ran).toMatchObject({ code: 0, err: '' });
  const read = (name: string): string => readFileSync(join(out, name), 'utf8');
  expect(read('story.md')).toMatch(/\*\*I-LOSS\*\* is violated at event \d+ [\s\S]*seed `1`[\s\S]*mutations: ZOOKEEPER-4643/);
  expect(read('space-time.svg')).toMatch(/^<svg [\s\S]*I-LOSS violated[\s\S]*<\/svg>\n$/);
  const { results } = JSON.parse(read('result.json'));
  expect(results).toMatchObject([{ property: 'I-LOSS' }]);
  expect(read('junit.xml')).toContain('failures="1"');
  expect(read('trace.ndjson').trimEnd().split('\n').length).toBeGreaterThan(900);
});

test('a folder that cannot be made: exit 2 and what was expected', async () => {
  const { code, err } = await zablab(['report', 'bugs/zookeeper-4643', '--out', '/dev/null/x']);
  expect(code).toBe(2);
  expect(err).toContain('expected a folder for the report');
});

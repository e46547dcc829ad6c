// What the real server said, in files: one for each subject and ensemble, one JSON object a line, a case after the other.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Fields } from './request.ts';
import type { SetupName } from './setups.ts';

const FOLDER = join(import.meta.dirname, 'recordings');

export type Transcript = readonly string[];

function fileOf(setup: SetupName, subject: string): string {
  return join(FOLDER, setup, `${subject}.jsonl`);
}

/** One line of text a line of the transcript. */
export function textOf(lines: readonly Fields[]): Transcript {
  return lines.map((line) => JSON.stringify(line));
}

export function readRecordings(setup: SetupName, subject: string): ReadonlyMap<string, Transcript> {
  const file = fileOf(setup, subject);
  const found = new Map<string, string[]>();
  if (!existsSync(file)) return found;
  let lines: string[] = [];
  for (const text of readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')) {
    const name: unknown = JSON.parse(text).case;
    if (typeof name === 'string') found.set(name, (lines = []));
    else lines.push(text);
  }
  return found;
}

export function writeRecordings(setup: SetupName, subject: string, recorded: ReadonlyMap<string, Transcript>): void {
  const file = fileOf(setup, subject);
  mkdirSync(dirname(file), { recursive: true });
  const lines = [...recorded].flatMap(([name, transcript]) => [JSON.stringify({ case: name }), ...transcript]);
  writeFileSync(file, `${lines.join('\n')}\n`);
}

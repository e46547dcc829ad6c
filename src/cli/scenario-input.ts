/** From what a person typed for a scenario to its text: a file, `-` for stdin, the name of a scenario that comes with Zablab, or a link to the page. */
import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nearest } from '../base/text.ts';
import { InputError } from '../scenario/input-error.ts';
import { isLink, readLink, type Click, type LinkChoices } from './link.ts';
import type { Terminal } from './terminal.ts';

export interface ScenarioInput {
  /** As messages name it. */
  readonly file: string;
  readonly text: string;
  /** What a link says over the file's head. */
  readonly choices: LinkChoices;
  readonly clicks: readonly Click[];
}

const BYTES_MAX = 4_000_000;

/** Of a checkout as of a published package: this file is two folders deep in both. */
const scenarioFolder = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'scenarios');

/** Throws InputError when there is no such thing or it is not text. */
export async function readScenarioInput(named: string, terminal: Terminal): Promise<ScenarioInput> {
  if (named === '-') return { file: '<stdin>', text: decode(await terminal.readStdin(), '<stdin>'), choices: {}, clicks: [] };
  if (!isLink(named)) return { ...readNamed(named), choices: {}, clicks: [] };
  const { scenario, choices, clicks, isChanged } = readLink(named);
  if (isChanged) terminal.err('zablab: this link was cut off or changed after it was made\n');
  const read = 'text' in scenario ? { file: 'link', text: scenario.text } : readShipped(scenario.name, 'link');
  return { ...read, choices, clicks };
}

/** Names of the scenarios that come with Zablab, such as `failures/leader-crash`, sorted. */
export function shippedScenarios(): string[] {
  const found: string[] = [];
  const visit = (folder: string, prefix: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.isDirectory()) visit(join(folder, entry.name), `${prefix}${entry.name}/`);
      else if (entry.name.endsWith('.yaml')) found.push(prefix + entry.name.slice(0, -'.yaml'.length));
    }
  };
  visit(scenarioFolder, '');
  return found.sort((a, b) => (a < b ? -1 : 1));
}

export function shippedText(name: string): string {
  return decode(readBytes(join(scenarioFolder, `${name}.yaml`)), name);
}

function readNamed(path: string): { file: string; text: string } {
  try {
    return { file: path, text: decode(readBytes(path), path) };
  } catch (error) {
    if (!isSystemError(error)) throw error;
    if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR')
      throw new InputError(whole(path), `it ${WHY[error.code] ?? `cannot be read (${error.code})`}, expected a scenario file`);
    return readShipped(path, path);
  }
}

const WHY: Readonly<Record<string, string>> = { EISDIR: 'is a folder', EACCES: 'may not be read' };

/** Only names on the list are opened: a link must not reach other files. */
function readShipped(named: string, blamed: string): { file: string; text: string } {
  const names = shippedScenarios();
  const name = named.replace(/^(\.\/)?scenarios\//, '').replace(/\.yaml$/, '');
  if (names.includes(name)) return { file: `scenarios/${name}.yaml`, text: shippedText(name) };
  const near = names.find((one) => one.endsWith(`/${name}`)) ?? nearest(name, names);
  const what = blamed === 'link' ? `scenario "${named}"` : 'file';
  throw new InputError(
    whole(blamed),
    `there is no such ${what}, expected a scenario file or a name from \`zablab list scenarios\`${near === null ? '' : `; did you mean ${near}?`}`,
  );
}

/** Up to a limit, so that a device or a huge file by mistake does not fill the memory. */
function readBytes(path: string): Uint8Array {
  const handle = openSync(path, 'r');
  try {
    const chunks: Uint8Array[] = [];
    for (let size = 0; size <= BYTES_MAX;) {
      const chunk = Buffer.allocUnsafe(65_536);
      const read = readSync(handle, chunk, 0, chunk.length, null);
      if (read === 0) break;
      chunks.push(chunk.subarray(0, read));
      size += read;
    }
    return Buffer.concat(chunks);
  } finally {
    closeSync(handle);
  }
}

function decode(bytes: Uint8Array, file: string): string {
  if (bytes.length > BYTES_MAX) throw new InputError(whole(file), `found more than ${BYTES_MAX} bytes, expected a scenario`);
  const zero = bytes.indexOf(0);
  if (zero !== -1) throw new InputError(whole(file), `found a zero byte at offset ${zero}, expected a scenario as text`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new InputError(whole(file), 'found bytes that are not UTF-8, expected a scenario as text');
  }
}

function whole(file: string): { file: string; line: number; column: number } {
  return { file, line: 0, column: 0 };
}

function isSystemError(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && 'syscall' in error;
}

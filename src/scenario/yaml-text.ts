/**
 * YAML to plain data in the failsafe schema: every scalar is its text, and of every value it is known where it stands. Whatever text
 * comes in, the outcome is data or one InputError.
 */
import { isAlias, isMap, isPair, isScalar, isSeq, LineCounter, parseDocument, type Document as YamlDocument } from 'yaml';
import { InputError, type Place } from './input-error.ts';

export type Path = readonly (string | number)[];

export interface YamlText {
  readonly plain: unknown;
  /** Of the value at the path, or of the innermost one around it that is there. */
  readonly placeOf: (path: Path) => Place;
  /** Of the key of an entry. */
  readonly keyPlaceOf: (path: Path) => Place;
  /** Place of a character inside a scalar, where the file has the scalar's text as it is. */
  readonly placeInside: (path: Path, offset: number) => Place;
}

/** Where an entry's key and value begin; `textAt` where the scalar's own text does, after a quote; -1 where it is written in another way. */
interface Spot {
  readonly keyAt: number;
  readonly at: number;
  readonly textAt: number;
}

const CHARACTERS_MAX = 1_000_000;
const NESTING_MAX = 40;
/** Aliases may repeat what they name, but not for ever. */
const VALUES_MAX = 100_000;

export function readYaml(text: string, file: string): YamlText {
  const source = text.startsWith('\ufeff') ? text.slice(1) : text;
  if (source.length > CHARACTERS_MAX)
    throw new InputError({ file, line: 0, column: 0 }, `found ${source.length} characters, expected at most ${CHARACTERS_MAX}`);
  const counter = new LineCounter();
  counter.addNewLine(0);
  for (let at = source.indexOf('\n'); at !== -1; at = source.indexOf('\n', at + 1)) counter.addNewLine(at + 1);
  const placeAt = (offset: number): Place => {
    const { line, col } = counter.linePos(offset);
    return { file, line, column: col };
  };
  refuseControls(source, placeAt);
  const yaml = parseDocument(source, { schema: 'failsafe', strict: true, uniqueKeys: false, prettyErrors: false, logLevel: 'error' });
  const [error] = yaml.errors;
  if (error !== undefined) {
    throw new InputError(placeAt(error.pos[0]), SAYINGS[error.code] ?? `not YAML: ${error.message}`);
  }
  const spots = new Map<string, Spot>();
  const plain = yaml.contents === null ? {} : readNode({ source, yaml, spots, placeAt, values: 0 }, yaml.contents, [], -1);
  const nearest = (path: Path): Spot => {
    for (let length = path.length; length >= 0; length--) {
      const found = spots.get(keyOf(path.slice(0, length)));
      if (found !== undefined) return found;
    }
    return { keyAt: 0, at: 0, textAt: -1 };
  };
  return {
    plain,
    placeOf: (path) => placeAt(nearest(path).at),
    keyPlaceOf: (path) => {
      const { keyAt, at } = nearest(path);
      return placeAt(keyAt === -1 ? at : keyAt);
    },
    placeInside: (path, offset) => {
      const { at, textAt } = nearest(path);
      return placeAt(textAt === -1 ? at : textAt + offset);
    },
  };
}

const tooDeep = `found values nested more than ${NESTING_MAX} deep`;

/** What the parser's own words would not tell a person. */
const SAYINGS: Readonly<Record<string, string>> = { RESOURCE_EXHAUSTION: tooDeep, MULTIPLE_DOCS: 'found a second document, expected one' };

/** YAML does not allow them and its parser lets them pass. */
function refuseControls(source: string, placeAt: (offset: number) => Place): void {
  // oxlint-disable-next-line no-control-regex
  const at = source.search(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/);
  if (at === -1) return;
  const code = source.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0');
  throw new InputError(placeAt(at), `found the control character U+${code}, expected text`);
}

function keyOf(path: Path): string {
  return JSON.stringify(path);
}

/** What a walk over the nodes carries along. */
interface Reading {
  readonly source: string;
  readonly yaml: YamlDocument;
  readonly spots: Map<string, Spot>;
  readonly placeAt: (offset: number) => Place;
  values: number;
}

function readNode(reading: Reading, node: unknown, path: Path, keyAt: number): unknown {
  const { yaml, spots, placeAt } = reading;
  const at = startOf(node) ?? Math.max(0, keyAt);
  reading.values += 1;
  if (reading.values > VALUES_MAX) throw new InputError(placeAt(at), `found more than ${VALUES_MAX} values, with what aliases repeat`);
  if (path.length > NESTING_MAX) throw new InputError(placeAt(at), tooDeep);
  if (isAlias(node)) {
    const target = node.resolve(yaml);
    if (target === undefined) throw new InputError(placeAt(at), `found *${node.source}, expected the name of an anchor above it`);
    return readNode(reading, target, path, keyAt === -1 ? at : keyAt);
  }
  refuseTag(reading, node, at);
  if (isMap(node)) return readMap(reading, node.items, path, keyAt, at);
  if (isSeq(node)) {
    spots.set(keyOf(path), { keyAt, at, textAt: -1 });
    return node.items.map((item, i) => readNode(reading, item, [...path, i], -1));
  }
  const value = textOf(node);
  spots.set(keyOf(path), spotOf(reading.source, value, keyAt, at));
  return value;
}

function spotOf(source: string, value: string, keyAt: number, at: number): Spot {
  const isQuoted = source.charAt(at) === '"' || source.charAt(at) === "'";
  // Nothing stands after the colon: the key is what can be pointed at.
  if (value === '' && !isQuoted && keyAt !== -1) return { keyAt, at: keyAt, textAt: -1 };
  const textAt = isQuoted ? at + 1 : at;
  return { keyAt, at, textAt: source.startsWith(value, textAt) ? textAt : -1 };
}

function readMap(reading: Reading, items: readonly unknown[], path: Path, keyAt: number, at: number): unknown {
  reading.spots.set(keyOf(path), { keyAt, at, textAt: -1 });
  const entries: [string, unknown][] = [];
  const seen = new Set<string>();
  for (const pair of items) {
    if (!isPair(pair)) continue;
    const key: unknown = isAlias(pair.key) ? pair.key.resolve(reading.yaml) : pair.key;
    const own = startOf(pair.key) ?? at;
    if (!isScalar(key)) throw new InputError(reading.placeAt(own), 'found a list or a map as a key, expected a text');
    refuseTag(reading, key, own);
    const name = textOf(key);
    // The parser's own test for this takes a time that grows with the square of the number of keys.
    if (seen.has(name)) throw new InputError(reading.placeAt(own), `found the key "${name}" a second time, expected it once`);
    seen.add(name);
    entries.push([name, readNode(reading, pair.value, [...path, name], own)]);
  }
  return Object.fromEntries(entries); // a key may be __proto__, which this takes for a name like any other
}

/** In the failsafe schema a scalar is a text, or nothing. */
function textOf(node: unknown): string {
  return isScalar(node) && typeof node.value === 'string' ? node.value : '';
}

function refuseTag(reading: Reading, node: unknown, at: number): void {
  const tag = isScalar(node) || isMap(node) || isSeq(node) ? node.tag : undefined;
  if (tag !== undefined) throw new InputError(reading.placeAt(at), `found the tag ${tag}, expected YAML without tags`);
}

function startOf(node: unknown): number | null {
  if (!isScalar(node) && !isMap(node) && !isSeq(node) && !isAlias(node)) return null;
  return node.range?.[0] ?? null;
}

/** Text to scenario: every mistake becomes one InputError with its line and column. */
import { isMap, isNode, LineCounter, parseDocument, visit, type Document as YamlDocument } from 'yaml';
import { z } from 'zod';
import { CommandError } from '../client/command-error.ts';
import { parseOperation } from '../client/zkcli.ts';
import type { ClientOperation } from '../client/items.ts';
import { documentSchema, modifiers, verbs, type Document, type Verb } from './document.ts';
import { InputError, unknownName, type Place } from './input-error.ts';
import { mistakeOf } from './schema-error.ts';

interface Modifiers {
  readonly at?: number | undefined;
  readonly within?: number | undefined;
  readonly as?: string | undefined;
  readonly expect?: string | readonly string[] | undefined;
  readonly async?: boolean | undefined;
}

type VerbLine = { readonly [V in Verb]: { readonly verb: V; readonly value: z.output<(typeof verbs)[V]> } }[Verb];

/** A line of the script, checked; `place` is where it stands in the file. */
export type ScriptLine = Modifiers & { readonly place: Place } & (VerbLine | { readonly verb: 'operation'; readonly client: string; readonly text: string; readonly operation: ClientOperation });

export interface Scenario {
  readonly file: string;
  readonly source: string;
  readonly document: Document;
  readonly lines: readonly ScriptLine[];
  /** Where a value of the document stands. */
  readonly placeOf: (path: readonly (string | number)[]) => Place;
}

const NESTING_MAX = 40;
const TEXT_MAX = 1_000_000;

type Path = readonly (string | number)[];

/** A YAML document and where its values and keys stand. */
interface YamlSource {
  readonly yaml: YamlDocument;
  readonly placeAt: (offset: number) => Place;
}

export function parseScenario(source: string, file: string): Scenario {
  if (source.length > TEXT_MAX) throw new InputError({ file, line: 0, column: 0 }, `found ${source.length} characters, expected at most ${TEXT_MAX}`);
  const counter = new LineCounter();
  const yaml = parseDocument(source, { schema: 'failsafe', lineCounter: counter, strict: true, uniqueKeys: true, prettyErrors: false });
  const placeAt = (offset: number): Place => {
    const { line, col } = counter.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const [error] = yaml.errors;
  if (error !== undefined) throw new InputError(placeAt(error.pos[0]), error.code === 'MULTIPLE_DOCS' ? 'found a second document, expected one' : `not YAML: ${error.message}`);
  const from: YamlSource = { yaml, placeAt };
  const document = checked(documentSchema, toPlain(from), [], from);
  const clients = (document.clients ?? []).map((client) => client.name);
  const lines = (document.script ?? []).map((line, i) => parseLine(line, clients, i, from));
  return { file, source, document, lines, placeOf: (path) => placeAt(offsetOf(yaml, path)) };
}

function toPlain({ yaml, placeAt }: YamlSource): unknown {
  visit(yaml, {
    Alias: (_, alias) => {
      if (alias.resolve(yaml) === undefined) throw new InputError(placeAt(alias.range?.[0] ?? 0), `found *${alias.source}, expected the name of an anchor above it`);
    },
  });
  try {
    const plain: unknown = yaml.toJS({ maxAliasCount: 20 });
    if (isDeeper(plain, NESTING_MAX)) throw new Error(`nested more than ${NESTING_MAX} deep`);
    return plain ?? {};
  } catch (error) {
    throw new InputError(placeAt(0), error instanceof Error ? error.message : 'not a document');
  }
}

/** Stops at the first path that is too long: an anchor may hold itself. */
function isDeeper(value: unknown, max: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return max === 0 || Object.values(value).some((entry) => isDeeper(entry, max - 1));
}

/** Offset of the innermost value on the path that is there; of its key where the value is empty. */
function offsetOf(yaml: YamlDocument, path: Path): number {
  for (let length = path.length; length >= 0; length--) {
    const node = yaml.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range && node.range[1] > node.range[0]) return node.range[0];
    const key = path[length - 1];
    const offset = typeof key === 'string' ? keyOffset(yaml, path.slice(0, length - 1), key) : null;
    if (offset !== null) return offset;
  }
  return 0;
}

function keyOffset(yaml: YamlDocument, path: Path, key: string): number | null {
  const parent = path.length === 0 ? yaml.contents : yaml.getIn(path, true);
  if (!isMap(parent)) return null;
  const pair = parent.items.find((item) => isNode(item.key) && String(item.key) === key);
  return pair !== undefined && isNode(pair.key) && pair.key.range ? pair.key.range[0] : null;
}

/** The value as the schema makes it; `prefix` is where the value stands in the document. */
function checked<S extends z.ZodType>(schema: S, value: unknown, prefix: Path, { yaml, placeAt }: YamlSource): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { path, key, message } = mistakeOf(parsed.error, schema, value);
  const at = [...prefix, ...path];
  throw new InputError(placeAt((key === null ? null : keyOffset(yaml, at, key)) ?? offsetOf(yaml, at)), message);
}

const modifierSchema = z.strictObject(modifiers);

function parseLine(line: Record<string, unknown>, clients: readonly string[], i: number, from: YamlSource): ScriptLine {
  const at = ['script', i];
  const placeOf = (key: string | undefined): Place => from.placeAt((key === undefined ? null : keyOffset(from.yaml, at, key)) ?? offsetOf(from.yaml, at));
  const known = [...Object.keys(verbs), ...clients];
  const keys = Object.keys(line);
  const [verb, second] = keys.filter((key) => known.includes(key));
  const stranger = keys.find((key) => !known.includes(key) && !(key in modifiers));
  if (stranger !== undefined) throw new InputError(placeOf(stranger), unknownName('verb, client or modifier', stranger, [...known, ...Object.keys(modifiers)]));
  if (verb === undefined) throw new InputError(placeOf(undefined), `found a line without a verb, expected one of ${known.join(', ')}`);
  if (second !== undefined) throw new InputError(placeOf(second), `found a second verb, ${second}, beside ${verb}: expected a line of its own`);
  const { [verb]: value, ...rest } = line;
  const extra = checked(modifierSchema, rest, at, from);
  const place = from.placeAt(offsetOf(from.yaml, [...at, verb]));
  if (isVerb(verb)) return { ...extra, place, verb, value: checked(verbs[verb], value, [...at, verb], from) } as ScriptLine;
  if (typeof value !== 'string') throw new InputError(place, 'expected an operation in zkCli syntax, such as create /a hello');
  return { ...extra, place, verb: 'operation', client: verb, text: value, operation: operationOf(value, place) };
}

function isVerb(key: string): key is Verb {
  return key in verbs;
}

function operationOf(text: string, place: Place): ClientOperation {
  try {
    return parseOperation(text);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new InputError({ ...place, column: place.column + error.fault.column - 1 }, error.message.replace(/^column \d+: /, ''));
  }
}

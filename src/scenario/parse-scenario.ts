/** Text to scenario: every mistake becomes one InputError with its line and column. */
import { isMap, isNode, LineCounter, parseDocument, type Document as YamlDocument } from 'yaml';
import { z } from 'zod';
import { CommandError } from '../client/command-error.ts';
import { parseOperation } from '../client/zkcli.ts';
import type { ClientOperation } from '../client/items.ts';
import { documentSchema, modifiers, verbs, type Document, type Verb } from './document.ts';
import { InputError, unknownName, type Place } from './input-error.ts';

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

export function parseScenario(source: string, file: string): Scenario {
  if (source.length > TEXT_MAX) throw new InputError({ file, line: 0, column: 0 }, `${source.length} characters, expected at most ${TEXT_MAX}`);
  const counter = new LineCounter();
  const yaml = parseDocument(source, { schema: 'failsafe', lineCounter: counter, strict: true, uniqueKeys: true });
  const placeAt = (offset: number): Place => {
    const { line, col } = counter.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const [error] = yaml.errors;
  if (error !== undefined) throw new InputError(placeAt(error.pos[0]), `not YAML: ${firstLine(error.message)}`);
  const placeOf = (path: readonly (string | number)[]): Place => placeAt(offsetOf(yaml, path));
  const plain = toPlain(yaml, file);
  const parsed = documentSchema.safeParse(plain);
  if (!parsed.success) throw schemaError(parsed.error, [], placeOf, yaml);
  const document = parsed.data;
  const clients = (document.clients ?? []).map((client) => client.name);
  const lines = (document.script ?? []).map((line, i) => parseLine(line, clients, (path) => placeOf(['script', i, ...path]), yaml, i));
  return { file, source, document, lines, placeOf };
}

function toPlain(yaml: YamlDocument, file: string): unknown {
  try {
    const plain: unknown = yaml.toJS({ maxAliasCount: 20 });
    if (depthOf(plain) > NESTING_MAX) throw new Error(`nested more than ${NESTING_MAX} deep`);
    return plain ?? {};
  } catch (error) {
    throw new InputError({ file, line: 1, column: 1 }, error instanceof Error ? error.message : 'not a document');
  }
}

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let deepest = 0;
  for (const entry of Object.values(value)) deepest = Math.max(deepest, depthOf(entry));
  return deepest + 1;
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0] ?? message;
}

/** Offset of the innermost node on the path that is there; of its key where a key is wrong. */
function offsetOf(yaml: YamlDocument, path: readonly (string | number)[]): number {
  for (let length = path.length; length >= 0; length--) {
    const parent = length === 0 ? yaml.contents : yaml.getIn(path.slice(0, length - 1), true);
    const key = path[length - 1];
    if (isMap(parent) && typeof key === 'string' && length === path.length) {
      const pair = parent.items.find((item) => isNode(item.key) && String(item.key) === key);
      if (pair !== undefined && isNode(pair.key) && pair.key.range) {
        const value = pair.value;
        return isNode(value) && value.range && value.range[1] > value.range[0] ? value.range[0] : pair.key.range[0];
      }
    }
    const node = yaml.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}

function keyOffset(yaml: YamlDocument, path: readonly (string | number)[], key: string): number | null {
  const parent = yaml.getIn(path, true);
  if (!isMap(parent)) return null;
  const pair = parent.items.find((item) => isNode(item.key) && String(item.key) === key);
  return pair !== undefined && isNode(pair.key) && pair.key.range ? pair.key.range[0] : null;
}

type PlaceOf = (path: readonly (string | number)[]) => Place;

/** The issue that tells most: of a union, that of the branch that got furthest. */
function schemaError(error: z.ZodError, prefix: readonly (string | number)[], placeOf: PlaceOf, yaml: YamlDocument): InputError {
  const [issue] = error.issues;
  if (issue === undefined) return new InputError(placeOf(prefix), 'not a scenario');
  const deepest = deepestIssue(issue, []);
  const path = [...prefix, ...deepest.path];
  if (deepest.issue.code === 'unrecognized_keys') {
    const key = deepest.issue.keys[0] ?? '';
    const known = knownKeys(deepest.path);
    const offset = keyOffset(yaml, path, key);
    const place = placeOf(offset === null ? path : [...path, key]);
    return new InputError(place, unknownName('key', key, known));
  }
  return new InputError(placeOf(path), describeIssue(deepest.issue));
}

type Issue = z.core.$ZodIssue;

function deepestIssue(issue: Issue, path: readonly (string | number)[]): { issue: Issue; path: (string | number)[] } {
  const here = [...path, ...issue.path.map((part) => (typeof part === 'number' ? part : String(part)))];
  let best = { issue, path: here };
  if (issue.code !== 'invalid_union') return best;
  for (const branch of issue.errors) {
    for (const inner of branch) {
      const found = deepestIssue(inner, here);
      const better = found.path.length > best.path.length || (best.issue.code === 'invalid_union' && found.issue.code !== 'invalid_type');
      if (better) best = found;
    }
  }
  return best;
}

function describeIssue(issue: Issue): string {
  if (issue.code === 'invalid_type') return `expected ${issue.expected === 'record' || issue.expected === 'object' ? 'a map' : issue.expected === 'string' ? 'a text' : `a ${issue.expected}`}`;
  if (issue.code === 'invalid_value') return `expected one of ${issue.values.map(String).join(', ')}`;
  return issue.message;
}

/** Names of the keys allowed at a path of the document. */
function knownKeys(path: readonly (string | number)[]): string[] {
  let schema: unknown = z.toJSONSchema(documentSchema, { io: 'input', unrepresentable: 'any' });
  for (const part of path) schema = stepInto(schema, part);
  return propertiesOf(schema);
}

function stepInto(schema: unknown, part: string | number): unknown {
  for (const option of optionsOf(schema)) {
    if (typeof part === 'number' && isRecord(option) && 'items' in option) return option['items'];
    if (typeof part === 'string' && isRecord(option) && isRecord(option['properties']) && part in option['properties']) return option['properties'][part];
  }
  return null;
}

function propertiesOf(schema: unknown): string[] {
  const names: string[] = [];
  for (const option of optionsOf(schema)) if (isRecord(option) && isRecord(option['properties'])) names.push(...Object.keys(option['properties']));
  return [...new Set(names)];
}

function optionsOf(schema: unknown): unknown[] {
  if (!isRecord(schema)) return [];
  const { anyOf } = schema;
  return Array.isArray(anyOf) ? anyOf.flatMap((option) => optionsOf(option)) : [schema];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const modifierSchema = z.strictObject(modifiers);

function parseLine(line: Record<string, unknown>, clients: readonly string[], placeOf: PlaceOf, yaml: YamlDocument, i: number): ScriptLine {
  const keys = Object.keys(line);
  const known = [...Object.keys(verbs), ...clients];
  const actors = keys.filter((key) => known.includes(key));
  const [verb] = actors;
  const stranger = keys.find((key) => !known.includes(key) && !(key in modifiers));
  if (stranger !== undefined) throw new InputError(placeOf([stranger]), unknownName('verb, client or modifier', stranger, [...known, ...Object.keys(modifiers)]));
  if (verb === undefined) throw new InputError(placeOf([]), `a line without a verb: expected one of ${known.join(', ')}`);
  if (actors.length > 1) throw new InputError(placeOf([actors[1] ?? '']), `a line with two verbs, ${actors.join(' and ')}: expected one`);
  const { [verb]: value, ...rest } = line;
  const extra = modifierSchema.safeParse(rest);
  if (!extra.success) throw schemaError(extra.error, ['script', i], (path) => placeOf(path.slice(2)), yaml);
  const place = placeOf([verb]);
  if (isVerb(verb)) {
    const parsed = verbs[verb].safeParse(value);
    if (!parsed.success) throw schemaError(parsed.error, ['script', i, verb], (path) => placeOf(path.slice(2)), yaml);
    return { ...extra.data, place, verb, value: parsed.data } as ScriptLine;
  }
  if (typeof value !== 'string') throw new InputError(place, 'expected an operation in zkCli syntax, such as create /a hello');
  return { ...extra.data, place, verb: 'operation', client: verb, text: value, operation: operationOf(value, place) };
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

/** From what a schema found wrong to the one message that tells most: what was found, what was expected, and the nearest right name. */
import { nearest } from '../base/text.ts';
import type * as z from 'zod/mini';
import { InputError, unknownName } from './input-error.ts';
import type { Path, YamlText } from './yaml-text.ts';

type Issue = z.core.$ZodIssue;
/** An issue with its path from the root of the file. */
interface Found {
  readonly issue: Issue;
  readonly path: Path;
}

/** `path` is where the checked value stands in the file; `schema` is what it was checked against. */
export function schemaError(error: z.core.$ZodError, schema: Schema, path: Path, yaml: YamlText): InputError {
  const { issue, path: at } = tellingOf(error.issues, path, yaml.plain);
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? '';
    return new InputError(yaml.keyPlaceOf([...at, key]), unknownName('key', key, knownKeys(schema, at.slice(path.length))));
  }
  const value = valueAt(yaml.plain, at);
  const last = at[at.length - 1];
  if (value === undefined && typeof last === 'string') {
    return new InputError(yaml.placeOf(at), `the key "${last}" is missing: expected ${expectedOf(issue, undefined)}`);
  }
  return new InputError(yaml.placeOf(at), `found ${foundText(value)}, expected ${expectedOf(issue, value)}`);
}

/** A key that nobody knows explains others that are missing; else the first in the order of the file counts. */
function tellingOf(issues: readonly Issue[], path: Path, root: unknown): Found {
  let best: Found | null = null;
  for (const each of issues) {
    const found = innermost(each, path, root);
    if (best === null || (found.issue.code === 'unrecognized_keys' && best.issue.code !== 'unrecognized_keys')) best = found;
  }
  return best ?? { issue: { code: 'custom', path: [], message: 'a scenario', input: undefined }, path };
}

/** Of a union, the issue of the branch that was probably meant; the union itself where none takes such a value at all. */
function innermost(issue: Issue, path: Path, root: unknown): Found {
  const here = [...path, ...issue.path.map((part) => (typeof part === 'number' ? part : String(part)))];
  if (issue.code !== 'invalid_union') return { issue, path: here };
  const value = valueAt(root, here);
  const fitting = issue.errors.filter((branch) => branch.every((each) => each.path.length > 0 || !refusesKind(each)));
  const [meant] = fitting.slice().sort((a, b) => strangeness(a, value) - strangeness(b, value));
  return meant === undefined ? { issue, path: here } : tellingOf(meant, here, root);
}

function refusesKind(issue: Issue): boolean {
  return issue.code === 'invalid_type' || issue.code === 'invalid_value';
}

/** How far a branch of a union is from a map: keys that it does not know, keys that it wants. */
function strangeness(issues: readonly Issue[], value: unknown): number {
  let count = 0;
  for (const issue of issues) {
    if (issue.code === 'unrecognized_keys') count += issue.keys.length;
    else if (
      valueAt(
        value,
        issue.path.map((part) => (typeof part === 'number' ? part : String(part))),
      ) === undefined
    )
      count += 1;
  }
  return count;
}

export function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const part of path) {
    if (Array.isArray(value)) value = typeof part === 'number' ? value[part] : undefined;
    else value = isRecord(value) && Object.hasOwn(value, part) ? value[part] : undefined;
  }
  return value;
}

export function foundText(value: unknown): string {
  if (typeof value === 'string') return value === '' ? 'nothing' : JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}...` : value);
  return Array.isArray(value) ? `a list of ${value.length}` : 'a map';
}

function expectedOf(issue: Issue, value: unknown): string {
  switch (issue.code) {
    case 'invalid_type':
      return kindText(issue.expected);
    case 'invalid_value': {
      const choices = issue.values.map(String).filter((choice) => choice !== '');
      const near = typeof value === 'string' ? nearest(value, choices) : null;
      return `${choices.length === 1 ? '' : 'one of '}${choices.join(', ')}${near === null ? '' : `; did you mean ${near}?`}`;
    }
    case 'invalid_union':
      return [...new Set(issue.errors.flatMap((branch) => branch.map((each) => expectedOf(each, value))))].join(' or ');
    case 'too_small':
    case 'too_big':
      return `${issue.code === 'too_small' ? `at least ${issue.minimum}` : `at most ${issue.maximum}`} of them`;
    default:
      return issue.message;
  }
}

function kindText(kind: string): string {
  return kind === 'record' || kind === 'object' ? 'a map' : kind === 'string' ? 'a text' : kind === 'array' ? 'a list' : `a ${kind}`;
}

/** Names of the keys that the schema allows at the path. */
function knownKeys(schema: Schema, path: Path): string[] {
  let at: Schema | null = schema;
  for (const part of path) at = at === null ? null : stepInto(at, part);
  const names = at === null ? [] : alternativesOf(at).flatMap((def) => (def.type === 'object' ? Object.keys(shapeOf(def)) : []));
  return [...new Set(names)];
}

type Schema = z.core.$ZodType;
type Definition = z.core.$ZodTypes['_zod']['def'];

function stepInto(schema: Schema, part: string | number): Schema | null {
  for (const def of alternativesOf(schema)) {
    if (typeof part === 'number' && def.type === 'array') return def.element;
    const value = def.type === 'object' ? shapeOf(def)[part] : undefined;
    if (value !== undefined) return value;
  }
  return null;
}

function shapeOf({ shape }: z.core.$ZodObjectDef): Readonly<Record<string, Schema>> {
  return shape;
}

/** What may stand there, where several things may, as it is written: before any reading. */
function alternativesOf(schema: Schema): Definition[] {
  if (!isOfZod(schema)) return [];
  const { def } = schema._zod;
  switch (def.type) {
    case 'optional':
      return alternativesOf(def.innerType);
    case 'pipe':
      return alternativesOf(def.in);
    case 'union':
      return def.options.flatMap(alternativesOf);
    default:
      return [def];
  }
}

/** Nobody makes types of their own here. */
function isOfZod(schema: Schema): schema is z.core.$ZodTypes {
  return 'type' in schema._zod.def;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** From what a schema found wrong to the one message that tells most: what was found, what was expected, and the nearest right name. */
import { nearest } from '../base/text.ts';
import { z } from 'zod';
import { InputError, unknownName } from './input-error.ts';
import type { Path, YamlText } from './yaml-text.ts';

type Issue = z.core.$ZodIssue;
/** An issue with its path from the root of the file. */
interface Found {
  readonly issue: Issue;
  readonly path: Path;
}

/** `path` is where the checked value stands in the file; `schema` is what it was checked against. */
export function schemaError(error: z.ZodError, schema: z.ZodType, path: Path, yaml: YamlText): InputError {
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
function knownKeys(schema: z.ZodType, path: Path): string[] {
  let at: unknown = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  for (const part of path) at = stepInto(at, part);
  const names = optionsOf(at).flatMap((option) =>
    isRecord(option) && isRecord(option['properties']) ? Object.keys(option['properties']) : [],
  );
  return [...new Set(names)];
}

function stepInto(schema: unknown, part: string | number): unknown {
  for (const option of optionsOf(schema)) {
    if (!isRecord(option)) continue;
    const { items, properties } = option;
    if (typeof part === 'number' && items !== undefined) return items;
    if (isRecord(properties) && part in properties) return properties[part];
  }
  return null;
}

function optionsOf(schema: unknown): unknown[] {
  if (!isRecord(schema)) return [];
  const { anyOf } = schema;
  return Array.isArray(anyOf) ? anyOf.flatMap((option) => optionsOf(option)) : [schema];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

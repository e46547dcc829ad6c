/** From what zod found wrong with a document to one mistake as a person reads it: what was found, what was expected, the nearest right name. */
import { z } from 'zod';
import { nearest } from '../base/text.ts';
import { unknownName } from './input-error.ts';

type Issue = z.core.$ZodIssue;
type Schema = z.core.$ZodType;
type Path = readonly (string | number)[];

/** Where it is: at a value, or at a key that should not be there. */
export interface Mistake {
  readonly path: Path;
  readonly key: string | null;
  readonly message: string;
}

interface Found {
  readonly issue: Issue;
  readonly path: Path;
}

/** The issue that tells most. An unknown key goes first: what is missing beside it was most likely meant by it. */
export function mistakeOf(error: z.ZodError, schema: Schema, value: unknown): Mistake {
  const found = error.issues.map((issue) => deepest({ issue, path: pathOf(issue, []) }, schema));
  const { issue, path } = found.find((one) => one.issue.code === 'unrecognized_keys') ?? found[0] ?? { issue: null, path: [] };
  if (issue === null) return { path, key: null, message: 'not a scenario' };
  const [key] = issue.code === 'unrecognized_keys' ? issue.keys : [];
  if (key !== undefined) return { path, key, message: unknownName('key', key, keysOf(schemasAt(schema, path))) };
  return { path, key: null, message: messageOf(issue, path, schema, valueAt(value, path)) };
}

function pathOf(issue: Issue, before: Path): Path {
  return [...before, ...issue.path.map((part) => (typeof part === 'number' ? part : String(part)))];
}

/** Of a union the issue of the branch that was meant: one for the value's type, and if there are several the one that knows all its keys. */
function deepest(found: Found, schema: Schema): Found {
  const { issue, path } = found;
  if (issue.code !== 'invalid_union') return found;
  const branches = issue.errors.filter((branch) => !branch.some((one) => one.code === 'invalid_type' && one.path.length === 0));
  const meant =
    branches.find((branch) => !branch.some(({ code }) => code === 'unrecognized_keys')) ??
    strange(branches, keysOf(schemasAt(schema, path)));
  const [first] = meant ?? [];
  return first === undefined ? found : deepest({ issue: first, path: pathOf(first, path) }, schema);
}

/** No branch knows all keys: the unknown key is the one that none of them knows. */
function strange(branches: readonly (readonly Issue[])[], known: readonly string[]): readonly Issue[] | undefined {
  for (const branch of branches) {
    for (const issue of branch) {
      const keys = issue.code === 'unrecognized_keys' ? issue.keys.filter((key) => !known.includes(key)) : [];
      if (issue.code === 'unrecognized_keys' && keys.length > 0) return [{ ...issue, keys }];
    }
  }
  return branches[0];
}

function messageOf(issue: Issue, path: Path, schema: Schema, value: unknown): string {
  const key = path.at(-1);
  switch (issue.code) {
    case 'invalid_type':
    case 'invalid_union': {
      const expected = expectedAt(schema, path);
      return value === undefined && typeof key === 'string'
        ? `the key "${key}" is missing: expected ${expected}`
        : `found ${kindOf(value)}, expected ${expected}`;
    }
    case 'invalid_value': {
      const near = nearest(String(value), issue.values.map(String));
      return `found ${kindOf(value)}, expected one of ${issue.values.map(String).join(', ')}${near === null ? '' : `; did you mean ${near}?`}`;
    }
    case 'invalid_format':
      return `found ${kindOf(value)}, expected ${issue.message}`;
    case 'too_small':
      return `found ${kindOf(value)}, expected at least ${issue.minimum}`;
    case 'too_big':
      return `found ${kindOf(value)}, expected at most ${issue.maximum}`;
    default:
      return issue.message;
  }
}

/** `"slow"`, `nothing`, `a map`, `a list of 2`. */
function kindOf(value: unknown): string {
  if (typeof value === 'string') return value === '' ? 'nothing' : `"${value.length > 60 ? `${value.slice(0, 60)}...` : value}"`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return value === undefined || value === null ? 'nothing' : 'a map';
}

function expectedAt(schema: Schema, path: Path): string {
  const kinds = schemasAt(schema, path).map((one) => {
    if (one instanceof z.ZodString) return 'a text';
    if (one instanceof z.ZodEnum) return `one of ${one.options.join(', ')}`;
    return one instanceof z.ZodArray ? 'a list' : 'a map';
  });
  return [...new Set(kinds)].join(' or ');
}

function valueAt(value: unknown, path: Path): unknown {
  let at = value;
  for (const part of path) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = new Map<string, unknown>(Object.entries(at)).get(String(part));
  }
  return at;
}

/** The schemas that may stand at a path: several where a union is. */
function schemasAt(schema: Schema, path: Path): Schema[] {
  let at = optionsOf(schema);
  for (const part of path) at = at.flatMap((one) => stepInto(one, part));
  return at;
}

function stepInto(schema: Schema, part: string | number): Schema[] {
  if (schema instanceof z.ZodArray) return optionsOf(schema.element);
  if (schema instanceof z.ZodRecord) return optionsOf(schema.valueType);
  const field = schema instanceof z.ZodObject ? new Map<string, Schema>(Object.entries(schema.shape)).get(String(part)) : undefined;
  return field === undefined ? [] : optionsOf(field);
}

function optionsOf(schema: Schema): Schema[] {
  if (schema instanceof z.ZodOptional) return optionsOf(schema.unwrap());
  if (schema instanceof z.ZodPipe) return optionsOf(schema.in);
  return schema instanceof z.ZodUnion ? schema.options.flatMap((option) => optionsOf(option)) : [schema];
}

function keysOf(schemas: readonly Schema[]): string[] {
  return [...new Set(schemas.flatMap((schema) => (schema instanceof z.ZodObject ? Object.keys(schema.shape) : [])))];
}

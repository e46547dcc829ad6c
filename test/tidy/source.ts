// Reads a source file into what the rules look at: its syntax tree, its imports and its comments.

import { parseSync, visitorKeys } from 'oxc-parser';

/** A node of the syntax tree, seen generically: rules look at few kinds and name what they read. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

export interface Import {
  readonly specifier: string;
  readonly isType: boolean;
  readonly start: number;
}

export interface Source {
  readonly path: string;
  readonly text: string;
  readonly program: Node;
  readonly imports: readonly Import[];
  readonly comments: readonly { readonly value: string; readonly start: number }[];
}

/** What a rule found: `path:line message`. */
export type Finding = string;

/** A rule and the proof that it bites: sources it must refuse, one by one, and sources it must let pass. */
export interface Rule {
  readonly name: string;
  readonly check: (sources: readonly Source[]) => Finding[];
  readonly bad: readonly Sample[];
  readonly good: readonly Sample[];
}

/** Paths and texts of one small tree. */
export type Sample = Readonly<Record<string, string>>;

export function parseSource(path: string, text: string): Source {
  const parsed = parseSync(path, text, { sourceType: 'module' });
  const broken = parsed.errors[0];
  if (broken !== undefined) throw new Error(`${path}: ${broken.message}`);
  const program = parsed.program as unknown as Node;
  return { path, text, program, imports: importsOf(program), comments: parsed.comments };
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

/** Every node with its parent, in the order of the text. */
export function* nodesOf(node: Node, parent: Node | null = null): Generator<{ node: Node; parent: Node | null }> {
  yield { node, parent };
  for (const key of visitorKeys[node.type] ?? []) {
    const value = node[key];
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) yield* nodesOf(child, node);
  }
}

export function finding(source: Source, start: number, message: string): Finding {
  return `${source.path}:${lineOf(source, start)} ${message}`;
}

export function lineOf(source: Source, offset: number): number {
  return source.text.slice(0, offset).split('\n').length;
}

/** Static imports, re-exports, `import()` and `import('...')` types. */
function importsOf(program: Node): Import[] {
  const found: Import[] = [];
  for (const { node } of nodesOf(program)) {
    const specifier = node['source'];
    if (!isNode(specifier) || typeof specifier['value'] !== 'string') continue;
    found.push({ specifier: specifier['value'], isType: isTypeImport(node), start: node.start });
  }
  return found;
}

/** `import { type X }` does not count: with verbatimModuleSyntax the module is still loaded. */
function isTypeImport(node: Node): boolean {
  return node['importKind'] === 'type' || node['exportKind'] === 'type' || node.type === 'TSImportType';
}

/** The name of a member that is not computed: `sort` of `list.sort`. */
export function memberNameOf(node: Node): string | null {
  const property = node['property'];
  return node.type === 'MemberExpression' && node['computed'] !== true && isNode(property) ? nameOf(property) : null;
}

export function nameOf(node: unknown): string | null {
  return isNode(node) && node.type === 'Identifier' && typeof node['name'] === 'string' ? node['name'] : null;
}

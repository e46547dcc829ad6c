// The shape of files and functions, and the parts of TypeScript that this code does without.

import { type Finding, finding, isNode, lineOf, nameOf, type Node, nodesOf, type Rule, type Source } from './source.ts';

const linesMax = 500;
const functionLinesMax = 70;
const castsMaxPerFile = 10;

/** Where casts are allowed, by the start of the path, and why. Everywhere else types are told, not claimed. */
const castDoors: Readonly<Record<string, string>> = {
  'src/base/': 'containers and hashes of data of any type',
  'src/kernel/': 'generic over an actor it knows nothing of',
  'src/ensemble/': 'where the kernel meets the actors',
  'src/words/narrate.ts': 'a table of functions by note type is a correlated union',
  'src/wire/': 'bytes',
  'src/gateway/': 'sockets and files: what comes off them has no type',
  'web/worker': 'postMessage',
  'web/doors/': 'the DOM and d3',
  'test/': 'tests reach into anything',
};

type Judge = (node: Node, source: Source) => string | null;

function nodeRule(name: string, judge: Judge, bad: readonly string[], good: readonly string[]): Rule {
  return {
    name,
    check: (sources) => sources.flatMap((source) => judged(source, judge)),
    bad: bad.map((text) => ({ 'src/zab/a.ts': text })),
    good: good.map((text) => ({ 'src/zab/a.ts': text })),
  };
}

function judged(source: Source, judge: Judge): Finding[] {
  const found: Finding[] = [];
  for (const { node } of nodesOf(source.program)) {
    const message = judge(node, source);
    if (message !== null) found.push(finding(source, node.start, message));
  }
  return found;
}

export const shortFiles: Rule = {
  name: `a file has at most ${linesMax} lines`,
  check: (sources) => {
    const long = sources.filter((source) => lineCountOf(source.text) > linesMax);
    return long.map((source) => finding(source, 0, `${lineCountOf(source.text)} lines: split it by noun`));
  },
  bad: [{ 'src/zab/a.ts': '\n'.repeat(linesMax + 1) }],
  good: [{ 'src/zab/a.ts': '\n'.repeat(linesMax) }],
};

function lineCountOf(text: string): number {
  return text.split('\n').length - 1;
}

export const shortFunctions = nodeRule(
  `a function has at most ${functionLinesMax} lines`,
  (node, source) => {
    if (!/^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type) || source.path.startsWith('test/'))
      return null;
    const lines = lineOf(source, node.end) - lineOf(source, node.start) + 1;
    return lines > functionLinesMax ? `a function of ${lines} lines` : null;
  },
  [`function f() {${'\n'.repeat(functionLinesMax)}}`, `const f = () => {${'\n'.repeat(functionLinesMax)}};`],
  [`function f() {${'\n'.repeat(functionLinesMax - 1)}}`],
);

const refusedSyntax: Readonly<Record<string, string>> = {
  TSAnyKeyword: 'any: say unknown and look',
  TSEnumDeclaration: 'enum: use a union of texts',
  TSModuleDeclaration: 'namespace: use a file',
  TSTypeAssertion: '<T>value: casts are written with as, at the doors',
  TSParameterProperty: 'a parameter property: declare the field',
  TSExportAssignment: 'export =: use named exports',
  ExportDefaultDeclaration: 'a default export: use named exports',
};

export const refusedTypeScript = nodeRule(
  'no any, enum, namespace, parameter property or default export',
  (node) => refusedSyntax[node.type] ?? null,
  [
    'let a: any;',
    'enum A { B }',
    'namespace A {}',
    'const a = <B>c;',
    'class A { constructor(private b: number) {} }',
    'export default 1;',
  ],
  ['let a: unknown;', 'export const b = 1;'],
);

export const casts: Rule = {
  name: `casts stay at the doors, at most ${castsMaxPerFile} in a file`,
  check: (sources) =>
    sources.flatMap((source) => {
      const found = judged(source, (node) => (isCast(node) ? 'a cast outside the doors: let the types tell it' : null));
      const isDoor = Object.keys(castDoors).some((start) => source.path.startsWith(start));
      if (!isDoor) return found;
      const isCrowded = found.length > castsMaxPerFile && !source.path.startsWith('test/');
      return isCrowded ? [finding(source, 0, `${found.length} casts in one file`)] : [];
    }),
  bad: [
    { 'src/zab/a.ts': 'export const a = b as C;' },
    { 'src/zab/a.ts': 'export const a = f(b as C[]);' },
    { 'src/kernel/a.ts': 'f(b as C);\n'.repeat(castsMaxPerFile + 1) },
  ],
  good: [{ 'src/zab/a.ts': "export const a = ['b'] as const satisfies C;" }, { 'src/kernel/a.ts': 'export const a = b as C;' }],
};

function isCast(node: Node): boolean {
  if (node.type !== 'TSAsExpression') return false;
  const type = node['typeAnnotation'];
  return !(isNode(type) && nameOf(type['typeName']) === 'const');
}

export const noBarrels: Rule = {
  name: 'nothing is exported on behalf of another file but by src/index.ts',
  check: (sources) =>
    sources
      .filter((source) => source.path !== 'src/index.ts')
      .flatMap((source) => {
        const imported = importedNames(source.program);
        return judged(source, (node) => {
          const isForwarding = node.type === 'ExportAllDeclaration' || (node.type === 'ExportNamedDeclaration' && isNode(node['source']));
          const local = node.type === 'ExportSpecifier' ? nameOf(node['local']) : null;
          return isForwarding || (local !== null && imported.has(local)) ? 're-export: import it where it is needed' : null;
        });
      }),
  bad: [
    { 'src/zab/a.ts': "export * from './b.ts';" },
    { 'src/zab/a.ts': "export type { B } from './b.ts';" },
    { 'src/zab/a.ts': "import { b } from './b.ts';\nexport { b };" },
  ],
  good: [{ 'src/index.ts': "export { b } from './zab/b.ts';" }, { 'src/zab/a.ts': 'const b = 1;\nexport { b };' }],
};

function importedNames(program: Node): Set<string> {
  const names = new Set<string>();
  for (const { node } of nodesOf(program)) {
    const name = /^Import\w*Specifier$/.test(node.type) ? nameOf(node['local']) : null;
    if (name !== null) names.add(name);
  }
  return names;
}

const mark = /\b(TODO|FIXME|XXX|HACK)\b/;

export const noMarks: Rule = {
  name: 'no comment puts work off',
  check: (sources) =>
    sources.flatMap((source) => {
      const marked = source.comments.filter((comment) => mark.test(comment.value));
      return marked.map((comment) => finding(source, comment.start, `${mark.exec(comment.value)?.[1] ?? ''}: do it, or open an issue`));
    }),
  bad: ['TODO', 'FIXME', 'XXX'].map((word) => ({ 'src/zab/a.ts': `// ${word}: later\nexport const a = 1;` })),
  good: [{ 'src/zab/a.ts': "export const a = 'TODO';" }],
};

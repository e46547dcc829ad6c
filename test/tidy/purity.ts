// What the pure layers must not touch: clocks, chance, waiting, locales, and arithmetic that engines round differently.

import { isPure } from './layers.ts';
import { type Finding, finding, isNode, memberNameOf, nameOf, type Node, nodesOf, type Rule, type Source } from './source.ts';

const clocks = ['Date', 'Temporal', 'performance', 'crypto'];
const waiting = ['Promise', 'setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'queueMicrotask'];
const engine = ['Intl', 'WeakRef', 'FinalizationRegistry', 'SharedArrayBuffer', 'Atomics', 'eval'];
const host = ['console', 'process', 'globalThis', 'window', 'self', 'document', 'navigator', 'fetch', 'requestAnimationFrame'];
const bannedNames = new Set([...clocks, ...waiting, ...engine, ...host]);

/** Exact on every engine; the others (log, exp, pow, sin, sqrt, ...) may differ in the last bit. */
const exactMath = new Set(['abs', 'ceil', 'clz32', 'floor', 'fround', 'imul', 'max', 'min', 'round', 'sign', 'trunc']);

type Judge = (node: Node, parent: Node | null) => string | null;

/** A rule over each node of each pure file; what it refuses there, an impure file may do. */
function pureRule(name: string, judge: Judge, bad: readonly string[], good: readonly string[]): Rule {
  return {
    name,
    check: (sources) => sources.filter(isPure).flatMap((source) => judged(source, judge)),
    bad: bad.map((text) => ({ 'src/zab/a.ts': text })),
    good: [...good.map((text) => ({ 'src/zab/a.ts': text })), ...bad.map((text) => ({ 'src/cli/a.ts': text }))],
  };
}

function judged(source: Source, judge: Judge): Finding[] {
  const found: Finding[] = [];
  for (const { node, parent } of nodesOf(source.program)) {
    const message = judge(node, parent);
    if (message !== null) found.push(finding(source, node.start, message));
  }
  return found;
}

export const noBannedNames: Rule = {
  name: 'pure layers touch no clock, timer, promise, locale or host',
  check: (sources) =>
    sources.filter(isPure).flatMap((source) => {
      const declared = declaredNames(source.program);
      return judged(source, (node, parent) => {
        const name = nameOf(node);
        const isBanned = name !== null && bannedNames.has(name) && !declared.has(name) && !isOnlyALabel(node, parent);
        return isBanned ? `${name} in a pure layer` : null;
      });
    }),
  bad: [
    { 'src/zab/a.ts': 'export const now = Date.now();' },
    { 'src/zab/a.ts': 'export const at = new Date();' },
    { 'src/zab/a.ts': 'export type P = Promise<number>;' },
    { 'src/zab/a.ts': 'setTimeout(() => {}, 1);' },
    { 'src/zab/a.ts': "console.log('x');" },
    { 'src/zab/a.ts': 'const cache = new WeakRef(a);' },
    { 'src/index.ts': 'export const f = new Intl.NumberFormat();' },
  ],
  good: [
    { 'src/zab/a.ts': 'export function run(process: (a: number) => void): void { process(1); }' },
    { 'src/zab/a.ts': 'export const a = { process: 1, Date: 2 }; export const b = a.process;' },
    { 'src/cli/a.ts': 'export const now = Date.now();' },
  ],
};

/** A property's name, not a reference. */
function isOnlyALabel(node: Node, parent: Node | null): boolean {
  if (parent === null) return false;
  if (parent['computed'] !== true && (parent['property'] === node || parent['key'] === node)) return true;
  return (
    parent['imported'] === node ||
    parent['exported'] === node ||
    parent['label'] === node ||
    (parent['right'] === node && parent.type === 'TSQualifiedName')
  );
}

/** Names that the file binds itself; a coarse scope, and enough: a file that names its own `process` cannot mean Node's. */
function declaredNames(program: Node): Set<string> {
  const names = new Set<string>();
  const bind = (pattern: unknown): void => {
    if (!isNode(pattern)) return;
    const name = nameOf(pattern);
    if (name !== null) names.add(name);
    for (const key of ['left', 'argument', 'value', 'parameter']) bind(pattern[key]);
    for (const key of ['elements', 'properties']) {
      const inner = pattern[key];
      if (Array.isArray(inner)) inner.forEach(bind);
    }
  };
  for (const { node } of nodesOf(program)) {
    if (node.type === 'VariableDeclarator' || /(Function|Class|Interface|TypeAlias)Declaration$/.test(node.type)) bind(node['id']);
    if (/^Import\w*Specifier$/.test(node.type)) bind(node['local']);
    if (Array.isArray(node['params'])) node['params'].forEach(bind);
  }
  return names;
}

export const noAsync = pureRule(
  'pure layers do not wait',
  (node) => {
    const isWaiting =
      node['async'] === true || node['await'] === true || node.type === 'AwaitExpression' || node.type === 'ImportExpression';
    return isWaiting ? 'async, await or import() in a pure layer' : null;
  },
  [
    'export async function f() {}',
    'export const f = async () => 1;',
    'for await (const a of b) {}',
    'await f();',
    "export const f = () => import('./b.ts');",
  ],
  ['export function* f() { yield 1; }'],
);

export const exactMathOnly = pureRule(
  'pure layers compute only what every engine rounds alike',
  (node, parent) => {
    if ((node.type === 'BinaryExpression' && node['operator'] === '**') || node['operator'] === '**=') return '** in a pure layer';
    if (nameOf(node) !== 'Math' || isOnlyALabel(node, parent)) return null;
    const member = parent !== null && parent['object'] === node ? memberNameOf(parent) : null;
    return member !== null && exactMath.has(member) ? null : `Math.${member ?? '?'} in a pure layer`;
  },
  [
    'export const a = Math.random();',
    'export const a = Math.log(2);',
    'export const { pow } = Math;',
    'export const a = Math[b];',
    'export const a = 2 ** 3;',
    'let a = 2; a **= 2;',
  ],
  ['export const a = Math.max(1, Math.floor(2)) * Math.imul(3, 4);'],
);

export const noLocale = pureRule(
  'pure layers order and write text without a locale',
  (node) => {
    const member = memberNameOf(node);
    return member !== null && (member === 'localeCompare' || member.startsWith('toLocale')) ? `${member} in a pure layer` : null;
  },
  ['export const a = b.localeCompare(c);', 'export const a = (1.5).toLocaleString();'],
  ['export const a = b.toLowerCase();'],
);

export const sortWithComparator = pureRule(
  'pure layers sort with a comparator',
  (node) => {
    const callee = node['callee'];
    const member = node.type === 'CallExpression' && isNode(callee) ? memberNameOf(callee) : null;
    const isBare = (member === 'sort' || member === 'toSorted') && Array.isArray(node['arguments']) && node['arguments'].length === 0;
    return isBare ? `${member}() without a comparator` : null;
  },
  ['export const a = [2, 1].sort();', 'export const a = b?.toSorted();'],
  ['export const a = [2, 1].sort((x, y) => x - y);'],
);

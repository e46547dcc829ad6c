// Tests: one name each, and none left out but by test/support/suites.ts.

import { type Finding, finding, isNode, lineOf, memberNameOf, nameOf, type Node, nodesOf, type Rule, type Source } from './source.ts';

const grouping = new Set(['describe', 'suite']);
const testing = new Set(['test', 'it']);
const leavingOut = new Set(['skip', 'only', 'todo', 'skipIf', 'runIf', 'fails']);
const leftOut = new Set(['xit', 'xtest', 'xdescribe', 'fit', 'fdescribe']);

const isTest = (source: Source): boolean => source.path.startsWith('test/');

export const uniqueNames: Rule = {
  name: 'no two tests of a file have the same name',
  check: (sources) => {
    const found: Finding[] = [];
    for (const source of sources.filter(isTest)) {
      const seen = new Map<string, number>();
      for (const { name, start } of testNames(source, source.program, [])) {
        const other = seen.get(name);
        if (other === undefined) seen.set(name, lineOf(source, start));
        else found.push(finding(source, start, `'${name}' is the name of the test in line ${other} too`));
      }
    }
    return found;
  },
  bad: [
    { 'test/a.test.ts': "test('x', f); test('x', g);" },
    { 'test/a.test.ts': "describe('d', () => { test('x', f); }); describe('d', () => { it('x', f); });" },
  ],
  good: [
    { 'test/a.test.ts': "describe('d', () => { test('x', f); }); describe('e', () => { test('x', f); });" },
    { 'test/a.test.ts': "test('x', f);", 'test/b.test.ts': "test('x', f);" },
  ],
};

/** The name of each test below this node, the names of its groups before it. */
function* testNames(source: Source, node: Node, groups: readonly string[]): Generator<{ name: string; start: number }> {
  const called = node.type === 'CallExpression' ? rootOf(node['callee']) : null;
  const inside = called !== null && grouping.has(called) ? [...groups, titleOf(source, node)] : groups;
  const title = titleOf(source, node);
  if (called !== null && testing.has(called) && title !== '') yield { name: [...groups, title].join(' > '), start: node.start };
  for (const { node: child, parent } of nodesOf(node)) if (parent === node) yield* testNames(source, child, inside);
}

/** `test` of `test(...)`, `test.for(rows)(...)`. */
function rootOf(callee: unknown): string | null {
  if (!isNode(callee)) return null;
  if (callee.type === 'CallExpression') return rootOf(callee['callee']);
  return callee.type === 'MemberExpression' ? rootOf(callee['object']) : nameOf(callee);
}

/** The first argument when it is a text (templates as they are written), else nothing: a row's own name, or `test.for(rows)`. */
function titleOf(source: Source, call: Node): string {
  const first: unknown = Array.isArray(call['arguments']) ? call['arguments'][0] : null;
  if (!isNode(first)) return '';
  if (typeof first['value'] === 'string') return first['value'];
  const isText = first.type === 'TemplateLiteral';
  return isText ? source.text.slice(first.start, first.end) : '';
}

export const noneLeftOut: Rule = {
  name: 'no test is left out but by the suite helper',
  check: (sources) =>
    sources
      .filter((source) => isTest(source) && source.path !== 'test/support/suites.ts')
      .flatMap((source) => {
        const found: Finding[] = [];
        for (const { node } of nodesOf(source.program)) {
          const member = memberNameOf(node);
          const root = rootOf(node);
          const isMember =
            member !== null && leavingOut.has(member) && root !== null && /^(test|it|describe|suite|bench|context|ctx)$/.test(root);
          const isName = node.type === 'CallExpression' && leftOut.has(nameOf(node['callee']) ?? '');
          if (isMember || isName)
            found.push(finding(source, node.start, `${member ?? root}: every test runs, or its suite says what to install`));
        }
        return found;
      }),
  bad: [
    "test.skip('x', f);",
    "describe.only('x', f);",
    "it.todo('x');",
    "test.skipIf(a)('x', f);",
    "xit('x', f);",
    "test('x', (context) => context.skip());",
  ].map((text) => ({ 'test/a.test.ts': text })),
  good: [{ 'test/a.test.ts': "test.for(rows)('x', f); kind.skip.has('x');" }],
};

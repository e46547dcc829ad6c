// Text that no person meant: whatever comes in, the outcome is a scenario or one InputError with a place in the file.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/scenario/input-error.ts';
import { parseScenario } from '../../src/scenario/parse-scenario.ts';
import { openRun } from '../../src/scenario/run-scenario.ts';
import { SHIPPED } from '../support/shipped-scenarios.ts';

const MARKS = ['&a ', '*a', '!!x ', '!t ', '<<: ', '? ', '- ', ': ', '# ', '{', '}', '[', ']', ',', '"', "'", '|\n', '>\n', '%', '@', '`'];
const CHARACTERS = ['\t', '\r', '\r\n', '\n', '\n\n', '\u0000', '\u0007', '\u2028', '\ufeff', '\ud800', '\u{1f600}'];
const WORDS = [
  'null',
  '~',
  'true',
  '-1',
  '9'.repeat(40),
  '1e999',
  'NaN',
  '__proto__',
  'constructor',
  'toString',
  'all except ',
  '//',
  '"/a',
  '---\n',
  '...\n',
];
const SNIPPETS = [...MARKS, ...CHARACTERS, ...WORDS];

/** One change of a text: where, how much goes, what comes instead. */
const edit = fc.record({
  at: fc.nat(5000),
  remove: fc.constantFrom(0, 0, 1, 2, 10, 80),
  insert: fc.oneof(fc.constantFrom(...SNIPPETS), fc.constant(''), fc.string({ maxLength: 4 })),
  repeat: fc.constantFrom(1, 1, 1, 2, 50),
});

/** A change of whole lines: one goes, or comes twice, or two change places. */
const lineEdit = fc.record({ line: fc.nat(80), other: fc.nat(80), how: fc.constantFrom('delete', 'double', 'swap', 'indent') });

type LineEdit = typeof lineEdit extends fc.Arbitrary<infer T> ? T : never;

function withLineEdit(text: string, { line, other, how }: LineEdit): string {
  const lines = text.split('\n');
  const [i, j] = [line % lines.length, other % lines.length];
  if (how === 'delete') lines.splice(i, 1);
  else if (how === 'double') lines.splice(i, 0, lines[i]!);
  else if (how === 'swap') [lines[i], lines[j]] = [lines[j]!, lines[i]!];
  else lines[i] = `  ${lines[i]}`;
  return lines.join('\n');
}

/** Throws unless the text is a scenario that can be run, or refused as a person's mistake that stands in it. */
function judge(text: string): 'run' | 'refused' {
  try {
    openRun(parseScenario(text, 'x.yaml'));
    return 'run';
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const { line, column } = error.place;
    const lines = text.split('\n');
    expect(line).toBeLessThanOrEqual(lines.length + 1);
    expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 2);
    expect(error.message).toMatch(line === 0 ? /^x\.yaml: / : /^x\.yaml:\d+:\d+: /);
    return 'refused';
  }
}

const shipped = fc.constantFrom(...SHIPPED.map(([, text]) => text));

describe('a shipped scenario with', () => {
  test('some characters changed is run or refused', () => {
    fc.assert(
      fc.property(shipped, fc.array(edit, { minLength: 1, maxLength: 4 }), (text, edits) => {
        let changed = text;
        for (const { at, remove, insert, repeat } of edits) {
          const place = at % (changed.length + 1);
          changed = changed.slice(0, place) + insert.repeat(repeat) + changed.slice(place + remove);
        }
        judge(changed);
      }),
      { numRuns: 800, seed: 1 },
    );
  });

  test('some lines changed is run or refused, and neither only', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(shipped, fc.array(lineEdit, { minLength: 1, maxLength: 3 }), (text, edits) => {
        seen.add(judge(edits.reduce(withLineEdit, text)));
      }),
      { numRuns: 800, seed: 1 },
    );
    expect([...seen].toSorted()).toEqual(['refused', 'run']);
  });
});

test('any text is run or refused', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.constantFrom(...SNIPPETS, 'name', 'script', 'expect', 'kill', ' ', 's1'), fc.string({ unit: 'binary' })), {
        maxLength: 30,
      }),
      (parts) => {
        judge(parts.join(''));
      },
    ),
    { numRuns: 800, seed: 1 },
  );
});

const small = 'name: x\nclients: [alice]\nscript:\n  - alice: create /a "b c"\n    expect: /a\n';

describe('the same scenario', () => {
  const { document, lines } = parseScenario(small, 'x.yaml');

  test.for<[string, string]>([
    ['with a byte order mark', `\ufeff${small}`],
    ['with the line ends of other systems', small.replaceAll('\n', '\r\n')],
    ['with tabs between a key and its value', small.replaceAll(': ', ':\t')],
    ['as JSON', JSON.stringify({ name: 'x', clients: ['alice'], script: [{ alice: 'create /a "b c"', expect: '/a' }] })],
    ['with an anchor and an alias', small.replace('[alice]', '[&client alice]').replace('- alice: ', '- *client : ')],
  ])('%s', ([, text]) => {
    const again = parseScenario(text, 'x.yaml');
    expect(again.document).toEqual(document);
    expect(again.lines.map((line) => ({ ...line, place: null }))).toEqual(lines.map((line) => ({ ...line, place: null })));
  });
});

test.for<[string, string]>([
  ['\ufeffname: x\nmode: fien\n', '2:7'],
  ['name: x\r\nmode: fien\r\n', '2:7'],
  ['name: "\u{1f600}"\nmode: fien\n', '2:7'],
  ['{ name: "\u{1f600}", mode: fien }', '1:21'],
])('places count UTF-16 units and neither marks nor carriage returns: %j', ([text, place]) => {
  expect(() => parseScenario(text, 'x.yaml')).toThrow(`x.yaml:${place}: found "fien"`);
});

describe('nothing takes for ever', () => {
  const bomb = [
    'a: &a0 [x, x, x, x, x, x, x, x, x, x]',
    ...Array.from({ length: 12 }, (_, i) => `b${i}: &a${i + 1} [${`*a${i}, `.repeat(10)}]`),
  ].join('\n');

  test.for<[string, string]>([
    ['aliases of aliases', bomb],
    ['brackets without end', '['.repeat(100_000)],
    ['braces without end', '{a: '.repeat(50_000)],
    ['indentation without end', Array.from({ length: 1200 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
    ['a long line', `name: ${'x'.repeat(999_000)}`],
    ['a long text', 'x'.repeat(1_000_001)],
    ['many keys', Array.from({ length: 20_000 }, (_, i) => `k${i}: v`).join('\n')],
    ['many lines of a script', `name: x\nscript:\n${'- wait: 1s\n'.repeat(20_000)}`],
    ['many commas', `name: x\nscript:\n- kill: ${'s1,'.repeat(50_000)}s1\n`],
    ['many blanks in a condition', `name: x\nscript:\n- until: s1${' '.repeat(50_000)}is LEADING\n`],
    ['many words in a condition', `name: x\nscript:\n- until: ${'s1 except '.repeat(20_000)}\n`],
    ['many parts of a path', `name: x\nclients: [a]\nscript:\n- a: create ${'/a'.repeat(50_000)}\n`],
  ])('%s', ([, text]) => {
    expect(['run', 'refused']).toContain(judge(text));
  });
});

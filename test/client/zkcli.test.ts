// Commands: every form of every command, what is refused and how that is said, and the way back to text.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesOfArray, bytesOfUtf8, type Bytes } from '../../src/base/bytes.ts';
import { CommandError } from '../../src/client/command-error.ts';
import type { ClientOperation } from '../../src/client/items.ts';
import { parseCommand, parseOperation, type Command } from '../../src/client/zkcli.ts';
import { formatCommand, formatOperation } from '../../src/client/zkcli-print.ts';
import { OPEN_ACL_UNSAFE, type CreateMode } from '../../src/server/protocol.ts';

const text = (data: string): Bytes => bytesOfUtf8(data);

function create(path: string, data: string | null = null, mode: CreateMode = 'PERSISTENT'): ClientOperation {
  return { op: 'create', path, data: data === null ? null : text(data), acl: OPEN_ACL_UNSAFE, mode };
}

test.for<[string, ClientOperation]>([
  ['create /a', create('/a')],
  ['create /a 1', create('/a', '1')],
  ['create /a ""', create('/a', '')],
  ['create -e /a 1', create('/a', '1', 'EPHEMERAL')],
  ['create -s /a', create('/a', null, 'PERSISTENT_SEQUENTIAL')],
  ['create -s -e /a 1', create('/a', '1', 'EPHEMERAL_SEQUENTIAL')],
  ['create -es /a 1', create('/a', '1', 'EPHEMERAL_SEQUENTIAL')],
  ['create /a 1 -e', create('/a', '1', 'EPHEMERAL')],
  ['create -s /q/', create('/q/', null, 'PERSISTENT_SEQUENTIAL')],
  ['create -s /', create('/', null, 'PERSISTENT_SEQUENTIAL')],
  ['create -b /a AP8=', { op: 'create', path: '/a', data: bytesOfArray([0, 255]), acl: OPEN_ACL_UNSAFE, mode: 'PERSISTENT' }],
  ['delete /a', { op: 'delete', path: '/a', version: -1 }],
  ['delete -v 3 /a', { op: 'delete', path: '/a', version: 3 }],
  ['delete /a -v -1', { op: 'delete', path: '/a', version: -1 }],
  ['set /a x', { op: 'setData', path: '/a', data: text('x'), version: -1 }],
  ['set -v 2147483647 /a x', { op: 'setData', path: '/a', data: text('x'), version: 2147483647 }],
  ['set /a x -v 0', { op: 'setData', path: '/a', data: text('x'), version: 0 }],
  ['set -n /a', { op: 'setData', path: '/a', data: null, version: -1 }],
  ['set -b /a Zm9v', { op: 'setData', path: '/a', data: text('foo'), version: -1 }],
  ['get /a', { op: 'getData', path: '/a', watch: false }],
  ['get -w /a', { op: 'getData', path: '/a', watch: true }],
  ['stat /a', { op: 'exists', path: '/a', watch: false }],
  ['stat /a -w', { op: 'exists', path: '/a', watch: true }],
  ['ls /', { op: 'getChildren', path: '/', watch: false }],
  ['ls -w /a', { op: 'getChildren', path: '/a', watch: true }],
  ['sync /', { op: 'sync', path: '/' }],
  ['close', { op: 'closeSession' }],
  ['multi { }', { op: 'multi', ops: [] }],
  ['multi {}', { op: 'multi', ops: [] }],
  [
    'multi { create /a 1; set -v 2 /b x; delete /c; check -v 0 /d }',
    {
      op: 'multi',
      ops: [
        create('/a', '1'),
        { op: 'setData', path: '/b', data: text('x'), version: 2 },
        { op: 'delete', path: '/c', version: -1 },
        { op: 'check', path: '/d', version: 0 },
      ],
    },
  ],
  ['multi {create /a 1;create /b;}', { op: 'multi', ops: [create('/a', '1'), create('/b')] }],
  ['multi { create /a "1;2}" }', { op: 'multi', ops: [create('/a', '1;2}')] }],
])('%s', ([command, operation]) => {
  expect(parseOperation(command)).toEqual(operation);
});

test.for<[string, string]>([
  ['create /a "two words"', 'two words'],
  ["create /a 'two words'", 'two words'],
  ['create /a "it\'s"', "it's"],
  ["create /a it's", "it's"],
  ['create /a \'say "x"\'', 'say "x"'],
  ['create /a {"a":1}', '{"a":1}'],
  ['create /a a;b}', 'a;b}'],
  ['create /a "-e"', '-e'],
  ['create /a -', '-'],
  ['create /a a-b', 'a-b'],
  ['create /a "it\'s"\'"\'', 'it\'s"'],
  ['create /a ""', ''],
  ['create /a \\n', '\\n'],
  ['  create\t/a   ü  ', 'ü'],
])('data with quotes: %s', ([command, data]) => {
  expect(parseOperation(command)).toEqual(create('/a', data));
});

test('quoted paths are paths too', () => {
  expect(parseOperation('get "/a b"')).toEqual({ op: 'getData', path: '/a b', watch: false });
  expect(parseOperation("get '/-w'")).toEqual({ op: 'getData', path: '/-w', watch: false });
});

test.for<[string, boolean]>([
  ['get -s /a', true],
  ['get -sw /a', true],
  ['get /a', false],
  ['ls -s /a', true],
  ['set -s /a x', true],
  ['set /a x', false],
  ['stat /a', false],
  ['create -s /a', false],
])('-s asks for the Stat: %s', ([command, showsStat]) => {
  expect(parseCommand(command).showsStat).toBe(showsStat);
});

test.for([
  ['', 'column 1: found the end, expected a command (create, delete, set, get, stat, ls, sync, close, multi)'],
  ['   ', 'column 4: found the end, expected a command (create, delete, set, get, stat, ls, sync, close, multi)'],
  [
    ' craete /a',
    "column 2: found 'craete', expected a command (create, delete, set, get, stat, ls, sync, close, multi); did you mean 'create'?",
  ],
  [
    'getChildren /a',
    "column 1: found 'getChildren', expected a command (create, delete, set, get, stat, ls, sync, close, multi); did you mean 'ls'?",
  ],
  ['xyzzy', "column 1: found 'xyzzy', expected a command (create, delete, set, get, stat, ls, sync, close, multi)"],
  ['constructor', "column 1: found 'constructor', expected a command (create, delete, set, get, stat, ls, sync, close, multi)"],
  ['check /a', "column 1: found 'check', expected a command (create, delete, set, get, stat, ls, sync, close, multi)"],
  ['create', 'column 7: found the end, expected a path'],
  ['create -e', 'column 10: found the end, expected a path'],
  ['get ""', 'column 6: found the end, expected a path that begins with /'],
  ['get a', "column 5: found 'a', expected a path that begins with /"],
  ['get /a/', "column 7: found '/a/', expected a path without / at its end"],
  ['get /a//b', "column 8: found '/a//b', expected the name of a node, which is not empty, . or .."],
  ['get /a/../b', "column 8: found '/a/../b', expected the name of a node, which is not empty, . or .."],
  ['get "/a/."', "column 9: found '/a/.', expected the name of a node, which is not empty, . or .."],
  ['get /a\u0007b', "column 7: found '\u0007', expected a character that paths may hold"],
  ['get /a\ue000', "column 7: found '\ue000', expected a character that paths may hold"],
  ['get /a b', "column 8: found 'b', expected the end of the command, or quotes around data with blanks"],
  ['set /a', 'column 7: found the end, expected data'],
  ['set /a two words', "column 12: found 'words', expected the end of the command, or quotes around data with blanks"],
  ['set /a x -v', 'column 12: found the end, expected a version, an integer of 32 bits'],
  ['set /a x -v y', "column 13: found 'y', expected a version, an integer of 32 bits"],
  ['delete -v 2147483648 /a', "column 11: found '2147483648', expected a version, an integer of 32 bits"],
  ['delete -v 1.5 /a', "column 11: found '1.5', expected a version, an integer of 32 bits"],
  ['set -n /a x', "column 11: found 'x', expected the end of the command, or quotes around data with blanks"],
  ['create -c /a', "column 8: found '-c', expected an option of this command, or quotes around data that begins with - (-s, -e, -b)"],
  ['create /a -5', "column 11: found '-5', expected an option of this command, or quotes around data that begins with - (-s, -e, -b)"],
  ['delete -w /a', "column 8: found '-w', expected an option of this command, or quotes around data that begins with - (-v version)"],
  ['sync -w /a', "column 6: found '-w', expected an option of this command, or quotes around data that begins with -"],
  ['close now', "column 7: found 'now', expected the end of the command, or quotes around data with blanks"],
  ['set -b /a x', "column 11: found 'x', expected base64 with padding"],
  ['create /a "x', 'column 11: found \'"x\', expected a closing quote (")'],
  ["create /a 'x", "column 11: found ''x', expected a closing quote (')"],
  ['create /a "x"y', "column 14: found 'y', expected a blank after the closing quote"],
  ['multi', 'column 6: found the end, expected {'],
  ['multi create /a', "column 7: found 'c', expected {"],
  ['multi { create /a', 'column 18: found the end, expected }'],
  ['multi { create /a } x', "column 21: found 'x', expected the end of the command, or quotes around data with blanks"],
  ['multi { create; delete /a }', "column 15: found ';', expected a path"],
  ['multi { set /a }', "column 16: found '}', expected data"],
  ['multi { get /a }', "column 9: found 'get', expected a command that multi can hold (create, delete, set, check); did you mean 'set'?"],
  [
    'multi { crate /a }',
    "column 9: found 'crate', expected a command that multi can hold (create, delete, set, check); did you mean 'create'?",
  ],
  ['multi { multi { } }', "column 9: found 'multi', expected a command that multi can hold (create, delete, set, check)"],
] as const)('refused: %s', ([command, message]) => {
  expect(() => parseCommand(command)).toThrowError(CommandError);
  expect(() => parseCommand(command)).toThrowError(new RegExp(`^${message.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`));
});

test('an error carries its parts, for words in any language', () => {
  try {
    parseCommand('craete /a');
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(CommandError);
    expect((error as CommandError).fault).toMatchObject({ column: 1, found: 'craete', expected: 'command', nearest: 'create' });
  }
});

test.for<[ClientOperation, string]>([
  [create('/a'), 'create /a'],
  [create('/a', ''), 'create /a ""'],
  [create('/a', 'x y'), 'create /a "x y"'],
  [create('/a', 'say "x"'), 'create /a \'say "x"\''],
  [create('/a', 'it\'s "x"'), `create /a "it's "'"'"x"'"'""`],
  [create('/a', '-e', 'EPHEMERAL'), 'create -e /a "-e"'],
  [create('/a', 'a\nb'), 'create -b /a YQpi'],
  [create('/a', null, 'EPHEMERAL_SEQUENTIAL'), 'create -s -e /a'],
  [{ op: 'setData', path: '/a', data: null, version: 3 }, 'set -v 3 -n /a'],
  [{ op: 'setData', path: '/a', data: bytesOfArray([255]), version: -1 }, 'set -b /a /w=='],
  [{ op: 'multi', ops: [create('/a', '1;'), { op: 'check', path: '/b', version: 0 }] }, 'multi { create /a "1;"; check -v 0 /b }'],
  [{ op: 'getData', path: '/a b', watch: true }, 'get -w "/a b"'],
  [{ op: 'closeSession' }, 'close'],
])('%j is written as %s', ([operation, command]) => {
  expect(formatOperation(operation)).toBe(command);
  expect(parseOperation(command)).toEqual(operation);
});

const name = fc
  .string({ unit: fc.constantFrom('a', 'B', '0', '-', ' ', '"', "'", ';', '{', '}', '.', '#', 'é', '\u00a0'), minLength: 1, maxLength: 6 })
  .filter((each) => each !== '.' && each !== '..');
const path = fc.array(name, { maxLength: 3 }).map((names) => `/${names.join('/')}`);
const data = fc.option(
  fc.oneof(
    fc.string({ unit: 'binary', maxLength: 8 }).map(text),
    fc.uint8Array({ maxLength: 8 }).map((array) => bytesOfArray(array)),
    name.map(text),
  ),
);
const version = fc.oneof(fc.constant(-1), fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff }));
const mode = fc.constantFrom<CreateMode>('PERSISTENT', 'EPHEMERAL', 'PERSISTENT_SEQUENTIAL', 'EPHEMERAL_SEQUENTIAL');
const part = fc.oneof(
  fc.record({ op: fc.constant('create' as const), path, data, acl: fc.constant(OPEN_ACL_UNSAFE), mode }),
  fc.record({ op: fc.constant('setData' as const), path, data, version }),
  fc.record({ op: fc.constant('delete' as const), path, version }),
  fc.record({ op: fc.constant('check' as const), path, version }),
);
const operation: fc.Arbitrary<ClientOperation> = fc.oneof(
  part.filter(({ op }) => op !== 'check'),
  fc.record({ op: fc.constantFrom('getData' as const, 'exists' as const, 'getChildren' as const), path, watch: fc.boolean() }),
  fc.record({ op: fc.constant('sync' as const), path }),
  fc.record({ op: fc.constant('multi' as const), ops: fc.array(part, { maxLength: 4 }) }),
  fc.constant({ op: 'closeSession' as const }),
);

test('whatever is written reads back, on one line', () => {
  fc.assert(
    fc.property(operation, fc.boolean(), (operation, showsStat) => {
      const canShow = operation.op === 'getData' || operation.op === 'getChildren' || operation.op === 'setData';
      const command: Command = { operation, showsStat: showsStat && canShow };
      const line = formatCommand(command);
      expect(line).not.toMatch(/[\n\r]/);
      expect(parseCommand(line)).toEqual(command);
    }),
    { numRuns: 1000 },
  );
});

test('any text is either a command or an error with a column inside it', () => {
  const unit = fc.constantFrom('create ', 'set ', 'multi ', '/', 'a', '-', 'v', ' ', '"', "'", ';', '{', '}', '1', '\\', 'é', '\u0000');
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 12 }), (line) => {
      try {
        parseCommand(line);
      } catch (error) {
        expect(error).toBeInstanceOf(CommandError);
        const { column } = (error as CommandError).fault;
        expect(column).toBeGreaterThanOrEqual(1);
        expect(column).toBeLessThanOrEqual(line.length + 1);
      }
    }),
    { numRuns: 2000 },
  );
});

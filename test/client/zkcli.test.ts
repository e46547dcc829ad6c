// Commands: every form of every command, what is refused and how that is said, and the way back to text.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesOfArray, bytesOfUtf8, type Bytes } from '../../src/base/bytes.ts';
import { CommandError } from '../../src/client/command-error.ts';
import type { ClientOperation, SequenceOperation, Submission } from '../../src/client/items.ts';
import { EXAMPLE_COMMANDS } from '../../src/client/zkcli-examples.ts';
import { parseCommand, parseOperation, type Command } from '../../src/client/zkcli.ts';
import { formatCommand, formatOperation } from '../../src/client/zkcli-print.ts';
import { OPEN_ACL_UNSAFE, type Acl, type CreateMode } from '../../src/server/protocol.ts';

const text = (data: string): Bytes => bytesOfUtf8(data);

function create(path: string, data: string | null = null, mode: CreateMode = 'PERSISTENT'): ClientOperation {
  return { op: 'create', path, data: data === null ? null : text(data), acl: OPEN_ACL_UNSAFE, mode };
}

const acl: Acl = [
  { perms: 31, scheme: 'digest', id: 'u:h=' },
  { perms: 1, scheme: 'ip', id: '10.0.0.0/8' },
];

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
  ['ls /', { op: 'getChildren2', path: '/', watch: false }],
  ['ls -w /a', { op: 'getChildren2', path: '/a', watch: true }],
  ['sync /', { op: 'sync', path: '/' }],
  ['close', { op: 'closeSession' }],
  ['create2 -e /a 1', { ...create('/a', '1', 'EPHEMERAL'), op: 'create2' } as ClientOperation],
  ['create -c /a', { op: 'createContainer', path: '/a', data: null, acl: OPEN_ACL_UNSAFE, mode: 'CONTAINER' }],
  ['create -t 5000 /a x', { op: 'createTTL', path: '/a', data: text('x'), acl: OPEN_ACL_UNSAFE, mode: 'PERSISTENT_WITH_TTL', ttlMs: 5000 }],
  [
    'create -s /a- -t 1099511627775',
    { op: 'createTTL', path: '/a-', data: null, acl: OPEN_ACL_UNSAFE, mode: 'PERSISTENT_SEQUENTIAL_WITH_TTL', ttlMs: 1_099_511_627_775 },
  ],
  ['create /a x digest:u:h=:cdrwa,ip:10.0.0.0/8:r', { ...create('/a', 'x'), acl } as ClientOperation],
  ['create -n /a digest:u:h=:cdrwa,ip:10.0.0.0/8:r', { ...create('/a'), acl } as ClientOperation],
  ['deletecontainer /a', { op: 'deleteContainer', path: '/a' }],
  ['getAcl /a', { op: 'getACL', path: '/a' }],
  ['setAcl -v 2 /a digest:u:h=:adcwr,ip:10.0.0.0/8:r', { op: 'setACL', path: '/a', acl, version: 2 }],
  ['setAcl /a auth::16', { op: 'setACL', path: '/a', acl: [{ perms: 16, scheme: 'auth', id: '' }], version: -1 }],
  ['setAcl /a world:anyone:', { op: 'setACL', path: '/a', acl: [{ perms: 0, scheme: 'world', id: 'anyone' }], version: -1 }],
  ['addauth digest alice:secret', { op: 'auth', scheme: 'digest', auth: text('alice:secret') }],
  ['addauth ip', { op: 'auth', scheme: 'ip', auth: null }],
  ['whoami', { op: 'whoAmI' }],
  ['getChildren -w /a', { op: 'getChildren', path: '/a', watch: true }],
  ['getAllChildrenNumber /', { op: 'getAllChildrenNumber', path: '/' }],
  ['getEphemerals', { op: 'getEphemerals', prefix: '/' }],
  ['getEphemerals /a', { op: 'getEphemerals', prefix: '/a' }],
  ['addWatch /a', { op: 'addWatch', path: '/a', mode: 1 }],
  ['addWatch -m persistent /a', { op: 'addWatch', path: '/a', mode: 0 }],
  ['removewatches /a', { op: 'removeWatches', path: '/a', watcherType: 3 }],
  ['removewatches -c /a', { op: 'removeWatches', path: '/a', watcherType: 1 }],
  ['removewatches -d /a', { op: 'removeWatches', path: '/a', watcherType: 2 }],
  ['removewatches /a -p', { op: 'removeWatches', path: '/a', watcherType: 4 }],
  ['removewatches /a -r', { op: 'removeWatches', path: '/a', watcherType: 5 }],
  ['checkwatches -d /a', { op: 'checkWatches', path: '/a', watcherType: 2 }],
  ['config', { op: 'getData', path: '/zookeeper/config', watch: false }],
  [
    'reconfig -v 1000000ab -add server.5=h:1:2;3 -remove 3,4',
    { op: 'reconfig', joiningServers: 'server.5=h:1:2;3', leavingServers: '3,4', newMembers: null, curConfigId: 0x1_0000_00ab },
  ],
  [
    'multiread { get /a; getChildren /b }',
    {
      op: 'multiRead',
      ops: [
        { op: 'getData', path: '/a', watch: false },
        { op: 'getChildren', path: '/b', watch: false },
      ],
    },
  ],
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

test.for<[string, SequenceOperation]>([
  ['deleteall /a', { op: 'deleteall', path: '/a', batchSize: 1000 }],
  ['deleteall -b 0 /a', { op: 'deleteall', path: '/a', batchSize: 0 }],
  ['ls -R /', { op: 'ls-recursive', path: '/', watch: false }],
  ['ls -Rw /a', { op: 'ls-recursive', path: '/a', watch: true }],
  ['setAcl -R -v 1 /a ip:10.0.0.0/8:r', { op: 'setAcl-recursive', path: '/a', acl: acl.slice(1), version: 1 }],
  ['setquota -n 5 /a', { op: 'setquota', path: '/a', limit: 'count', value: 5 }],
  ['setquota -b 0 /a', { op: 'setquota', path: '/a', limit: 'bytes', value: 0 }],
  ['setquota /a -N 5', { op: 'setquota', path: '/a', limit: 'countHardLimit', value: 5 }],
  ['setquota -B 9007199254740991 /a', { op: 'setquota', path: '/a', limit: 'byteHardLimit', value: 9_007_199_254_740_991 }],
  ['listquota /a', { op: 'listquota', path: '/a' }],
  ['delquota /a', { op: 'delquota', path: '/a', limit: null }],
  ['delquota -N /a', { op: 'delquota', path: '/a', limit: 'countHardLimit' }],
])('several requests: %s', ([command, operation]) => {
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
  ['getAcl -s /a', true],
  ['setAcl -s /a world:anyone:r', true],
  ['setAcl -s -R /a world:anyone:r', false],
  ['create2 -s /a', false],
  ['set /a x', false],
  ['stat /a', false],
  ['create -s /a', false],
])('-s asks for the Stat: %s', ([command, showsStat]) => {
  expect(parseCommand(command).showsStat).toBe(showsStat);
});

const COMMANDS =
  'create, create2, delete, deleteall, deletecontainer, set, get, stat, ls, getChildren, getAcl, setAcl, addauth, whoami, sync, getAllChildrenNumber, getEphemerals, addWatch, removewatches, checkwatches, setquota, listquota, delquota, config, reconfig, close, lock, unlock, guarded-set, elect, resign, offer, take, enter, leave, multi, multiread';

test.for([
  ['', `column 1: found the end, expected a command (${COMMANDS})`],
  ['   ', `column 4: found the end, expected a command (${COMMANDS})`],
  [' craete /a', `column 2: found 'craete', expected a command (${COMMANDS}); did you mean 'create'?`],
  ['getacl /a', `column 1: found 'getacl', expected a command (${COMMANDS}); did you mean 'getAcl'?`],
  ['rmr /a', `column 1: found 'rmr', expected a command (${COMMANDS}); did you mean 'deleteall'?`],
  ['xyzzy', `column 1: found 'xyzzy', expected a command (${COMMANDS})`],
  ['constructor', `column 1: found 'constructor', expected a command (${COMMANDS})`],
  ['check /a', `column 1: found 'check', expected a command (${COMMANDS})`],
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
  [
    'create -x /a',
    "column 8: found '-x', expected an option of this command, or quotes around data that begins with - (-s, -e, -c, -t ttl, -b, -n)",
  ],
  [
    'create /a -5',
    "column 11: found '-5', expected an option of this command, or quotes around data that begins with - (-s, -e, -c, -t ttl, -b, -n)",
  ],
  ['create -c -e /a', "column 8: found '-c', expected no other option of its kind beside it"],
  ['create -e -t 5 /a', "column 11: found '-t', expected no other option of its kind beside it"],
  ['create -t 0 /a', "column 11: found '0', expected a time to live of 1 to 1099511627775 milliseconds"],
  ['create -t 1099511627776 /a', "column 11: found '1099511627776', expected a time to live of 1 to 1099511627775 milliseconds"],
  ['create /a x anyone', "column 13: found 'anyone', expected entries of the form scheme:id:permissions with commas between them"],
  ['create /a x ""', 'column 14: found the end, expected entries of the form scheme:id:permissions with commas between them'],
  ['setAcl /a world:anyone:rx', "column 24: found 'rx', expected permissions, which are letters of cdrwa or a number"],
  ['setAcl /a world:anyone:r,ip:::q', "column 31: found 'q', expected permissions, which are letters of cdrwa or a number"],
  ['addauth', 'column 8: found the end, expected a scheme, such as digest'],
  ['addWatch -m once /a', "column 13: found 'once', expected a mode (PERSISTENT, PERSISTENT_RECURSIVE)"],
  ['setquota /a', 'column 12: found the end, expected one of the limits -n, -b, -N and -B with its value'],
  ['setquota -n 0 /a', "column 13: found '0', expected a number of nodes above 0"],
  ['setquota -b -1 /a', "column 13: found '-1', expected a number of bytes"],
  ['setquota -n 1 -b 2 /a', "column 15: found '-b', expected no other option of its kind beside it"],
  ['setquota -n 1 /', "column 15: found '/', expected a path other than / and outside /zookeeper/quota"],
  ['delquota /zookeeper/quota/a', "column 10: found '/zookeeper/quota/a', expected a path other than / and outside /zookeeper/quota"],
  ['reconfig', 'column 9: found the end, expected servers, or their ids, with commas between them'],
  ['reconfig -v xyz -remove 1', "column 13: found 'xyz', expected the version of a configuration, in hexadecimal digits"],
  ['multiread { stat /a }', "column 13: found 'stat', expected a command that may stand there (get, getChildren)"],
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
  [
    'multi { get /a }',
    "column 9: found 'get', expected a command that may stand there (create, create2, delete, deletecontainer, set, check); did you mean 'set'?",
  ],
  [
    'multi { crate /a }',
    "column 9: found 'crate', expected a command that may stand there (create, create2, delete, deletecontainer, set, check); did you mean 'create'?",
  ],
  [
    'multi { multi { } }',
    "column 9: found 'multi', expected a command that may stand there (create, create2, delete, deletecontainer, set, check)",
  ],
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
  [{ op: 'setACL', path: '/a', acl: [{ perms: 63, scheme: 'world', id: 'anyone' }], version: -1 }, 'setAcl /a world:anyone:63'],
  [{ op: 'auth', scheme: 'digest', auth: text('a b') }, 'addauth digest "a b"'],
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
const ttlMode = fc.constantFrom<CreateMode>('PERSISTENT_WITH_TTL', 'PERSISTENT_SEQUENTIAL_WITH_TTL');
/** What an id may hold: no comma, which ends an entry. */
const id = fc.string({ unit: fc.constantFrom('a', ':', '/', '.', '=', ' ', '"', '-'), maxLength: 6 });
const scheme = fc.constantFrom('world', 'auth', 'digest', 'ip', '');
const entry = fc.record({ perms: fc.oneof(fc.integer({ min: 0, max: 31 }), fc.integer()), scheme, id });
const someAcl = fc.oneof(fc.constant(OPEN_ACL_UNSAFE), fc.array(entry, { minLength: 1, maxLength: 3 }));
const watcherType = fc.integer({ min: 1, max: 5 });
const watch = fc.boolean();
const part: fc.Arbitrary<ClientOperation> = fc.oneof(
  fc.record({ op: fc.constantFrom('create' as const, 'create2' as const), path, data, acl: someAcl, mode }),
  fc.record({ op: fc.constant('createContainer' as const), path, data, acl: someAcl, mode: fc.constant('CONTAINER' as const) }),
  fc.record({
    op: fc.constant('createTTL' as const),
    path,
    data,
    acl: someAcl,
    mode: ttlMode,
    ttlMs: fc.integer({ min: 1, max: 0xff_ffff_ffff }),
  }),
  fc.record({ op: fc.constant('setData' as const), path, data, version }),
  fc.record({ op: fc.constant('delete' as const), path, version }),
  fc.record({ op: fc.constant('deleteContainer' as const), path }),
  fc.record({ op: fc.constant('check' as const), path, version }),
);
const readPart = fc.record({ op: fc.constantFrom('getData' as const, 'getChildren' as const), path, watch });
const quotaPath = path.filter((each) => each !== '/' && !each.startsWith('/zookeeper'));
const limit = fc.constantFrom('count' as const, 'bytes' as const, 'countHardLimit' as const, 'byteHardLimit' as const);
const operation: fc.Arbitrary<Submission> = fc.oneof(
  part.filter(({ op }) => op !== 'check'),
  fc.record({ op: fc.constantFrom('getData' as const, 'exists' as const, 'getChildren' as const, 'getChildren2' as const), path, watch }),
  fc.record({ op: fc.constantFrom('sync' as const, 'getAllChildrenNumber' as const, 'getACL' as const), path }),
  fc.record({ op: fc.constant('setACL' as const), path, acl: someAcl, version }),
  fc.record({ op: fc.constant('getEphemerals' as const), prefix: path }),
  fc.record({ op: fc.constant('auth' as const), scheme: name, auth: fc.option(name.map(text)) }),
  fc.record({ op: fc.constant('addWatch' as const), path, mode: fc.integer({ min: 0, max: 1 }) }),
  fc.record({ op: fc.constantFrom('removeWatches' as const, 'checkWatches' as const), path, watcherType }),
  fc.record({ op: fc.constant('multi' as const), ops: fc.array(part, { maxLength: 4 }) }),
  fc.record({ op: fc.constant('multiRead' as const), ops: fc.array(readPart, { maxLength: 4 }) }),
  fc.record({ op: fc.constant('deleteall' as const), path, batchSize: fc.nat() }),
  fc.record({ op: fc.constant('ls-recursive' as const), path, watch }),
  fc.record({ op: fc.constant('setAcl-recursive' as const), path, acl: someAcl, version }),
  fc.record({ op: fc.constant('setquota' as const), path: quotaPath, limit, value: fc.integer({ min: 1, max: 0x7fff_ffff }) }),
  fc.record({ op: fc.constant('listquota' as const), path }),
  fc.record({ op: fc.constant('delquota' as const), path: quotaPath, limit: fc.option(limit) }),
  fc.record({ op: fc.constantFrom('lock', 'unlock', 'elect', 'resign', 'take', 'leave'), path }) as fc.Arbitrary<Submission>,
  fc.record({ op: fc.constant('guarded-set' as const), path, target: path, data: name.map(text) }),
  fc.record({ op: fc.constant('offer' as const), path, data: fc.option(name.map(text)) }),
  fc.record({ op: fc.constant('enter' as const), path, size: fc.integer({ min: 1, max: 0x7fff_ffff }) }),
  fc.constant({ op: 'closeSession' as const }),
  fc.constant({ op: 'whoAmI' as const }),
);

test('whatever is written reads back, on one line', () => {
  fc.assert(
    fc.property(operation, fc.boolean(), (operation, showsStat) => {
      const canShow = ['getData', 'getChildren2', 'setData', 'getACL', 'setACL'].includes(operation.op);
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

test('there is an example of every command, and each of them can be read', () => {
  const names = new Set(EXAMPLE_COMMANDS.map((command) => command.split(' ', 1)[0]));
  expect(names).toEqual(new Set(COMMANDS.split(', ')));
  for (const command of EXAMPLE_COMMANDS) expect(() => parseCommand(command)).not.toThrow();
});

// Results as data for whoever shows them.

import { expect, test } from 'vitest';
import { bytesOfUtf8 } from '../../src/base/bytes.ts';
import { parseCommand } from '../../src/client/zkcli.ts';
import { formatResult, statRows } from '../../src/client/zkcli-result.ts';
import type { Result, Stat } from '../../src/server/protocol.ts';

const stat: Stat = {
  czxid: 0x1_0000_0002,
  mzxid: 0x1_0000_0003,
  ctime: 10,
  mtime: 20,
  version: 1,
  cversion: -1,
  aversion: 0,
  ephemeralOwner: '0000000000000000',
  dataLength: 3,
  numChildren: 0,
  pzxid: 0x1_0000_0002,
};

test('a Stat is listed as StatPrinter does', () => {
  expect(statRows({ ...stat, ephemeralOwner: '0100a00000000001' }).map((row) => row.join(' = '))).toEqual([
    'cZxid = 0x100000002',
    'ctime = 10',
    'mZxid = 0x100000003',
    'mtime = 20',
    'pZxid = 0x100000002',
    'cversion = -1',
    'dataVersion = 1',
    'aclVersion = 0',
    'ephemeralOwner = 0x100a00000000001',
    'dataLength = 3',
    'numChildren = 0',
  ]);
  expect(statRows(stat)).toContainEqual(['ephemeralOwner', '0x0']);
});

const rows = statRows(stat);

test.for<[string, Result, unknown]>([
  ['create -s /a', { op: 'create', path: '/a0000000000', stat: null }, { key: 'created', path: '/a0000000000' }],
  ['get /a', { op: 'getData', data: bytesOfUtf8('ü'), stat }, { key: 'data', text: 'ü', stat: null }],
  ['get -s /a', { op: 'getData', data: null, stat }, { key: 'data', text: null, stat: rows }],
  ['ls /', { op: 'getChildren', children: ['b', 'a', 'B'], stat }, { key: 'children', names: ['B', 'a', 'b'], stat: null }],
  ['ls -s /', { op: 'getChildren', children: [], stat }, { key: 'children', names: [], stat: rows }],
  ['stat /a', { op: 'exists', stat }, { key: 'stat', stat: rows }],
  ['set /a x', { op: 'setData', stat }, { key: 'done', operation: 'setData' }],
  ['set -s /a x', { op: 'setData', stat }, { key: 'stat', stat: rows }],
  ['delete /a', { op: 'delete' }, { key: 'done', operation: 'delete' }],
  ['sync /a', { op: 'sync', path: '/a' }, { key: 'done', operation: 'sync' }],
  ['close', { op: 'closeSession' }, { key: 'done', operation: 'closeSession' }],
])('the result of %s', ([command, result, view]) => {
  expect(formatResult(parseCommand(command), 'OK', result)).toEqual(view);
});

test('a failure names its code and its path', () => {
  expect(formatResult(parseCommand('get /a'), 'NONODE', null)).toEqual({ key: 'failed', error: 'NONODE', path: '/a' });
  expect(formatResult(parseCommand('close'), 'CONNECTIONLOSS', null)).toEqual({ key: 'failed', error: 'CONNECTIONLOSS', path: null });
});

test('a multi shows each of its results [MULTI-03]', () => {
  const command = parseCommand('multi { create /a; delete /b; set /c x }');
  const results = [
    { error: 'OK', result: null },
    { error: 'NONODE', result: null },
    { error: 'RUNTIMEINCONSISTENCY', result: null },
  ] as const;
  expect(formatResult(command, 'OK', { op: 'multi', results })).toEqual({
    key: 'multi',
    results: [
      { key: 'failed', error: 'OK', path: '/a' },
      { key: 'failed', error: 'NONODE', path: '/b' },
      { key: 'failed', error: 'RUNTIMEINCONSISTENCY', path: '/c' },
    ],
  });
  const done = [
    { error: 'OK', result: { op: 'create', path: '/a', stat: null } },
    { error: 'OK', result: { op: 'delete' } },
    { error: 'OK', result: { op: 'setData', stat } },
  ] as const;
  expect(formatResult(command, 'OK', { op: 'multi', results: done })).toEqual({
    key: 'multi',
    results: [
      { key: 'created', path: '/a' },
      { key: 'done', operation: 'delete' },
      { key: 'done', operation: 'setData' },
    ],
  });
});

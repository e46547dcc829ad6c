// Client histories: the judge against a slow twin that searches, and what each kind of violation looks like.

import { expect, test } from 'vitest';
import { makeZxid } from '../../src/base/zxid.ts';
import { openChecker, report, tell } from '../../src/check/checker.ts';
import type { HistoryEntry, Returned } from '../../src/check/history.ts';
import type { Note } from '../../src/ensemble/note.ts';
import { bytesOfUtf8 } from '../../src/base/bytes.ts';
import { OPEN_ACL_UNSAFE, NO_SESSION, type Operation, type Result, type Stat } from '../../src/server/protocol.ts';
import { isExplainable } from '../support/history-twin.ts';
import { belowOf, corrupted, randomHistory } from '../support/random-history.ts';

const CLIENTS = ['c1', 'c2', 'c3'];

function noteOf(entry: HistoryEntry): Note {
  switch (entry.type) {
    case 'invoked':
      return { type: 'client-invoked', call: entry.call, operation: entry.operation };
    case 'returned': {
      const { call, operation, error, result, zxid, session, outcome } = entry;
      return { type: 'client-returned', call, operation, error, result, zxid, session, xid: outcome === 'unsent' ? 0 : call, server: null };
    }
    default:
      return { type: 'node-down', how: 'kill', why: '' };
  }
}

function judged(entries: readonly HistoryEntry[], ids: readonly ('I-LIN' | 'I-SYNC')[] = ['I-LIN']): string {
  const checker = openChecker({ servers: [], clients: CLIENTS.map((name, node) => ({ name, node })) }, { properties: ids });
  entries.forEach((entry, i) => tell(checker, noteOf(entry), { event: i + 1, at: i, node: CLIENTS.indexOf(entry.client) }));
  const [first] = report(checker);
  return first?.violation?.kind ?? first?.status ?? 'absent';
}

test('what a correct ensemble lets happen holds, whatever answers get lost', () => {
  let unknown = 0;
  for (let seed = 1; seed <= 3000; seed++) {
    const entries = randomHistory(belowOf(`valid ${seed}`), 60, seed % 6);
    unknown += entries.filter((entry) => entry.type === 'returned' && entry.outcome === 'unknown').length;
    expect([seed, judged(entries)]).toEqual([seed, expect.stringMatching(/held|not-exercised/)]);
  }
  expect(unknown).toBeGreaterThan(5000);
});

test('a history that the twin can explain holds, and one that it cannot is refused', { timeout: 120_000 }, () => {
  const tally: Record<string, number> = {};
  for (let seed = 1; seed <= 1500; seed++) {
    const below = belowOf(`twin ${seed}`);
    const entries = corrupted(randomHistory(below, 22, seed % 4), below);
    if (entries === null) continue;
    const newest = Math.max(...entries.map((entry) => (entry.type === 'returned' ? entry.zxid : 0)), makeZxid(1, 0));
    const twin = isExplainable(entries, newest);
    const own = judged(entries);
    const isHeld = own === 'held' || own === 'not-exercised';
    const row = `${twin ? 'explainable' : 'impossible'}, ${isHeld ? 'held' : 'refused'}${seed % 4 === 0 ? ', nothing lost' : ''}`;
    tally[row] = (tally[row] ?? 0) + 1;
  }
  console.log(tally);
  expect(tally['explainable, refused'] ?? 0).toBe(0);
  expect(tally['impossible, held, nothing lost'] ?? 0).toBe(0);
});

const z = (counter: number): number => makeZxid(1, counter);
const set = (data: string, version = -1): Operation => ({ op: 'setData', path: '/a', data: bytesOfUtf8(data), version });
const get: Operation = { op: 'getData', path: '/a', watch: false };
const create: Operation = { op: 'create', path: '/a', data: bytesOfUtf8('0'), acl: OPEN_ACL_UNSAFE, mode: 'PERSISTENT' };
const sync: Operation = { op: 'sync', path: '/a' };

function invoked(client: string, call: number, operation: Operation): HistoryEntry {
  return { type: 'invoked', client, call, operation };
}

function returned(
  client: string,
  call: number,
  operation: Operation,
  zxid: number,
  result: Result | null,
  error: Returned['error'] = 'OK',
): Returned {
  return { type: 'returned', client, call, session: client, operation, outcome: zxid === -1 ? 'unknown' : 'answered', error, result, zxid };
}

/** Called and answered at once. */
function did(...args: Parameters<typeof returned>): HistoryEntry[] {
  return [invoked(args[0], args[1], args[2]), returned(...args)];
}

/** /a, made at 1.1 and changed at `mzxid`. */
function stat(mzxid: number, version: number): { readonly op: 'setData'; readonly stat: Stat } {
  const rest = { ctime: 0, mtime: 0, cversion: 0, aversion: 0, ephemeralOwner: NO_SESSION, dataLength: 1, numChildren: 0, pzxid: z(1) };
  return { op: 'setData', stat: { czxid: z(1), mzxid: z(mzxid), version, ...rest } };
}

function shown(data: string, mzxid: number, version: number): Result {
  return { op: 'getData', data: bytesOfUtf8(data), stat: stat(mzxid, version).stat };
}

const MADE = did('c1', 1, create, z(1), { op: 'create', path: '/a', stat: null });
const gone: Result = { op: 'delete' };
const remove: Operation = { op: 'delete', path: '/a', version: -1 };

test.for<readonly [string, string, readonly HistoryEntry[]]>([
  [
    'a read that lags is no fault',
    'held',
    [...MADE, ...did('c1', 2, set('1'), z(2), stat(2, 1)), ...did('c2', 3, get, z(1), shown('0', 1, 0))],
  ],
  [
    'a write before what had been told when it was called',
    'too-early',
    [...MADE, ...did('c2', 2, get, z(5), shown('0', 1, 0)), ...did('c1', 3, set('1'), z(4), stat(4, 1))],
  ],
  [
    'two writes under one zxid',
    'same-zxid',
    [
      ...MADE,
      invoked('c1', 2, set('1')),
      invoked('c2', 3, remove),
      returned('c1', 2, set('1'), z(2), stat(2, 1)),
      returned('c2', 3, remove, z(2), gone),
    ],
  ],
  [
    'a read that does not show a write before its zxid',
    'contradiction',
    [...MADE, ...did('c1', 2, set('1'), z(2), stat(2, 1)), ...did('c2', 3, get, z(3), shown('0', 1, 0))],
  ],
  [
    'the same, the write returning later',
    'contradiction',
    [...MADE, invoked('c1', 2, set('1')), ...did('c2', 3, get, z(3), shown('0', 1, 0)), returned('c1', 2, set('1'), z(2), stat(2, 1))],
  ],
  ['a change after the zxid of the answer', 'ahead', [...MADE, ...did('c2', 3, get, z(1), shown('0', 2, 1))]],
  ['data that nobody wrote', 'unexplained', [...MADE, ...did('c2', 3, get, z(2), shown('9', 2, 1))]],
  [
    'data of a write whose answer got lost',
    'held',
    [...MADE, ...did('c1', 2, set('9'), -1, null, 'CONNECTIONLOSS'), ...did('c2', 3, get, z(2), shown('9', 2, 1))],
  ],
  [
    'data of a write that was under way and did something else',
    'unexplained',
    [...MADE, invoked('c1', 2, set('9')), ...did('c2', 3, get, z(2), shown('9', 2, 1)), returned('c1', 2, set('9'), z(4), stat(4, 2))],
  ],
  [
    'one lost write cannot be two',
    'unexplained',
    [
      ...MADE,
      ...did('c1', 2, set('9'), -1, null, 'CONNECTIONLOSS'),
      ...did('c2', 3, get, z(2), shown('9', 2, 1)),
      ...did('c2', 4, get, z(3), shown('9', 3, 2)),
    ],
  ],
  [
    'a conditional write that was lost fits its version only',
    'unexplained',
    [...MADE, ...did('c1', 2, set('9', 3), -1, null, 'CONNECTIONLOSS'), ...did('c2', 3, get, z(2), shown('9', 2, 1))],
  ],
  [
    'a write of a killed client may appear',
    'held',
    [...MADE, invoked('c1', 2, set('9')), { type: 'ended', client: 'c1' }, ...did('c2', 3, get, z(2), shown('9', 2, 1))],
  ],
  ['a node is gone and nobody deleted it', 'unexplained', [...MADE, ...did('c2', 3, get, z(2), null, 'NONODE')]],
  ['a conditional write that skipped a version', 'wrong-version', [...MADE, ...did('c1', 2, set('1', 0), z(2), stat(2, 2))]],
  ['a conditional write that was refused in vain', 'refused', [...MADE, ...did('c1', 2, set('1', 0), z(2), null, 'BADVERSION')]],
  ['a node that is refused as missing and is there', 'refused', [...MADE, ...did('c2', 2, remove, z(2), null, 'NONODE')]],
  [
    'a listing that leaves a node out',
    'not-listed',
    [
      ...MADE,
      ...did('c2', 2, { op: 'getChildren', path: '/', watch: false }, z(2), { op: 'getChildren', children: [], stat: stat(1, 0).stat }),
    ],
  ],
  [
    'a listing of a node that nobody made',
    'listed',
    [
      ...MADE,
      ...did('c2', 2, { op: 'getChildren', path: '/', watch: false }, z(2), {
        op: 'getChildren',
        children: ['a', 'b'],
        stat: stat(1, 0).stat,
      }),
    ],
  ],
])('%s: %s', ([, verdict, entries]) => {
  expect(judged(entries)).toBe(verdict);
});

test('SYNCOP-06: a read after a sync that lies before a write which had returned violates I-SYNC, and without the sync it does not', () => {
  const write = did('c1', 2, set('1'), z(2), stat(2, 1));
  const read = did('c2', 4, get, z(1), shown('0', 1, 0));
  expect(judged([...MADE, ...write, ...did('c2', 3, sync, z(1), { op: 'sync', path: '/a' }), ...read], ['I-SYNC'])).toBe('stale');
  expect(judged([...MADE, ...write, ...read], ['I-SYNC'])).toBe('not-exercised');
  // The write returned only after the sync had been called.
  const late = [invoked('c2', 3, sync), ...write, returned('c2', 3, sync, z(1), { op: 'sync', path: '/a' })];
  expect(judged([...MADE, ...late, ...read], ['I-SYNC'])).toBe('held');
});

test('where too much is unknown the verdict is unknown, never held', () => {
  const lost = Array.from({ length: 80 }, (_, i) => did('c1', 10 + i, set('1'), -1, null, 'CONNECTIONLOSS')).flat();
  const seen = Array.from({ length: 70 }, (_, i) => did('c2', 200 + i, get, z(2 + i), shown('1', 2 + i, 1 + i))).flat();
  expect(judged([...MADE, ...lost, ...seen])).toBe('unknown');
});

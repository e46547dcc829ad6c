import { expect, test } from 'vitest';
import { makeZxid } from '../../src/base/zxid.ts';
import type { ZabDecisions } from '../../src/zab/decisions.ts';
import { newestSnapshotBytes } from '../../src/zab/snapshot-file.ts';
import { appendTxn, nextTxn, pushTruncation, readLogFrom, rollLog, storageBytes } from '../../src/zab/txn-log.ts';
import { makePeerConfig } from '../support/peer-context.ts';
import {
  effectsOf,
  logged,
  makeServer,
  makeTxn,
  notesOf,
  runOnQuorumPeer,
  storeLog,
  storeSnapshot,
  type SingleServer,
} from '../support/single-server.ts';
import { QUORUM_PEER } from '../../src/zab/thread-kinds.ts';

const z = makeZxid;
const MB64 = 64 * 1024 * 1024;

function serverWith(decisions: Partial<ZabDecisions> = {}): SingleServer {
  return makeServer({ ...makePeerConfig(1, [1, 2, 3]), preAllocBytes: MB64 }, decisions);
}

/** Appends as a thread does: the create first where there is no file, then the append in an event of its own. */
function append(server: SingleServer, zxid: number): void {
  const once = (): boolean => {
    let isAppended = false;
    runOnQuorumPeer(server, (ctx) => {
      isAppended = appendTxn(ctx, makeTxn(zxid), { type: 'again' });
      ctx.effects.splice(0, ctx.effects.length, ...ctx.effects.filter((effect) => effect.type !== 'continue'));
    });
    return isAppended;
  };
  if (!once()) once();
}

function truncate(server: SingleServer, zxid: number): boolean {
  let ok = false;
  runOnQuorumPeer(server, (ctx) => {
    ok = pushTruncation(ctx, zxid);
  });
  return ok;
}

function readFrom(server: SingleServer, zxid: number): number[] {
  const reader = readLogFrom(server.ctx, zxid);
  const zxids: number[] = [];
  for (let txn = nextTxn(server.ctx, reader); txn !== null; txn = nextTxn(server.ctx, reader)) zxids.push(txn.zxid);
  return zxids;
}

test('a file is created at the first append, in an event of its own, and named by that zxid [ID-16]', () => {
  const server = serverWith();
  append(server, z(1, 10));
  append(server, z(1, 11));
  expect(effectsOf(server, QUORUM_PEER)).toEqual(['create log.10000000a', 'append log.10000000a', 'append log.10000000a']);
  expect(notesOf(server, 'logged').map((note) => note.zxid)).toEqual([z(1, 10), z(1, 11)]);
});

test('after a roll the next append goes to a new file [LOGT-07]', () => {
  const server = serverWith();
  append(server, 1);
  rollLog(server.ctx);
  append(server, 2);
  expect(logged(server, 'log.1')).toEqual([1]);
  expect(logged(server, 'log.2')).toEqual([2]);
});

test('a zxid that is not larger than the last is accepted [DISK-30]', () => {
  const server = serverWith();
  append(server, 5);
  append(server, 4);
  expect(logged(server, 'log.5')).toEqual([5, 4]);
});

test('reading starts in the newest file named below the zxid, and goes through all later ones [SYNC-07]', () => {
  const server = serverWith();
  storeLog(server, 'log.1', [1, 2]);
  storeLog(server, 'log.3', [3, 4]);
  storeLog(server, 'log.5', [5]);
  expect(readFrom(server, 4)).toEqual([3, 4, 5]);
  expect(readFrom(server, 3)).toEqual([1, 2, 3, 4, 5]);
  expect(readFrom(server, 0)).toEqual([1, 2, 3, 4, 5]);
  expect(readFrom(server, 9)).toEqual([5]);
});

test('the size counts whole later files with their padding, and not the first [SYNC-62, DISK-03]', () => {
  const server = serverWith();
  storeLog(server, 'log.1', [1]);
  storeLog(server, 'log.2', [2]);
  storeLog(server, 'log.3', [3]);
  const size = (zxid: number): number => storageBytes(server.ctx, readLogFrom(server.ctx, zxid));
  expect(size(4)).toBe(0);
  expect(size(3)).toBe(MB64 + 16);
  expect(size(2)).toBe(2 * (MB64 + 16));
});

test('the newest sealed snapshot gives the size that the log is compared with [SYNC-05]', () => {
  const server = serverWith();
  expect(newestSnapshotBytes(server.ctx)).toBe(0);
  storeSnapshot(server, 'snapshot.1', [1, 2]);
  storeSnapshot(server, 'snapshot.9', [], false);
  expect(newestSnapshotBytes(server.ctx)).toBe(40);
});

test('truncation keeps the record of the zxid and removes later files [DISK-28]', () => {
  const server = serverWith();
  storeLog(server, 'log.1', [1, 2, 3]);
  storeLog(server, 'log.4', [4]);
  storeLog(server, 'log.5', [5]);
  expect(truncate(server, 2)).toBe(true);
  expect(logged(server, 'log.1')).toEqual([1, 2]);
  expect([...server.files.keys()]).toEqual(['log.1']);
});

test('when the zxid is absent the cut is before the next larger record [DISK-28]', () => {
  const server = serverWith();
  storeLog(server, 'log.1', [1, 2]);
  storeLog(server, 'log.4', [4, 5]);
  expect(truncate(server, 3)).toBe(true);
  expect(logged(server, 'log.1')).toEqual([1, 2]);
  expect([...server.files.keys()]).toEqual(['log.1']);
});

test('in the original the next larger record survives [DISK-28]', () => {
  const server = serverWith({ truncationKeepsNextLarger: true });
  storeLog(server, 'log.1', [1, 2]);
  storeLog(server, 'log.4', [4, 5]);
  expect(truncate(server, 3)).toBe(true);
  expect(logged(server, 'log.1')).toEqual([1, 2]);
  expect(logged(server, 'log.4')).toEqual([4]);
});

test('when every record is below the zxid truncation fails [DISK-28]', () => {
  const server = serverWith();
  storeLog(server, 'log.1', [1, 2]);
  expect(truncate(server, 3)).toBe(false);
  expect(logged(server, 'log.1')).toEqual([1, 2]);
});

test('after a truncation the next append creates a file [DISK-29]', () => {
  const server = serverWith();
  append(server, 1);
  append(server, 2);
  truncate(server, 1);
  append(server, z(2, 1));
  expect(logged(server, 'log.1')).toEqual([1]);
  expect(logged(server, 'log.200000001')).toEqual([z(2, 1)]);
});

test('one record too many is cut when the position undercounts (ZOOKEEPER-1156)', () => {
  const server = serverWith({ truncationKeeps: (records) => Math.max(0, records - 1) });
  storeLog(server, 'log.1', [1, 2, 3]);
  truncate(server, 2);
  expect(logged(server, 'log.1')).toEqual([1]);
});

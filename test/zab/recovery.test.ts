import { describe, expect, test } from 'vitest';
import { peek } from '../../src/base/parts.ts';
import { makeZxid } from '../../src/base/zxid.ts';
import { fastForward, lastLoggedZxid, loadDatabase } from '../../src/zab/recovery.ts';
import type { ZabDecisions } from '../../src/zab/decisions.ts';
import { makePeerConfig } from '../support/peer-context.ts';
import {
  databaseOf,
  makeServer,
  notesOf,
  runOnQuorumPeer,
  storeEpoch,
  storeLog,
  storeSnapshot,
  type SingleServer,
} from '../support/single-server.ts';

const z = makeZxid;

function serverWith(decisions: Partial<ZabDecisions> = {}): SingleServer {
  return makeServer(makePeerConfig(1, [1, 2, 3]), decisions);
}

/** Boots from the files; false when it refuses. */
function load(server: SingleServer): boolean {
  let ok = false;
  runOnQuorumPeer(server, (ctx) => {
    ok = loadDatabase(ctx);
  });
  return ok;
}

function epochs(server: SingleServer): number[] {
  const { acceptedEpoch, currentEpoch } = peek(server.ctx.parts, server.ctx.refs.peer);
  return [acceptedEpoch, currentEpoch];
}

function refusal(server: SingleServer): string | undefined {
  return notesOf(server, 'refused-to-start')[0]?.why;
}

describe('database', () => {
  test('an empty directory gives zxid 0, snapshot.0 and epoch files [ID-25, ID-13]', () => {
    const server = serverWith();
    expect(load(server)).toBe(true);
    expect(databaseOf(server)).toMatchObject({ initialized: true, lastProcessedZxid: 0, committedLog: [] });
    expect([...server.files.keys()].sort()).toEqual(['acceptedEpoch', 'currentEpoch', 'snapshot.0']);
    expect(epochs(server)).toEqual([0, 0]);
    expect(notesOf(server, 'recovered')).toEqual([
      { type: 'recovered', snapshot: -1, lastProcessedZxid: 0, replayed: 0, skippedSnapshots: 0 },
    ]);
  });

  test('what it wrote on an empty directory is enough to start again', () => {
    const server = serverWith();
    load(server);
    expect(load(server)).toBe(true);
    expect(notesOf(server, 'recovered')[1]?.snapshot).toBe(0);
  });

  test('the newest snapshot and every record after it, committed or not [ID-22, DISK-14, DISK-22]', () => {
    const server = serverWith();
    storeSnapshot(server, 'snapshot.0', []);
    storeSnapshot(server, 'snapshot.100000002', [z(1, 1), z(1, 2)]);
    storeLog(server, 'log.100000001', [z(1, 1), z(1, 2), z(1, 3)]);
    storeLog(server, 'log.100000004', [z(1, 4)]);
    expect(load(server)).toBe(true);
    expect(server.tree).toEqual([z(1, 1), z(1, 2), z(1, 3), z(1, 4)]);
    expect(databaseOf(server).committedLog.map((txn) => txn.zxid)).toEqual([z(1, 3), z(1, 4)]);
    expect(notesOf(server, 'delivered').map((note) => [note.zxid, note.via])).toEqual([
      [z(1, 3), 'recovery'],
      [z(1, 4), 'recovery'],
    ]);
    expect(epochs(server)).toEqual([1, 1]);
  });

  test('file names are numbers: log.a comes after log.9 and before log.10', () => {
    const server = serverWith();
    storeSnapshot(server, 'snapshot.0', []);
    storeLog(server, 'log.1', [1, 2, 3, 4, 5, 6, 7, 8]);
    storeLog(server, 'log.9', [9]);
    storeLog(server, 'log.a', [10, 11, 12, 13, 14, 15]);
    storeLog(server, 'log.10', [16]);
    load(server);
    expect(server.tree).toEqual(Array.from({ length: 16 }, (_, i) => i + 1));
  });

  test('a snapshot without its seal is skipped [DISK-08, DISK-20, ID-29]', () => {
    const server = serverWith();
    storeSnapshot(server, 'snapshot.0', []);
    storeSnapshot(server, 'snapshot.100000002', [z(1, 1)], false);
    storeSnapshot(server, 'snapshot.100000003', [], false);
    storeLog(server, 'log.100000001', [z(1, 1), z(1, 2), z(1, 3)]);
    expect(load(server)).toBe(true);
    expect(server.tree).toEqual([z(1, 1), z(1, 2), z(1, 3)]);
    expect(notesOf(server, 'recovered')[0]).toMatchObject({ snapshot: 0, skippedSnapshots: 2, replayed: 3 });
  });

  test('temporary files are no snapshots', () => {
    const server = serverWith();
    storeSnapshot(server, 'snapshot.0', []);
    storeSnapshot(server, 'snapshot.100000009.tmp', [z(1, 9)]);
    load(server);
    expect(server.tree).toEqual([]);
  });

  test('a log without any snapshot is refused, unless an empty one is trusted [DISK-21]', () => {
    const server = serverWith();
    storeLog(server, 'log.1', [1, 2]);
    expect(load(server)).toBe(false);
    expect(refusal(server)).toBe('log-without-snapshot');
    const trusting = serverWith({ trustsEmptySnapshot: true });
    storeLog(trusting, 'log.1', [1, 2]);
    expect(load(trusting)).toBe(true);
    expect(trusting.tree).toEqual([1, 2]);
  });

  test('a torn last record ends its file; the next file goes on [DISK-04]', () => {
    const server = serverWith();
    storeSnapshot(server, 'snapshot.0', []);
    storeLog(server, 'log.1', [1, 2, 3], true);
    storeLog(server, 'log.3', [3, 4], true);
    expect(load(server)).toBe(true);
    expect(server.tree).toEqual([1, 2, 3]);
  });

  test('a record that is damaged inside a file fails the load [DISK-04]', () => {
    const server = serverWith();
    storeSnapshot(server, 'snapshot.0', []);
    storeLog(server, 'log.1', [1, 2, 3]);
    server.files.get('log.1')!.records[1] = { type: 'noise' };
    expect(load(server)).toBe(false);
    expect(refusal(server)).toBe('corrupt-log');
  });

  test('an empty last log file is passed over [DISK-05]', () => {
    const server = serverWith();
    storeSnapshot(server, 'snapshot.0', []);
    storeLog(server, 'log.1', [1]);
    storeLog(server, 'log.2', []);
    expect(load(server)).toBe(true);
    expect(server.tree).toEqual([1]);
  });

  test('records that go back in zxid are applied once replay has begun [DISK-25]', () => {
    const server = serverWith({ checksCommittedLog: false });
    storeSnapshot(server, 'snapshot.0', []);
    storeLog(server, 'log.100000001', [z(1, 1), z(2, 1), z(1, 2), z(2, 2)]);
    expect(load(server)).toBe(true);
    expect(server.tree).toEqual([z(1, 1), z(2, 1), z(1, 2), z(2, 2)]);
    expect(databaseOf(server).lastProcessedZxid).toBe(z(2, 2));
  });

  test('a hole inside an epoch fails the load; a new epoch may leave one [SYNC-20]', () => {
    const server = serverWith();
    storeSnapshot(server, 'snapshot.0', []);
    storeLog(server, 'log.100000001', [z(1, 1), z(2, 2)]);
    expect(load(server)).toBe(true);
    storeLog(server, 'log.100000001', [z(1, 1), z(1, 3)]);
    expect(load(server)).toBe(false);
    expect(refusal(server)).toBe('hole-in-log');
  });

  test('what was replayed from the page cache is durable before the server votes with it; master leaves it there', () => {
    for (const syncsRecoveredLog of [true, false]) {
      const server = serverWith({ syncsRecoveredLog });
      storeSnapshot(server, 'snapshot.0', []);
      storeLog(server, 'log.1', [1, 2]);
      server.files.get('log.1')!.synced = 1;
      load(server);
      expect(server.files.get('log.1')?.synced).toBe(syncsRecoveredLog ? 2 : 1);
    }
  });

  test('committedLog keeps the last ones only [SYNC-19]', () => {
    const config = { ...makePeerConfig(1, [1, 2, 3]), commitLogCount: 2 };
    const server = makeServer(config);
    storeSnapshot(server, 'snapshot.0', []);
    storeLog(server, 'log.1', [1, 2, 3, 4]);
    load(server);
    expect(databaseOf(server).committedLog.map((txn) => txn.zxid)).toEqual([3, 4]);
  });
});

describe('epochs', () => {
  const history = (server: SingleServer): void => {
    storeSnapshot(server, 'snapshot.0', []);
    storeLog(server, 'log.200000001', [z(2, 1)]);
  };

  test('the memory copies are what the files say [ID-08]', () => {
    const server = serverWith();
    history(server);
    storeEpoch(server, 'currentEpoch', 3);
    storeEpoch(server, 'acceptedEpoch', 5);
    expect(load(server)).toBe(true);
    expect(epochs(server)).toEqual([5, 3]);
  });

  test('a history newer than currentEpoch adopts currentEpoch.tmp [ID-14]', () => {
    const server = serverWith({ startsWithUnfinishedEpoch: false });
    history(server);
    storeEpoch(server, 'currentEpoch', 1);
    storeEpoch(server, 'acceptedEpoch', 2);
    storeEpoch(server, 'currentEpoch.tmp', 2);
    expect(load(server)).toBe(true);
    expect(epochs(server)).toEqual([2, 2]);
    expect(server.files.get('currentEpoch')?.records).toEqual([{ type: 'epoch', epoch: 2 }]);
  });

  test('without the temporary file it may go on in the old epoch, when it had accepted the new one (ZOOKEEPER-1653)', () => {
    const server = serverWith();
    history(server);
    storeEpoch(server, 'currentEpoch', 1);
    storeEpoch(server, 'acceptedEpoch', 2);
    expect(load(server)).toBe(true);
    expect(epochs(server)).toEqual([2, 1]);
  });

  test('master refuses to start then [ID-14]', () => {
    const server = serverWith({ startsWithUnfinishedEpoch: false });
    history(server);
    storeEpoch(server, 'currentEpoch', 1);
    storeEpoch(server, 'acceptedEpoch', 2);
    expect(load(server)).toBe(false);
    expect(notesOf(server, 'refused-to-start')).toEqual([
      { type: 'refused-to-start', why: 'history-newer-than-current-epoch', operands: [1, z(2, 1)] },
    ]);
  });

  test('acceptedEpoch below currentEpoch is fatal [ID-15]', () => {
    const server = serverWith();
    history(server);
    storeEpoch(server, 'currentEpoch', 3);
    storeEpoch(server, 'acceptedEpoch', 2);
    expect(load(server)).toBe(false);
    expect(refusal(server)).toBe('accepted-epoch-below-current');
  });

  test('an epoch file that cannot be read is fatal', () => {
    const server = serverWith();
    history(server);
    server.files.set('currentEpoch', { records: [], bytes: 0, synced: 0, torn: false });
    expect(load(server)).toBe(false);
    expect(refusal(server)).toBe('unreadable-epoch-file');
  });
});

describe('fast-forward', () => {
  test('applies what the log holds beyond memory, and counts it committed [LIVE-14, SYNC-22, ID-21]', () => {
    const server = serverWith();
    storeSnapshot(server, 'snapshot.0', []);
    storeLog(server, 'log.1', [1, 2]);
    load(server);
    storeLog(server, 'log.1', [1, 2, 3]);
    storeLog(server, 'log.4', [4]);
    runOnQuorumPeer(server, (ctx) => fastForward(ctx));
    expect(server.tree).toEqual([1, 2, 3, 4]);
    expect(databaseOf(server).committedLog.map((txn) => txn.zxid)).toEqual([1, 2, 3, 4]);
    expect(notesOf(server, 'fast-forwarded')).toEqual([{ type: 'fast-forwarded', from: 2, to: 4 }]);
    expect(notesOf(server, 'delivered').filter((note) => note.via === 'fast-forward')).toHaveLength(2);
  });

  test('a log that cannot be read clears the database, and the next vote loads it', () => {
    const server = serverWith();
    storeSnapshot(server, 'snapshot.0', []);
    storeLog(server, 'log.1', [1]);
    load(server);
    storeLog(server, 'log.2', [2, 3, 4]);
    server.files.get('log.2')!.records[1] = { type: 'noise' };
    runOnQuorumPeer(server, (ctx) => fastForward(ctx));
    expect(databaseOf(server).initialized).toBe(false);
    storeLog(server, 'log.2', [2]);
    let last = -1;
    runOnQuorumPeer(server, (ctx) => {
      last = lastLoggedZxid(ctx);
    });
    expect(last).toBe(2);
  });
});

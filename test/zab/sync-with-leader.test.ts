import { describe, expect, test } from 'vitest';
import { threadId, type Item } from '../../src/base/step.ts';
import type { ZabDecisions } from '../../src/zab/decisions.ts';
import { lastHole } from '../../src/zab/snapshot-file.ts';
import { QUORUM_PEER, SYNC } from '../../src/zab/thread-kinds.ts';
import {
  z,
  proposal,
  commit,
  inform,
  NEWLEADER,
  UPTODATE,
  makeLearner,
  join,
  receiveAll,
  DIFF,
  TRUNC,
  snap,
  learnerOf,
  peerOf,
  qp,
  reboot,
  roleEnded,
  EPOCH_WRITE,
} from '../support/learner-server.ts';
import {
  databaseOf,
  allLogged,
  give,
  LINK,
  losePower,
  notesOf,
  receive,
  runThread,
  storeSnapshot,
  type SingleServer,
} from '../support/single-server.ts';

describe('DIFF', () => {
  test('at NEWLEADER: append, fsync, currentEpoch, ack, in this order [ID-12, SYNC-45, SYNC-47, ID-11]', () => {
    const server = makeLearner();
    receiveAll(server, DIFF(z(1, 2)), proposal(z(1, 2)), commit(z(1, 2)), NEWLEADER);
    expect(qp(server)).toEqual([
      'create log.100000002',
      'append log.100000002',
      'fsync log.100000002',
      ...EPOCH_WRITE,
      'send ACK 200000000',
    ]);
    expect(server.tree).toEqual([z(1, 1), z(1, 2)]);
    expect(peerOf(server).currentEpoch).toBe(2);
    expect(notesOf(server, 'learner-acked-newleader')).toEqual([{ type: 'learner-acked-newleader', epoch: 2, mode: 'DIFF' }]);
  });

  test('an empty one takes no snapshot and leaves lastProcessedZxid where it was [SYNC-32, SYNC-58]', () => {
    const server = makeLearner();
    receiveAll(server, DIFF(z(1, 1)), NEWLEADER);
    expect(qp(server)).toEqual([...EPOCH_WRITE, 'send ACK 200000000']);
    expect(databaseOf(server).lastProcessedZxid).toBe(z(1, 1));
  });

  test('the header sets lastProcessedZxid only under the mutation (ZOOKEEPER-2355) [SYNC-18]', () => {
    const server = makeLearner({ decisions: { diffSetsLastProcessed: true } });
    receive(server, DIFF(z(1, 2)));
    expect(databaseOf(server).lastProcessedZxid).toBe(z(1, 2));
  });

  test('what is not committed at NEWLEADER stays queued, and is logged, acknowledged and committed after UPTODATE [SYNC-45, SYNC-50]', () => {
    const server = makeLearner();
    receiveAll(server, DIFF(z(1, 2)), proposal(z(1, 2)), commit(z(1, 2)), proposal(z(2, 1)), NEWLEADER);
    expect(allLogged(server)).toEqual([z(1, 1), z(1, 2)]);
    receiveAll(server, commit(z(2, 1)), proposal(z(2, 2)));
    server.performed.length = 0;
    receive(server, UPTODATE);
    expect(qp(server)).toEqual([
      'send ACK 200000000',
      'start start-sync 0',
      'enqueue log 200000001',
      'enqueue log 200000002',
      'enqueue commit 200000001',
    ]);
    expect(learnerOf(server).pendingTxns.map((txn) => txn.zxid)).toEqual([z(2, 2)]);
    runThread(server, threadId(SYNC, 1));
    expect(server.sent.slice(-2)).toEqual([
      { type: 'ACK', zxid: z(2, 1) },
      { type: 'ACK', zxid: z(2, 2) },
    ]);
  });

  test('UPTODATE opens the server: ack, processors, then clients [SYNC-48, SYNC-49, LIVE-22]', () => {
    const server = makeLearner();
    receiveAll(server, DIFF(z(1, 1)), NEWLEADER);
    expect(server.calls).toEqual([]);
    receive(server, UPTODATE);
    expect(server.calls).toEqual(['startProcessors', 'publish']);
    expect(peerOf(server)).toMatchObject({ serving: true, zabState: 'BROADCAST', currentVote: { peerEpoch: 2 } });
    expect(learnerOf(server).stage).toBe('broadcast');
  });

  test('the read timeout is initLimit before the ack of NEWLEADER and syncLimit after it [LIVE-09, SYNC-47]', () => {
    const server = makeLearner();
    const deadline = (): unknown => server.threads.get(threadId(QUORUM_PEER, 0))?.blockedOn;
    receive(server, DIFF(z(1, 1)));
    expect(deadline()).toEqual({ on: 'read', link: LINK, deadline: 10 * 2_000_000 });
    receive(server, NEWLEADER);
    expect(deadline()).toEqual({ on: 'read', link: LINK, deadline: 5 * 2_000_000 });
  });

  test('a hole inside the epoch ends the sync; an older release only warns [SYNC-39]', () => {
    const server = makeLearner();
    receiveAll(server, DIFF(z(1, 3)), proposal(z(1, 2)), proposal(z(2, 1)));
    expect(learnerOf(server).stage).toBe('synchronising');
    receive(server, proposal(z(2, 3)));
    expect(notesOf(server, 'left-role')[0]?.why).toBe('sync-failed');
    expect(notesOf(server, 'bad')).toEqual([{ type: 'bad', what: 'proposal', zxid: z(2, 3), expected: z(2, 2), why: 'not-the-next' }]);
    const old = makeLearner({ decisions: { refusesDiscontinuousSync: false } });
    receiveAll(old, DIFF(z(1, 3)), proposal(z(1, 2)), proposal(z(1, 4)));
    expect(learnerOf(old).packetsNotLogged).toHaveLength(2);
  });

  test('a PING during the sync is not answered', () => {
    const server = makeLearner();
    server.sent.length = 0;
    receiveAll(server, DIFF(z(1, 1)), { type: 'PING', zxid: z(2, 0) });
    expect(server.sent).toEqual([]);
  });

  test('a commit that matches no proposal is skipped at NEWLEADER [SYNC-45]', () => {
    const server = makeLearner();
    receiveAll(server, DIFF(z(1, 2)), proposal(z(1, 2)), commit(z(1, 9)), commit(z(1, 2)), NEWLEADER);
    expect(allLogged(server)).toEqual([z(1, 1), z(1, 2)]);
    expect(notesOf(server, 'packet-not-logged')).toEqual([{ type: 'packet-not-logged', zxid: z(1, 9) }]);
  });
});

describe('SNAP', () => {
  test('replaces the database, and a synchronous snapshot makes it durable at NEWLEADER [SYNC-33, SYNC-32, ID-20]', () => {
    const server = makeLearner();
    snap(server, z(2, 4), [z(1, 1), z(2, 4)]);
    expect(server.tree).toEqual([z(1, 1), z(2, 4)]);
    expect(databaseOf(server)).toMatchObject({ initialized: true, lastProcessedZxid: z(2, 4) });
    receiveAll(server, NEWLEADER);
    expect(qp(server)).toEqual([
      'create snapshot.200000004.tmp',
      ...Array.from({ length: 4 }, () => 'append snapshot.200000004.tmp'),
      'fsync snapshot.200000004.tmp',
      'rename snapshot.200000004',
      ...EPOCH_WRITE,
      'send ACK 200000000',
    ]);
    losePower(server);
    expect(reboot(server)).toBe(true);
    expect(server.tree).toEqual([z(1, 1), z(2, 4)]);
  });

  test('commits before NEWLEADER go to memory at once and never to the log [SYNC-40, SYNC-51, SYNC-37]', () => {
    const server = makeLearner();
    snap(server, z(2, 4), [z(2, 4)]);
    receiveAll(server, proposal(z(2, 5)), commit(z(2, 5)));
    expect(server.tree).toEqual([z(2, 4), z(2, 5)]);
    expect(databaseOf(server).committedLog.map((txn) => txn.zxid)).toEqual([z(2, 5)]);
    receive(server, NEWLEADER);
    expect(allLogged(server)).toEqual([z(1, 1)]);
    expect([...server.files.keys()]).toContain('snapshot.200000005');
  });

  test('records of the old log below the new snapshot are not replayed [SYNC-54]', () => {
    const server = makeLearner({ log: [z(1, 1), z(1, 2)] });
    snap(server, z(2, 4), [z(2, 4)]);
    receive(server, NEWLEADER);
    expect(reboot(server)).toBe(true);
    expect(server.tree).toEqual([z(2, 4)]);
  });

  test('its snapshot tells that the log has a hole before it, and a periodic one does not [SYNC-51, SYNC-54]', () => {
    const server = makeLearner();
    storeSnapshot(server, 'snapshot.100000001', [z(1, 1)]);
    expect(lastHole(server.ctx)).toBe(0);
    snap(server, z(2, 4), [z(2, 4)]);
    receive(server, NEWLEADER);
    expect(lastHole(server.ctx)).toBe(z(2, 4));
    storeSnapshot(server, 'snapshot.200000006', [z(2, 6)]);
    expect(lastHole(server.ctx)).toBe(z(2, 4));
  });

  test('interrupted before NEWLEADER it clears the database, and the next vote loads the files [SYNC-52]', () => {
    const server = makeLearner();
    snap(server, z(2, 4), [z(2, 4)]);
    give(server, { type: 'closed', link: LINK, how: 'eof' } as Item);
    expect(databaseOf(server).initialized).toBe(false);
    expect(roleEnded(server)).toBe(true);
    join(server, 'follower', 3);
    expect(server.sent.at(-1)).toMatchObject({ type: 'ACKEPOCH', zxid: z(1, 1) });
  });

  test('a release that keeps it votes with what no file holds (ZOOKEEPER-3642)', () => {
    const server = makeLearner({ decisions: { clearsDatabaseAfterSnap: false } });
    snap(server, z(2, 4), [z(2, 4)]);
    give(server, { type: 'closed', link: LINK, how: 'eof' } as Item);
    join(server, 'follower', 3);
    expect(server.sent.at(-1)).toMatchObject({ type: 'ACKEPOCH', zxid: z(2, 4) });
  });
});

describe('TRUNC', () => {
  test('cuts the log, loads anew and takes the leader’s zxid [SYNC-34]', () => {
    const server = makeLearner({ log: [z(1, 1), z(1, 2), z(1, 3)] });
    receive(server, TRUNC(z(1, 1)));
    expect(allLogged(server)).toEqual([z(1, 1)]);
    expect(server.tree).toEqual([z(1, 1)]);
    expect(databaseOf(server)).toMatchObject({ initialized: true, lastProcessedZxid: z(1, 1) });
    expect(databaseOf(server).committedLog.map((txn) => txn.zxid)).toEqual([z(1, 1)]);
  });

  test('sets aside snapshots newer than the cut (ZOOKEEPER-1549) [SYNC-35]', () => {
    const server = makeLearner({ log: [z(1, 1), z(1, 2)] });
    storeSnapshot(server, 'snapshot.100000002', [z(1, 1), z(1, 2)]);
    receive(server, TRUNC(z(1, 1)));
    expect(server.tree).toEqual([z(1, 1)]);
    expect(server.files.has('snapshot.100000002')).toBe(false);
  });

  test('master loads such a snapshot again and relabels it [SYNC-35]', () => {
    const server = makeLearner({ log: [z(1, 1), z(1, 2)], decisions: { truncationSkipsNewerSnapshots: false } });
    storeSnapshot(server, 'snapshot.100000002', [z(1, 1), z(1, 2)]);
    receive(server, TRUNC(z(1, 1)));
    expect(server.tree).toEqual([z(1, 1), z(1, 2)]);
    expect(databaseOf(server).lastProcessedZxid).toBe(z(1, 1));
  });

  test('a kill between the removal of snapshots and the cut loses nothing', () => {
    const server = makeLearner({ log: [z(1, 1), z(1, 2)] });
    storeSnapshot(server, 'snapshot.100000002', [z(1, 1), z(1, 2)]);
    receive(server, TRUNC(z(1, 1)), 1);
    expect(reboot(server)).toBe(true);
    expect(server.tree).toEqual([z(1, 1), z(1, 2)]);
  });

  test('a log that cannot be cut there ends the process, or is ignored (ZOOKEEPER-3701) [SYNC-34, DISK-28]', () => {
    const server = makeLearner();
    receive(server, TRUNC(z(1, 5)));
    expect(server.exited).toBe('not-truncated');
    const failing = makeLearner({ log: [z(1, 1), z(1, 2)] });
    failing.failing = 'truncate';
    receive(failing, TRUNC(z(1, 1)));
    expect(failing.exited).toBe('not-truncated');
    const ignoring = makeLearner({ log: [z(1, 1), z(1, 2)], decisions: { exitsWhenNotTruncated: false } });
    ignoring.failing = 'truncate';
    receive(ignoring, TRUNC(z(1, 1)));
    expect(ignoring.tree).toEqual([z(1, 1), z(1, 2)]);
    expect(databaseOf(ignoring).lastProcessedZxid).toBe(z(1, 1));
    expect(notesOf(ignoring, 'truncated')).toEqual([]);
  });

  test('interrupted before NEWLEADER it clears the database; master keeps it (ZOOKEEPER-5094) [SYNC-52]', () => {
    const run = (decisions: Partial<ZabDecisions>): SingleServer => {
      const server = makeLearner({ log: [z(1, 1), z(1, 2)], decisions });
      receiveAll(server, TRUNC(z(1, 1)), proposal(z(2, 1)), commit(z(2, 1)));
      give(server, { type: 'closed', link: LINK, how: 'reset' } as Item);
      return server;
    };
    expect(databaseOf(run({})).initialized).toBe(false);
    const master = run({ clearsDatabaseAfterTrunc: false });
    expect(databaseOf(master)).toMatchObject({ initialized: true, lastProcessedZxid: z(2, 1) });
    expect(allLogged(master)).toEqual([z(1, 1)]);
  });

  test('its snapshot survives a power loss only when it is synced (S9)', () => {
    const run = (isSynced: boolean): SingleServer => {
      const server = makeLearner({ log: [z(1, 1), z(1, 2)], decisions: { syncsSnapshotAfterTrunc: isSynced } });
      receiveAll(server, TRUNC(z(1, 1)), proposal(z(2, 1)), commit(z(2, 1)), NEWLEADER);
      expect(server.sent.at(-1)).toEqual({ type: 'ACK', zxid: z(2, 0) });
      losePower(server);
      reboot(server);
      return server;
    };
    expect(run(true).tree).toEqual([z(1, 1), z(2, 1)]);
    expect(run(false).tree).toEqual([z(1, 1)]);
  });
});

describe('observers', () => {
  test('keep what they are informed of queued until UPTODATE, then log and commit it side by side [SYNC-43, SYNC-45, SYNC-50, PIPE-04]', () => {
    const server = makeLearner({ role: 'observer' });
    receiveAll(server, DIFF(z(1, 2)), proposal(z(1, 2)), commit(z(1, 2)), inform(z(1, 3)), proposal(z(2, 1)), NEWLEADER);
    expect(allLogged(server)).toEqual([z(1, 1)]);
    server.performed.length = 0;
    receive(server, UPTODATE);
    expect(qp(server).slice(2)).toEqual([
      'enqueue log 100000002',
      'enqueue commit 100000002',
      'enqueue log 100000003',
      'enqueue commit 100000003',
    ]);
  });

  test('apply at once before the snapshot is taken [SYNC-43]', () => {
    const server = makeLearner({ role: 'observer' });
    snap(server, z(2, 1), [z(2, 1)]);
    receive(server, inform(z(2, 2)));
    expect(server.tree).toEqual([z(2, 1), z(2, 2)]);
  });
});

describe('anything but a header first', () => {
  test('ends the process [SYNC-31]', () => {
    const server = makeLearner();
    receive(server, proposal(z(1, 2)));
    expect(server.exited).toBe('quorum-packet-error');
  });
});

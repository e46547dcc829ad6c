import { describe, expect, test } from 'vitest';
import { threadId, type Item } from '../../src/base/step.ts';
import type { ZabDecisions } from '../../src/zab/decisions.ts';
import { SYNC } from '../../src/zab/thread-kinds.ts';
import {
  z,
  proposal,
  commit,
  NEWLEADER,
  UPTODATE,
  makeLearner,
  receiveAll,
  DIFF,
  snap,
  learnerOf,
  peerOf,
  qp,
  reboot,
  finishShutdown,
  roleEnded,
} from '../support/learner-server.ts';
import {
  databaseOf,
  allLogged,
  give,
  goOn,
  killServer,
  LINK,
  losePower,
  notesOf,
  receive,
  runThread,
  type SingleServer,
} from '../support/single-server.ts';

/** Gen3 of the catalogue, as 3.8.0 has it. */
const GEN3 = {
  newLeaderPlan: ['snapshot', 'write-current-epoch', 'start-processors', 'enqueue-to-sync', 'ack'],
  keepsPendingAfterNewLeader: false,
  commitNeedsPending: true,
  appliesSyncedBeforeAck: false,
} as const;

describe('crashes inside the plan of NEWLEADER', () => {
  const packets = [DIFF(z(1, 2)), proposal(z(1, 2)), commit(z(1, 2))];
  const run = (decisions: Partial<ZabDecisions>, limit: number): SingleServer => {
    const server = makeLearner({ decisions });
    receiveAll(server, ...packets);
    receive(server, NEWLEADER, limit);
    return server;
  };

  test('at every point the server can start, and an acknowledged epoch has its history', () => {
    for (let limit = 0; limit <= 8; limit++) {
      for (const crash of [killServer, losePower]) {
        const server = run({}, limit);
        const isAcked = server.sent.some((packet) => packet.type === 'ACK');
        crash(server);
        expect(reboot(server)).toBe(true);
        const hasHistory = server.tree.includes(z(1, 2));
        if (peerOf(server).currentEpoch === 2 || isAcked) expect(hasHistory, `${crash.name} after ${limit}`).toBe(true);
      }
    }
  });

  test('with the epoch first, a kill leaves the new epoch without its history (ZOOKEEPER-4643)', () => {
    const server = run({ newLeaderPlan: ['snapshot', 'write-current-epoch', 'append-synced', 'fsync', 'ack'] }, 4);
    expect(reboot(server)).toBe(true);
    expect(peerOf(server).currentEpoch).toBe(2);
    expect(server.tree).toEqual([z(1, 1)]);
  });

  test('without the append, NEWLEADER is acknowledged with nothing on disk (ZOOKEEPER-3911)', () => {
    const plan: Partial<ZabDecisions> = { newLeaderPlan: ['snapshot', 'write-current-epoch', 'ack'] };
    const server = run(plan, Infinity);
    expect(server.sent.at(-1)).toEqual({ type: 'ACK', zxid: z(2, 0) });
    expect(allLogged(server)).toEqual([z(1, 1)]);
    receive(server, UPTODATE);
    expect(qp(server).slice(-2)).toEqual(['enqueue log 100000002', 'enqueue commit 100000002']);
  });

  test('handed to the SyncThread, the txn may be on no disk when NEWLEADER is acknowledged (ZOOKEEPER-4646) [SYNC-46]', () => {
    const server = run(GEN3, Infinity);
    expect(server.sent.at(-1)).toEqual({ type: 'ACK', zxid: z(2, 0) });
    expect(allLogged(server)).toEqual([z(1, 1)]);
    runThread(server, threadId(SYNC, 1));
    expect(allLogged(server)).toEqual([z(1, 1), z(1, 2)]);
  });

  test('the SyncThread may even acknowledge first, on the same connection (ZOOKEEPER-4685)', () => {
    // Four effects for the epoch, one start, one item for the SyncThread; the ack of NEWLEADER comes later.
    const server = run(GEN3, 6);
    runThread(server, threadId(SYNC, 1));
    goOn(server);
    expect(server.sent.slice(-2)).toEqual([
      { type: 'ACK', zxid: z(1, 2) },
      { type: 'ACK', zxid: z(2, 0) },
    ]);
  });

  test('a commit between NEWLEADER and UPTODATE finds the list emptied (ZOOKEEPER-4394) [SYNC-46]', () => {
    const old = makeLearner({ decisions: GEN3 });
    const fixed = makeLearner();
    for (const server of [old, fixed]) receiveAll(server, DIFF(z(1, 1)), proposal(z(2, 1)), NEWLEADER, commit(z(2, 1)));
    expect(notesOf(old, 'bad')).toEqual([{ type: 'bad', what: 'commit', zxid: z(2, 1), expected: -1, why: 'null-pointer' }]);
    expect(notesOf(old, 'left-role')).toHaveLength(1);
    expect(notesOf(fixed, 'bad')).toEqual([]);
    expect(learnerOf(fixed).packetsCommitted).toEqual([z(2, 1)]);
  });

  test('what was started before UPTODATE outlives a role that ends before it [SYNC-53]', () => {
    const server = run(GEN3, Infinity);
    give(server, { type: 'closed', link: LINK, how: 'eof' } as Item);
    expect(roleEnded(server)).toBe(true);
    expect(server.calls).not.toContain('stopProcessors');
    runThread(server, threadId(SYNC, 1));
    expect(allLogged(server)).toEqual([z(1, 1), z(1, 2)]);
    expect(server.tree).toEqual([z(1, 1)]);
  });

  test('3.8.5 appends everything, and acknowledges it after UPTODATE (ZOOKEEPER-4785)', () => {
    const server = makeLearner({
      decisions: {
        newLeaderPlan: ['snapshot', 'start-processors', 'append-synced', 'fsync', 'write-current-epoch', 'ack'],
        upToDatePlan: ['ack', 'publish', 'log-pending', 'commit-pending'],
        keepsPendingAfterNewLeader: false,
        appliesSyncedBeforeAck: false,
      },
    });
    receiveAll(server, ...packets, proposal(z(2, 1)), NEWLEADER);
    expect(allLogged(server)).toEqual([z(1, 1), z(1, 2), z(2, 1)]);
    expect(server.tree).toEqual([z(1, 1)]);
    server.performed.length = 0;
    receive(server, UPTODATE);
    expect(qp(server)).toEqual(['send ACK 200000000', 'send ACK 100000002', 'send ACK 200000001', 'enqueue commit 100000002']);
  });

  test('memory ahead of the epoch file after an I/O error (ZOOKEEPER-2307) [ID-09]', () => {
    for (const assignsEpochBeforeFile of [false, true]) {
      const server = makeLearner({ decisions: { assignsEpochBeforeFile } });
      receiveAll(server, DIFF(z(1, 1)));
      server.failing = 'rename';
      receive(server, NEWLEADER);
      expect(peerOf(server).currentEpoch).toBe(assignsEpochBeforeFile ? 2 : 1);
      expect(notesOf(server, 'left-role')[0]?.why).toBe('disk');
    }
  });

  test('commits after NEWLEADER that go straight to memory are nowhere after a kill (ZOOKEEPER-1282)', () => {
    const server = makeLearner({ decisions: { logsAfterNewLeader: false } });
    snap(server, z(2, 1), [z(2, 1)]);
    receiveAll(server, NEWLEADER, proposal(z(2, 2)), commit(z(2, 2)), UPTODATE);
    expect(server.tree).toEqual([z(2, 1), z(2, 2)]);
    reboot(server);
    expect(server.tree).toEqual([z(2, 1)]);
  });
});

describe('shutdown', () => {
  const serving = (decisions: Partial<ZabDecisions> = {}): SingleServer => {
    const server = makeLearner({ decisions });
    receiveAll(server, DIFF(z(1, 1)), NEWLEADER, UPTODATE, proposal(z(2, 1)));
    server.calls.length = 0;
    server.performed.length = 0;
    return server;
  };

  test('unpublishes, closes clients and socket, stops, joins, drains the log and fast-forwards [LIVE-11, LIVE-12, LIVE-14, LIVE-15]', () => {
    const server = serving();
    give(server, { type: 'closed', link: LINK, how: 'eof' } as Item);
    expect(server.calls).toEqual(['unpublish', 'closeClients', 'stopProcessors']);
    expect(allLogged(server)).toEqual([z(1, 1)]);
    finishShutdown(server);
    expect(allLogged(server)).toEqual([z(1, 1), z(2, 1)]);
    expect(server.tree).toEqual([z(1, 1), z(2, 1)]);
    expect(qp(server)).toEqual(['close', 'enqueue request-of-death 0']);
    expect(roleEnded(server)).toBe(true);
    expect(notesOf(server, 'serving').map((note) => note.serving)).toEqual([true, false]);
  });

  test('without the drain the fast-forward misses what the old SyncThread logs later (ZOOKEEPER-4712) [SYNC-59]', () => {
    const server = serving({
      learnerShutdownPlan: ['unpublish', 'close-clients', 'close-socket', 'stop-processors', 'join-commit', 'fast-forward'],
    });
    give(server, { type: 'closed', link: LINK, how: 'eof' } as Item);
    finishShutdown(server);
    expect(roleEnded(server)).toBe(true);
    expect(server.tree).toEqual([z(1, 1)]);
    runThread(server, threadId(SYNC, 1));
    expect(allLogged(server)).toEqual([z(1, 1), z(2, 1)]);
    expect(databaseOf(server).lastProcessedZxid).toBe(z(1, 1));
  });

  test('without the fast-forward the vote hides a logged txn (ZOOKEEPER-2845)', () => {
    const server = serving({
      learnerShutdownPlan: ['unpublish', 'close-clients', 'close-socket', 'stop-processors', 'join-commit', 'drain-sync'],
    });
    give(server, { type: 'closed', link: LINK, how: 'eof' } as Item);
    finishShutdown(server);
    expect(allLogged(server)).toEqual([z(1, 1), z(2, 1)]);
    expect(databaseOf(server).lastProcessedZxid).toBe(z(1, 1));
  });

  test('before ZOOKEEPER-2678 a role ends without a database [LIVE-14]', () => {
    const server = serving({ keepsDatabase: false });
    give(server, { type: 'closed', link: LINK, how: 'eof' } as Item);
    finishShutdown(server);
    expect(roleEnded(server)).toBe(true);
    expect(databaseOf(server).initialized).toBe(false);
  });

  test('a sync by DIFF that dies before UPTODATE leaves memory as it is: no stop, no fast-forward [SYNC-52]', () => {
    const server = makeLearner();
    receiveAll(server, DIFF(z(1, 2)), proposal(z(1, 2)), commit(z(1, 2)));
    give(server, { type: 'timeout' });
    expect(server.calls).toEqual(['closeClients']);
    expect(databaseOf(server)).toMatchObject({ initialized: true, lastProcessedZxid: z(1, 1) });
    expect(notesOf(server, 'left-role')[0]?.why).toBe('leader-silent');
    expect(roleEnded(server)).toBe(true);
  });
});

import { describe, expect, test } from 'vitest';
import { makeZxid, type Zxid } from '../../src/base/zxid.ts';
import { planSync, type LogFrom, type SyncQuestion } from '../../src/zab/sync-plan.ts';
import type { Txn } from '../../src/zab/txn.ts';

const z = makeZxid;

function txnAt(zxid: Zxid): Txn {
  return { type: 'txn', zxid, session: '0', cxid: 0, timeMs: 0, body: { type: 'none' }, digest: '', bytes: 1 };
}

/** epoch.first to epoch.last */
function run(epoch: number, first: number, last: number): Txn[] {
  const txns: Txn[] = [];
  for (let counter = first; counter <= last; counter++) txns.push(txnAt(z(epoch, counter)));
  return txns;
}

function question(peerLastZxid: Zxid, lastProcessedZxid: Zxid, more: Partial<SyncQuestion> = {}): SyncQuestion {
  return {
    peerLastZxid,
    lastProcessedZxid,
    committedLog: [],
    forceSnapshotSync: false,
    snapshotSizePermille: 330,
    newestSnapshotBytes: () => 1000,
    readLog: () => null,
    looksForPeerZxid: true,
    detectsLogGap: true,
    truncatesAcrossEpochs: true,
    ...more,
  };
}

function zxids(txns: readonly Txn[]): Zxid[] {
  return txns.map((txn) => txn.zxid);
}

function log(txns: readonly Txn[], bytesAfter = 0): { readLog: () => LogFrom } {
  return { readLog: () => ({ txns, bytesAfter }) };
}

describe('the rows of syncFollower', () => {
  test('a forced snapshot comes before everything else [SYNC-01]', () => {
    const answer = planSync(question(z(1, 5), z(1, 5), { forceSnapshotSync: true, committedLog: run(1, 1, 5) }));
    expect(answer).toMatchObject({ mode: 'SNAP', row: 'SYNC-01', currentZxid: z(1, 5) });
  });

  test('a learner at the last processed zxid gets an empty DIFF with its own zxid [SYNC-02]', () => {
    const answer = planSync(question(z(2, 0), z(2, 0), { committedLog: run(1, 1, 5) }));
    expect(answer).toMatchObject({ mode: 'DIFF', row: 'SYNC-02', zxid: z(2, 0), currentZxid: z(2, 0), proposals: [] });
  });

  test('a learner ahead of committedLog gets TRUNC to its end, also into an older epoch [SYNC-03] [SYNC-17]', () => {
    const answer = planSync(question(z(2, 4), z(3, 0), { committedLog: run(1, 1, 5) }));
    expect(answer).toMatchObject({ mode: 'TRUNC', row: 'SYNC-03', zxid: z(1, 5), currentZxid: z(1, 5), proposals: [] });
  });

  test('a learner inside committedLog gets DIFF and what it lacks, the header naming the end [SYNC-04] [SYNC-13]', () => {
    const answer = planSync(question(z(1, 3), z(2, 0), { committedLog: run(1, 1, 5) }));
    expect(answer).toMatchObject({ mode: 'DIFF', row: 'SYNC-04', zxid: z(1, 5), currentZxid: z(1, 5) });
    expect(zxids(answer.proposals)).toEqual([z(1, 4), z(1, 5)]);
  });

  test('a learner at the very end of committedLog gets DIFF without proposals [SYNC-04]', () => {
    const answer = planSync(question(z(1, 5), z(2, 0), { committedLog: run(1, 1, 5) }));
    expect(answer).toMatchObject({ mode: 'DIFF', row: 'SYNC-04', proposals: [], currentZxid: z(1, 5) });
  });

  test('a learner before committedLog gets the log on disk up to its start, then committedLog [SYNC-05]', () => {
    const committedLog = run(1, 6, 8);
    const answer = planSync(question(z(1, 3), z(2, 0), { committedLog, ...log(run(1, 1, 8)) }));
    expect(answer).toMatchObject({ mode: 'DIFF', row: 'SYNC-05', zxid: z(1, 8), currentZxid: z(1, 8) });
    expect(zxids(answer.proposals)).toEqual(zxids(run(1, 4, 8)));
  });

  test('a learner ahead with the zxid of an epoch without transactions gets SNAP [SYNC-06]', () => {
    const answer = planSync(question(z(3, 0), z(2, 7), { committedLog: run(2, 1, 7) }));
    expect(answer).toMatchObject({ mode: 'SNAP', row: 'SYNC-06', currentZxid: z(2, 7) });
  });

  test('a learner before committedLog gets SNAP when the log on disk is turned off [SYNC-06]', () => {
    const more = { committedLog: run(1, 6, 8), snapshotSizePermille: -1, ...log(run(1, 1, 8)) };
    expect(planSync(question(z(1, 3), z(2, 0), more))).toMatchObject({ mode: 'SNAP', row: 'SYNC-06' });
  });

  test('a log on disk that begins after the learner is no use [SYNC-07]', () => {
    const more = { committedLog: run(1, 6, 8), ...log(run(1, 4, 8)) };
    expect(planSync(question(z(1, 3), z(2, 0), more))).toMatchObject({ mode: 'SNAP', row: 'SYNC-07' });
  });

  test('a log on disk that cannot be read, or is empty, is no use [SYNC-07]', () => {
    const committedLog = run(1, 6, 8);
    expect(planSync(question(z(1, 3), z(2, 0), { committedLog }))).toMatchObject({ mode: 'SNAP', row: 'SYNC-07' });
    expect(planSync(question(z(1, 3), z(2, 0), { committedLog, ...log([]) }))).toMatchObject({ mode: 'SNAP', row: 'SYNC-07' });
  });

  test('later log files larger than a third of the snapshot lead to SNAP, a limit of 0 is none [SYNC-07]', () => {
    const more = { committedLog: run(1, 6, 8), ...log(run(1, 1, 8), 331) };
    expect(planSync(question(z(1, 3), z(2, 0), more))).toMatchObject({ mode: 'SNAP', row: 'SYNC-07' });
    expect(planSync(question(z(1, 3), z(2, 0), { ...more, ...log(run(1, 1, 8), 330) }))).toMatchObject({ row: 'SYNC-05' });
    expect(planSync(question(z(1, 3), z(2, 0), { ...more, newestSnapshotBytes: () => 0 }))).toMatchObject({ row: 'SYNC-05' });
  });

  test('a gap between the log on disk and committedLog leads to SNAP with nothing queued [SYNC-08] [SYNC-10]', () => {
    const more = { committedLog: run(1, 6, 8), ...log(run(1, 1, 4)) };
    const answer = planSync(question(z(1, 3), z(2, 0), more));
    expect(answer).toMatchObject({ mode: 'SNAP', row: 'SYNC-08', proposals: [], currentZxid: z(2, 0) });
    expect(planSync(question(z(1, 3), z(2, 0), { ...more, detectsLogGap: false }))).toMatchObject({ mode: 'DIFF', row: 'SYNC-05' });
  });

  test('where no header fits, SNAP is the fallback and forwarding begins at the learner [SYNC-09] [SYNC-11]', () => {
    const committedLog = [...run(1, 1, 5), ...run(2, 1, 2)];
    const answer = planSync(question(z(1, 6), z(2, 2), { committedLog }));
    expect(answer).toMatchObject({ mode: 'SNAP', row: 'SYNC-09', currentZxid: z(1, 6) });
  });

  test('an empty committedLog counts as one that holds the last processed zxid only [SYNC-03]', () => {
    expect(planSync(question(z(1, 6), z(1, 5)))).toMatchObject({ mode: 'TRUNC', row: 'SYNC-03', zxid: z(1, 5) });
    expect(planSync(question(z(1, 4), z(1, 5), log(run(1, 1, 5))))).toMatchObject({ mode: 'DIFF', row: 'SYNC-05', currentZxid: z(1, 5) });
  });
});

describe('the header in queueCommittedProposals', () => {
  test('a transaction of the learner that the leader lacks, in one epoch, leads to TRUNC and what follows [SYNC-12] [SYNC-16]', () => {
    const committedLog = [...run(1, 1, 3), ...run(1, 5, 6)];
    const answer = planSync(question(z(1, 4), z(2, 0), { committedLog }));
    expect(answer).toMatchObject({ mode: 'TRUNC', row: 'SYNC-04', zxid: z(1, 3), currentZxid: z(1, 6) });
    expect(zxids(answer.proposals)).toEqual([z(1, 5), z(1, 6)]);
  });

  test('a learner at the start of an epoch is never asked for what it has: DIFF [SYNC-12]', () => {
    const committedLog = [...run(1, 1, 3), ...run(2, 1, 2)];
    const answer = planSync(question(z(2, 0), z(2, 2), { committedLog }));
    expect(answer).toMatchObject({ mode: 'DIFF', zxid: z(2, 2) });
    expect(zxids(answer.proposals)).toEqual([z(2, 1), z(2, 2)]);
  });

  test('a TRUNC names the proposal before the gap, or -1 where none was seen [SYNC-14]', () => {
    const more = { committedLog: run(1, 9, 9), ...log([txnAt(z(1, 2)), txnAt(z(1, 7)), txnAt(z(1, 9))]) };
    expect(planSync(question(z(1, 5), z(2, 0), more))).toMatchObject({ mode: 'TRUNC', zxid: z(1, 2), currentZxid: z(1, 9) });
  });

  test('a list that ends before a learner at the start of an epoch still gives it an empty DIFF [SYNC-15]', () => {
    const more = { committedLog: run(3, 1, 2), detectsLogGap: false, ...log(run(1, 1, 3)) };
    expect(planSync(question(z(2, 0), z(3, 2), more))).toMatchObject({ mode: 'DIFF', row: 'SYNC-05', zxid: z(3, 2) });
  });

  test('without the look for its last zxid, a deposed leader keeps what only it has (ZOOKEEPER-1154) [SYNC-12]', () => {
    const committedLog = [...run(1, 1, 1), ...run(2, 1, 2)];
    const more = { committedLog, looksForPeerZxid: false };
    expect(planSync(question(z(1, 2), z(2, 2), more))).toMatchObject({ mode: 'DIFF', row: 'SYNC-04' });
  });
});

describe('cases seen on real servers', () => {
  test('an empty learner gets SNAP from a leader with any history, DIFF from one without [SYNC-60]', () => {
    expect(planSync(question(0, z(2, 0), { committedLog: run(1, 1, 2), ...log(run(1, 1, 2)) }))).toMatchObject({
      mode: 'SNAP',
      row: 'SYNC-07',
    });
    expect(planSync(question(0, 0))).toMatchObject({ mode: 'DIFF', row: 'SYNC-02' });
  });

  test('a deposed leader gets TRUNC before the new epoch commits, SNAP after [SYNC-61]', () => {
    const old = run(1, 1, 3);
    expect(planSync(question(z(1, 4), z(2, 0), { committedLog: old }))).toMatchObject({ mode: 'TRUNC', zxid: z(1, 3) });
    expect(planSync(question(z(1, 4), z(2, 1), { committedLog: [...old, ...run(2, 1, 1)] }))).toMatchObject({
      mode: 'SNAP',
      row: 'SYNC-09',
    });
  });

  test('the file where reading starts does not count against the limit, however large [SYNC-62]', () => {
    const more = { committedLog: run(1, 90, 99), newestSnapshotBytes: () => 10, ...log(run(1, 1, 99), 0) };
    const answer = planSync(question(z(1, 3), z(2, 0), more));
    expect(answer).toMatchObject({ mode: 'DIFF', row: 'SYNC-05' });
    expect(answer.proposals).toHaveLength(96);
  });
});

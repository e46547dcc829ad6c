import { describe, expect, test } from 'vitest';
import { own, peek } from '../../src/base/parts.ts';
import { threadId } from '../../src/base/step.ts';
import type { PeerConfig } from '../../src/zab/context.ts';
import type { ZabDecisions } from '../../src/zab/decisions.ts';
import { performShutdownStep } from '../../src/zab/shutdown.ts';
import { logEffect, startSyncThread } from '../../src/zab/sync-thread.ts';
import { SNAPSHOT, SYNC } from '../../src/zab/thread-kinds.ts';
import { makePeerConfig } from '../support/peer-context.ts';
import {
  allLogged,
  effectsOf,
  LINK,
  makeServer,
  makeTxn,
  notesOf,
  runOnQuorumPeer,
  runThread,
  type SingleServer,
} from '../support/single-server.ts';

interface Options {
  readonly role?: 'follower' | 'observer';
  readonly config?: Partial<PeerConfig>;
  readonly decisions?: Partial<ZabDecisions>;
}

const FIRST = threadId(SYNC, 1);

/** A server in its first role, whose SyncThread has just started. */
function makeSyncing({ role = 'follower', config = {}, decisions = {} }: Options = {}): SingleServer {
  const server = makeServer({ ...makePeerConfig(1, [1, 2, 3]), ...config }, decisions);
  Object.assign(own(server.ctx.parts, server.ctx.refs.peer), { state: role === 'follower' ? 'FOLLOWING' : 'OBSERVING' });
  newRole(server, 1, role);
  runThread(server, FIRST);
  return server;
}

function newRole(server: SingleServer, incarnation: number, role: 'follower' | 'observer' = 'follower', link = LINK): void {
  Object.assign(own(server.ctx.parts, server.ctx.refs.peer), { incarnation });
  Object.assign(own(server.ctx.parts, server.ctx.refs.learner), { role, link });
  runOnQuorumPeer(server, (ctx) => startSyncThread(ctx));
}

function enqueue(server: SingleServer, ...zxids: number[]): void {
  for (const zxid of zxids) runOnQuorumPeer(server, (ctx) => ctx.effects.push(logEffect(ctx, makeTxn(zxid))));
}

const instances = ({ ctx }: SingleServer): number[] => peek(ctx.parts, ctx.refs.sync).instances.map((instance) => instance.incarnation);

test('a lone txn is appended, made durable and acknowledged, one event each [LOGT-01, LOGT-04, BCAST-06]', () => {
  const server = makeSyncing();
  enqueue(server, 1);
  runThread(server, FIRST);
  expect(effectsOf(server, SYNC)).toEqual(['create log.1', 'append log.1', 'fsync log.1', 'send ACK 1']);
  expect(notesOf(server, 'log-synced')).toEqual([{ type: 'log-synced', zxid: 1 }]);
});

test('what is queued together is fsynced once, and every txn has its own ack [LOGT-02, BCAST-06]', () => {
  const server = makeSyncing();
  enqueue(server, 1, 2, 3);
  runThread(server, FIRST);
  expect(effectsOf(server, SYNC).slice(1)).toEqual([
    'append log.1',
    'append log.1',
    'append log.1',
    'fsync log.1',
    'send ACK 1',
    'send ACK 2',
    'send ACK 3',
  ]);
});

test('a full batch is flushed though the queue is not empty [LOGT-02]', () => {
  const server = makeSyncing({ config: { maxBatchSize: 2 } });
  enqueue(server, 1, 2, 3);
  runThread(server, FIRST);
  const kinds = effectsOf(server, SYNC).map((effect) => effect.split(' ')[0]);
  expect(kinds).toEqual(['create', 'append', 'append', 'fsync', 'send', 'send', 'append', 'fsync', 'send']);
});

test('killed between append and fsync it has acknowledged nothing', () => {
  const server = makeSyncing();
  enqueue(server, 1);
  runThread(server, FIRST, 2);
  expect(server.sent).toEqual([]);
  expect(server.files.get('log.1')).toMatchObject({ synced: 0, records: [{ zxid: 1 }] });
});

test('with the flush turned round the ack leaves before the fsync (T1)', () => {
  const server = makeSyncing({ decisions: { flushPlan: ['pass-on', 'fsync'] } });
  enqueue(server, 1);
  runThread(server, FIRST);
  expect(effectsOf(server, SYNC)).toEqual(['create log.1', 'append log.1', 'send ACK 1', 'fsync log.1']);
  expect(notesOf(server, 'log-synced')).toEqual([{ type: 'log-synced', zxid: 1 }]);
});

test('an observer logs and acknowledges nothing [PIPE-04]', () => {
  const server = makeSyncing({ role: 'observer' });
  enqueue(server, 1);
  runThread(server, FIRST);
  expect(effectsOf(server, SYNC)).toEqual(['create log.1', 'append log.1', 'fsync log.1']);
});

describe('periodic snapshots', () => {
  const config = { snapCount: 4 };

  test('the log rolls and a snapshot is started once more than half of snapCount was logged [LOGT-05, LOGT-06, LOGT-07]', () => {
    const server = makeSyncing({ config });
    server.tree = [1, 2];
    enqueue(server, 1, 2, 3, 4);
    runThread(server, FIRST);
    expect(server.files.get('log.1')?.records).toHaveLength(3);
    expect(server.files.get('log.4')?.records).toHaveLength(1);
    runThread(server, threadId(SNAPSHOT, 1, 0));
    expect(effectsOf(server, SNAPSHOT)).toEqual(['create snapshot.0', ...Array.from({ length: 4 }, () => 'append snapshot.0')]);
    expect(notesOf(server, 'snapshot-done')).toEqual([{ type: 'snapshot-done', zxid: 0 }]);
    expect(server.threads.has(threadId(SNAPSHOT, 1, 0))).toBe(false);
  });

  test('both files of a batch that rolled are fsynced [DISK-31]', () => {
    const server = makeSyncing({ config });
    enqueue(server, 1, 2, 3, 4);
    runThread(server, FIRST);
    expect(effectsOf(server, SYNC)).toContain('fsync log.1 log.4');
  });

  test('one snapshot at a time: the next trigger only rolls the log [LOGT-05]', () => {
    const server = makeSyncing({ config });
    enqueue(server, 1, 2, 3, 4, 5, 6, 7);
    runThread(server, FIRST);
    expect(effectsOf(server, SYNC).filter((effect) => effect.startsWith('start'))).toHaveLength(1);
    expect([...server.files.keys()].filter((name) => name.startsWith('log.'))).toEqual(['log.1', 'log.4', 'log.7']);
    runThread(server, threadId(SNAPSHOT, 1, 0));
    enqueue(server, 8, 9);
    runThread(server, FIRST);
    expect(server.threads.has(threadId(SNAPSHOT, 1, 1))).toBe(true);
  });

  test('a snapshot that cannot be written ends the process [DISK-17]', () => {
    const server = makeSyncing({ config });
    enqueue(server, 1, 2, 3);
    runThread(server, FIRST);
    server.failing = 'append';
    runThread(server, threadId(SNAPSHOT, 1, 0));
    expect(server.exited).toBe('snapshot-failed');
  });

  test('the tree may change between two records of the walk [DISK-13]', () => {
    const server = makeSyncing({ config });
    server.tree = [1];
    enqueue(server, 1, 2, 3);
    runThread(server, FIRST);
    runThread(server, threadId(SNAPSHOT, 1, 0), 2);
    server.tree.push(2);
    runThread(server, threadId(SNAPSHOT, 1, 0));
    expect(server.files.get('snapshot.0')?.records.map((record) => record.zxid ?? record.type)).toEqual(['root', 1, 2, 'snapshot-seal']);
  });
});

describe('shutdown and failure', () => {
  test('the request of death flushes what is queued, then the thread ends [LIVE-15]', () => {
    const server = makeSyncing();
    enqueue(server, 1, 2);
    runOnQuorumPeer(server, (ctx) => performShutdownStep(ctx, 'drain-sync', true));
    expect(server.threads.get(threadId(0, 0))?.blockedOn).toEqual({ on: 'end', thread: FIRST, deadline: null });
    runThread(server, FIRST);
    expect(allLogged(server)).toEqual([1, 2]);
    expect(server.sent).toHaveLength(2);
    expect(server.threads.has(FIRST)).toBe(false);
    expect(instances(server)).toEqual([]);
  });

  test('a server that never was RUNNING drains nothing [SYNC-53]', () => {
    const server = makeSyncing();
    enqueue(server, 1);
    runOnQuorumPeer(server, (ctx) => performShutdownStep(ctx, 'drain-sync', false));
    expect(server.threads.get(threadId(0, 0))?.blockedOn).toBeNull();
    runThread(server, FIRST);
    expect(instances(server)).toEqual([1]);
  });

  test('an old thread that was not drained still appends after the next role began (ZOOKEEPER-4712)', () => {
    const server = makeSyncing();
    enqueue(server, 2);
    newRole(server, 2, 'follower', 8);
    enqueue(server, 0x200000001);
    runThread(server, threadId(SYNC, 2));
    runThread(server, FIRST);
    expect(server.files.get('log.200000001')?.records.map((record) => record.zxid)).toEqual([0x200000001, 2]);
    const links = server.performed.flatMap(({ effect }) => (effect.type === 'send' ? [[effect.packet.zxid, effect.link]] : []));
    expect(links).toEqual([
      [0x200000001, 8],
      [2, LINK],
    ]);
    expect(instances(server)).toEqual([1, 2]);
  });

  test('a connection that cannot be written to is closed and the thread lives on [LIVE-10]', () => {
    const server = makeSyncing();
    enqueue(server, 1, 2);
    server.failing = 'send';
    runThread(server, FIRST);
    expect(effectsOf(server, SYNC).slice(-2)).toEqual(['send ACK 1', 'close']);
    enqueue(server, 3);
    runThread(server, FIRST);
    expect(effectsOf(server, SYNC).slice(-3)).toEqual(['append log.1', 'fsync log.1', 'send ACK 3']);
  });

  test('an error of the disk ends the thread and fails the server [LOGT-08]', () => {
    for (const effect of ['create', 'append', 'fsync'] as const) {
      const server = makeSyncing();
      enqueue(server, 1);
      server.failing = effect;
      runThread(server, FIRST);
      expect(peek(server.ctx.parts, server.ctx.refs.peer).failed).toBe(true);
      expect(instances(server)).toEqual([]);
      expect(server.sent).toEqual([]);
      expect(notesOf(server, 'append-failed').map((note) => note.zxid)).toEqual(effect === 'append' ? [1] : []);
    }
  });

  test('the failure of an old thread is not that of the present server', () => {
    const server = makeSyncing();
    enqueue(server, 1);
    newRole(server, 2);
    server.failing = 'append';
    runThread(server, FIRST);
    expect(peek(server.ctx.parts, server.ctx.refs.peer).failed).toBe(false);
  });
});

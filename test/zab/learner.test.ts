import { describe, expect, test } from 'vitest';
import { own } from '../../src/base/parts.ts';
import type { Item } from '../../src/base/step.ts';
import { threadId } from '../../src/base/step.ts';
import { beginFollowing, beginObserving } from '../../src/zab/learner.ts';
import { loadDatabase } from '../../src/zab/recovery.ts';
import { QUORUM_PEER } from '../../src/zab/thread-kinds.ts';
import {
  commit,
  DIFF,
  inform,
  learnerOf,
  makeLearner,
  NEWLEADER,
  peerOf,
  proposal,
  qp,
  receiveAll,
  roleEnded,
  UPTODATE,
  z,
} from '../support/learner-server.ts';
import { makePeerConfig } from '../support/peer-context.ts';
import {
  give,
  LINK,
  makeServer,
  notesOf,
  receive,
  runOnQuorumPeer,
  storeEpoch,
  storeLog,
  storeSnapshot,
  type SingleServer,
} from '../support/single-server.ts';

const MS = 1000;

/** Server 3 with history (1,2), epochs 1, that has just elected server 1. */
function makeElected(role: 'follower' | 'observer' = 'follower', leader = 1): SingleServer {
  const server = makeServer(makePeerConfig(3, [1, 2, 3]));
  storeSnapshot(server, 'snapshot.0', []);
  storeLog(server, 'log.100000001', [z(1, 1), z(1, 2)]);
  storeEpoch(server, 'currentEpoch', 1);
  storeEpoch(server, 'acceptedEpoch', 1);
  runOnQuorumPeer(server, (ctx) => loadDatabase(ctx));
  const peer = own(server.ctx.parts, server.ctx.refs.peer);
  peer.currentVote = { leader, zxid: z(1, 2), electionEpoch: 1, peerEpoch: 1 };
  server.performed.length = 0;
  runOnQuorumPeer(server, (ctx) => (role === 'follower' ? beginFollowing(ctx) : beginObserving(ctx)));
  return server;
}

const blockedOn = (server: SingleServer): unknown => server.threads.get(threadId(QUORUM_PEER, 0))?.blockedOn;
const connected = { type: 'connected', link: LINK } as Item;
const leaderInfo = (epoch: number): Item => ({ type: 'LEADERINFO', zxid: z(epoch, 0), protocolVersion: 0x10000 }) as Item;

describe('connecting', () => {
  test('five attempts with 100 ms between them, then back to looking [DISC-05, DISC-06, DISC-32]', () => {
    const server = makeElected();
    for (let attempt = 1; attempt <= 4; attempt++) {
      expect(blockedOn(server)).toEqual({ on: 'connect', deadline: 20_000 * MS });
      give(server, { type: 'refused' });
      expect(blockedOn(server)).toEqual({ on: 'sleep', until: server.ctx.now + 100 * MS });
      server.ctx.now += 100 * MS;
      give(server, { type: 'timeout' });
    }
    give(server, { type: 'refused' });
    expect(qp(server)).toEqual(Array.from({ length: 5 }, () => 'connect'));
    expect(notesOf(server, 'left-role')).toEqual([{ type: 'left-role', role: 'FOLLOWING', why: 'no-connection', operands: [1] }]);
    expect(server.ctx.now).toBe(400 * MS);
    expect(roleEnded(server)).toBe(true);
  });

  test('no more attempts when the budget of initLimit is spent [DISC-05]', () => {
    const server = makeElected();
    server.ctx.now = 20_000 * MS;
    give(server, { type: 'timeout' });
    expect(qp(server)).toEqual(['connect']);
    expect(roleEnded(server)).toBe(true);
  });

  test('a leader that is not in the configuration is not found [DISC-04]', () => {
    const server = makeElected('follower', 9);
    expect(qp(server)).toEqual([]);
    expect(roleEnded(server)).toBe(true);
  });
});

describe('registering', () => {
  test('FOLLOWERINFO carries acceptedEpoch, OBSERVERINFO likewise [DISC-07]', () => {
    for (const [role, type] of [
      ['follower', 'FOLLOWERINFO'],
      ['observer', 'OBSERVERINFO'],
    ] as const) {
      const server = makeElected(role);
      give(server, connected);
      expect(server.sent).toEqual([{ type, zxid: z(1, 0), sid: 3, protocolVersion: 0x10000 }]);
    }
  });

  test('a newer epoch: acceptedEpoch is on disk and in memory before ACKEPOCH leaves [DISC-16, ID-10, ID-09]', () => {
    const server = makeElected();
    give(server, connected);
    receive(server, leaderInfo(2), 3);
    expect(peerOf(server).acceptedEpoch).toBe(1);
    const rest = makeElected();
    give(rest, connected);
    receive(rest, leaderInfo(2));
    expect(qp(rest).slice(-5)).toEqual([
      'create acceptedEpoch.tmp',
      'append acceptedEpoch.tmp',
      'fsync acceptedEpoch.tmp',
      'rename acceptedEpoch',
      'send ACKEPOCH 100000002',
    ]);
    expect(rest.sent.at(-1)).toEqual({ type: 'ACKEPOCH', zxid: z(1, 2), currentEpoch: 1 });
    expect(peerOf(rest)).toMatchObject({ acceptedEpoch: 2, zabState: 'SYNCHRONIZATION' });
  });

  test('the epoch it has accepted already: ACKEPOCH with -1 [DISC-17]', () => {
    const server = makeElected();
    give(server, connected);
    receive(server, leaderInfo(1));
    expect(server.sent.at(-1)).toEqual({ type: 'ACKEPOCH', zxid: z(1, 2), currentEpoch: -1 });
  });

  test('an older epoch: back to looking [DISC-17]', () => {
    const server = makeElected();
    give(server, connected);
    receive(server, leaderInfo(0));
    expect(notesOf(server, 'left-role')[0]?.why).toBe('epoch-older');
  });

  test('something else than LEADERINFO: back to looking [DISC-19]', () => {
    const server = makeElected();
    give(server, connected);
    receive(server, NEWLEADER);
    expect(notesOf(server, 'left-role')[0]?.why).toBe('bad-packet');
  });
});

describe('broadcast', () => {
  const following = (): SingleServer => {
    const server = makeLearner();
    receiveAll(server, DIFF(z(1, 1)), NEWLEADER, UPTODATE);
    server.performed.length = 0;
    server.sent.length = 0;
    server.outside.length = 0;
    return server;
  };

  test('a proposal is pending and goes to the log; its commit goes on at once, logged or not [BCAST-14, BCAST-16]', () => {
    const server = following();
    receiveAll(server, proposal(z(2, 1)), commit(z(2, 1)));
    expect(qp(server)).toEqual(['enqueue log 200000001', 'enqueue commit 200000001']);
    expect(learnerOf(server).pendingTxns).toEqual([]);
    expect(server.sent).toEqual([]);
  });

  test('a gap between proposals is only warned of [BCAST-14]', () => {
    const server = following();
    receiveAll(server, proposal(z(2, 1)), proposal(z(2, 3)));
    expect(notesOf(server, 'bad')).toEqual([{ type: 'bad', what: 'proposal', zxid: z(2, 3), expected: z(2, 2), why: 'not-the-next' }]);
    expect(learnerOf(server).stage).toBe('broadcast');
  });

  test('a commit of another txn than the pending one ends the process [BCAST-15]', () => {
    const server = following();
    receiveAll(server, proposal(z(2, 1)), proposal(z(2, 2)), commit(z(2, 2)));
    expect(server.exited).toBe('unmatched-txn-commit');
  });

  test('a commit without anything pending is only warned of [BCAST-15]', () => {
    const server = following();
    receive(server, commit(z(2, 1)));
    expect(server.exited).toBeNull();
    expect(notesOf(server, 'bad')[0]?.why).toBe('without-seeing-txn');
  });

  test('a PING is answered with its zxid and the sessions touched [LIVE-07]', () => {
    const server = following();
    receive(server, { type: 'PING', zxid: z(2, 7) });
    expect(server.sent).toEqual([{ type: 'PING', zxid: z(2, 7), touches: [{ session: '00000000000000aa', timeoutMs: 4000 }] }]);
  });

  test('SYNC and REVALIDATE go to those who wait for them; UPTODATE and unknown packets are passed over [BCAST-18]', () => {
    const server = following();
    const revalidate = { type: 'REVALIDATE', zxid: -1, session: '00000000000000aa', timeoutMs: 4000, valid: true } as Item;
    receiveAll(server, { type: 'SYNC', zxid: 0 }, revalidate, UPTODATE, NEWLEADER);
    expect(server.outside).toEqual([{ type: 'synced' }, { type: 'revalidated' }]);
    expect(learnerOf(server).stage).toBe('broadcast');
  });

  test('an observer passes over proposals and commits, and logs and commits what it is informed of [BCAST-18, PIPE-04]', () => {
    const server = makeLearner({ role: 'observer' });
    receiveAll(server, DIFF(z(1, 1)), NEWLEADER, UPTODATE);
    server.performed.length = 0;
    receiveAll(server, proposal(z(2, 1)), commit(z(2, 1)), inform(z(2, 1)));
    expect(qp(server)).toEqual(['enqueue log 200000001', 'enqueue commit 200000001']);
  });

  test('end of stream, silence, a failed write and a failed processor end the role [LIVE-10, LOGT-08]', () => {
    const reasonAfter = (act: (server: SingleServer) => void): string | undefined => {
      const server = following();
      act(server);
      return notesOf(server, 'left-role')[0]?.why;
    };
    expect(reasonAfter((server) => give(server, { type: 'closed', link: LINK, how: 'eof' } as Item))).toBe('leader-lost');
    expect(reasonAfter((server) => give(server, { type: 'timeout' }))).toBe('leader-silent');
    const failsToSend = (server: SingleServer): void => {
      server.failing = 'send';
      receive(server, { type: 'PING', zxid: z(2, 0) });
    };
    expect(reasonAfter(failsToSend)).toBe('leader-lost');
    const failed = (server: SingleServer): void => {
      own(server.ctx.parts, server.ctx.refs.peer).failed = true;
      receive(server, proposal(z(2, 1)));
    };
    expect(reasonAfter(failed)).toBe('processor-failed');
    expect(reasonAfter((server) => give(server, { type: 'interrupted' }))).toBe('stopped');
  });

  test('what arrived before the end of the stream is still processed [LIVE-19]', () => {
    const server = following();
    receive(server, proposal(z(2, 1)));
    give(server, { type: 'closed', link: LINK, how: 'eof' } as Item);
    expect(qp(server)[0]).toBe('enqueue log 200000001');
  });
});

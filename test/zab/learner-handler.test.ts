import { describe, expect, test } from 'vitest';
import { own, peek } from '../../src/base/parts.ts';
import type { Effect, HostInput, Item } from '../../src/base/step.ts';
import { makeZxid } from '../../src/base/zxid.ts';
import { stepLearnerCnxAcceptor } from '../../src/zab/learner-cnx-acceptor.ts';
import { SERVER_RUNNING, stepLearnerHandler } from '../../src/zab/learner-handler.ts';
import { stepLearnerHandlerSender } from '../../src/zab/learner-handler-sender.ts';
import type { LearnerHandlerState } from '../../src/zab/leader-state.ts';
import type { QuorumPacket } from '../../src/zab/packet.ts';
import { makePlanItem } from '../../src/zab/plan.ts';
import { LEARNER_CNX_ACCEPTOR, LEARNER_HANDLER, LEARNER_HANDLER_SENDER } from '../../src/zab/thread-kinds.ts';
import {
  addHandler,
  handlerOf,
  leaderOf,
  makeLeaderContext,
  queued,
  queuedItems,
  runAs,
  signals,
  txnAt,
} from '../support/leader-context.ts';
import { itemsOf, type PeerContext } from '../support/peer-context.ts';

const z = makeZxid;
const TICK_US = 2_000_000;

function read(ctx: PeerContext, key: number, input: Item | HostInput): readonly Effect[] {
  return runAs(ctx, LEARNER_HANDLER, key, () => stepLearnerHandler(ctx, input));
}

function packet(packet: QuorumPacket): HostInput {
  return { type: 'packet', link: 102, packet, zxid: 0 };
}

function send(ctx: PeerContext, key: number, input: Item | HostInput): readonly Effect[] {
  return runAs(ctx, LEARNER_HANDLER_SENDER, key, () => stepLearnerHandlerSender(ctx, input));
}

/** A leader of epoch 2 whose discovery is over, and a handler of server 2 at this stage. */
function leading(fields: Partial<LearnerHandlerState> = {}): { ctx: PeerContext; key: number } {
  const ctx = makeLeaderContext({ epoch: 2, observers: [4] });
  Object.assign(leaderOf(ctx), { waitingForNewEpoch: false, electionFinished: true, quorumFormed: true });
  return { ctx, key: addHandler(ctx, 2, fields) };
}

/** All entries of the sync plan, as the kernel would run them: what is continued comes before what was there. */
function runPlan(ctx: PeerContext, key: number): Effect[] {
  const todo: Effect[] = [{ type: 'continue', item: makePlanItem('learner-sync') }];
  const done: Effect[] = [];
  for (let effect = todo.shift(); effect !== undefined; effect = todo.shift()) {
    if (effect.type === 'continue') todo.unshift(...read(ctx, key, effect.item));
    else done.push(effect);
  }
  return done;
}

describe('the acceptor', () => {
  test('each connection gets a handler with a reader thread of its own [DISC-03]', () => {
    const ctx = makeLeaderContext();
    const accepted: HostInput = { type: 'accepted', port: 'quorum', link: 7, from: 1, address: null };
    const effects = runAs(ctx, LEARNER_CNX_ACCEPTOR, 0, () => stepLearnerCnxAcceptor(ctx, accepted));
    expect(effects.map(({ type }) => type)).toEqual(['start', 'continue']);
    expect(handlerOf(ctx, 0)).toMatchObject({ link: 7, alive: false, stage: 'info' });
  });

  test('stopped, it closes what it has just accepted and ends [LIVE-11]', () => {
    const ctx = makeLeaderContext();
    leaderOf(ctx).stopping = true;
    const accepted: HostInput = { type: 'accepted', port: 'quorum', link: 7, from: 1, address: null };
    expect(runAs(ctx, LEARNER_CNX_ACCEPTOR, 0, () => stepLearnerCnxAcceptor(ctx, accepted))).toEqual([{ type: 'close', link: 7 }]);
    expect(ctx.thread.ending).toBe(true);
    expect(leaderOf(ctx).handlers).toEqual([]);
  });
});

describe('discovery', () => {
  test('the reader starts with initLimit ticks to be heard in, and counts as synced for syncLimit more [DISC-03] [LIVE-04]', () => {
    const { ctx, key } = leading({ alive: false });
    leaderOf(ctx).tick = 3;
    const effects = read(ctx, key, { type: 'run' });
    expect(itemsOf(effects, 'start')).toEqual([{ type: 'stand-by' }]);
    expect(ctx.thread.blockedOn).toEqual({ on: 'read', link: 102, deadline: 10 * TICK_US });
    expect(handlerOf(ctx, key)).toMatchObject({ alive: true, tickOfNextAckDeadline: 3 + 10 + 5 });
  });

  test('any other first packet closes the connection [DISC-08]', () => {
    const { ctx, key } = leading();
    const effects = read(ctx, key, packet({ type: 'ACK', zxid: 0 }));
    expect(effects.map(({ type }) => type)).toEqual(['atomic', 'close', 'continue']);
    expect(handlerOf(ctx, key).closing).toBe(true);
    read(ctx, key, { type: 'remove-handler' });
    expect(leaderOf(ctx).handlers).toEqual([]);
    expect(ctx.thread.ending).toBe(true);
  });

  test('LEADERINFO with the epoch goes straight to the connection [DISC-15] [QP-17]', () => {
    const { ctx, key } = leading();
    const effects = read(ctx, key, packet({ type: 'FOLLOWERINFO', zxid: z(1, 0), sid: 2, protocolVersion: 0x10000 }));
    expect(effects).toEqual([{ type: 'send', link: 102, packet: { type: 'LEADERINFO', zxid: z(2, 0), protocolVersion: 0x10000 } }]);
    expect(handlerOf(ctx, key)).toMatchObject({ stage: 'ack-epoch', lastAcceptedEpoch: 1 });
  });

  test('OBSERVERINFO makes an observer of it, whatever the configuration says [BCAST-04]', () => {
    const { ctx, key } = leading();
    read(ctx, key, packet({ type: 'OBSERVERINFO', zxid: z(1, 0), sid: 4, protocolVersion: 0x10000 }));
    expect(handlerOf(ctx, key)).toMatchObject({ sid: 4, learnerType: 'OBSERVER' });
  });

  test('after ACKEPOCH the sync begins from its zxid [DISC-20]', () => {
    const { ctx, key } = leading({ stage: 'ack-epoch' });
    const effects = read(ctx, key, packet({ type: 'ACKEPOCH', zxid: z(1, 5), currentEpoch: 1 }));
    expect(itemsOf(effects, 'continue')).toEqual([makePlanItem('learner-sync')]);
    expect(handlerOf(ctx, key)).toMatchObject({ stage: 'sync', peerLastZxid: z(1, 5), peerEpoch: 1 });
  });

  test('a learner that is ahead loses its connection only [DISC-23]', () => {
    const { ctx, key } = leading({ stage: 'ack-epoch' });
    Object.assign(leaderOf(ctx), { electionFinished: false, summary: { currentEpoch: 1, lastZxid: z(1, 4) } });
    read(ctx, key, packet({ type: 'ACKEPOCH', zxid: z(1, 5), currentEpoch: 1 }));
    expect(handlerOf(ctx, key).closing).toBe(true);
    expect(ctx.notes).toContainEqual({ type: 'handler-closed', sid: 2, why: 'ahead' });
  });
});

describe('synchronisation', () => {
  test('what is queued from startForwarding on precedes NEWLEADER, and all in one section [SYNC-25] [SYNC-27]', () => {
    const { ctx, key } = leading({ stage: 'sync', peerLastZxid: z(1, 1) });
    Object.assign(own(ctx.parts, ctx.refs.database), { lastProcessedZxid: z(1, 2), committedLog: [txnAt(z(1, 1)), txnAt(z(1, 2))] });
    leaderOf(ctx).toBeApplied.push(txnAt(z(2, 1)));
    leaderOf(ctx).outstandingProposals.push({
      txn: txnAt(z(2, 2)),
      packet: { type: 'PROPOSAL', zxid: z(2, 2), txn: txnAt(z(2, 2)) },
      acks: [],
    });
    leaderOf(ctx).lastProposed = z(2, 2);
    const effects = runPlan(ctx, key);
    expect(queued([effects[0]!])).toEqual(['0:DIFF', '0:PROPOSAL', '0:COMMIT', '0:PROPOSAL', '0:COMMIT', '0:PROPOSAL']);
    expect(queued(effects.slice(1))).toEqual(['0:NEWLEADER']);
    expect(queuedItems(effects).map(({ zxid }) => zxid)).toEqual([z(1, 2), z(1, 2), z(1, 2), z(2, 1), z(2, 1), z(2, 2), z(2, 0)]);
    expect(signals(effects)).toEqual(['sending-0']);
    expect(leaderOf(ctx).forwardingFollowers).toEqual([key]);
    expect(ctx.thread.blockedOn).toMatchObject({ on: 'read' });
  });

  test('a snapshot is written by the reader, record by record, with the zxid of the moment [SYNC-26]', () => {
    const { ctx, key } = leading({ stage: 'sync', peerLastZxid: 0 });
    own(ctx.parts, ctx.refs.database).lastProcessedZxid = z(1, 2);
    const cursors = [{ type: 'at-1' }, { type: 'at-2' }, null];
    Object.assign(ctx.app, {
      beginSnapshot: () => ({ type: 'at-0' }),
      walkSnapshot: (_ctx: PeerContext, { type }: { type: string }) => ({
        record: { type },
        bytes: 1,
        cursor: cursors[Number(type.slice(3))] ?? null,
      }),
    });
    const sent = runPlan(ctx, key).flatMap((effect) => (effect.type === 'send' ? [effect.packet] : []));
    expect(sent.map(({ type }) => type)).toEqual(['SNAP', 'SNAPDATA', 'SNAPDATA', 'SNAPDATA', 'SNAPEND']);
    expect(sent[0]?.zxid).toBe(z(1, 2));
    expect(handlerOf(ctx, key)).toMatchObject({ needSnap: true, currentZxid: z(1, 2), syncing: 'SNAP' });
    expect(leaderOf(ctx).snapSyncs).toBe(1);
  });

  test('an eleventh observer at once is sent away, a voter never [SYNC-29]', () => {
    const { ctx, key } = leading({ stage: 'sync', peerLastZxid: 0, learnerType: 'OBSERVER' });
    own(ctx.parts, ctx.refs.database).lastProcessedZxid = z(1, 2);
    leaderOf(ctx).snapSyncs = 10;
    runPlan(ctx, key);
    expect(ctx.notes).toContainEqual({ type: 'handler-closed', sid: 2, why: 'too-many-syncs' });
    expect(leaderOf(ctx).handlers).toEqual([]);
  });

  test('the first ACK counts as that of NEWLEADER, whatever it acknowledges (ZOOKEEPER-4685) [SYNC-28]', () => {
    const { ctx, key } = leading({ stage: 'first-ack', syncing: 'DIFF' });
    Object.assign(leaderOf(ctx), { quorumFormed: false, diffSyncs: 1 });
    read(ctx, key, packet({ type: 'ACK', zxid: z(1, 6) }));
    expect(ctx.notes.map(({ type }) => type)).toContain('bad');
    expect(handlerOf(ctx, key)).toMatchObject({ stage: 'startup', limitStarted: true });
    expect(leaderOf(ctx)).toMatchObject({ newLeaderAcks: [], diffSyncs: 0 });
    expect(ctx.thread.blockedOn).toEqual({ on: 'condition', condition: SERVER_RUNNING, deadline: 20_000 });
  });

  test('anything but an ACK there ends the handler [SYNC-28]', () => {
    const { ctx, key } = leading({ stage: 'first-ack' });
    read(ctx, key, packet({ type: 'PING', zxid: 0, touches: [] }));
    expect(handlerOf(ctx, key).closing).toBe(true);
  });

  test('UPTODATE is queued once the server runs, and from then on syncLimit holds [SYNC-28] [LIVE-09]', () => {
    const { ctx, key } = leading({ stage: 'startup' });
    read(ctx, key, { type: 'timeout' });
    expect(ctx.thread.blockedOn).toMatchObject({ condition: SERVER_RUNNING });
    leaderOf(ctx).serverRunning = true;
    expect(queued(read(ctx, key, { type: 'signalled', condition: SERVER_RUNNING }))).toEqual(['0:UPTODATE']);
    expect(ctx.thread.blockedOn).toEqual({ on: 'read', link: 102, deadline: 5 * TICK_US });
  });
});

describe('the main loop', () => {
  test('every packet moves the deadline by syncLimit [LIVE-04]', () => {
    const { ctx, key } = leading({ stage: 'main' });
    leaderOf(ctx).tick = 40;
    read(ctx, key, packet({ type: 'PING', zxid: 0, touches: [] }));
    expect(handlerOf(ctx, key).tickOfNextAckDeadline).toBe(45);
  });

  test('silence for syncLimit ticks, an end of stream or an interrupt ends it [LIVE-06] [LIVE-09]', () => {
    for (const input of [{ type: 'timeout' }, { type: 'closed', link: 102, how: 'eof' }, { type: 'interrupted' }] as const) {
      const { ctx, key } = leading({ stage: 'main' });
      read(ctx, key, input);
      expect(handlerOf(ctx, key).closing).toBe(true);
    }
  });

  test('a revalidation comes back with the answer, a request goes on to be prepared [QP-06] [QP-01]', () => {
    const { ctx, key } = leading({ stage: 'main' });
    const asked: QuorumPacket = { type: 'REVALIDATE', zxid: -1, session: '1', timeoutMs: 10, connection: 3, valid: false };
    expect(queuedItems(read(ctx, key, packet(asked)))).toEqual([{ ...asked, valid: true }]);
    const request = { type: 'request', session: '1', cxid: 1 } as const;
    expect(queuedItems(read(ctx, key, packet({ type: 'REQUEST', zxid: -1, request })))).toEqual([request]);
  });
});

describe('the sender', () => {
  test('it stands by until the reader lets it go [SYNC-27]', () => {
    const { ctx, key } = leading();
    send(ctx, key, { type: 'stand-by' });
    expect(ctx.thread.blockedOn).toEqual({ on: 'condition', condition: 'sending-0', deadline: null });
    handlerOf(ctx, key).sendingThreadStarted = true;
    send(ctx, key, { type: 'signalled', condition: 'sending-0' });
    expect(ctx.thread.blockedOn).toBe(null);
  });

  test('one packet is one write, and a proposal starts the clock [SYNC-30] [BCAST-20]', () => {
    const { ctx, key } = leading({ limitStarted: true });
    ctx.now = 77;
    const proposal: QuorumPacket = { type: 'PROPOSAL', zxid: z(2, 1), txn: txnAt(z(2, 1)) };
    expect(send(ctx, key, proposal)).toEqual([{ type: 'send', link: 102, packet: proposal }]);
    expect(handlerOf(ctx, key)).toMatchObject({ limitZxid: z(2, 1), limitTime: 77 });
  });

  test('a write that fails closes the connection and ends it [LIVE-06]', () => {
    const { ctx, key } = leading();
    const failed: HostInput = { type: 'failed', effect: { type: 'send', link: 102, packet: { type: 'UPTODATE' } }, error: 'broken' };
    expect(send(ctx, key, failed)).toEqual([{ type: 'close', link: 102 }]);
    expect(ctx.thread.ending).toBe(true);
  });

  test('what is left in the queue of a closed handler is not sent [LIVE-11]', () => {
    const { ctx, key } = leading({ closing: true });
    expect(send(ctx, key, { type: 'COMMIT', zxid: z(2, 1) })).toEqual([]);
    expect(ctx.thread.ending).toBe(true);
  });
});

test('threads of a handler that is gone end [LIVE-13]', () => {
  const { ctx, key } = leading();
  leaderOf(ctx).incarnation = 2;
  read(ctx, key, { type: 'signalled', condition: 'zk' });
  expect(ctx.thread.ending).toBe(true);
  send(ctx, key, { type: 'COMMIT', zxid: z(2, 1) });
  expect(ctx.thread.ending).toBe(true);
  expect(peek(ctx.parts, ctx.refs.leader).handlers).toHaveLength(1);
});

import { expect, test } from 'vitest';
import { own, peek } from '../../src/base/parts.ts';
import { incarnationOf, keyOf, kindOf, type Effect, type HostInput, type Item } from '../../src/base/step.ts';
import { stepConnector } from '../../src/zab/connector.ts';
import type { CnxState } from '../../src/zab/election-state.ts';
import { stepListener } from '../../src/zab/listener.ts';
import { stepWorkerReceiver, stepWorkerSender } from '../../src/zab/messenger.ts';
import type { Notification, ServerState } from '../../src/zab/packet.ts';
import { addToRecvQueue, haveDelivered, RECV_CAPACITY } from '../../src/zab/quorum-cnx-manager.ts';
import { stepRecvWorker } from '../../src/zab/recv-worker.ts';
import { stepSendWorker } from '../../src/zab/send-worker.ts';
import {
  CONNECTOR,
  LISTENER,
  RECV_WORKER,
  SEND_WORKER,
  WORKER_RECEIVER,
  WORKER_SENDER,
  ZAB_THREAD_NAMES,
} from '../../src/zab/thread-kinds.ts';
import { itemsOf, makePeerConfig, makePeerContext, runStepAs, type PeerContext } from '../support/peer-context.ts';

const LINK = 100;
const makeServer = (sid = 2): PeerContext => makePeerContext(makePeerConfig(sid, [1, 2, 3], [9]));
const cnx = (ctx: PeerContext): Readonly<CnxState> => peek(ctx.parts, ctx.refs.cnx);

function makeNotification(fields: Partial<Notification> = {}): Notification {
  return { type: 'NOTIFICATION', state: 'LOOKING', leader: 2, zxid: 10, electionEpoch: 1, peerEpoch: 1, ...fields };
}

/** One step of a thread and then each `continue` it pushed, as its host runs them. Returns every effect, in short. */
function runThread(ctx: PeerContext, kind: number, incarnation: number, key: number, step: (item: Item) => unknown, item: Item): string[] {
  const effects = runStepAs(ctx, kind, incarnation, key, () => step(item));
  return effects.flatMap((effect) =>
    effect.type === 'continue' ? runThread(ctx, kind, incarnation, key, step, effect.item) : [inShort(effect)],
  );
}

function inShort(effect: Effect): string {
  if (effect.type === 'start' || effect.type === 'interrupt') {
    return `${effect.type} ${ZAB_THREAD_NAMES[kindOf(effect.thread)]} ${keyOf(effect.thread)}#${incarnationOf(effect.thread)}`;
  }
  if (effect.type === 'send') return `send ${effect.packet.type} on ${effect.link}`;
  if (effect.type === 'close') return `close ${effect.link}`;
  return effect.type;
}

const runListener = (ctx: PeerContext, item: Item | HostInput): string[] =>
  runThread(ctx, LISTENER, 0, 0, (next) => stepListener(ctx, next), item);
const runConnector = (ctx: PeerContext, sid: number, item: Item | HostInput): string[] =>
  runThread(ctx, CONNECTOR, 1, sid, (next) => stepConnector(ctx, next), item);
const runSender = (ctx: PeerContext, generation: number, item: Item | HostInput): string[] =>
  runThread(ctx, SEND_WORKER, generation, 3, (next) => stepSendWorker(ctx, next), item);
const runReceiver = (ctx: PeerContext, generation: number, item: Item | HostInput): string[] =>
  runThread(ctx, RECV_WORKER, generation, 3, (next) => stepRecvWorker(ctx, next), item);
const sendTo = (ctx: PeerContext, to: number, notification = makeNotification()): string[] =>
  runThread(ctx, WORKER_SENDER, 0, 0, (next) => stepWorkerSender(ctx, next), { type: 'to-send', to, notification } as Item);

/** Server `sid` dials this one. */
function accept(ctx: PeerContext, sid: number, link = LINK): string[] {
  const packet = { type: 'INITIAL', sid } as Item;
  return [
    ...runListener(ctx, { type: 'accepted', port: 'election', link, from: 0, address: null }),
    ...runListener(ctx, { type: 'packet', link, packet, zxid: 0 }),
  ];
}

test('a message opens the connection, and while one attempt is under way there is no other [CNX-05]', () => {
  const ctx = makeServer();
  expect(sendTo(ctx, 3)).toEqual(['start Connector 3#1']);
  expect(sendTo(ctx, 3)).toEqual([]);
  expect(sendTo(ctx, 1)).toEqual(['start Connector 1#2']);
  runConnector(ctx, 3, { type: 'refused' });
  expect(ctx.thread.ending).toBe(true);
  expect(sendTo(ctx, 3)).toEqual(['start Connector 3#3']);
});

test('a server that is not in the configuration is not dialled [CNX-06]', () => {
  const ctx = makeServer();
  expect(sendTo(ctx, 5)).toEqual([]);
});

test('a newer message takes the place of one that was not sent [CNX-07]', () => {
  const ctx = makeServer();
  sendTo(ctx, 3, makeNotification({ leader: 1 }));
  sendTo(ctx, 3, makeNotification({ leader: 2 }));
  expect(cnx(ctx).queues).toMatchObject([{ sid: 3, message: { leader: 2 } }]);
  expect(ctx.notes).toEqual([{ type: 'send-queue-overwritten', peer: 3 }]);
});

test('the receive queue drops the oldest of more than 100 [CNX-08]', () => {
  const ctx = makeServer();
  for (let i = 0; i <= RECV_CAPACITY; i++) addToRecvQueue(ctx, 3, makeNotification({ zxid: i }));
  expect(cnx(ctx).received.length).toBe(100);
  expect(cnx(ctx).received[0]?.notification.zxid).toBe(1);
});

test('a message to itself never sees a connection [CNX-09]', () => {
  const ctx = makeServer();
  expect(sendTo(ctx, 2)).toEqual(['signal']);
  expect(cnx(ctx).received).toMatchObject([{ sid: 2 }]);
  expect(cnx(ctx).queues).toEqual([]);
});

test('the smaller id shows itself and hangs up [CNX-01, CNX-02]', () => {
  const ctx = makeServer(2);
  sendTo(ctx, 3);
  expect(runConnector(ctx, 3, { type: 'run' })).toEqual(['connect']);
  expect(ctx.thread.blockedOn).toEqual({ on: 'connect', deadline: 5_000_000 });
  expect(runConnector(ctx, 3, { type: 'connected', link: LINK })).toEqual([`send INITIAL on ${LINK}`, `close ${LINK}`]);
  expect(ctx.thread.ending).toBe(true);
  expect(cnx(ctx)).toMatchObject({ dialling: [], senders: [] });
});

test('the larger id keeps the connection it dialled [CNX-01]', () => {
  const ctx = makeServer(2);
  sendTo(ctx, 1);
  const effects = runConnector(ctx, 1, { type: 'connected', link: LINK });
  expect(effects).toEqual([`send INITIAL on ${LINK}`, 'start SendWorker 1#2', 'start RecvWorker 1#2']);
  expect(ctx.thread.ending).toBe(true);
  expect(cnx(ctx)).toMatchObject({ dialling: [], senders: [{ sid: 1, generation: 2 }] });
});

test('a dial that fails is over, and closes what it had [CNX-05]', () => {
  const ctx = makeServer(2);
  sendTo(ctx, 1);
  const packet = { type: 'INITIAL', sid: 2 } as Item;
  expect(runConnector(ctx, 1, { type: 'failed', effect: { type: 'send', link: LINK, packet }, error: 'broken' })).toEqual([
    `close ${LINK}`,
  ]);
  expect(cnx(ctx).dialling).toEqual([]);
});

test('the larger id takes a dial of a smaller as a request to dial, and ends the sender it had [CNX-02]', () => {
  const ctx = makeServer(2);
  expect(accept(ctx, 1)).toEqual([`close ${LINK}`, 'start Connector 1#1']);
  runConnector(ctx, 1, { type: 'connected', link: LINK + 1 });
  const effects = accept(ctx, 1, LINK + 2);
  expect(effects).toEqual([`close ${LINK + 1}`, 'interrupt SendWorker 1#2', `close ${LINK + 2}`, 'start Connector 1#3']);
  expect(ctx.thread.blockedOn).toEqual({ on: 'accept', port: 'election' });
});

test('a sender whose end has only begun elsewhere does not keep a handed-over dial from being answered [CNX-02]', () => {
  const ctx = makeServer(2);
  accept(ctx, 1);
  runConnector(ctx, 1, { type: 'connected', link: LINK + 1 });
  runStepAs(ctx, RECV_WORKER, 2, 1, () => stepRecvWorker(ctx, { type: 'closed', link: LINK + 1, how: 'eof' } as Item));
  expect(cnx(ctx).senders).toEqual([{ sid: 1, generation: 2 }]); // its remove-sender is still to come
  expect(accept(ctx, 1, LINK + 2)).toEqual([`close ${LINK + 2}`, 'start Connector 1#3']);
});

test('the smaller id keeps what it accepts and replaces the pair before [CNX-03]', () => {
  const ctx = makeServer(2);
  expect(accept(ctx, 3)).toEqual(['start SendWorker 3#1', 'start RecvWorker 3#1']);
  const effects = accept(ctx, 3, LINK + 1);
  expect(effects).toEqual([`close ${LINK}`, 'interrupt SendWorker 3#1', 'start SendWorker 3#2', 'start RecvWorker 3#2']);
  expect(cnx(ctx).senders).toEqual([{ sid: 3, generation: 2 }]);
  expect(cnx(ctx).workers).toEqual([{ sid: 3, generation: 2, link: LINK + 1 }]);
});

test('a connection from the own id is left alone [CNX-04]', () => {
  const ctx = makeServer(2);
  expect(accept(ctx, 2)).toEqual([]);
  expect(ctx.thread.blockedOn).toEqual({ on: 'accept', port: 'election' });
});

test('the first message is awaited on the accept thread, for a tick times syncLimit [CNX-15, CNX-17]', () => {
  const ctx = makeServer();
  runListener(ctx, { type: 'accepted', port: 'election', link: LINK, from: 0, address: null });
  expect(ctx.thread.blockedOn).toEqual({ on: 'read', link: LINK, deadline: 10_000_000 });
  expect(runListener(ctx, { type: 'timeout' })).toEqual([`close ${LINK}`]);
  expect(ctx.thread.blockedOn).toEqual({ on: 'accept', port: 'election' });
  runListener(ctx, { type: 'accepted', port: 'election', link: LINK + 1, from: 0, address: null });
  expect(runListener(ctx, { type: 'closed', link: LINK + 1, how: 'reset' })).toEqual([`close ${LINK + 1}`]);
  runListener(ctx, { type: 'accepted', port: 'election', link: LINK + 2, from: 0 });
  expect(runListener(ctx, { type: 'packet', link: LINK + 2, packet: makeNotification(), zxid: 0 })).toEqual([`close ${LINK + 2}`]);
});

test('the process ends when the election port cannot be bound three times [CNX-16]', () => {
  const ctx = makeServer();
  const failed: HostInput = { type: 'failed', effect: { type: 'listen', port: 'election' }, error: 'io' };
  expect(runListener(ctx, { type: 'run' })).toEqual(['listen']);
  expect(runListener(ctx, failed)).toEqual([]);
  expect(ctx.thread.blockedOn).toEqual({ on: 'sleep', until: 1_000_000 });
  expect(runListener(ctx, { type: 'timeout' })).toEqual(['listen']);
  expect(runListener(ctx, failed)).toEqual([]);
  expect(runListener(ctx, failed)).toEqual(['exit']);
});

test('a new sender resends the last message, a waiting one goes instead [CNX-10]', () => {
  const ctx = makeServer();
  accept(ctx, 3);
  expect(runSender(ctx, 1, { type: 'run' })).toEqual([]);
  sendTo(ctx, 3, makeNotification({ leader: 1 }));
  expect(runSender(ctx, 1, { type: 'signalled', condition: '' })).toEqual([`send NOTIFICATION on ${LINK}`]);
  accept(ctx, 3, LINK + 1);
  const again = runStepAs(ctx, SEND_WORKER, 2, 3, () => stepSendWorker(ctx, { type: 'run' }));
  expect(again).toMatchObject([{ type: 'send', link: LINK + 1, packet: { leader: 1 } }]);
  accept(ctx, 3, LINK + 2);
  sendTo(ctx, 3, makeNotification({ leader: 3 }));
  const newer = runStepAs(ctx, SEND_WORKER, 3, 3, () => stepSendWorker(ctx, { type: 'run' }));
  expect(newer).toMatchObject([{ type: 'send', link: LINK + 2, packet: { leader: 3 } }]);
});

test('a message is remembered before it is written, and a failed write does not queue it again [CNX-11]', () => {
  const ctx = makeServer();
  accept(ctx, 3);
  sendTo(ctx, 3);
  const sent = runStepAs(ctx, SEND_WORKER, 1, 3, () => stepSendWorker(ctx, { type: 'signalled' }));
  runSender(ctx, 1, { type: 'failed', effect: sent[0]!, error: 'broken' });
  expect(cnx(ctx).queues).toMatchObject([{ sid: 3, message: null, lastSent: { leader: 2 } }]);
});

test('a finished sender that was woken before still takes the message, which is then nowhere but in lastMessageSent [CNX-11]', () => {
  const ctx = makeServer();
  accept(ctx, 3);
  sendTo(ctx, 3);
  accept(ctx, 3, LINK + 1);
  expect(runSender(ctx, 1, { type: 'signalled', condition: '' })).toEqual([]);
  expect(ctx.thread.ending).toBe(true);
  expect(cnx(ctx).queues).toMatchObject([{ message: null, lastSent: { leader: 2 } }]);
  expect(cnx(ctx).senders).toEqual([{ sid: 3, generation: 2 }]);
});

test('workers wait without a deadline: for a message, and for a packet [CNX-12]', () => {
  const ctx = makeServer();
  accept(ctx, 3);
  runSender(ctx, 1, { type: 'run' });
  expect(ctx.thread.blockedOn).toMatchObject({ on: 'condition', deadline: null });
  runReceiver(ctx, 1, { type: 'run' });
  expect(ctx.thread.blockedOn).toEqual({ on: 'read', link: LINK, deadline: null });
});

test('either failure ends both workers; the queue stays, and the next message dials [CNX-13]', () => {
  const ctx = makeServer();
  accept(ctx, 3);
  sendTo(ctx, 3);
  expect(runReceiver(ctx, 1, { type: 'closed', link: LINK, how: 'reset' })).toEqual([`close ${LINK}`, 'interrupt SendWorker 3#1']);
  expect(ctx.thread.ending).toBe(true);
  expect(cnx(ctx)).toMatchObject({ senders: [], workers: [], queues: [{ sid: 3, message: { leader: 2 } }] });
  expect(runSender(ctx, 1, { type: 'interrupted' })).toEqual([]);
  expect(ctx.thread.ending).toBe(true);
  expect(sendTo(ctx, 3)).toEqual(['start Connector 3#2']);
  accept(ctx, 3, LINK + 1);
  const failure = { type: 'failed', effect: { type: 'close', link: LINK }, error: 'broken' } as const;
  expect(runSender(ctx, 3, failure)).toEqual([`close ${LINK + 1}`]);
  expect(cnx(ctx).senders).toEqual([]);
});

test('until the end of a sender is complete nobody dials [CNX-13]', () => {
  const ctx = makeServer();
  accept(ctx, 3);
  const effects = runStepAs(ctx, RECV_WORKER, 1, 3, () => stepRecvWorker(ctx, { type: 'closed' }));
  expect(sendTo(ctx, 3)).toEqual(['signal']);
  runReceiver(ctx, 1, itemsOf(effects, 'continue')[0]!);
  expect(sendTo(ctx, 3)).toEqual(['start Connector 3#2']);
});

test('anything but a notification breaks the connection [CNX-14]', () => {
  const ctx = makeServer();
  accept(ctx, 3);
  expect(runReceiver(ctx, 1, { type: 'packet', link: LINK, packet: { type: 'PING' }, zxid: 0 })).toEqual([
    `close ${LINK}`,
    'interrupt SendWorker 3#1',
  ]);
});

test('delivered means that one queue is empty; no queue is none [CNX-18]', () => {
  const ctx = makeServer();
  expect(haveDelivered(cnx(ctx))).toBe(false);
  sendTo(ctx, 3);
  expect(haveDelivered(cnx(ctx))).toBe(false);
  accept(ctx, 1);
  expect(haveDelivered(cnx(ctx))).toBe(false);
  runConnector(ctx, 1, { type: 'connected', link: LINK });
  expect(haveDelivered(cnx(ctx))).toBe(true);
});

/** A message of `sid` comes up to WorkerReceiver; what it gives to WorkerSender in the end. */
function receive(ctx: PeerContext, sid: number, notification: Notification, between = (): void => {}): readonly unknown[] {
  addToRecvQueue(ctx, sid, notification);
  const first = runStepAs(ctx, WORKER_RECEIVER, 0, 0, () => stepWorkerReceiver(ctx, { type: 'signalled' }));
  between();
  return itemsOf(first, 'continue').flatMap((item) => {
    return itemsOf(
      runStepAs(ctx, WORKER_RECEIVER, 0, 0, () => stepWorkerReceiver(ctx, item)),
      'enqueue',
    );
  });
}

function inState(state: ServerState): PeerContext {
  const ctx = makeServer();
  const vote = { leader: 3, zxid: 10, electionEpoch: 4, peerEpoch: 7 };
  Object.assign(own(ctx.parts, ctx.refs.peer), { state, currentVote: vote });
  Object.assign(own(ctx.parts, ctx.refs.election), { logicalclock: 6, proposal: { ...vote, leader: 1, electionEpoch: 6 } });
  return ctx;
}

const toLookForLeader = (ctx: PeerContext): number[] => peek(ctx.parts, ctx.refs.election).recvqueue.map(({ sid }) => sid);

test.each(['LOOKING', 'FOLLOWING', 'LEADING'] as const)(
  'an observer is told the vote with the logicalclock, in state %s [ELEC-05, ELEC-09]',
  (state) => {
    const ctx = inState(state);
    const replies = receive(ctx, 9, makeNotification());
    expect(replies).toMatchObject([{ to: 9, notification: { state, leader: 3, zxid: 10, electionEpoch: 6, peerEpoch: 7 } }]);
    expect(toLookForLeader(ctx)).toEqual([]);
  },
);

test('a LOOKING server takes every voter for its election, and answers one of a smaller round with its proposal [ELEC-06]', () => {
  const ctx = inState('LOOKING');
  expect(receive(ctx, 3, makeNotification({ electionEpoch: 6 }))).toEqual([]);
  expect(receive(ctx, 1, makeNotification({ state: 'LEADING', electionEpoch: 5 }))).toEqual([]);
  expect(receive(ctx, 3, makeNotification({ electionEpoch: 5 }))).toMatchObject([
    { to: 3, notification: { state: 'LOOKING', leader: 1, electionEpoch: 6, peerEpoch: 7 } },
  ]);
  expect(toLookForLeader(ctx)).toEqual([3, 1, 3]);
});

test('a server with a role answers those who look with its stored vote, and nobody else [ELEC-07, ELEC-09]', () => {
  const ctx = inState('FOLLOWING');
  expect(receive(ctx, 1, makeNotification())).toMatchObject([
    { to: 1, notification: { state: 'FOLLOWING', leader: 3, zxid: 10, electionEpoch: 4, peerEpoch: 7 } },
  ]);
  expect(receive(ctx, 3, makeNotification({ state: 'LEADING' }))).toEqual([]);
  expect(toLookForLeader(ctx)).toEqual([]);
});

test('a role that ends between the look at the state and the reply makes the reply say LOOKING [ELEC-07]', () => {
  const ctx = inState('FOLLOWING');
  const endRole = (): void => {
    own(ctx.parts, ctx.refs.peer).state = 'LOOKING';
  };
  expect(receive(ctx, 1, makeNotification(), endRole)).toMatchObject([{ notification: { state: 'LOOKING', leader: 3, electionEpoch: 4 } }]);
});

test('an election that ends between the look at the state and the offer leaves a message for the next one [ELEC-06]', () => {
  const ctx = inState('LOOKING');
  const endElection = (): void => {
    own(ctx.parts, ctx.refs.peer).state = 'FOLLOWING';
  };
  receive(ctx, 3, makeNotification({ electionEpoch: 6 }), endElection);
  expect(toLookForLeader(ctx)).toEqual([3]);
});

test('the election may say as much as it likes, of what a slow peer has not been sent only the last is left [ELEC-10, CNX-07]', () => {
  const ctx = makeServer();
  for (let round = 1; round <= 5; round++) sendTo(ctx, 3, makeNotification({ electionEpoch: round }));
  accept(ctx, 3);
  const sent = runStepAs(ctx, SEND_WORKER, 2, 3, () => stepSendWorker(ctx, { type: 'run' }));
  expect(sent).toMatchObject([{ type: 'send', packet: { electionEpoch: 5 } }]);
});

/**
 * State of Leader and its LearnerHandlers. Written by their modules only. One Leader object exists per term as leader; its `incarnation`
 * tells threads of an earlier term, which may still run, that this is no longer theirs.
 */
import { allot, makePartKind, own, peek, release, type Parts, type Ref } from '../base/parts.ts';
import type { Block, LinkId, ThreadId } from '../base/step.ts';
import { noZxid, type Zxid } from '../base/zxid.ts';
import type { QuorumPacket } from './packet.ts';
import type { OpaqueRequest, Txn } from './txn.ts';

export interface Proposal {
  readonly txn: Txn;
  /** The packet for every follower's queue. */
  readonly packet: QuorumPacket;
  /** Sids in ascending order. */
  acks: number[];
}

/** LearnerSyncRequests that wait for the commit of `zxid` (SYNCOP-02). */
export interface PendingSync {
  readonly zxid: Zxid;
  readonly handler: number;
  readonly request: OpaqueRequest;
}

/** StateSummary (DISC-21). */
export interface StateSummary {
  readonly currentEpoch: number;
  readonly lastZxid: Zxid;
}

/** Where the QuorumPeer thread is inside Leader.lead. */
export type LeaderStage = 'load' | 'epoch' | 'epoch-ack' | 'current-epoch' | 'newleader-ack' | 'start-server' | 'broadcast' | 'shutdown';

export interface LeaderState {
  /** Role incarnation of this Leader object; -1 before the process first leads. */
  incarnation: number;
  stage: LeaderStage;
  /** Deadline of the condition wait the QuorumPeer thread is in; -1 when in none. */
  waitDeadline: number;
  tick: number;
  tickSkip: boolean;
  /** Discovery (DISC-10). */
  epoch: number;
  waitingForNewEpoch: boolean;
  connectingFollowers: number[];
  /** A learner has accepted this later epoch (DISC-13); -1 for none. */
  newerEpoch: number;
  /** The thread that writes acceptedEpoch, and so holds the monitor of connectingFollowers; -1 for none. */
  epochWriter: ThreadId;
  /** Discovery (DISC-20). */
  summary: StateSummary;
  electingFollowers: number[];
  electionFinished: boolean;
  /** NEWLEADER (DISC-27). */
  newLeaderAcks: number[];
  quorumFormed: boolean;
  /** LeaderZooKeeperServer is RUNNING. */
  serverRunning: boolean;
  /** It was when the shutdown began. */
  serverWasRunning: boolean;
  /** The join that the shutdown plan is in. */
  joining: Block | null;
  /** LearnerCnxAcceptor.stop, and Leader.shutdown has begun. */
  stopping: boolean;
  /** Leader.propose has met the last counter (BCAST-01). */
  counterExhausted: boolean;
  /** Broadcast. */
  lastProposed: Zxid;
  lastCommitted: Zxid;
  outstandingProposals: Proposal[];
  toBeApplied: Txn[];
  pendingSyncs: PendingSync[];
  /** All learner handlers, by ascending key. */
  handlers: { readonly key: number; readonly ref: Ref<LearnerHandlerState> }[];
  nextHandler: number;
  /** Keys of handlers past startForwarding (BCAST-04). */
  forwardingFollowers: number[];
  observingLearners: number[];
  /** LearnerSyncThrottler (SYNC-29). */
  snapSyncs: number;
  diffSyncs: number;
}

/** What the reader thread of a LearnerHandler is doing. */
export type HandlerStage = 'info' | 'epoch' | 'ack-epoch' | 'epoch-ack' | 'sync' | 'first-ack' | 'newleader-ack' | 'startup' | 'main';

export interface LearnerHandlerState {
  readonly key: number;
  readonly link: LinkId;
  sid: number;
  learnerType: 'PARTICIPANT' | 'OBSERVER';
  stage: HandlerStage;
  /** Thread.isAlive and in Leader.learners: from the first step of the reader to its last. */
  alive: boolean;
  closing: boolean;
  waitDeadline: number;
  tickOfNextAckDeadline: number;
  lastAcceptedEpoch: number;
  /** From ACKEPOCH. */
  peerEpoch: number;
  peerLastZxid: Zxid;
  /** Last zxid the sync decision covers: where forwarding begins. */
  currentZxid: Zxid;
  /** Which throttler counts this sync. */
  syncing: 'none' | 'SNAP' | 'DIFF';
  needSnap: boolean;
  sendingThreadStarted: boolean;
  newLeaderAckZxid: Zxid;
  /** SyncLimitCheck (BCAST-20): zxid 0 means none. */
  limitStarted: boolean;
  limitZxid: Zxid;
  limitTime: number;
  limitNextZxid: Zxid;
  limitNextTime: number;
}

export const LEADER = makePartKind<LeaderState>('leader', { copy: copyLeader, skip: ['waitDeadline', 'tick', 'ref'] });

function copyLeader(part: LeaderState): LeaderState {
  return {
    incarnation: part.incarnation,
    stage: part.stage,
    waitDeadline: part.waitDeadline,
    tick: part.tick,
    tickSkip: part.tickSkip,
    epoch: part.epoch,
    waitingForNewEpoch: part.waitingForNewEpoch,
    connectingFollowers: part.connectingFollowers.slice(),
    newerEpoch: part.newerEpoch,
    epochWriter: part.epochWriter,
    summary: part.summary,
    electingFollowers: part.electingFollowers.slice(),
    electionFinished: part.electionFinished,
    newLeaderAcks: part.newLeaderAcks.slice(),
    quorumFormed: part.quorumFormed,
    serverRunning: part.serverRunning,
    serverWasRunning: part.serverWasRunning,
    joining: part.joining,
    stopping: part.stopping,
    counterExhausted: part.counterExhausted,
    lastProposed: part.lastProposed,
    lastCommitted: part.lastCommitted,
    outstandingProposals: part.outstandingProposals.map(({ txn, packet, acks }) => ({ txn, packet, acks: acks.slice() })),
    toBeApplied: part.toBeApplied.slice(),
    pendingSyncs: part.pendingSyncs.slice(),
    handlers: part.handlers.slice(),
    nextHandler: part.nextHandler,
    forwardingFollowers: part.forwardingFollowers.slice(),
    observingLearners: part.observingLearners.slice(),
    snapSyncs: part.snapSyncs,
    diffSyncs: part.diffSyncs,
  };
}

/** Its link, of which there is one in the world, says where it belongs. */
export const LEARNER_HANDLER_PART = makePartKind<LearnerHandlerState>('learner-handler', {
  copy: copyHandler,
  skip: ['waitDeadline', 'tickOfNextAckDeadline', 'limitTime', 'limitNextTime'],
  named: true,
});

function copyHandler(part: LearnerHandlerState): LearnerHandlerState {
  return {
    key: part.key,
    link: part.link,
    sid: part.sid,
    learnerType: part.learnerType,
    stage: part.stage,
    alive: part.alive,
    closing: part.closing,
    waitDeadline: part.waitDeadline,
    tickOfNextAckDeadline: part.tickOfNextAckDeadline,
    lastAcceptedEpoch: part.lastAcceptedEpoch,
    peerEpoch: part.peerEpoch,
    peerLastZxid: part.peerLastZxid,
    currentZxid: part.currentZxid,
    syncing: part.syncing,
    needSnap: part.needSnap,
    sendingThreadStarted: part.sendingThreadStarted,
    newLeaderAckZxid: part.newLeaderAckZxid,
    limitStarted: part.limitStarted,
    limitZxid: part.limitZxid,
    limitTime: part.limitTime,
    limitNextZxid: part.limitNextZxid,
    limitNextTime: part.limitNextTime,
  };
}

export function makeLeaderState(incarnation: number): LeaderState {
  return {
    incarnation,
    stage: 'load',
    waitDeadline: -1,
    tick: 0,
    tickSkip: true,
    epoch: -1,
    waitingForNewEpoch: true,
    connectingFollowers: [],
    newerEpoch: -1,
    epochWriter: -1,
    summary: { currentEpoch: -1, lastZxid: noZxid },
    electingFollowers: [],
    electionFinished: false,
    newLeaderAcks: [],
    quorumFormed: false,
    serverRunning: false,
    serverWasRunning: false,
    joining: null,
    stopping: false,
    counterExhausted: false,
    lastProposed: 0,
    lastCommitted: noZxid,
    outstandingProposals: [],
    toBeApplied: [],
    pendingSyncs: [],
    handlers: [],
    nextHandler: 0,
    forwardingFollowers: [],
    observingLearners: [],
    snapSyncs: 0,
    diffSyncs: 0,
  };
}

/** A handler for a connection just accepted. The reader thread makes itself known in its first step. */
export function allotHandler(parts: Parts, leader: LeaderState, link: LinkId): number {
  const key = leader.nextHandler++;
  const handler: LearnerHandlerState = {
    key,
    link,
    sid: 0,
    learnerType: 'PARTICIPANT',
    stage: 'info',
    alive: false,
    closing: false,
    waitDeadline: -1,
    tickOfNextAckDeadline: 0,
    lastAcceptedEpoch: -1,
    peerEpoch: -1,
    peerLastZxid: noZxid,
    currentZxid: noZxid,
    syncing: 'none',
    needSnap: false,
    sendingThreadStarted: false,
    newLeaderAckZxid: noZxid,
    limitStarted: false,
    limitZxid: 0,
    limitTime: 0,
    limitNextZxid: 0,
    limitNextTime: 0,
  };
  leader.handlers.push({ key, ref: allot(parts, LEARNER_HANDLER_PART, handler) });
  return key;
}

/** Leader.removeLearnerHandler: out of every list, and its memory is free. */
export function removeHandler(parts: Parts, leader: LeaderState, key: number): void {
  const index = leader.handlers.findIndex((entry) => entry.key === key);
  const entry = leader.handlers[index];
  if (entry === undefined) return;
  const { syncing } = peek(parts, entry.ref);
  if (syncing === 'SNAP') leader.snapSyncs -= 1;
  if (syncing === 'DIFF') leader.diffSyncs -= 1;
  leader.handlers.splice(index, 1);
  removeFrom(leader.forwardingFollowers, key);
  removeFrom(leader.observingLearners, key);
  release(parts, entry.ref);
}

/** The memory of the Leader object's handlers goes with the process or with the next term. */
export function releaseHandlers(parts: Parts, ref: Ref<LeaderState>): void {
  if (peek(parts, ref).handlers.length === 0) return;
  const leader = own(parts, ref);
  for (const { ref: handler } of leader.handlers) release(parts, handler);
  leader.handlers = [];
}

export function handlerRef(leader: Readonly<LeaderState>, key: number): Ref<LearnerHandlerState> | null {
  for (const entry of leader.handlers) if (entry.key === key) return entry.ref;
  return null;
}

/** Adds to an ascending list of sids; false when it was there. */
export function addSid(sids: number[], sid: number): boolean {
  let at = sids.length;
  while (at > 0 && (sids[at - 1] ?? sid) > sid) at--;
  if (sids[at - 1] === sid) return false;
  sids.push(sid);
  for (let i = sids.length - 1; i > at; i--) sids[i] = sids[i - 1] ?? sid;
  sids[at] = sid;
  return true;
}

function removeFrom(list: number[], value: number): void {
  const index = list.indexOf(value);
  if (index !== -1) list.splice(index, 1);
}

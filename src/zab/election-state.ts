/** State of QuorumCnxManager and FastLeaderElection. Written by their modules only. */
import { makePartKind } from '../base/parts.ts';
import type { LinkId } from '../base/step.ts';
import type { Notification } from './packet.ts';
import { LONG_MIN_VALUE, type Vote } from './vote.ts';
import type { VoteSet } from './vote-set.ts';

/** A notification with the id of the server it came from. */
export interface HeardNotification {
  readonly sid: number;
  readonly notification: Notification;
}

/** One entry of queueSendMap with that of lastMessageSent; exists from the first message or connection on. */
export interface SendQueue {
  readonly sid: number;
  /** CNX-07: at most one message waits; a newer one takes its place. */
  message: Notification | null;
  /** CNX-10, CNX-11. */
  lastSent: Notification | null;
}

/** A SendWorker and RecvWorker pair that is `running`; leaves the list at the start of SendWorker.finish. */
export interface CnxWorker {
  readonly sid: number;
  /** Incarnation of its two threads: pairs of one sid may be alive at the same time. */
  readonly generation: number;
  readonly link: LinkId;
}

/** QuorumCnxManager. Lists by sid are ascending. */
export interface CnxState {
  queues: SendQueue[];
  /** senderWorkerMap; an entry stays until its worker's finish has closed the socket. */
  senders: { readonly sid: number; readonly generation: number }[];
  workers: CnxWorker[];
  /** inprogressConnections (CNX-05). */
  dialling: number[];
  /** recvQueue (CNX-08). */
  received: HeardNotification[];
  /** The accepted connection whose first message the Listener waits for (CNX-17). */
  handshake: LinkId | null;
  /** Worker pairs and dials so far. */
  generations: number;
  /** Failed binds in a row (CNX-16). */
  bindFailures: number;
}

/** FastLeaderElection. */
export interface ElectionState {
  /** Where lookForLeader is: not called, in its loop, in the finalizeWait (ELEC-25), or returning. */
  stage: 'idle' | 'looking' | 'finalizing' | 'leaving';
  /** The round. Not durable (ID-07). */
  logicalclock: number;
  /** proposedLeader, proposedZxid, proposedEpoch; electionEpoch is the logicalclock they were set in. */
  proposal: Vote;
  recvqueue: HeardNotification[];
  recvset: VoteSet;
  outofelection: VoteSet;
  notTimeoutUs: number;
  /** When the poll that is under way gives up; null between polls. */
  deadline: number | null;
}

export const CNX = makePartKind<CnxState>('cnx', { copy: copyCnx });
export const ELECTION = makePartKind<ElectionState>('election', { copy: copyElection, skip: ['deadline', 'notTimeoutUs'] });

export function makeCnxState(): CnxState {
  return { queues: [], senders: [], workers: [], dialling: [], received: [], handshake: null, generations: 0, bindFailures: 0 };
}

export function makeElectionState(): ElectionState {
  return {
    stage: 'idle',
    logicalclock: 0,
    proposal: { leader: LONG_MIN_VALUE, zxid: LONG_MIN_VALUE, electionEpoch: 0, peerEpoch: LONG_MIN_VALUE },
    recvqueue: [],
    recvset: [],
    outofelection: [],
    notTimeoutUs: 0,
    deadline: null,
  };
}

function copyCnx(cnx: CnxState): CnxState {
  return {
    queues: cnx.queues.map(copyQueue),
    senders: cnx.senders.slice(),
    workers: cnx.workers.slice(),
    dialling: cnx.dialling.slice(),
    received: cnx.received.slice(),
    handshake: cnx.handshake,
    generations: cnx.generations,
    bindFailures: cnx.bindFailures,
  };
}

function copyQueue({ sid, message, lastSent }: SendQueue): SendQueue {
  return { sid, message, lastSent };
}

function copyElection(election: ElectionState): ElectionState {
  return {
    stage: election.stage,
    logicalclock: election.logicalclock,
    proposal: election.proposal,
    recvqueue: election.recvqueue.slice(),
    recvset: election.recvset.slice(),
    outofelection: election.outofelection.slice(),
    notTimeoutUs: election.notTimeoutUs,
    deadline: election.deadline,
  };
}

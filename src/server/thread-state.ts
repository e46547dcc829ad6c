/**
 * Memory of the server's threads: the client connections of the process, and for each role the state of its request processors and its
 * session tracker. A role's threads may outlive it, so each role has a state of its own, found by its incarnation: nothing that an old
 * thread still does can reach the queues of the new one.
 */
import { copyDeque, makeDeque, type Deque } from '../base/deque.ts';
import { allot, makePartKind, replace, type Parts, type Ref } from '../base/parts.ts';
import type { Item, LinkId } from '../base/step.ts';
import { copyTable, makeTable, type Table } from '../base/table.ts';
import type { Zxid } from '../base/zxid.ts';
import type { Txn } from '../zab/txn.ts';
import type { Id } from './protocol.ts';
import type { Owner, ServerRequest } from './request.ts';
import { makeServerStats, serverStatsKind, type ServerStats } from './server-stats.ts';

/** Generation * 2^20 + slot: never used twice in one process. */
export type ConnectionId = number;

/** ServerCnxn: one client's connection. */
export interface Connection {
  readonly id: ConnectionId;
  readonly link: LinkId;
  /** Host and port of the other end. */
  readonly address: string;
  /** The role whose server object it was accepted for; -1 when none was published: its first frame will close it (LIVE-21). */
  readonly role: number;
  /** connecting: the ConnectRequest is under way and nothing is read (SESS-04). */
  stage: 'new' | 'connecting' | 'established';
  session: string;
  timeoutMs: number;
  /** False for a client from before 3.4 (WIRE-04). */
  knowsReadOnly: boolean;
  /** ServerCnxn.authInfo: what it has proved so far; replaced, never changed (ACL-08 to ACL-10). */
  authInfo: readonly Id[];
  /** Requests that are not answered, those with an xid (THR-02). */
  outstandingCount: number;
  /** Not read until it has fewer (THR-02). */
  throttled: boolean;
}

/** NIOServerCnxnFactory: as old as the process. */
export interface ConnectionsState {
  slots: (Connection | null)[];
  /** The slots of closed connections, descending: the lowest is used again first. */
  freeSlots: number[];
  generations: number[];
  /** ServerCnxnFactory.ipMap: connections by host (SESS-35). */
  perHost: Table<number>;
  /** sessionMap: the connection that speaks for a session here. */
  bySession: Table<ConnectionId>;
  /** Incarnation of the role that serves clients, -1 for none (LIVE-22). */
  published: number;
  /** Sessions created by this process, for their ids. */
  sessionsCreated: number;
}

export type Role = 'leader' | 'follower' | 'observer' | 'standalone';

/** Does this server decide by itself what becomes of its clients' writes and sessions? */
export function isInCharge(role: Role): boolean {
  return role === 'leader' || role === 'standalone';
}

/** A commit on its way to be applied: of a transaction, or of a learner's own sync (SYNCOP-03). */
export type Committed =
  | { readonly type: 'commit'; readonly zxid: Zxid; readonly txn: Txn }
  | { readonly type: 'commit-sync'; readonly request: ServerRequest };

/** A request in the RequestThrottler's queue, with its connection's timeout and when it came. */
export interface ThrottledItem extends Item {
  readonly type: 'submitted';
  readonly request: ServerRequest;
  readonly timeoutMs: number;
  readonly createdMs: number;
}

/** The request processors of one role, from setupRequestProcessors to the end of their threads. */
export interface RequestProcessors {
  readonly incarnation: number;
  readonly role: Role;
  /** A learner's connection to its leader; null on the leader. */
  readonly leaderLink: LinkId | null;
  /** Set at shutdown: what is queued is dropped, threads end when they look. */
  stopped: boolean;
  /** The CommitProcessor's main thread has ended. */
  ended: boolean;
  /** ZooKeeperServer.hzxid: the last zxid given out (ID-03), leader only. */
  hzxid: Zxid;
  /** CommitProcessor: requests in order of arrival, not yet looked at. */
  readonly queuedRequests: Deque<ServerRequest>;
  /** Those of them, and of the pending ones, that wait for a commit. */
  readonly queuedWriteRequests: Deque<ServerRequest>;
  readonly committedRequests: Deque<Committed>;
  /** Requests of a session from its first uncommitted write on. */
  readonly pendingRequests: Table<ServerRequest[]>;
  /** ZooKeeperServer.requestsInProcess: of this server's own clients. */
  requestsInProcess: number;
  /** RequestThrottler: how many wait in its queue, the one that it holds back, and connections of which it has dropped one (THR-03). */
  inflight: number;
  held: ThrottledItem | null;
  readonly dropped: Table<true>;
  /** Reads at the workers. */
  numRequestsProcessing: number;
  /** The main thread waits until no read is under way (COMMIT-04). */
  waitsForEmptyPool: boolean;
  /** Requests that came after the main thread's last look and before it slept: their wake-ups find nobody asleep (ZOOKEEPER-4537). */
  unheard: number;
  /** Learner.pendingRevalidations: the connection that waits for the leader's word on its session (SESS-13). */
  readonly pendingRevalidations: Table<ConnectionId>;
  /** FollowerZooKeeperServer.pendingSyncs, oldest first: SYNC names none of them (SYNCOP-03). */
  readonly pendingSyncs: ServerRequest[];
}

export interface ProcessorsState {
  chains: RequestProcessors[];
}

export interface TrackedSession {
  timeoutMs: number;
  closing: boolean;
  owner: Owner;
  /** Which of the owner's connections has it; NO_CONNECTION when none has. Looked at where `ownerIsConnection`. */
  ownerConnection: ConnectionId;
  /** Its bucket (SESS-15), virtual microseconds. */
  expiresAt: number;
}

/** SessionTracker of one role. */
export interface SessionTracker {
  readonly incarnation: number;
  readonly role: Role;
  running: boolean;
  readonly sessions: Table<TrackedSession>;
  /** ExpiryQueue.expiryMap: the sessions of each bucket; one that they have all left stays until its time (ADM-20). */
  readonly buckets: Table<Table<true>>;
  nextExpirationTime: number;
  /** What is left of the bucket being expired. */
  expiring: string[];
  /** LearnerSessionTracker.touchTable: session to timeout since the last PING (SESS-18). */
  readonly touchTable: Table<number>;
}

export interface TrackersState {
  trackers: SessionTracker[];
}

/** The container manager of the present role. */
export interface ContainerManager {
  incarnation: number;
  /** Virtual microseconds. */
  nextCheck: number;
  /** What is left to be deleted of the last check. */
  candidates: string[];
}

export interface ThreadRefs {
  readonly connections: Ref<ConnectionsState>;
  readonly processors: Ref<ProcessorsState>;
  readonly trackers: Ref<TrackersState>;
  readonly containerManager: Ref<ContainerManager>;
  readonly stats: Ref<ServerStats>;
}

function copyConnections(state: ConnectionsState): ConnectionsState {
  return {
    slots: state.slots.map((connection) => (connection === null ? null : copyConnection(connection))),
    freeSlots: state.freeSlots.slice(),
    generations: state.generations.slice(),
    perHost: copyTable(state.perHost),
    bySession: copyTable(state.bySession),
    published: state.published,
    sessionsCreated: state.sessionsCreated,
  };
}

function copyConnection(connection: Connection): Connection {
  const { id, link, address, role, stage, session, timeoutMs, knowsReadOnly, authInfo, outstandingCount, throttled } = connection;
  return { id, link, address, role, stage, session, timeoutMs, knowsReadOnly, authInfo, outstandingCount, throttled };
}

function copyProcessors(state: ProcessorsState): ProcessorsState {
  return { chains: state.chains.map(copyChain) };
}

function copyChain(chain: RequestProcessors): RequestProcessors {
  const pendingRequests = makeTable<ServerRequest[]>();
  for (const [session, requests] of chain.pendingRequests) pendingRequests.set(session, requests.slice());
  return {
    incarnation: chain.incarnation,
    role: chain.role,
    leaderLink: chain.leaderLink,
    stopped: chain.stopped,
    ended: chain.ended,
    hzxid: chain.hzxid,
    queuedRequests: copyDeque(chain.queuedRequests),
    queuedWriteRequests: copyDeque(chain.queuedWriteRequests),
    committedRequests: copyDeque(chain.committedRequests),
    pendingRequests,
    requestsInProcess: chain.requestsInProcess,
    inflight: chain.inflight,
    held: chain.held,
    dropped: copyTable(chain.dropped),
    numRequestsProcessing: chain.numRequestsProcessing,
    waitsForEmptyPool: chain.waitsForEmptyPool,
    unheard: chain.unheard,
    pendingRevalidations: copyTable(chain.pendingRevalidations),
    pendingSyncs: chain.pendingSyncs.slice(),
  };
}

function copyTrackers(state: TrackersState): TrackersState {
  return { trackers: state.trackers.map(copyTracker) };
}

function copyTracker(tracker: SessionTracker): SessionTracker {
  const sessions = makeTable<TrackedSession>();
  for (const [session, tracked] of tracker.sessions) sessions.set(session, copyTracked(tracked));
  const buckets = makeTable<Table<true>>();
  for (const [time, inside] of tracker.buckets) buckets.set(time, copyTable(inside));
  return {
    incarnation: tracker.incarnation,
    role: tracker.role,
    running: tracker.running,
    sessions,
    buckets,
    nextExpirationTime: tracker.nextExpirationTime,
    expiring: tracker.expiring.slice(),
    touchTable: copyTable(tracker.touchTable),
  };
}

function copyTracked({ timeoutMs, closing, owner, ownerConnection, expiresAt }: TrackedSession): TrackedSession {
  return { timeoutMs, closing, owner, ownerConnection, expiresAt };
}

/** Link ids and generations only tell how often something happened before. */
const connectionsKind = makePartKind<ConnectionsState>('connections', {
  copy: copyConnections,
  skip: ['link', 'address', 'authInfo', 'freeSlots', 'generations', 'perHost'],
});
const processorsKind = makePartKind<ProcessorsState>('request-processors', { copy: copyProcessors, skip: ['head', 'leaderLink'] });
const trackersKind = makePartKind<TrackersState>('session-trackers', {
  copy: copyTrackers,
  skip: ['expiresAt', 'nextExpirationTime', 'buckets'],
});

const containerManagerKind = makePartKind<ContainerManager>('container-manager', {
  copy: ({ incarnation, nextCheck, candidates }) => ({ incarnation, nextCheck, candidates: candidates.slice() }),
  skip: ['nextCheck'],
});

function makeContainerManager(): ContainerManager {
  return { incarnation: -1, nextCheck: 0, candidates: [] };
}

function makeConnections(): ConnectionsState {
  return { slots: [], freeSlots: [], generations: [], perHost: makeTable(), bySession: makeTable(), published: -1, sessionsCreated: 0 };
}

export function allotThreads(parts: Parts): ThreadRefs {
  return {
    connections: allot(parts, connectionsKind, makeConnections()),
    processors: allot(parts, processorsKind, { chains: [] }),
    trackers: allot(parts, trackersKind, { trackers: [] }),
    containerManager: allot(parts, containerManagerKind, makeContainerManager()),
    stats: allot(parts, serverStatsKind, makeServerStats()),
  };
}

/** The same slots for a process that starts anew. */
export function resetThreads(parts: Parts, refs: ThreadRefs): void {
  replace(parts, refs.connections, makeConnections());
  replace(parts, refs.processors, { chains: [] });
  replace(parts, refs.trackers, { trackers: [] });
  replace(parts, refs.containerManager, makeContainerManager());
  replace(parts, refs.stats, makeServerStats());
}

export function makeChain(incarnation: number, role: Role, leaderLink: LinkId | null, hzxid: Zxid): RequestProcessors {
  return {
    incarnation,
    role,
    leaderLink,
    stopped: false,
    ended: false,
    hzxid,
    queuedRequests: makeDeque(),
    queuedWriteRequests: makeDeque(),
    committedRequests: makeDeque(),
    pendingRequests: makeTable(),
    requestsInProcess: 0,
    inflight: 0,
    held: null,
    dropped: makeTable(),
    numRequestsProcessing: 0,
    waitsForEmptyPool: false,
    unheard: 0,
    pendingRevalidations: makeTable(),
    pendingSyncs: [],
  };
}

/** The state of a role's processors; null when it was dropped because all of them had ended. */
export function chainOf(state: Readonly<ProcessorsState>, incarnation: number): RequestProcessors | null {
  for (let i = state.chains.length - 1; i >= 0; i--) {
    const chain = state.chains[i];
    if (chain?.incarnation === incarnation) return chain;
  }
  return null;
}

export function trackerOf(state: Readonly<TrackersState>, incarnation: number): SessionTracker | null {
  for (let i = state.trackers.length - 1; i >= 0; i--) {
    const tracker = state.trackers[i];
    if (tracker?.incarnation === incarnation) return tracker;
  }
  return null;
}

/** Inputs that every server thread knows. */
export type StartItem = Item & { readonly type: 'start' };
export type StopItem = Item & { readonly type: 'stop' };
export const START: StartItem = { type: 'start' };
/** Request.requestOfDeath. */
export const STOP: StopItem = { type: 'stop' };
/** ServerCnxn.enableRecv, to a connection's reader. */
export type ReceiveItem = Item & { readonly type: 'receive' };
export const RECEIVE: ReceiveItem = { type: 'receive' };

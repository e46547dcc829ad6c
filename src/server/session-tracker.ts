/**
 * SessionTracker: which sessions live, who speaks for them and when they run out. The leader's has a thread that expires whole buckets
 * (SESS-14..16); a learner's only collects who was heard of, for the next PING (SESS-18, SESS-19). Each role has a fresh one (LIVE-17).
 */
import { unreachable } from '../base/assert.ts';
import { own, peek } from '../base/parts.ts';
import { threadId } from '../base/step.ts';
import { makeTable, sortedKeys } from '../base/table.ts';
import type { Touch } from '../zab/packet.ts';
import { closeConnection, connectionOfSession } from './connections.ts';
import type { ServerContext } from './context.ts';
import { removeDeadEphemerals } from './process-txn.ts';
import type { ErrorCode } from './protocol.ts';
import { NO_CONNECTION, NOBODY, type Owner, type ServerRequest } from './request.ts';
import { hasSession, removeSession, sessionEntries, sessionTimeout } from './session-table.ts';
import { PREP } from './thread-kinds.ts';
import {
  isInCharge,
  trackerOf,
  type ConnectionId,
  type Role,
  type SessionTracker,
  type StartItem,
  type StopItem,
  type TrackedSession,
} from './thread-state.ts';

export type TrackerInput = StartItem | StopItem | { readonly type: 'timeout' } | { readonly type: 'expire-next' };

/** ExpiryQueue.roundToNextInterval: a session dies more than its timeout and at most one tick more after its last touch. */
export function bucketOf(timeUs: number, intervalUs: number): number {
  return (Math.floor(timeUs / intervalUs) + 1) * intervalUs;
}

/** A tracker for the role just taken: all sessions of the table start anew, with nobody as owner (SESS-32). */
export function createTracker(ctx: ServerContext, incarnation: number, role: Role): void {
  const { tickUs } = ctx.config;
  const tracker: SessionTracker = {
    incarnation,
    role,
    running: true,
    sessions: makeTable(),
    buckets: makeTable(),
    nextExpirationTime: bucketOf(ctx.now, tickUs),
    expiring: [],
    touchTable: makeTable(),
  };
  const state = own(ctx.parts, ctx.refs.trackers);
  state.trackers = state.trackers.filter((old) => old.running || old.incarnation >= incarnation - 2);
  state.trackers.push(tracker);
  if (!isInCharge(role)) return;
  for (const { session, timeoutMs } of sessionEntries(ctx.parts, ctx.refs.sessions)) addSession(ctx, tracker, session, timeoutMs);
}

/** SessionTrackerImpl.shutdown: the thread sees it when its sleep is over. */
export function stopTracker(ctx: ServerContext, incarnation: number): void {
  const tracker = ownTracker(ctx, incarnation);
  if (tracker !== null) tracker.running = false;
}

/** SessionTrackerImpl.trackSession: the leader knows a session from prep on, before its creation is committed (SESS-07). */
export function trackSession(ctx: ServerContext, incarnation: number, session: string, timeoutMs: number): void {
  const tracker = ownTracker(ctx, incarnation);
  if (tracker !== null) addSession(ctx, tracker, session, timeoutMs);
}

/** False for a session that is unknown or closing. A learner believes every session: only the leader can tell (SESS-18). */
export function touchSession(ctx: ServerContext, incarnation: number, session: string, timeoutMs: number): boolean {
  const tracker = ownTracker(ctx, incarnation);
  if (tracker === null) return false;
  if (!isInCharge(tracker.role)) {
    tracker.touchTable.set(session, timeoutMs);
    if (ctx.decide.server.learnersExpireSessions) addSession(ctx, tracker, session, timeoutMs);
    return true;
  }
  const tracked = findSession(ctx, tracker, session);
  if (tracked === null || tracked.closing) return false;
  moveToBucket(tracker, session, tracked, expiryOf(ctx, timeoutMs));
  return true;
}

/** SESS-25, SESS-27: what the leader says to a request of this session through this owner, on this of its connections. */
export function checkSession(ctx: ServerContext, incarnation: number, session: string, owner: Owner, connection: ConnectionId): ErrorCode {
  const tracker = ownTracker(ctx, incarnation);
  const tracked = tracker === null ? null : findSession(ctx, tracker, session);
  if (tracked === null) return refuse(ctx, session, 'unknown');
  if (tracked.closing) return refuse(ctx, session, 'closing');
  if (tracked.owner === null) assignOwner(tracked, owner, connection);
  const isSameServer = tracked.owner === owner;
  const isOwner = isSameServer && (tracked.ownerConnection === connection || !ctx.decide.server.ownerIsConnection);
  if (isOwner || !ctx.decide.server.checksSessionOwner) return 'OK';
  ctx.note({ type: 'session-moved', session, owner: tracked.owner ?? NOBODY, by: owner ?? NOBODY });
  return 'SESSIONMOVED';
}

/**
 * From now on this connection speaks for the session; false for a session that is unknown or closing. Each connection takes it once, before
 * its client may use it, so that once it is left for another it never has it again, and requests in PREP's queue need no order with this.
 */
export function setOwner(ctx: ServerContext, incarnation: number, session: string, owner: Owner, connection: ConnectionId): boolean {
  const tracked = ownTracker(ctx, incarnation)?.sessions.get(session);
  if (tracked === undefined || tracked.closing) return false;
  assignOwner(tracked, owner, connection);
  return true;
}

function assignOwner(tracked: TrackedSession, owner: Owner, connection: ConnectionId): void {
  tracked.owner = owner;
  tracked.ownerConnection = connection;
}

export function setSessionClosing(ctx: ServerContext, incarnation: number, session: string): void {
  const tracked = ownTracker(ctx, incarnation)?.sessions.get(session);
  if (tracked !== undefined) tracked.closing = true;
}

/** The close was applied. */
export function forgetSession(ctx: ServerContext, incarnation: number, session: string): void {
  const tracker = ownTracker(ctx, incarnation);
  if (tracker !== null) dropSession(tracker, session);
  tracker?.touchTable.delete(session);
}

/** LearnerSessionTracker.snapshot: the touches since the last PING, and a fresh table. */
export function takeTouchTable(ctx: ServerContext, incarnation: number): readonly Touch[] {
  const tracker = trackerOf(peek(ctx.parts, ctx.refs.trackers), incarnation);
  if (tracker === null || tracker.touchTable.size === 0) return [];
  const touches: Touch[] = [];
  for (const [session, timeoutMs] of tracker.touchTable) touches.push({ session, timeoutMs });
  ownTracker(ctx, incarnation)?.touchTable.clear();
  return touches;
}

/** SessionTrackerImpl.run. It looks at `running` only after a sleep, so that it outlives its role by up to a tick. */
export function stepTracker(ctx: ServerContext, input: TrackerInput): void {
  const tracker = ownTracker(ctx, ctx.thread.incarnation);
  if (tracker === null) {
    ctx.thread.ending = true;
    return;
  }
  switch (input.type) {
    case 'start':
    case 'timeout':
      pollBucket(ctx, tracker);
      return;
    case 'expire-next':
      expireNext(ctx, tracker);
      return;
    case 'stop':
      ctx.thread.ending = true;
      return;
    default:
      unreachable(input);
  }
}

function pollBucket(ctx: ServerContext, tracker: SessionTracker): void {
  if (!tracker.running) {
    ctx.thread.ending = true;
    return;
  }
  if (ctx.now >= tracker.nextExpirationTime) {
    const bucket = tracker.nextExpirationTime;
    tracker.nextExpirationTime = bucket + ctx.config.tickUs;
    tracker.expiring.push(...sortedKeys(tracker.buckets.get(String(bucket)) ?? makeTable()));
    tracker.buckets.delete(String(bucket));
  }
  if (tracker.expiring.length > 0) expireNext(ctx, tracker);
  else sleep(ctx, tracker);
}

function sleep(ctx: ServerContext, tracker: SessionTracker): void {
  ctx.thread.blockedOn = { on: 'sleep', until: Math.max(tracker.nextExpirationTime, ctx.now) };
}

/** One session of the bucket: marked, then its close submitted (SESS-16). A touch between poll and mark comes too late for it. */
function expireNext(ctx: ServerContext, tracker: SessionTracker): void {
  const session = tracker.expiring.shift();
  if (session !== undefined) expire(ctx, tracker, session);
  if (tracker.expiring.length > 0) ctx.effects.push({ type: 'continue', item: { type: 'expire-next' } });
  else sleep(ctx, tracker);
}

function expire(ctx: ServerContext, tracker: SessionTracker, session: string): void {
  const tracked = tracker.sessions.get(session);
  if (tracked === undefined) return;
  ctx.note({ type: 'session-expired', session });
  if (!isInCharge(tracker.role)) {
    // T22: without a transaction, so that this server's tree goes its own way.
    dropSession(tracker, session);
    removeSession(ctx.parts, ctx.refs.sessions, session);
    removeDeadEphemerals(ctx);
    const connection = connectionOfSession(ctx, session);
    if (connection !== null) closeConnection(ctx, connection.id, 'expired');
    return;
  }
  if (ctx.decide.server.expiryMarksClosing) tracked.closing = true;
  else dropSession(tracker, session);
  const item: ServerRequest = {
    type: 'request',
    session,
    cxid: 0,
    operation: { op: 'closeSession' },
    connection: NO_CONNECTION,
    origin: NO_CONNECTION,
    owner: null,
    authInfo: [],
    exception: 'OK',
  };
  ctx.effects.push({ type: 'enqueue', to: threadId(PREP, tracker.incarnation), item });
}

function refuse(ctx: ServerContext, session: string, why: 'unknown' | 'closing'): ErrorCode {
  ctx.note({ type: 'session-invalid', session, why });
  return 'SESSIONEXPIRED';
}

/** ZOOKEEPER-1496: a session that expiry has forgotten comes back with the next word of its client, as long as its close is not applied. */
function findSession(ctx: ServerContext, tracker: SessionTracker, session: string): TrackedSession | null {
  const tracked = tracker.sessions.get(session);
  if (tracked !== undefined) return tracked;
  if (ctx.decide.server.expiryMarksClosing || !hasSession(ctx.parts, ctx.refs.sessions, session)) return null;
  return addSession(ctx, tracker, session, sessionTimeout(ctx.parts, ctx.refs.sessions, session) ?? 0);
}

function addSession(ctx: ServerContext, tracker: SessionTracker, session: string, timeoutMs: number): TrackedSession {
  const expiresAt = expiryOf(ctx, timeoutMs);
  const existing = tracker.sessions.get(session);
  if (existing !== undefined) {
    moveToBucket(tracker, session, existing, expiresAt);
    return existing;
  }
  const tracked: TrackedSession = { timeoutMs, closing: false, owner: null, ownerConnection: NO_CONNECTION, expiresAt: NO_BUCKET };
  tracker.sessions.set(session, tracked);
  moveToBucket(tracker, session, tracked, expiresAt);
  return tracked;
}

const NO_BUCKET = -1;

/** ExpiryQueue.update: seldom a move, since a bucket is a whole tick. */
function moveToBucket(tracker: SessionTracker, session: string, tracked: TrackedSession, expiresAt: number): void {
  if (tracked.expiresAt === expiresAt) return;
  tracker.buckets.get(String(tracked.expiresAt))?.delete(session);
  tracked.expiresAt = expiresAt;
  const bucket = tracker.buckets.get(String(expiresAt));
  if (bucket === undefined) tracker.buckets.set(String(expiresAt), makeTable([[session, true]]));
  else bucket.set(session, true);
}

function dropSession(tracker: SessionTracker, session: string): void {
  const tracked = tracker.sessions.get(session);
  if (tracked === undefined) return;
  tracker.buckets.get(String(tracked.expiresAt))?.delete(session);
  tracker.sessions.delete(session);
}

function expiryOf(ctx: ServerContext, timeoutMs: number): number {
  return bucketOf(ctx.now + timeoutMs * 1000, ctx.config.tickUs);
}

function ownTracker(ctx: ServerContext, incarnation: number): SessionTracker | null {
  if (trackerOf(peek(ctx.parts, ctx.refs.trackers), incarnation) === null) return null;
  return trackerOf(own(ctx.parts, ctx.refs.trackers), incarnation);
}

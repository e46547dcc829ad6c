import { expect, test } from 'vitest';
import { application } from '../../src/server/application.ts';
import {
  bucketOf,
  checkSession,
  forgetSession,
  setOwner,
  setSessionClosing,
  touchSession,
  trackSession,
} from '../../src/server/session-tracker.ts';
import { own, peek } from '../../src/base/parts.ts';
import { PREP, SESSION_TRACKER } from '../../src/server/thread-kinds.ts';
import {
  asPeer,
  attach,
  enqueued,
  INCARNATION,
  itemsFor,
  makeProcessors,
  sessionId,
  step,
  TICK_US,
  tracker,
  type Processors,
} from '../support/processors-context.ts';

const S = sessionId(1);
const T = sessionId(2);

/** Lets the tracker's thread sleep until the session's bucket is due. */
function reachExpiry(ctx: Processors, session = S): void {
  const { expiresAt } = tracker(ctx).sessions.get(session)!;
  step(ctx, SESSION_TRACKER, { type: 'start' });
  while (tracker(ctx).nextExpirationTime < expiresAt) {
    ctx.now = tracker(ctx).nextExpirationTime;
    step(ctx, SESSION_TRACKER, { type: 'timeout' });
  }
  ctx.now = expiresAt;
}

test('a session dies more than its timeout and at most one tick more after its last touch [SESS-15]', () => {
  const ctx = makeProcessors('leader');
  trackSession(ctx, INCARNATION, S, 4000);
  const { expiresAt } = tracker(ctx).sessions.get(S)!;
  expect(expiresAt % TICK_US).toBe(0);
  expect(expiresAt - ctx.now).toBeGreaterThan(4_000_000);
  expect(expiresAt - ctx.now).toBeLessThanOrEqual(4_000_000 + TICK_US);
  expect(bucketOf(TICK_US, TICK_US)).toBe(2 * TICK_US);
  expect(bucketOf(TICK_US - 1, TICK_US)).toBe(TICK_US);
});

test('at its bucket the session is marked and a close without a connection submitted [SESS-16]', () => {
  const ctx = makeProcessors('leader');
  trackSession(ctx, INCARNATION, S, 4000);
  reachExpiry(ctx);
  const effects = step(ctx, SESSION_TRACKER, { type: 'timeout' });
  expect(enqueued(effects).map(({ item }) => item)).toEqual([
    {
      type: 'request',
      session: S,
      cxid: 0,
      operation: { op: 'closeSession' },
      connection: -1,
      origin: -1,
      owner: null,
      authInfo: [],
      exception: 'OK',
    },
  ]);
  expect(itemsFor(effects, PREP)).toEqual(['request']);
  expect(touchSession(ctx, INCARNATION, S, 4000)).toBe(false);
  expect(checkSession(ctx, INCARNATION, S, -1, 6)).toBe('SESSIONEXPIRED');
  expect(ctx.notes.filter(({ type }) => type === 'session-expired')).toEqual([{ type: 'session-expired', session: S }]);
  expect(ctx.thread.blockedOn).toEqual({ on: 'sleep', until: ctx.now + TICK_US });
});

test('a touch moves the session to a later bucket, and the old one expires without it [SESS-15] [SESS-17]', () => {
  const ctx = makeProcessors('leader');
  trackSession(ctx, INCARNATION, S, 4000);
  reachExpiry(ctx);
  expect(touchSession(ctx, INCARNATION, S, 4000)).toBe(true);
  expect(step(ctx, SESSION_TRACKER, { type: 'timeout' })).toEqual([]);
});

test('the sessions of a bucket expire one an event; a touch between poll and mark comes too late [SESS-16]', () => {
  const ctx = makeProcessors('leader');
  trackSession(ctx, INCARNATION, T, 4000);
  trackSession(ctx, INCARNATION, S, 4000);
  reachExpiry(ctx);
  const first = step(ctx, SESSION_TRACKER, { type: 'timeout' });
  expect(enqueued(first).map(({ item }) => item)).toMatchObject([{ session: S }]);
  expect(first.at(-1)).toEqual({ type: 'continue', item: { type: 'expire-next' } });
  expect(touchSession(ctx, INCARNATION, T, 4000)).toBe(true);
  expect(enqueued(step(ctx, SESSION_TRACKER, { type: 'expire-next' })).map(({ item }) => item)).toMatchObject([{ session: T }]);
  expect(touchSession(ctx, INCARNATION, T, 4000)).toBe(false);
});

test('the first request sets the owner, through another server or on another connection a session is moved, closing and unknown sessions are expired [SESS-25] [SESS-27]', () => {
  const ctx = makeProcessors('leader');
  expect(checkSession(ctx, INCARNATION, S, -1, 6)).toBe('SESSIONEXPIRED');
  trackSession(ctx, INCARNATION, S, 4000);
  expect(checkSession(ctx, INCARNATION, S, 3, 6)).toBe('OK');
  expect(checkSession(ctx, INCARNATION, S, 3, 6)).toBe('OK');
  expect(checkSession(ctx, INCARNATION, S, 4, 6)).toBe('SESSIONMOVED');
  expect(setOwner(ctx, INCARNATION, S, 4, 6)).toBe(true);
  expect(checkSession(ctx, INCARNATION, S, 4, 6)).toBe('OK');
  expect(checkSession(ctx, INCARNATION, S, 4, 7)).toBe('SESSIONMOVED');
  expect(setOwner(ctx, INCARNATION, S, 4, 7)).toBe(true);
  expect(checkSession(ctx, INCARNATION, S, 4, 7)).toBe('OK');
  setSessionClosing(ctx, INCARNATION, S);
  expect(checkSession(ctx, INCARNATION, S, 4, 7)).toBe('SESSIONEXPIRED');
  expect(setOwner(ctx, INCARNATION, S, 3, 6)).toBe(false);
  forgetSession(ctx, INCARNATION, S);
  expect(tracker(ctx).sessions.size).toBe(0);
});

test('with checksSessionOwner false a stale owner is let through (T23)', () => {
  const ctx = makeProcessors('leader', { server: { checksSessionOwner: false } });
  trackSession(ctx, INCARNATION, S, 4000);
  setOwner(ctx, INCARNATION, S, 3, 6);
  expect(checkSession(ctx, INCARNATION, S, 4, 6)).toBe('OK');
});

test('with expiryMarksClosing false a forgotten session comes back with a touch, until its close is applied (ZOOKEEPER-1496)', () => {
  const ctx = makeProcessors('leader', { server: { expiryMarksClosing: false } });
  attach(ctx, S);
  reachExpiry(ctx);
  step(ctx, SESSION_TRACKER, { type: 'timeout' });
  expect(tracker(ctx).sessions.has(S)).toBe(false);
  expect(touchSession(ctx, INCARNATION, S, 4000)).toBe(true);
  expect(checkSession(ctx, INCARNATION, S, -1, 6)).toBe('OK');
  own(ctx.parts, ctx.refs.sessions).delete(S);
  forgetSession(ctx, INCARNATION, S);
  expect(touchSession(ctx, INCARNATION, S, 4000)).toBe(false);
});

test('a new leader tracks every session of the table anew, with nobody as owner [SESS-32] [LIVE-17]', () => {
  const ctx = makeProcessors('leader');
  own(ctx.parts, ctx.refs.sessions).set(S, 4000).set(T, 6000);
  own(ctx.parts, ctx.refs.peer).incarnation = 8;
  asPeer(ctx, () => application.startProcessors(ctx, 'leader'));
  const fresh = peek(ctx.parts, ctx.refs.trackers).trackers.find(({ incarnation }) => incarnation === 8)!;
  expect([...fresh.sessions.keys()]).toEqual([S, T]);
  expect(fresh.sessions.get(T)).toEqual({
    timeoutMs: 6000,
    closing: false,
    owner: null,
    ownerConnection: -1,
    expiresAt: bucketOf(ctx.now + 6_000_000, TICK_US),
  });
});

test('a learner believes every session and collects touches for the next PING [SESS-18] [SESS-19]', () => {
  const ctx = makeProcessors('follower');
  expect(touchSession(ctx, INCARNATION, S, 4000)).toBe(true);
  expect(touchSession(ctx, INCARNATION, S, 4000)).toBe(true);
  expect(touchSession(ctx, INCARNATION, T, 6000)).toBe(true);
  const touches = [
    { session: S, timeoutMs: 4000 },
    { session: T, timeoutMs: 6000 },
  ];
  asPeer(ctx, () => expect(application.takeTouches(ctx)).toEqual(touches));
  asPeer(ctx, () => expect(application.takeTouches(ctx)).toEqual([]));
  expect(ctx.started.some((effect) => effect.type === 'start' && Math.floor(effect.thread / 0x40000000000) === SESSION_TRACKER)).toBe(
    false,
  );
});

test('touches of a PING reach the leader; revalidation makes the handler the owner [SESS-13] [SESS-17]', () => {
  const ctx = makeProcessors('leader');
  trackSession(ctx, INCARNATION, S, 4000);
  ctx.now += 3_000_000;
  asPeer(ctx, () =>
    application.touchSessions(ctx, [
      { session: S, timeoutMs: 4000 },
      { session: T, timeoutMs: 4000 },
    ]),
  );
  expect(tracker(ctx).sessions.get(S)!.expiresAt).toBe(bucketOf(ctx.now + 4_000_000, TICK_US));
  asPeer(ctx, () => expect(application.revalidate(ctx, S, 4000, 5, 9)).toBe(true));
  expect(tracker(ctx).sessions.get(S)).toMatchObject({ owner: 5, ownerConnection: 9 });
  asPeer(ctx, () => expect(application.revalidate(ctx, T, 4000, 5, 9)).toBe(false));
});

test('with learnersExpireSessions a learner drops a silent session and its ephemerals by itself (T22)', () => {
  const ctx = makeProcessors('follower', { server: { learnersExpireSessions: true } });
  own(ctx.parts, ctx.refs.sessions).set(S, 4000);
  touchSession(ctx, INCARNATION, S, 4000);
  reachExpiry(ctx);
  step(ctx, SESSION_TRACKER, { type: 'timeout' });
  expect(peek(ctx.parts, ctx.refs.sessions).has(S)).toBe(false);
});

test("a role's tracker looks at its end only after its sleep, and so outlives the role [LIVE-13]", () => {
  const ctx = makeProcessors('leader');
  step(ctx, SESSION_TRACKER, { type: 'start' });
  asPeer(ctx, () => application.stopProcessors(ctx));
  expect(tracker(ctx).running).toBe(false);
  step(ctx, SESSION_TRACKER, { type: 'timeout' });
  expect(ctx.thread.ending).toBe(true);
});

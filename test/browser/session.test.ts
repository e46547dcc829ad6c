// The page's worker without a browser: moving, acting, branching, and what it does when the simulator breaks.

import { expect, test } from 'vitest';
import { checkRequest } from '../../web/protocol.ts';
import { act, branchInfo, chooseBranch, clicksOf, frameAt, moveTo, openSession, replayClicks } from '../../web/worker/session.ts';
import { ALL, NOTHING, scenarioText, sessionAt, stepUntil } from '../view/moment.ts';

test('the clock moves the cursor to the last event by that time, and not beyond', () => {
  const session = sessionAt('basics/first-steps', 0);
  moveTo(session, { time: 220_000 });
  const { cursor } = frameAt(session, NOTHING);
  expect(cursor.time).toBe(220_000);
  expect(cursor.at).toBeLessThanOrEqual(220_000);
  expect(cursor.nextAt).toBeGreaterThan(220_000);
  moveTo(session, { event: 100 });
  moveTo(session, { time: 210_000 });
  expect(frameAt(session, NOTHING).cursor.event).toBeLessThan(cursor.event);
});

test('steps go by one event, by one of a server, or by one of the story, and not before the beginning', () => {
  const session = sessionAt('basics/first-steps', 300);
  moveTo(session, { step: -1, node: -1 });
  expect(frameAt(session, NOTHING).cursor.event).toBe(299);
  moveTo(session, { step: 1, node: 1 });
  expect(frameAt(session, ALL).inspector).toMatchObject({ node: 1 });
  moveTo(session, { story: -1 });
  expect(frameAt(session, ALL).inspector?.notes.length).toBeGreaterThan(0);
  moveTo(session, { event: 1 });
  moveTo(session, { step: -1, node: -1 });
  moveTo(session, { step: -1, node: -1 });
  expect(frameAt(session, NOTHING).cursor.event).toBe(0);
});

test('a click in the past begins a branch, and the run it leaves is kept as it was', () => {
  const session = sessionAt('basics/first-steps', 600);
  const before = frameAt(session, NOTHING).cursor.hash;
  moveTo(session, { event: 450 });
  expect(act(session, '{"kill":"leader"}', 0)).toBe(true);
  expect(branchInfo(session)).toMatchObject({ active: 1, branches: [{ from: 0 }, { from: 450, parent: 0 }] });
  expect(frameAt(session, NOTHING).stage.servers.find(({ role }) => role === 'down')?.name).toBe('s3');
  chooseBranch(session, 0);
  moveTo(session, { event: 600 });
  expect(frameAt(session, NOTHING).cursor.hash).toBe(before);
  expect(act(session, '{"kill":"s1"}', 0)).toBe(false);
});

test('the clicks of a run, done again in a fresh one, make the same run', () => {
  const session = sessionAt('basics/first-steps', 500);
  act(session, '{"cut":"s1 <> s3"}', 0);
  moveTo(session, { time: 3_000_000 });
  act(session, '{"alice":"create /again 1"}', 3_000_500);
  moveTo(session, { time: 4_000_000 });
  const { cursor } = frameAt(session, NOTHING);
  const again = openSession(scenarioText('basics/first-steps'), 'again', null);
  replayClicks(again, clicksOf(session), cursor.event, () => {});
  expect(frameAt(again, NOTHING).cursor).toMatchObject({ event: cursor.event, hash: cursor.hash });
  expect(clicksOf(again)).toEqual(clicksOf(session));
});

test('an operation in the console is answered, and its answer is told', () => {
  const session = sessionAt('basics/first-steps', 700);
  act(session, '{"alice":"create /zoo lions"}', 0);
  const { console } = stepUntil(session, ({ console }) => console?.lines.some(({ text }) => text.includes('created /zoo')) === true, {
    ...NOTHING,
    console: 3,
  });
  expect(console!.lines.map(({ kind, text }) => `${kind} ${text}`)).toContain('asked create /zoo lions');
});

test.for([
  ['{"alice":"creat /a"}', /creat.*create/s],
  ['{"kill":"s9"}', /s9/],
  ['{"kill":', /./],
  ['{"kill":"s1"}\n- kill: s2', /./],
] as const)('a line that cannot be understood changes nothing: %s', ([line, message]) => {
  const session = sessionAt('basics/first-steps', 500);
  const before = frameAt(session, NOTHING).cursor;
  expect(() => act(session, line, 0)).toThrow(message);
  expect(frameAt(session, NOTHING).cursor).toEqual(before);
  expect(clicksOf(session)).toEqual([]);
});

test('an exception in the simulator is a Bug with seed and event; what came before can still be seen', () => {
  const session = sessionAt('basics/first-steps', 500, '7');
  const { contexts } = session.branches[0]!.timeline.head.world;
  for (const context of contexts) {
    Object.defineProperty(context, 'note', {
      value: () => {
        throw new TypeError('a handler that throws');
      },
    });
  }
  moveTo(session, { time: 60_000_000 });
  expect(session.bug).toMatchObject({ seed: '7', message: 'TypeError: a handler that throws' });
  const { cursor, stage } = frameAt(session, ALL);
  expect(cursor).toMatchObject({ event: session.bug!.event - 1, nextAt: null });
  expect(stage.servers).toHaveLength(3);
  moveTo(session, { time: 90_000_000 });
  expect(frameAt(session, NOTHING).cursor.event).toBe(cursor.event);
  moveTo(session, { event: 100 });
  expect(frameAt(session, ALL).inspector).toMatchObject({ event: 100 });
  expect(act(session, '{"kill":"s1"}', 0)).toBe(false);
});

test.for([
  null,
  'hello',
  { type: 'open' },
  { type: 'frame', id: 1, to: { event: -1 }, want: NOTHING },
  { type: 'act', id: 1, line: 5, time: 0, want: NOTHING },
  { type: 'drop', id: 1 },
])('the worker refuses at its door: %j', (message) => {
  expect(() => checkRequest(message)).toThrow(TypeError);
});

test('a well-formed message passes the door', () => {
  const message = { type: 'frame', id: 1, to: { time: 5 }, want: ALL };
  expect(checkRequest(message)).toEqual(message);
});

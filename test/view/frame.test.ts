import { expect, test } from 'vitest';
import { frameAt, moveTo } from '../../web/worker/session.ts';
import { ALL, NOTHING, sessionAt, stepUntil } from './moment.ts';

const INSPECTOR = { ...NOTHING, inspector: 'cursor' } as const;

test('before the first event every server is down and nothing is on its way', () => {
  const frame = frameAt(sessionAt('basics/first-steps', 0), ALL);
  expect(frame.cursor).toMatchObject({ event: 0, time: 0, head: 0 });
  expect(frame.stage.servers.map(({ role }) => role)).toEqual(['down', 'down', 'down']);
  expect(frame.stage.messages).toEqual([]);
  expect(frame.inspector).toBeNull();
});

test('a picture is plain data, which can be posted to another thread', () => {
  const frame = frameAt(sessionAt('basics/first-steps', 500), ALL);
  expect(structuredClone(frame)).toEqual(frame);
  expect(JSON.parse(JSON.stringify(frame))).toEqual(frame);
});

test('what is not asked for is left out', () => {
  const frame = frameAt(sessionAt('basics/first-steps', 500), NOTHING);
  expect(Object.keys(frame).toSorted()).toEqual(['cursor', 'light', 'narration', 'stage']);
});

test('the same event gives the same picture whether the run came there, went back, or jumped', () => {
  const straight = frameAt(sessionAt('failures/leader-crash', 700), ALL);
  const session = sessionAt('failures/leader-crash', 850);
  moveTo(session, { event: 120 });
  moveTo(session, { event: 700 });
  const jumped = frameAt(session, ALL);
  moveTo(session, { event: 699 });
  moveTo(session, { step: 1, node: -1 });
  const stepped = frameAt(session, ALL);
  for (const frame of [jumped, stepped]) {
    expect(frame.cursor.hash).toBe(straight.cursor.hash);
    expect(frame.stage).toEqual(straight.stage);
    expect(frame.logs).toEqual(straight.logs);
    expect(frame.tree).toEqual(straight.tree);
    expect(frame.inspector).toEqual(straight.inspector);
    expect(frame.properties).toEqual(straight.properties);
  }
});

test('a looking server shows its vote and how many agree, a leader its role and epoch', () => {
  const session = sessionAt('basics/first-steps', 0);
  const voting = stepUntil(session, ({ stage }) => stage.servers.some(({ vote }) => vote !== null && vote.agree === 2));
  const voter = voting.stage.servers.find(({ vote }) => vote?.agree === 2);
  expect(voter).toMatchObject({ role: 'looking', label: 'LOOKING', phase: 'ELECTION', vote: { voters: 3 } });
  const leading = stepUntil(session, ({ stage }) => stage.servers.some(({ role, serving }) => role === 'leading' && serving));
  expect(leading.stage.servers.find(({ role }) => role === 'leading')).toMatchObject({ name: 's3', epoch: 1, phase: 'BROADCAST' });
  expect(leading.narration?.text).not.toBe('');
});

test('a message is shown between its sending and its arrival, with family, letters and the epoch of its sender', () => {
  const session = sessionAt('basics/first-steps', 0);
  const { stage, cursor } = stepUntil(session, ({ stage }) => stage.messages.some(({ family }) => family === 'broadcast'));
  const message = stage.messages.find(({ family }) => family === 'broadcast');
  expect(message).toMatchObject({ epoch: 1, held: null });
  expect(message!.sentAt).toBeLessThanOrEqual(cursor.time);
  expect(message!.arriveAt).toBeGreaterThan(message!.sentAt);
  expect(message!.code).toMatch(/^[A-Z]{1,2}$/);
});

test('the inspector tells who, what, why, and what changed', () => {
  const session = sessionAt('basics/first-steps', 0);
  const { inspector } = stepUntil(
    session,
    ({ inspector }) => inspector?.notes.some(({ type }) => type === 'committed') === true,
    INSPECTOR,
    { story: 1 },
  );
  expect(inspector).toMatchObject({ subject: 's3' });
  expect(inspector!.cause).toBeGreaterThan(0);
  expect(inspector!.cause).toBeLessThan(inspector!.event);
  expect(inspector!.notes[0]!.operands.map(({ name }) => name)).toContain('zxid');
  expect(inspector!.changes.some(({ node, part }) => node === 2 && part === 'leader')).toBe(true);
});

test('the light is dark before anything can be judged, and lit later', () => {
  expect(frameAt(sessionAt('basics/first-steps', 3), ALL).light).toMatchObject({ light: 'dark', first: null });
  const late = frameAt(sessionAt('basics/first-steps', 600), ALL);
  expect(late.light).toMatchObject({ light: 'held', violated: 0, first: null });
  expect(late.properties!.properties.map(({ id }) => id)).toContain('I-LOSS');
});

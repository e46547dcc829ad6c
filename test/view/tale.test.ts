import { expect, test } from 'vitest';
import { committedUpTo, entriesUpTo, makeTale, marksOf, taleUpTo } from '../../src/view/tale.ts';
import { frameAt } from '../../web/worker/session.ts';
import { ALL, sessionAt } from './moment.ts';

const session = sessionAt('failures/leader-crash', 880);
const tale = session.branches[0]!.tale;

test('the tape has a mark for each election, established epoch, crash and start', () => {
  const kinds = marksOf(tale).map(({ kind, epoch }) => (kind === 'established' ? `${kind} ${epoch}` : kind));
  expect(kinds.filter((kind) => kind.startsWith('established'))).toEqual(['established 1', 'established 2']);
  expect(kinds.filter((kind) => kind === 'crash')).toHaveLength(1);
  expect(kinds.filter((kind) => kind === 'election').length).toBeGreaterThanOrEqual(5);
  expect(kinds).toContain('start');
  expect(kinds).toContain('call');
});

test('marks from an entry on are the later part of all marks', () => {
  const half = Math.floor(tale.entries.length / 2);
  const later = marksOf(tale, half);
  expect(marksOf(tale).slice(-later.length)).toEqual(later);
});

test('a tale up to an event forgets what came later and nothing else', () => {
  const event = tale.entries[10]!.event;
  const part = taleUpTo(tale, event);
  expect(part.entries).toEqual(tale.entries.slice(0, 11));
  expect(entriesUpTo(tale, event)).toBe(11);
  expect(entriesUpTo(tale, event - 1)).toBe(10);
  expect(entriesUpTo(makeTale(), 5)).toBe(0);
});

test('what is committed grows with the run', () => {
  expect([...committedUpTo(tale, 0)]).toEqual([]);
  const committed = committedUpTo(tale, 880);
  expect(committed.get(1)).toBe(3);
});

test('the story is a list of sentences, windowed around the cursor', () => {
  const { list } = frameAt(session, { ...ALL, list: { mode: 'story', first: 'cursor', count: 5 } });
  expect(list!.rows).toHaveLength(5);
  expect(list!.total).toBe(tale.entries.length);
  expect(list!.rows.every(({ text }) => text !== '')).toBe(true);
  expect(list!.rows.map(({ event }) => event)).toEqual(list!.rows.map(({ event }) => event).toSorted((a, b) => a - b));
});

test('every event has a row of its own in the full list', () => {
  const { list } = frameAt(session, { ...ALL, list: { mode: 'all', first: 100, count: 30 } });
  expect(list!.rows.map(({ event }) => event)).toEqual(Array.from({ length: 30 }, (_, i) => 101 + i));
  expect(list!.cursor).toBe(879);
});

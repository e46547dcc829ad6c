// Client histories: the judge against a slow twin that searches, and what each kind of violation looks like.

import { expect, test } from 'vitest';
import { makeZxid } from '../../src/base/zxid.ts';
import { openChecker, report, tell } from '../../src/check/checker.ts';
import type { HistoryEntry } from '../../src/check/history.ts';
import type { Note } from '../../src/ensemble/note.ts';
import { isExplainable } from '../support/history-twin.ts';
import { belowOf, corrupted, randomHistory } from '../support/random-history.ts';

const CLIENTS = ['c1', 'c2', 'c3'];

function noteOf(entry: HistoryEntry): Note {
  switch (entry.type) {
    case 'invoked':
      return { type: 'client-invoked', call: entry.call, operation: entry.operation };
    case 'returned': {
      const { call, operation, error, result, zxid, session, outcome } = entry;
      return { type: 'client-returned', call, operation, error, result, zxid, session, xid: outcome === 'unsent' ? 0 : call, server: null };
    }
    default:
      return { type: 'node-down', how: 'kill', why: '' };
  }
}

function judged(entries: readonly HistoryEntry[], ids: readonly ('I-LIN' | 'I-SYNC')[] = ['I-LIN']): string {
  const checker = openChecker({ servers: [], clients: CLIENTS.map((name, node) => ({ name, node })) }, { properties: ids });
  entries.forEach((entry, i) => tell(checker, noteOf(entry), { event: i + 1, at: i, node: CLIENTS.indexOf(entry.client) }));
  const [first] = report(checker);
  return first?.violation?.kind ?? first?.status ?? 'absent';
}

test('what a correct ensemble lets happen holds, whatever answers get lost', () => {
  let unknown = 0;
  for (let seed = 1; seed <= 3000; seed++) {
    const entries = randomHistory(belowOf(`valid ${seed}`), 60, seed % 6);
    unknown += entries.filter((entry) => entry.type === 'returned' && entry.outcome === 'unknown').length;
    expect([seed, judged(entries)]).toEqual([seed, expect.stringMatching(/held|not-exercised/)]);
  }
  expect(unknown).toBeGreaterThan(5000);
});

test('a history that the twin can explain holds, and one that it cannot is refused', { timeout: 120_000 }, () => {
  const tally: Record<string, number> = {};
  for (let seed = 1; seed <= 1500; seed++) {
    const below = belowOf(`twin ${seed}`);
    const entries = corrupted(randomHistory(below, 22, seed % 4), below);
    if (entries === null) continue;
    const newest = Math.max(...entries.map((entry) => (entry.type === 'returned' ? entry.zxid : 0)), makeZxid(1, 0));
    const twin = isExplainable(entries, newest);
    const own = judged(entries);
    const isHeld = own === 'held' || own === 'not-exercised';
    const row = `${twin ? 'explainable' : 'impossible'}, ${isHeld ? 'held' : 'refused'}${seed % 4 === 0 ? ', nothing lost' : ''}`;
    tally[row] = (tally[row] ?? 0) + 1;
  }
  console.log(tally);
  expect(tally['explainable, refused'] ?? 0).toBe(0);
  expect(tally['impossible, held, nothing lost'] ?? 0).toBe(0);
});

// Each property against its slow twin, which looks through all notes each time, on random runs: they find the same violation at the same event.

import { expect, test } from 'vitest';
import { copyChecker, report, tell, passDeadline } from '../../src/check/checker.ts';
import { PROPERTY_IDS, type PropertyId } from '../../src/check/violation.ts';
import { firstEvents } from '../support/property-twins.ts';
import { sayRandomNotes } from '../support/random-notes.ts';
import { makeToldRun } from '../support/told-run.ts';

/** I-LIN and I-SYNC are judged from what clients are told alone, which these notes do not make sense of: history.test.ts has their twin. */
const OF_HISTORIES: readonly PropertyId[] = ['I-LIN', 'I-SYNC'];
const OWN_IDS = PROPERTY_IDS.filter((id) => !OF_HISTORIES.includes(id));
const RUNS = 300;
const WITHIN_US = 300_000;

test('on random runs every property finds what its twin finds, at the same event', { timeout: 120_000 }, () => {
  const violated = new Map<string, number>();
  const exercised = new Map<string, number>();
  for (let seed = 1; seed <= RUNS; seed++) {
    const run = makeToldRun({ properties: OWN_IDS, live: { withinUs: WITHIN_US } });
    sayRandomNotes(run, seed, 40);
    const twins = firstEvents(run.told, run.servers, WITHIN_US);
    for (const { id, violation, count } of report(run.checker)) {
      expect({ seed, id, event: violation?.event ?? null }).toEqual({ seed, id, event: twins.get(id) ?? null });
      if (violation !== null) violated.set(id, (violated.get(id) ?? 0) + 1);
      if (count > 0 && violation === null) exercised.set(id, (exercised.get(id) ?? 0) + 1);
    }
  }
  // The runs are worth something: each property is violated in some, and held in others.
  expect(OWN_IDS.filter((id) => (violated.get(id) ?? 0) < 1)).toEqual([]);
  expect(OWN_IDS.filter((id) => (exercised.get(id) ?? 0) < 2 && id !== 'I-BOOT')).toEqual([]);
});

test('a fork goes on as the original does, and neither sees what is told to the other', () => {
  for (let seed = 1; seed <= 40; seed++) {
    const run = makeToldRun({ live: { withinUs: WITHIN_US } });
    sayRandomNotes(run, seed, 40);
    const half = Math.floor(run.told.length / 2);
    const first = makeToldRun({ live: { withinUs: WITHIN_US } }).checker;
    for (const { note, where } of run.told.slice(0, half)) {
      passDeadline(first, where);
      tell(first, note, where);
    }
    const before = report(copyChecker(first));
    const fork = copyChecker(first);
    for (const { note, where } of run.told.slice(half)) {
      passDeadline(fork, where);
      tell(fork, note, where);
    }
    expect(report(first)).toEqual(before);
    expect(report(fork)).toEqual(report(run.checker));
    for (const { note, where } of run.told.slice(half)) {
      passDeadline(first, where);
      tell(first, note, where);
    }
    expect(report(first)).toEqual(report(run.checker));
  }
});

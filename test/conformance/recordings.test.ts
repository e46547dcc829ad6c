// The recordings and the list of known differences belong to cases that there are.

import { expect, test } from 'vitest';
import { KNOWN } from './known-differences.ts';
import { readRecordings } from './recordings.ts';
import { SETUPS, type SetupName } from './setups.ts';
import { type Subject, SUBJECTS, subjectsOn } from './subjects.ts';

const setups = Object.keys(SETUPS) as SetupName[];
const namesOf = ({ cases }: Subject): string[] => cases.map(({ name }) => name);

test('every case of every ensemble is recorded, in its order, and nothing else is', () => {
  for (const setup of setups)
    for (const subject of subjectsOn(setup)) {
      expect([...readRecordings(setup, subject.name).keys()], `${setup}/${subject.name}: npm run conformance:record`).toEqual(
        namesOf(subject),
      );
    }
});

test('there are at least 250 scripts, each with a name of its own within its subject', () => {
  const scripts = SUBJECTS.flatMap((subject) => namesOf(subject).map((name) => `${subject.name}: ${name}`));
  expect(scripts.length).toBeGreaterThanOrEqual(250);
  expect(new Set(scripts).size).toBe(scripts.length);
});

test('a known difference names a case', () => {
  const isCase = (subject: string, name: string): boolean => SUBJECTS.some((each) => each.name === subject && namesOf(each).includes(name));
  expect(KNOWN.filter((each) => !isCase(each.subject, each.case))).toEqual([]);
});

// The recordings against the real server: `npm run conformance:record` makes them anew, everything else finds out whether they still hold.

import { expect } from 'vitest';
import { suite } from '../support/suites.ts';
import { onEverySetup, type Played } from './on-every-setup.ts';
import { readRecordings, textOf, type Transcript, writeRecordings } from './recordings.ts';
import { findReference, referenceTarget } from './reference.ts';
import type { SetupName } from './setups.ts';
import type { Subject } from './subjects.ts';

const isRecording = process.env['ZABLAB_RECORD'] === '1';
const heard = new Map<string, Transcript>();
const keyOf = (setup: SetupName, subject: Subject, name: string): string => [setup, subject.name, name].join(' > ');

suite('reference server', findReference(), (reference) => {
  onEverySetup(referenceTarget(reference), {
    onCase: compareOrKeep,
    afterSubject: (setup, subject) => isRecording && keep(setup, subject),
  });
});

async function compareOrKeep({ setup, subject, one, stage }: Played): Promise<void> {
  const transcript = textOf(await stage.transcript(one));
  if (isRecording) heard.set(keyOf(setup, subject, one.name), transcript);
  else expect(transcript).toEqual(readRecordings(setup, subject.name).get(one.name));
}

/** In the order of the cases; what was not played this time keeps what it had. */
function keep(setup: SetupName, subject: Subject): void {
  const before = readRecordings(setup, subject.name);
  const transcripts = subject.cases.flatMap(({ name }) => {
    const transcript = heard.get(keyOf(setup, subject, name)) ?? before.get(name);
    return transcript === undefined ? [] : [[name, transcript] as const];
  });
  writeRecordings(setup, subject.name, new Map(transcripts));
}

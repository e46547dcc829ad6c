// The recordings against the real server: `npm run conformance:record` makes them anew, everything else finds out whether they still hold.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { suite } from '../support/suites.ts';
import { readRecordings, textOf, type Transcript, writeRecordings } from './recordings.ts';
import { findReference, referenceTarget } from './reference.ts';
import { SETUPS, type SetupName } from './setups.ts';
import { Stage } from './stage.ts';
import { homeOf, type Subject, subjectsOn } from './subjects.ts';
import type { Running } from './target.ts';

const isRecording = process.env['ZABLAB_RECORD'] === '1';

suite('reference server', findReference(), (reference) => {
  for (const setup of (Object.keys(SETUPS) as SetupName[]).filter((name) => subjectsOn(name).length > 0)) {
    describe(setup, () => {
      let running: Running;
      let stage: Stage;

      beforeAll(async () => {
        running = await referenceTarget(reference).start(SETUPS[setup]);
        stage = new Stage(SETUPS[setup], running, homeOf(setup));
      });

      afterAll(async () => {
        await stage?.stop();
        await running?.stop();
      });

      for (const subject of subjectsOn(setup)) {
        describe(subject.name, () => {
          judge(setup, subject, () => stage);
        });
      }
    });
  }
});

function judge(setup: SetupName, subject: Subject, stage: () => Stage): void {
  const recorded = readRecordings(setup, subject.name);
  const heard = new Map<string, Transcript>();
  for (const one of subject.cases) {
    test(one.name, async () => {
      try {
        const transcript = textOf(await stage().transcript(one));
        if (isRecording) heard.set(one.name, transcript);
        else expect(transcript).toEqual(recorded.get(one.name));
      } finally {
        await stage().strike();
      }
    });
  }
  afterAll(() => {
    if (isRecording) writeRecordings(setup, subject.name, inOrder(subject, new Map([...recorded, ...heard])));
  });
}

/** The transcripts of the cases that there are, in their order; what was not run this time keeps what it had. */
function inOrder(subject: Subject, transcripts: ReadonlyMap<string, Transcript>): ReadonlyMap<string, Transcript> {
  return new Map(subject.cases.flatMap(({ name }) => (transcripts.has(name) ? [[name, transcripts.get(name)!]] : [])));
}

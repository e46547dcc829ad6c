// Our servers against what the real one said: every reply, error, Stat and event, in order.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gatewayTarget } from './gateway.ts';
import { knownDifference } from './known-differences.ts';
import { readRecordings, textOf, type Transcript } from './recordings.ts';
import { SETUPS, type SetupName } from './setups.ts';
import { type Case, Stage } from './stage.ts';
import { homeOf, subjectsOn } from './subjects.ts';
import type { Running } from './target.ts';

for (const setup of Object.keys(SETUPS) as SetupName[]) {
  const subjects = subjectsOn(setup);
  if (subjects.length === 0) continue;
  describe(setup, () => {
    let running: Running;
    let stage: Stage;

    beforeAll(async () => {
      running = await gatewayTarget.start(SETUPS[setup]);
      stage = new Stage(SETUPS[setup], running, homeOf(setup));
    });

    afterAll(async () => {
      await stage?.stop();
      await running?.stop();
    });

    for (const subject of subjects) {
      describe(subject.name, () => {
        const recorded = readRecordings(setup, subject.name);
        for (const one of subject.cases) {
          test(one.name, async () => {
            try {
              const known = knownDifference(setup, subject.name, one.name);
              if (known === null) expect(textOf(await stage.transcript(one))).toEqual(recorded.get(one.name));
              else expect(await triedTranscript(stage, one), `no longer differs: ${known.why}`).not.toEqual(recorded.get(one.name));
            } finally {
              await stage.strike();
            }
          });
        }
      });
    }
  });
}

/** Waiting in vain is a difference too. */
async function triedTranscript(stage: Stage, one: Case): Promise<Transcript> {
  try {
    return textOf(await stage.transcript(one));
  } catch (error) {
    return [String(error)];
  }
}

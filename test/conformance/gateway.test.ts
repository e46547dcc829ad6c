// Our servers against what the real one said: every reply, error, Stat and event, in order.

import { expect } from 'vitest';
import { gatewayTarget } from './gateway.ts';
import { knownDifference } from './known-differences.ts';
import { onEverySetup, type Played } from './on-every-setup.ts';
import { readRecordings, textOf, type Transcript } from './recordings.ts';

onEverySetup(gatewayTarget, { onCase: compare, afterSubject: () => {} });

async function compare(played: Played): Promise<void> {
  const { setup, subject, one, stage } = played;
  const recorded = readRecordings(setup, subject.name).get(one.name);
  const known = knownDifference(setup, subject.name, one.name);
  if (known === null) expect(textOf(await stage.transcript(one))).toEqual(recorded);
  else expect(await triedTranscript(played), `no longer differs: ${known.why}`).not.toEqual(recorded);
}

/** Waiting in vain is a difference too. */
async function triedTranscript({ stage, one }: Played): Promise<Transcript> {
  try {
    return textOf(await stage.transcript(one));
  } catch (error) {
    return [String(error)];
  }
}

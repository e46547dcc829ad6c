// Where our servers are known to answer otherwise than the recording, and why. An entry that no longer differs fails its test.

import type { SetupName } from './setups.ts';

export interface KnownDifference {
  readonly on?: SetupName;
  readonly subject: string;
  readonly case: string;
  readonly why: string;
}

export const KNOWN: readonly KnownDifference[] = [
  {
    subject: 'multi-alone',
    case: 'a null path in a multi [MULTI-02, WIRE-13]',
    why: '3.8.0 takes no zxid for it, and sends the end of a result behind the error',
  },
  {
    subject: 'multi-read',
    case: 'multiRead: a null path, and records cut short [VAL-13, VAL-18]',
    why: '3.8.0 sends the end of a result behind the error',
  },
  {
    subject: 'watch-removal',
    case: 'unknown types are MARSHALLINGERROR [VAL-11]',
    why: '3.8.0 fails on a null path in checkWatches, for it walks up from there; master looks it up and answers NOWATCHER, as we do always',
  },
];

export function knownDifference(setup: SetupName, subject: string, name: string): KnownDifference | null {
  return KNOWN.find((each) => (each.on ?? setup) === setup && each.subject === subject && each.case === name) ?? null;
}

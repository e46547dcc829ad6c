// Where our servers are known to answer otherwise than the recording, and why. An entry that no longer differs fails its test.

import type { SetupName } from './setups.ts';

export interface KnownDifference {
  readonly on?: SetupName;
  readonly subject: string;
  readonly case: string;
  readonly why: string;
}

const noWords = 'there are no four-letter words yet';

const KNOWN: readonly KnownDifference[] = [
  {
    subject: 'multi-alone',
    case: 'a null path in a multi [MULTI-02, WIRE-13]',
    why: '3.8.0 fails without a transaction, and sends a body',
  },
  {
    subject: 'multi-read',
    case: 'multiRead: a null path, and records cut short [VAL-13, VAL-18]',
    why: '3.8.0 sends an empty body behind the error',
  },
  { subject: 'watch-removal', case: 'unknown types are MARSHALLINGERROR [VAL-11]', why: 'checkWatches of a null path fails in 3.8.0' },
  ...[
    'ruok and isro, without a newline [ADM-23]',
    'srvr [ADM-04, ADM-13]',
    'stat [ADM-14]',
    'conf [ADM-06, ADM-17]',
    'cons: what a connection did last [ADM-15, ADM-16]',
    'cons: the code of each operation [ADM-16]',
    'crst and srst [ADM-23]',
    'wchs, wchc, wchp: the data table only [ADM-08, ADM-22]',
    'mntr: the gauges [ADM-07, ADM-18, ADM-19]',
    'dirs, gtmk, envi [ADM-23]',
  ].map((name) => ({ subject: 'words', case: name, why: noWords })),
  { subject: 'refused-words', case: 'without a whitelist only srvr is answered [ADM-01, ADM-02]', why: noWords },
  { subject: 'refused-words', case: 'what follows a word is not read [ADM-24]', why: noWords },
  { subject: 'fresh', case: 'srvr before and after the first session [ADM-04, ADM-13]', why: noWords },
  { subject: 'observer', case: 'words at an observer [ADM-04, ADM-18]', why: noWords },
];

export function knownDifference(setup: SetupName, subject: string, name: string): KnownDifference | null {
  return KNOWN.find((each) => (each.on ?? setup) === setup && each.subject === subject && each.case === name) ?? null;
}

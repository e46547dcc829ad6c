// Where our servers are known to answer otherwise than the recording, and why. An entry that no longer differs fails its test.

import type { SetupName } from './setups.ts';

export interface KnownDifference {
  readonly on?: SetupName;
  readonly subject: string;
  readonly case: string;
  readonly why: string;
}

const KNOWN: readonly KnownDifference[] = [
  {
    subject: 'acl',
    case: 'ip ids are addresses with at most as many bits [ACL-08, ACL-18]',
    why: 'IPv6 addresses came with ZOOKEEPER-4240',
  },
  {
    on: 'three',
    subject: 'reads',
    case: "the server's own nodes [TREE-22, TREE-30]",
    why: 'the node /zookeeper/config does not hold the configuration yet',
  },
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
    'a watch does not need permission to be set; the event needs READ in the Debian package [VAL-12, WATCH-23]',
    'a standard watch without READ is used up silently [WATCH-23]',
    'a child watch whose node loses READ meanwhile [WATCH-23]',
  ].map((name) => ({ subject: 'persistent-watches', case: name, why: 'events are not yet held back from who may not read' })),
  ...[
    'a TTL node without children is taken away [TREE-19, TREE-20]',
    'a TTL node with children stays until they are gone [TREE-19]',
    'a container is taken away when its last child has gone [TREE-19]',
    'a container that never had a child stays [TREE-19]',
    'a container in a container goes with its turn [TREE-19]',
  ].map((name) => ({ subject: 'ttl', case: name, why: 'there is no container manager yet' })),
];

export function knownDifference(setup: SetupName, subject: string, name: string): KnownDifference | null {
  return KNOWN.find((each) => (each.on ?? setup) === setup && each.subject === subject && each.case === name) ?? null;
}

/**
 * English for the catalogue of bugs: what its mutations without a scenario of their own are about (the others have the name and the words of
 * that scenario), and which entries have no mutation, with the reason.
 */

interface MutationWords {
  readonly title: string;
  /** What somebody sees of it. */
  readonly symptom: string;
}

/** By id. */
export const MUTATION_WORDS: Readonly<Record<string, MutationWords>> = {
  'vote-without-epoch': {
    title: 'The longer log wins',
    symptom: 'Servers elect the one with the highest zxid, whatever epoch it has been in, and what a newer epoch has committed is lost.',
  },
  'ZOOKEEPER-1419': {
    title: 'A vote that beats and is beaten',
    symptom: 'An election goes round and never ends: of two votes each is better than the other, one by its epoch, one by its server.',
  },
  'ZOOKEEPER-1514': {
    title: 'Voted for before',
    symptom: 'A former leader that is back leads alone, by the word of servers that have not noticed its crash.',
  },
  'ZOOKEEPER-4508': {
    title: 'A client that never gives up',
    symptom: 'A client that reaches no server any more fails call after call, and does not tell its application that the session is over.',
  },
  'ZOOKEEPER-4471': {
    title: 'One kind of watch for another',
    symptom: 'Who removes the data watches of a node loses its persistent watches too.',
  },
  'ZOOKEEPER-4475': {
    title: 'A recursive watch hears of children',
    symptom: 'A persistent recursive watch gets an event for a list of children, which it was promised never to get.',
  },
  'ZOOKEEPER-4655': {
    title: 'An event without a zxid',
    symptom: 'A client cannot tell which change has fired its watch.',
  },
  'ZOOKEEPER-4799': {
    title: 'Told of what may not be read',
    symptom: 'A client without READ on a node is told of its changes, by a watch that it set before the node was there.',
  },
  'ZOOKEEPER-2590': {
    title: 'Exists for everybody',
    symptom: 'A client without READ on a node learns from exists that the node is there, and when it was changed.',
  },
  'ZOOKEEPER-2623': {
    title: 'A check on its own',
    symptom: 'A check outside a multi is taken; when it holds it uses up a zxid and is never answered.',
  },
  'release-3.8.0': {
    title: 'The name of 3.8.0',
    symptom: 'A server calls itself 3.8.0.',
  },
  'ZOOKEEPER-4026': {
    title: 'Another create than was asked for',
    symptom: 'In a multi an operation that makes a node is chosen by its mode, and answered as if it had been another one.',
  },
  'ZOOKEEPER-4240': {
    title: 'No IPv6 in an ACL',
    symptom: 'An ACL that names an IPv6 address is refused.',
  },
  'ZOOKEEPER-4743': {
    title: 'A version of -1',
    symptom: 'After 2^32 changes a version comes to -1, which stands for any version.',
  },
  'ZOOKEEPER-4915': {
    title: 'Containers that were never used',
    symptom: 'A container that never had a child stays for ever.',
  },
  'delete-container-undecoded': {
    title: 'A path taken as it comes',
    symptom: 'What a client sends with deleteContainer is taken for a path with the length before it.',
  },
  'reconfig-without-header': {
    title: 'A reconfig that nobody finishes',
    symptom: 'After a reconfig that cannot be read a session waits for ever.',
  },
  'child-lost-on-replay': {
    title: 'A node that nobody lists',
    symptom: 'After a restart a node can be read and is missing among the children of its parent.',
  },
  'truncation-across-epochs': {
    title: 'Cut back into another history',
    symptom: 'A server is told to cut its log back into an older epoch, below which it has something else than the leader.',
  },
};

/** An entry of the catalogue that no mutation brings back. */
interface NotModelled {
  /** The catalogue's letter and number. */
  readonly letter: string;
  readonly slug: string;
  readonly issues: readonly number[];
  readonly reason: string;
}

export const NOT_MODELLED: readonly NotModelled[] = [
  {
    letter: 'A9',
    slug: 'log-async-before-ack and epoch-before-history',
    issues: [4785],
    reason: 'no defect of its own: ZOOKEEPER-4646 and ZOOKEEPER-4643 together',
  },
  {
    letter: 'B9',
    slug: 'readonly-zxid',
    issues: [3526],
    reason: 'needs read-only servers, which are not simulated',
  },
  {
    letter: 'B10',
    slug: 'purge-counts-invalid-snapshots',
    issues: [3231],
    reason: 'needs the purge task (autopurge), which is not simulated: snapshots and logs are kept',
  },
  {
    letter: 'C10',
    slug: 'disloyal-voter',
    issues: [3109],
    reason:
      'the repair is off unless zookeeper.leader.maxTimeToWaitForEpoch is set (ELEC-08, DISC-30): master waits as long as the releases before it',
  },
  {
    letter: 'D6',
    slug: 'local-session-upgrade-race',
    issues: [3471, 2725],
    reason: 'needs local sessions, which are not simulated',
  },
  {
    letter: 'E5',
    slug: 'acl-missing-on-replay',
    issues: [3306, 4689, 4846],
    reason:
      'a node holds its ACL itself here: there is no cache of ACLs that a fuzzy snapshot could tear from the nodes. The missing parent is ZOOKEEPER-1573',
  },
  {
    letter: 'G1',
    slug: 'commitandactivate-ignored-in-sync',
    issues: [2172],
    reason: 'needs reconfiguration, which is not simulated',
  },
  {
    letter: 'G2',
    slug: 'config-from-stale-notification',
    issues: [2212],
    reason: 'needs reconfiguration, which is not simulated',
  },
  {
    letter: 'G4',
    slug: 'old-quorum-only',
    issues: [],
    reason: 'needs reconfiguration, which is not simulated',
  },
  {
    letter: 'G5',
    slug: 'removed-leader-keeps-committing',
    issues: [],
    reason: 'needs reconfiguration, which is not simulated',
  },
  {
    letter: 'T10',
    slug: 'follower-accepts-old-leader',
    issues: [],
    reason:
      'a server connects only to the leader that a quorum names, and a quorum that has gone on to a newer epoch does not name the old one: what LEADERINFO is checked for does not happen',
  },
  {
    letter: 'T12',
    slug: 'serve-at-newleader',
    issues: [],
    reason:
      'a leader vouches for a session only when a quorum has acknowledged NEWLEADER, so that nobody can read before; with local sessions somebody could',
  },
];

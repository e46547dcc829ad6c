// What has no scenario, or no mutation, yet: each with the reason. A line that is no longer true fails the tests.

/** Mutations that no scenario of scenarios/bugs shows. */
export const WITHOUT_SCENARIO: Readonly<Record<string, string>> = {
  'ZOOKEEPER-1514':
    'a leader that is back has the round of the others from the message that they send again (CNX-10), and leads by old votes without it too',
  'ZOOKEEPER-1419':
    'the election goes round without a pause: a million events a virtual second, so that the bound of I-LIVE is hours of real time away',
  'ZOOKEEPER-4508': 'a client that never gives up fails all its calls all the same: no property asks what it tells its application',
  'ZOOKEEPER-4471': 'what a watcher type removes is what the client was promised by the release: no property compares releases',
  'ZOOKEEPER-4475': 'no property asks which of the watchers of one client is told',
  'ZOOKEEPER-4655': 'no property reads the zxid of an event: clients do not count it as seen (CLI-08)',
  'ZOOKEEPER-4799': 'no property asks who must not be told',
  'ZOOKEEPER-2590': 'what exists tells without READ is true: no property asks who may know it',
  'ZOOKEEPER-2623': 'clients send no check outside a multi',
  'release-3.8.0': 'a name that no property reads',
  'ZOOKEEPER-4026': 'what a create in a multi makes and tells is what the release says: no property compares releases',
  'ZOOKEEPER-4240': 'who may be named in an ACL is what the release says: no property compares releases',
  'ZOOKEEPER-4743': 'a version wraps after 2^32 changes of one node',
  'ZOOKEEPER-4915': 'a container that stays is no broken promise',
  'delete-container-undecoded': 'clients send no deleteContainer',
  'reconfig-without-header': 'clients send nothing that cannot be read',
  'child-lost-on-replay': 'what is lost is a name in a listing: digests are of nodes, and no property compares listings',
  'truncation-across-epochs': 'found by random runs over many epochs; no small schedule is known yet',
};

/** Entries of the bug catalogue's groups D, F and T without a mutation, by their letters. */
export const WITHOUT_MUTATION: Readonly<Record<string, string>> = {
  D6: 'local sessions are not modelled yet',
  F8: 'a sync that a deposed leader answers is what every release promises, and fixed keeps it: to ask a quorum is another protocol (PR 2069)',
};

/** Properties that no scenario breaks. */
export const UNBROKEN: Readonly<Record<string, string>> = {
  'I-LIN': 'what breaks it is seen inside the servers before a client is told: ZOOKEEPER-1412 breaks it second (the matrix)',
  'I-SYNC': 'no release promises it: scenarios/failures/stale-sync.yaml breaks it without a mutation (ZOOKEEPER-1675)',
};

/** Decision points that no mutation edits, with what they wait for. */
export const UNEDITED: Readonly<Record<string, string>> = {};

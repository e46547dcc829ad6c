/**
 * The server layer's places where ZooKeeper once went wrong, or a mutation makes it go wrong, by name. The values here are `fixed`.
 */
export interface ServerDecisions {
  /** Version.getFullVersion: what a server calls itself. */
  readonly versionText: string;
  /** DataTree.processTxn: is lastProcessedZxid raised by the first operation of a multi already (ZOOKEEPER-3127)? */
  readonly multiAdvancesZxidPerSubop: boolean;
  /** FinalRequestProcessor: is lastProcessedZxid raised before the transaction is applied (ZOOKEEPER-1090)? */
  readonly advancesZxidBeforeApply: boolean;
  /** DataTree.serializeNode: true gives nodes as the proposals that are not committed yet will make them (T24). */
  readonly snapshotReadsOutstanding: boolean;
  /** DataTree.deleteNode: does the delete of a missing child still raise its parent's pzxid (ZOOKEEPER-3125, DISK-24)? */
  readonly deleteOfMissingRaisesPzxid: boolean;
  /** DataTree.createNode: a replayed create of a child that is there lists it below its parent again (lost by ZOOKEEPER-4846's fix). */
  readonly existingChildRejoinsParent: boolean;
  /** DataTree.killSession: false closes the session and leaves its ephemerals (T15). */
  readonly ephemeralsDeletedOnClose: boolean;
  /** DataTree.getData, statNode, getChildren: false registers the watch in a later step (T17, WATCH-30). */
  readonly watchRegisteredWithRead: boolean;
  /** WatchManager: are the modes of one path and connection kept side by side, or only the last that was set (WATCH-16; ZOOKEEPER-4466)? */
  readonly watchModes: 'side-by-side' | 'last-set';
  /** DataTree.removeWatch: does a watcher type name a mode, or a table with all that is in it (WATCH-27, WATCH-45; ZOOKEEPER-4471)? */
  readonly watcherTypes: 'by-mode' | 'by-table';
  /** NIOServerCnxn.process: does the header of an event carry the zxid of the transaction that fired it (WATCH-22; ZOOKEEPER-4655)? */
  readonly eventCarriesZxid: boolean;
  /** NIOServerCnxn.process: is an event withheld from a connection without READ on the node (WATCH-23; ZOOKEEPER-4799)? */
  readonly checksReadOfWatchers: boolean;
  /** PrepRequestProcessor: a session whose close is prepared takes no further requests (ZOOKEEPER-1208). */
  readonly setsSessionClosingAtPrep: boolean;
  /** PrepRequestProcessor: false puts a session into the replicated table before its creation is committed (ZOOKEEPER-2926). */
  readonly sessionEntersTableAtCommit: boolean;
  /** ZooKeeperServer.processTxn: do sessions opened and closed in a synchronisation reach the session table too (ZOOKEEPER-1367)? */
  readonly syncFeedsSessionTable: boolean;
  /** CommitProcessor.run: queuedRequests are looked at before a commit is handled (ZOOKEEPER-1863). */
  readonly drainsRequestsBeforeCommit: boolean;
  /** CommitProcessor.run: is the last look at the queues before it sleeps one with falling asleep (COMMIT-02; ZOOKEEPER-4537)? */
  readonly looksBeforeSleeping: boolean;
  /** CommitProcessor: is a commit of a session whose own write here is another one applied like any other server's (ZOOKEEPER-2684)? */
  readonly appliesForeignCommits: boolean;
  /** ProposalRequestProcessor: is a request proposed before the leader itself logs it? false lets a log hold what was never broadcast (T30). */
  readonly proposesBeforeLogging: boolean;
  /** ProposalRequestProcessor: does the leader apply and answer when a proposal is committed, or already when it is made (T13)? */
  readonly leaderAppliesAt: 'commit' | 'proposal';
  /** ZooKeeperServer.processConnectRequest: is a client refused that has seen a newer zxid (SESS-04; T16)? */
  readonly refusesClientAhead: boolean;
  /** FinalRequestProcessor: watch events enter the connection's one queue as they are fired (WATCH-28); false sends them beside it (T18). */
  readonly queuesEventsWithReplies: boolean;
  /** FinalRequestProcessor: what a reply header carries (ID-04; ZOOKEEPER-1412 carried the request's zxid). */
  readonly replyZxid: 'last-processed' | 'request';
  /** LearnerSessionTracker: true lets a learner expire its clients' sessions by its own clock (SESS-14; T22). */
  readonly learnersExpireSessions: boolean;
  /** SessionTrackerImpl.checkSession: is a request through another server than the session's owner refused (SESS-25; T23)? */
  readonly checksSessionOwner: boolean;
  /**
   * Who owns a session at the leader (SESS-12, SESS-13, SESS-25): the one connection that its client has now, or, as in ZooKeeper up to master,
   * the server that this connection is at? Leader.revalidateSession names the LearnerHandler and LeaderZooKeeperServer the leader itself, so
   * that SessionTrackerImpl.checkSession lets in whatever that server still has of an earlier connection: behind a thread, on the way, or
   * in PREP's queue. A client that left it, wrote elsewhere and came back, or whose abandoned attempt to come back is revalidated late
   * (ZOOKEEPER-2886 saw that end in connections lost), then has its old write committed after the new one. True also keeps the order that
   * this needs, owner first and answer after: LeaderZooKeeperServer takes ownership once the answer is queued, and Learner.revalidate gives
   * the answer to whichever connection of the session asked last. Found here in random runs, and not confirmed on a real ensemble.
   */
  readonly ownerIsConnection: boolean;
  /** SessionTrackerImpl.run: an expired session stays known as closing until its close is applied; false forgets it first (ZOOKEEPER-1496). */
  readonly expiryMarksClosing: boolean;
  /** PrepRequestProcessor.checkAndIncVersion: is a version that wraps to -1 counted on to 0 (ZOOKEEPER-4743, VAL-14)? */
  readonly skipsVersionMinusOne: boolean;
  /** MultiOperationRecord: does an operation that makes a node stay what it is called, or is it chosen by its mode (ZOOKEEPER-4026, MULTI-06)? */
  readonly multiKeepsCreateOperation: boolean;
  /** PrepRequestProcessor: is the path of a client's deleteContainer read as a record (OP-20)? */
  readonly decodesDeleteContainer: boolean;
  /** FinalRequestProcessor: does exists ask for READ (ZOOKEEPER-2590, VAL-07)? */
  readonly existsChecksAcl: boolean;
  /**
   * Request.isValid: may a client send check outside a multi (ZOOKEEPER-2623, PIPE-08)? One that fails is answered, one that succeeds takes a
   * zxid and is not. What that did to followers and logs, which cannot read the transaction, is left out: here it does nothing.
   */
  readonly servesTopLevelCheck: boolean;
  /**
   * PrepRequestProcessor: does a reconfig whose record cannot be read become an error transaction like any other write (VAL-18, PIPE-13)? false:
   * it gets no header, so that a quorum waits for its commit for ever, and the session with it; one server alone answers it without a zxid.
   */
  readonly undecodableReconfigIsTxn: boolean;
  /** IPAuthenticationProvider: may an ACL name IPv6 addresses (ZOOKEEPER-4240, ACL-18)? */
  readonly aclTakesIpv6: boolean;
  /** ContainerManager: how long a container that never had a child is kept where the configuration does not say; 0 for ever (ZOOKEEPER-4915). */
  readonly containerMaxNeverUsedIntervalMs: number;
}

export const FIXED_SERVER: ServerDecisions = {
  versionText: '3.10.0-zablab, built on 2026-11-30 00:00 UTC',
  multiAdvancesZxidPerSubop: false,
  advancesZxidBeforeApply: false,
  snapshotReadsOutstanding: false,
  deleteOfMissingRaisesPzxid: true,
  existingChildRejoinsParent: true,
  ephemeralsDeletedOnClose: true,
  watchRegisteredWithRead: true,
  watchModes: 'side-by-side',
  watcherTypes: 'by-mode',
  eventCarriesZxid: true,
  checksReadOfWatchers: true,
  setsSessionClosingAtPrep: true,
  sessionEntersTableAtCommit: true,
  syncFeedsSessionTable: true,
  drainsRequestsBeforeCommit: true,
  looksBeforeSleeping: true,
  appliesForeignCommits: true,
  proposesBeforeLogging: true,
  leaderAppliesAt: 'commit',
  refusesClientAhead: true,
  queuesEventsWithReplies: true,
  replyZxid: 'last-processed',
  learnersExpireSessions: false,
  checksSessionOwner: true,
  ownerIsConnection: true,
  expiryMarksClosing: true,
  skipsVersionMinusOne: true,
  multiKeepsCreateOperation: true,
  decodesDeleteContainer: true,
  existsChecksAcl: true,
  servesTopLevelCheck: false,
  undecodableReconfigIsTxn: true,
  aclTakesIpv6: true,
  containerMaxNeverUsedIntervalMs: 300_000,
};

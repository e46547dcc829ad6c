/**
 * The places where ZooKeeper once went wrong, or a mutation makes it go wrong, by name. Predicates are functions; plans are lists that a
 * thread runs one entry per event, a nested array being one atomic group. Protocol code reads this table and nothing else: no `if (bug)`.
 * The values here are `fixed`: master with its still-open bugs repaired.
 */
import type { Vote } from './vote.ts';
import { voteBeats } from './vote.ts';

/**
 * Learner.syncWithLeader at NEWLEADER (SYNC-44..47, ID-12), and at UPTODATE and after its loop (SYNC-48..50). Releases moved steps from one
 * moment to the other, so both plans know all of them.
 */
export type SynchronisationStep =
  | 'snapshot' // when the mode needs one (SYNC-32)
  | 'start-processors'
  | 'append-synced' // txns of packetsNotLogged: append each, and apply it if it is committed (SYNC-45)
  | 'fsync' // of what that appended
  | 'enqueue-to-sync' // the same with the SyncThread in place of append and fsync: it will ack each (3.8.0, SYNC-46)
  | 'write-current-epoch'
  | 'ack' // of NEWLEADER, or of UPTODATE in its plan
  | 'publish'
  | 'log-pending' // one ACK for what was appended and not applied (3.8.5); the rest goes to the SyncThread
  | 'commit-pending';

export type NewLeaderStep = SynchronisationStep;
export type UpToDateStep = SynchronisationStep;

/** Learner.shutdown (LIVE-12, SYNC-52, SYNC-59). */
export type LearnerShutdownStep =
  | 'unpublish'
  | 'close-clients'
  | 'close-socket'
  | 'stop-processors'
  | 'join-commit' // waits until the CommitProcessor has ended (ZOOKEEPER-3598)
  | 'drain-sync' // stops the SyncThread after its queue is logged (ZOOKEEPER-4712)
  | 'fast-forward';

/** Leader.shutdown (LIVE-11). */
export type LeaderShutdownStep =
  | 'stop-acceptor'
  | 'unpublish'
  | 'close-clients'
  | 'stop-processors'
  | 'join-commit'
  | 'drain-sync'
  | 'fast-forward'
  | 'close-handlers';

/** LearnerHandler.run from the sync decision to the first packet of the sender thread (SYNC-24..27). */
export type LearnerSyncStep =
  | 'queue-sync' // syncFollower: header and committed proposals
  | 'start-forwarding' // Leader.startForwarding: what is under way, and from here on everything new
  | 'send-snapshot' // when the decision was SNAP (SYNC-26)
  | 'queue-newleader'
  | 'start-sending';

/** ZooKeeperServer.loadData as Leader.lead calls it (ID-23). */
export type LeaderLoadStep = 'load' | 'remove-dead-ephemerals' | 'snapshot';

/** SyncRequestProcessor.flush (LOGT-04). */
export type FlushStep = 'fsync' | 'pass-on';

export interface ZabDecisions {
  /** FastLeaderElection.totalOrderPredicate without the weight (ELEC-21). */
  readonly voteBeats: (candidate: Vote, mine: Vote) => boolean;
  /** FastLeaderElection.checkLeader: does a server that others call leader look whether they mean this round (ELEC-30; ZOOKEEPER-1514)? */
  readonly checksLeaderRound: boolean;
  /** FastLeaderElection.lookForLeader: does an election end as soon as every voter has been heard, agreed or not (ZOOKEEPER-975)? */
  readonly endsElectionAtFullView: boolean;
  /** Leader.waitForEpochAck: is a learner that is ahead refused (DISC-20)? */
  readonly refusesFollowerAhead: boolean;
  /** Leader.getEpochToPropose: discovery by a quorum; false takes the leader's own acceptedEpoch + 1 without asking anybody (T5). */
  readonly epochNeedsQuorum: boolean;
  /** Leader.getEpochToPropose and waitForEpochAck: do observers count (DISC-10, DISC-22; ZOOKEEPER-2959)? */
  readonly countsObserversInDiscovery: boolean;
  /** Leader.getEpochToPropose: does a learner's acceptedEpoch raise the epoch on offer (DISC-10; ZOOKEEPER-1343)? */
  readonly raisesEpoch: (lastAcceptedEpoch: number, epoch: number) => boolean;
  /** Leader.getEpochToPropose: is the epoch out before acceptedEpoch is written (ID-10)? After an I/O error those who wait take it then. */
  readonly freezesEpochBeforeFile: boolean;
  /**
   * Leader.getEpochToPropose: does a leader step down for a learner that has accepted a later epoch than its own (DISC-13)? The original
   * does not, and such a learner is refused again and again until another election.
   */
  readonly stepsDownForNewerEpoch: boolean;
  /** Leader.lead: does lastProposed begin at NEWLEADER's zxid (DISC-14; ZOOKEEPER-1319)? */
  readonly initialisesLastProposed: boolean;
  /** LearnerHandler.syncFollower: which zxid of the leader makes a learner that has it one in sync (SYNC-02; ZOOKEEPER-1319)? */
  readonly comparesLearnerWith: 'last-processed' | 'last-proposed';
  /** Leader.sendPacket: do proposals go to learners that have yet to acknowledge NEWLEADER (BCAST-03; T6)? */
  readonly proposesToSyncing: boolean;
  /** Leader.commit: do commits go to them (BCAST-11; T7)? */
  readonly commitsToSyncing: boolean;
  /** Leader.propose: does the last counter of an epoch force a new election (BCAST-01; ZOOKEEPER-1277)? */
  readonly stepsDownAtLastCounter: boolean;
  /** Leader.lead: does a leader without a quorum of synced learners step down (LIVE-03; T9)? */
  readonly stepsDownWithoutQuorum: boolean;
  /** Leader.tryToCommit: does this set of acks commit a proposal? `isQuorum` is the verifier's answer. */
  readonly commits: (isQuorum: boolean, acks: readonly number[]) => boolean;
  /** Leader.tryToCommit: a proposal waits while its predecessor is outstanding (BCAST-09). */
  readonly commitsInOrder: boolean;
  /** LearnerHandler.queueCommittedProposals: is the learner's last zxid looked up in the history, so that TRUNC or SNAP can follow (SYNC-12)? */
  readonly looksForPeerZxid: boolean;
  /**
   * LearnerHandler.syncFollower: is a learner brought up to date from a log on disk that has a hole where a snapshot of a sync filled in
   * (SYNC-51, SYNC-54)? The original cannot tell that from the start of an epoch.
   */
  readonly readsLogAcrossHoles: boolean;
  /** LearnerHandler.syncFollower: does a gap between the log on disk and committedLog lead to SNAP (SYNC-08; ZOOKEEPER-2418)? */
  readonly detectsLogGap: boolean;
  readonly learnerSyncPlan: readonly (LearnerSyncStep | readonly LearnerSyncStep[])[];
  readonly newLeaderPlan: readonly (NewLeaderStep | readonly NewLeaderStep[])[];
  readonly upToDatePlan: readonly (UpToDateStep | readonly UpToDateStep[])[];
  readonly learnerShutdownPlan: readonly (LearnerShutdownStep | readonly LearnerShutdownStep[])[];
  readonly leaderShutdownPlan: readonly (LeaderShutdownStep | readonly LeaderShutdownStep[])[];
  readonly leaderLoadPlan: readonly (LeaderLoadStep | readonly LeaderLoadStep[])[];
  readonly flushPlan: readonly (FlushStep | readonly FlushStep[])[];
  /** Learner.shutdown clears the database when a sync by SNAP was interrupted before NEWLEADER was handled (SYNC-52; ZOOKEEPER-3642). */
  readonly clearsDatabaseAfterSnap: boolean;
  /** The same for TRUNC, after which all that comes goes to memory too (ZOOKEEPER-5094). */
  readonly clearsDatabaseAfterTrunc: boolean;
  /** ZooKeeperServer.shutdown: does the database live on, or is it cleared and read from the disk again (LIVE-14; ZOOKEEPER-2678)? */
  readonly keepsDatabase: boolean;
  /** Is the database loaded anew after a failure of the log thread (LOGT-08)? Memory may hold what could not be logged. */
  readonly clearsDatabaseAfterFailure: boolean;
  /** Is the snapshot taken at NEWLEADER after a SNAP fsynced and renamed into place (SYNC-32; ZOOKEEPER-2872)? */
  readonly syncsSnapshotAfterSnap: boolean;
  /** The same after a TRUNC, and after a DIFF where that takes a snapshot (S9). */
  readonly syncsSnapshotAfterTrunc: boolean;
  /** Is a snapshot taken at NEWLEADER, and every commit before it applied to memory only (SYNC-32, SYNC-37)? */
  readonly needsSnapshotAfter: (mode: 'DIFF' | 'TRUNC' | 'SNAP') => boolean;
  /** Do commits after NEWLEADER go to the log, not straight to memory (SYNC-44; ZOOKEEPER-1282)? */
  readonly logsAfterNewLeader: boolean;
  /** Learner.enforceContinuousProposal: does a hole inside an epoch end the sync, or is it only warned of (SYNC-39)? */
  readonly refusesDiscontinuousSync: boolean;
  /** ZKDatabase.addCommittedProposal: are re-adds dropped and holes refused (SYNC-20; ZOOKEEPER-4925)? */
  readonly checksCommittedLog: boolean;
  /** Do txns applied during the sync reach committedLog (ZOOKEEPER-4925)? */
  readonly cachesSyncedTxns: boolean;
  /** Does the header of DIFF set lastProcessedZxid before its txns arrive (SYNC-58; ZOOKEEPER-2355)? */
  readonly diffSetsLastProcessed: boolean;
  /** QuorumPeer: do the epochs have files of their own (ID-08)? Before Zab 1.0 they were read off the last zxid (ZOOKEEPER-335). */
  readonly keepsEpochFiles: boolean;
  /** Is the memory copy of an epoch assigned before its file is written (ID-09; ZOOKEEPER-2307)? */
  readonly assignsEpochBeforeFile: boolean;
  /** After SNAP, is the log cut beyond the snapshot (SYNC-54)? A later load would replay what the leader does not have. */
  readonly cutsLogBeyondSnapshot: boolean;
  /** FileTxnLog.truncate: where the zxid looked for is not in the log, does the next larger record stay (DISK-28)? */
  readonly truncationKeepsNextLarger: boolean;
  /** LearnerHandler.syncFollower: may TRUNC go back to an older epoch, below which the learner's history may be another (SYNC-17)? */
  readonly truncatesAcrossEpochs: boolean;
  /** FileTxnLog.truncate: how many of the records up to the one looked for stay (DISK-28; ZOOKEEPER-1156 kept one less). */
  readonly truncationKeeps: (records: number) => number;
  /** Does a learner that cannot truncate its log exit (SYNC-34; ZOOKEEPER-3701)? */
  readonly exitsWhenNotTruncated: boolean;
  /** FileTxnSnapLog.restore: is a log without any snapshot taken for the whole history (DISK-21; ZOOKEEPER-2325)? */
  readonly trustsEmptySnapshot: boolean;
  /** FileTxnSnapLog.processTransaction: does a replay pass over a create whose parent is gone (DISK-23; ZOOKEEPER-1573)? */
  readonly replaysWithoutParent: boolean;
  /** FileTxnLog.append: is a file that was rolled away durable before the next one exists (LOGT-07, DISK-31)? */
  readonly syncsRolledLog: boolean;
  /** FileTxnSnapLog.save: is a snapshot of the same zxid written over? */
  readonly overwritesSnapshots: boolean;
  /** FileTxnSnapLog.restore: is the snapshot of an empty database durable before the server goes on (ID-25, DISK-21)? */
  readonly syncsFirstSnapshot: boolean;
  /** Is a log that was replayed from the page cache made durable before the server votes with it? */
  readonly syncsRecoveredLog: boolean;
  /** Is a snapshot named by lastProcessedZxid at the end of the walk, not at its start (DISK-14)? */
  readonly namesSnapshotAtEnd: boolean;
  /** ZKDatabase.truncateLog reloads: are snapshots newer than the truncation point set aside (SYNC-35; ZOOKEEPER-1549)? */
  readonly truncationSkipsNewerSnapshots: boolean;
  /** QuorumPeer.loadDataBase: may the last zxid's epoch exceed currentEpoch when acceptedEpoch covers it (ID-14; ZOOKEEPER-1653)? */
  readonly startsWithUnfinishedEpoch: boolean;
  /** Does NEWLEADER leave in packetsNotLogged what is not committed yet (SYNC-45)? false logs that too (SYNC-46). */
  readonly keepsPendingAfterNewLeader: boolean;
  /** Does a COMMIT before UPTODATE dereference the head of packetsNotLogged, even of an emptied list (SYNC-46; ZOOKEEPER-4394)? */
  readonly commitNeedsPending: boolean;
  /** Is what NEWLEADER logs and knows as committed applied at once? false: by the CommitProcessor, after UPTODATE (ZOOKEEPER-3023). */
  readonly appliesSyncedBeforeAck: boolean;
}

export const FIXED_ZAB: ZabDecisions = {
  voteBeats,
  checksLeaderRound: true,
  endsElectionAtFullView: false,
  refusesFollowerAhead: true,
  epochNeedsQuorum: true,
  countsObserversInDiscovery: false,
  raisesEpoch: (lastAcceptedEpoch, epoch) => lastAcceptedEpoch >= epoch,
  freezesEpochBeforeFile: false,
  stepsDownForNewerEpoch: true,
  initialisesLastProposed: true,
  comparesLearnerWith: 'last-processed',
  proposesToSyncing: true,
  commitsToSyncing: true,
  stepsDownAtLastCounter: true,
  stepsDownWithoutQuorum: true,
  commits: (isQuorum) => isQuorum,
  commitsInOrder: true,
  looksForPeerZxid: true,
  readsLogAcrossHoles: false,
  detectsLogGap: true,
  // ZOOKEEPER-962: the decision and the registration are one section. ZOOKEEPER-3104: NEWLEADER follows the snapshot.
  learnerSyncPlan: [['queue-sync', 'start-forwarding'], 'send-snapshot', 'queue-newleader', 'start-sending'],
  // ZOOKEEPER-4643, 4646, 4785: the history is on disk before the epoch that vouches for it, and both before the ack.
  newLeaderPlan: ['snapshot', 'append-synced', 'fsync', 'write-current-epoch', 'ack'],
  upToDatePlan: ['ack', 'start-processors', 'publish', 'log-pending', 'commit-pending'],
  learnerShutdownPlan: ['unpublish', 'close-clients', 'close-socket', 'stop-processors', 'join-commit', 'drain-sync', 'fast-forward'],
  leaderShutdownPlan: [
    'stop-acceptor',
    'unpublish',
    'close-clients',
    'stop-processors',
    'join-commit',
    'drain-sync',
    'fast-forward',
    'close-handlers',
  ],
  leaderLoadPlan: ['load', 'remove-dead-ephemerals'],
  flushPlan: ['fsync', 'pass-on'],
  clearsDatabaseAfterSnap: true,
  clearsDatabaseAfterTrunc: true,
  keepsDatabase: true,
  clearsDatabaseAfterFailure: true,
  syncsSnapshotAfterSnap: true,
  syncsSnapshotAfterTrunc: true,
  needsSnapshotAfter: (mode) => mode !== 'DIFF',
  logsAfterNewLeader: true,
  refusesDiscontinuousSync: true,
  checksCommittedLog: true,
  cachesSyncedTxns: true,
  diffSetsLastProcessed: false,
  keepsEpochFiles: true,
  assignsEpochBeforeFile: false,
  cutsLogBeyondSnapshot: true,
  truncationKeepsNextLarger: false,
  truncatesAcrossEpochs: false,
  truncationKeeps: (records) => records,
  exitsWhenNotTruncated: true,
  trustsEmptySnapshot: false,
  replaysWithoutParent: true,
  syncsRolledLog: true,
  overwritesSnapshots: false,
  syncsFirstSnapshot: true,
  syncsRecoveredLog: true,
  namesSnapshotAtEnd: false,
  truncationSkipsNewerSnapshots: true,
  startsWithUnfinishedEpoch: true,
  keepsPendingAfterNewLeader: true,
  commitNeedsPending: false,
  appliesSyncedBeforeAck: true,
};

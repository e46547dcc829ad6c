/** State of Learner, Follower, Observer, and of the log with its SyncThreads. Written by their modules only. */
import { makePartKind } from '../base/parts.ts';
import type { LinkId } from '../base/step.ts';
import type { Zxid } from '../base/zxid.ts';
import type { SyncMode } from './note.ts';
import type { OpaqueRequest, Txn } from './txn.ts';

/** Where the QuorumPeer thread is inside Follower.followLeader or Observer.observeLeader. */
export type LearnerStage =
  | 'idle'
  | 'connecting'
  | 'retrying' // sleeps between two attempts (DISC-05)
  | 'registering' // waits for LEADERINFO
  | 'acking-epoch' // writes acceptedEpoch
  | 'header' // waits for DIFF, TRUNC or SNAP (SYNC-31)
  | 'snapshot' // deserialises what follows SNAP
  | 'truncating'
  | 'synchronising'
  | 'newleader' // runs newLeaderPlan
  | 'uptodate' // runs upToDatePlan
  | 'broadcast'
  | 'shutdown';

/** One Learner object: made anew with each role. */
export interface LearnerState {
  role: 'follower' | 'observer';
  stage: LearnerStage;
  leader: number;
  link: LinkId | null;
  attempts: number;
  /** The budget of DISC-05. */
  connectDeadline: number;
  /** Sampled before FOLLOWERINFO leaves (DISC-18). */
  lastLoggedZxid: Zxid;
  newEpoch: number;
  /** QuorumPeer.syncMode; null is NONE: before the header and once NEWLEADER is handled (SYNC-52). */
  syncMode: SyncMode | null;
  headerZxid: Zxid;
  snapshotNeeded: boolean;
  /** SYNC-37 */
  writeToTxnLog: boolean;
  /** The socket's read timeout is the shorter one (LIVE-09). */
  newLeaderAcked: boolean;
  /** Last zxid proposed or informed of, 0 for none yet. */
  lastQueued: Zxid;
  packetsNotLogged: Txn[];
  packetsCommitted: Zxid[];
  /** Last zxid this thread appended itself, 0 for none. */
  lastAppended: Zxid;
  /** What NEWLEADER appended and did not apply: acknowledged after UPTODATE (SYNC-46). */
  requestsToAck: Zxid[];
  /** FollowerZooKeeperServer.pendingTxns: logged or on the way there, not committed. */
  pendingTxns: Txn[];
  processorsStarted: boolean;
  /** The server object's state is RUNNING. */
  running: boolean;
}

export const LEARNER = makePartKind<LearnerState>('learner', { copy: copyLearner, skip: ['connectDeadline'] });

function copyLearner(part: LearnerState): LearnerState {
  return {
    role: part.role,
    stage: part.stage,
    leader: part.leader,
    link: part.link,
    attempts: part.attempts,
    connectDeadline: part.connectDeadline,
    lastLoggedZxid: part.lastLoggedZxid,
    newEpoch: part.newEpoch,
    syncMode: part.syncMode,
    headerZxid: part.headerZxid,
    snapshotNeeded: part.snapshotNeeded,
    writeToTxnLog: part.writeToTxnLog,
    newLeaderAcked: part.newLeaderAcked,
    lastQueued: part.lastQueued,
    packetsNotLogged: part.packetsNotLogged.slice(),
    packetsCommitted: part.packetsCommitted.slice(),
    lastAppended: part.lastAppended,
    requestsToAck: part.requestsToAck.slice(),
    pendingTxns: part.pendingTxns.slice(),
    processorsStarted: part.processorsStarted,
    running: part.running,
  };
}

export function makeLearnerState(role: LearnerState['role'] = 'follower'): LearnerState {
  return {
    role,
    stage: 'idle',
    leader: -1,
    link: null,
    attempts: 0,
    connectDeadline: 0,
    lastLoggedZxid: -1,
    newEpoch: -1,
    syncMode: null,
    headerZxid: -1,
    snapshotNeeded: false,
    writeToTxnLog: false,
    newLeaderAcked: false,
    lastQueued: 0,
    packetsNotLogged: [],
    packetsCommitted: [],
    lastAppended: 0,
    requestsToAck: [],
    pendingTxns: [],
    processorsStarted: false,
    running: false,
  };
}

/** FileTxnLog: the database's handle on its log files. It survives roles, and every thread that appends shares it. */
export interface LogHandle {
  /** The file that appends go to; null after a start, a roll or a truncation: the next append creates one (ID-16, LOGT-07). */
  file: string | null;
  /** streamsToFlush: files appended to since they were last fsynced, the current one last (DISK-31). */
  unsynced: string[];
  /** Records appended since the last roll (LOGT-06). */
  txnCount: number;
}

/**
 * One SyncRequestProcessor. Instances belong to a role's incarnation and can outlive it (ZOOKEEPER-4712): each keeps its own batch and its
 * own idea of whom to acknowledge to, and touches no other's.
 */
export interface SyncInstance {
  readonly incarnation: number;
  readonly role: 'leader' | 'follower' | 'observer' | 'standalone';
  /** A follower's connection to the leader it was started under. */
  readonly link: LinkId | null;
  /** Appended, not yet passed on. */
  toFlush: Zxid[];
  /** A standalone server's batch, reads between the writes: what FinalRequestProcessor gets after the flush. */
  batch: readonly { readonly request: OpaqueRequest; readonly txn: Txn | null }[];
  /** Entry of flushPlan that runs; -1 for none. */
  flushing: number;
  /** Last zxid of the batch that is flushed, 0 for none yet. */
  flushed: Zxid;
  /** The request of death was taken. */
  dying: boolean;
  /** LOGT-05 */
  randRoll: number;
  /** snapThreadMutex is taken. */
  snapping: boolean;
  snapshots: number;
}

export interface SyncThreadState {
  log: LogHandle;
  /** Living instances, oldest first. */
  instances: SyncInstance[];
}

export const SYNC_THREAD = makePartKind<SyncThreadState>('sync-thread', {
  copy: (part) => ({
    log: { file: part.log.file, unsynced: part.log.unsynced.slice(), txnCount: part.log.txnCount },
    instances: part.instances.map(copyInstance),
  }),
});

function copyInstance(instance: SyncInstance): SyncInstance {
  return {
    incarnation: instance.incarnation,
    role: instance.role,
    link: instance.link,
    toFlush: instance.toFlush.slice(),
    batch: instance.batch,
    flushing: instance.flushing,
    flushed: instance.flushed,
    dying: instance.dying,
    randRoll: instance.randRoll,
    snapping: instance.snapping,
    snapshots: instance.snapshots,
  };
}

export function makeSyncThreadState(): SyncThreadState {
  return { log: { file: null, unsynced: [], txnCount: 0 }, instances: [] };
}

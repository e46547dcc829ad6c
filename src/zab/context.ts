/**
 * What replication code works on: the memory of one server (refs to its parts), its configuration, its decisions, and the port to the
 * server layer above, which owns the data tree, the sessions and the request processors.
 */
import type { Ref } from '../base/parts.ts';
import type { Context, Effect, Item } from '../base/step.ts';
import type { Zxid } from '../base/zxid.ts';
import type { ZabDecisions } from './decisions.ts';
import type { CnxState, ElectionState } from './election-state.ts';
import type { LeaderState } from './leader-state.ts';
import type { LearnerState, SyncThreadState } from './learner-state.ts';
import type { ZabNote, ZabState } from './note.ts';
import type { ServerState, Touch } from './packet.ts';
import type { OpaqueRequest, Txn } from './txn.ts';
import type { Vote } from './vote.ts';
import type { QuorumVerifier } from './quorum-verifier.ts';

/** One server line of the configuration. `node` is its index in the simulation. */
export interface ServerSpec {
  readonly sid: number;
  readonly node: number;
  readonly learnerType: 'PARTICIPANT' | 'OBSERVER';
}

/** Section M, in virtual microseconds where a time. Constant during a run. */
export interface PeerConfig {
  readonly sid: number;
  readonly servers: readonly ServerSpec[];
  /** CFG-09: one server that is no ensemble. */
  readonly standalone: boolean;
  readonly verifier: QuorumVerifier;
  readonly tickUs: number;
  readonly initLimit: number;
  readonly syncLimit: number;
  /** CNX-15 */
  readonly cnxTimeoutUs: number;
  /** ELEC-13, ELEC-25 */
  readonly minNotificationUs: number;
  readonly maxNotificationUs: number;
  readonly finalizeWaitUs: number;
  /** DISC-05 */
  readonly leaderConnectDelayUs: number;
  /** ELEC-40 */
  readonly observerElectionDelayUs: number;
  /** SYNC-19; the real floor of 500 is not enforced, small windows are wanted in scenarios. */
  readonly commitLogCount: number;
  /** SYNC-05, in thousandths (330); negative turns log synchronisation off. */
  readonly snapshotSizePermille: number;
  /** SYNC-01 */
  readonly forceSnapshotSync: boolean;
  /** LOGT-05 */
  readonly snapCount: number;
  /** LOGT-02 */
  readonly maxBatchSize: number;
  /** DISK-03, counted into file sizes by SYNC-62. */
  readonly preAllocBytes: number;
  /** Largest counter of a zxid (BCAST-01; small in exploration, R16). */
  readonly maxCounter: number;
}

/** QuorumPeer's own fields: alive as long as the process. */
export interface QuorumPeerState {
  state: ServerState;
  zabState: ZabState;
  /** ID-10, ID-11: the memory copies; the files are on the disk. -1 before the database is loaded. */
  acceptedEpoch: number;
  currentEpoch: number;
  currentVote: Vote | null;
  /** Counts roles: threads of a role carry it, and may outlive it. */
  incarnation: number;
  /** A server object is published: clients are served (LIVE-20..22). */
  serving: boolean;
  /** Set by a critical thread's failure (LOGT-08). */
  failed: boolean;
  /** Where the main thread is inside the running plan, if any. */
  plan: { readonly name: string; readonly at: number } | null;
  /** Which part of QuorumPeer.run the main thread is in: its inputs go there. */
  stage: 'boot' | 'looking' | 'role' | 'delay';
  /** The process is asked to stop: it ends after the role's shutdown. */
  stopping: boolean;
}

/** ZKDatabase without the tree: survives role changes (LIVE-13). */
export interface DatabaseState {
  initialized: boolean;
  lastProcessedZxid: Zxid;
  /** SYNC-19: the last committed txns, oldest first; immutable entries, at most about `commitLogCount`. */
  committedLog: Txn[];
}

export interface PeerRefs {
  readonly peer: Ref<QuorumPeerState>;
  readonly database: Ref<DatabaseState>;
  readonly cnx: Ref<CnxState>;
  readonly election: Ref<ElectionState>;
  readonly leader: Ref<LeaderState>;
  readonly learner: Ref<LearnerState>;
  readonly sync: Ref<SyncThreadState>;
}

/** The server layer as replication sees it. Functions named `…Effect` return the effect so that it can join an atomic section. */
export interface Application {
  /**
   * DataTree.processTxn plus session table, under fixed rules for replays (DISK-23..27); sets database.lastProcessedZxid (DISK-26). The
   * transaction comes from this server's own log, or from a leader that brings it up to date. False for the replay of a create whose parent
   * is gone.
   */
  readonly applyTxn: (ctx: ZabContext, txn: Txn, from: 'log' | 'leader') => boolean;
  /** ZKDatabase.clear of tree and sessions (committedLog and lastProcessedZxid are zab's). */
  readonly clear: (ctx: ZabContext) => void;
  /** Start of a fuzzy walk over the database (DISK-13): plain immutable data that the caller keeps. */
  readonly beginSnapshot: (ctx: ZabContext) => Item;
  /** The next record of the walk and where it goes on; null record data when finished. One node per call. */
  readonly walkSnapshot: (ctx: ZabContext, cursor: Item) => { readonly record: Item; readonly bytes: number; readonly cursor: Item | null };
  /** Deserialises records in the order they were walked, into a cleared database. */
  readonly restoreRecord: (ctx: ZabContext, record: Item) => void;
  /** After the last record, before replay: rebuilds what is derived. */
  readonly restored: (ctx: ZabContext) => void;
  /** ID-23, SESS-33: local removal of ephemerals whose session is not in the table. */
  readonly removeDeadEphemerals: (ctx: ZabContext) => void;
  /** setupRequestProcessors and the session tracker for the role just taken (incarnation in peer): pushes the threads' starts. */
  readonly startProcessors: (ctx: ZabContext, role: 'leader' | 'follower' | 'observer' | 'standalone') => void;
  /** Stops the request chain except the SyncThread: pushes the requests of death. */
  readonly stopProcessors: (ctx: ZabContext) => void;
  /** Id of the CommitProcessor's main thread of this role, for a join; null when none was started. */
  readonly commitThread: (ctx: ZabContext) => number | null;
  /** From here clients may connect (LIVE-22). */
  readonly publish: (ctx: ZabContext) => void;
  /** No more new connections are served; the object is withdrawn. */
  readonly unpublish: (ctx: ZabContext) => void;
  /** Closes every client connection (LIVE-23). */
  readonly closeClients: (ctx: ZabContext) => void;
  /** A committed txn to the CommitProcessor of this role. */
  readonly commitEffect: (ctx: ZabContext, txn: Txn) => Effect;
  /** A request forwarded by a learner, to the leader's PrepRequestProcessor (PIPE-02). `handler` is the LearnerHandler's key. */
  readonly learnerRequestEffect: (ctx: ZabContext, request: OpaqueRequest, handler: number) => Effect;
  /** A standalone server's FinalRequestProcessor, on the log thread behind the flush (PIPE-05); `txn` is null for a read. */
  readonly processFinal: (ctx: ZabContext, request: OpaqueRequest, txn: Txn | null) => void;
  /** Its own `continue` items come back to the log thread's step, and go on here. */
  readonly continueFinal: (ctx: ZabContext, item: Item) => void;
  /** A sync is through (SYNCOP-03): the leader names the request, a learner passes null for its oldest pending one. */
  readonly syncedEffect: (ctx: ZabContext, request: OpaqueRequest | null) => Effect;
  /** A leader's own or a forwarded sync has seen its commit: what the leader does with it when it is its own client's. */
  readonly touchSessions: (ctx: ZabContext, touches: readonly Touch[]) => void;
  /** The table of touches since the last call, emptied (SESS-18). */
  readonly takeTouches: (ctx: ZabContext) => readonly Touch[];
  /** Leader: is the session alive; makes the learner's connection, through the handler, its owner (SESS-13). */
  readonly revalidate: (ctx: ZabContext, session: string, timeoutMs: number, handler: number, connection: number) => boolean;
  /** Learner: the answer to a revalidation, to the connection that waits for it. */
  readonly revalidatedEffect: (ctx: ZabContext, session: string, valid: boolean, connection: number) => Effect;
}

export interface ZabContext extends Context {
  readonly refs: PeerRefs;
  readonly config: PeerConfig;
  readonly decide: { readonly zab: ZabDecisions };
  readonly app: Application;
  note(note: ZabNote): void;
}

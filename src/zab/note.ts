/**
 * What the replication layer says about itself. Two sorts: facts, which the properties need and which are always noted, and reasons,
 * which only explain and are built when `ctx.traced`. No wording: `src/words` renders them.
 */
import type { Zxid } from '../base/zxid.ts';
import type { ServerState } from './packet.ts';
import type { Txn } from './txn.ts';

export interface VoteOperands {
  readonly leader: number;
  readonly zxid: Zxid;
  readonly peerEpoch: number;
  readonly electionEpoch: number;
}

export type SyncMode = 'DIFF' | 'TRUNC' | 'SNAP';

/** Facts. */
export type ZabFact =
  | { readonly type: 'state'; readonly state: ServerState; readonly epoch: number }
  | { readonly type: 'zab-state'; readonly zabState: ZabState }
  /** The leader made the txn known to its outstandingProposals: the moment of broadcast. */
  | { readonly type: 'broadcast'; readonly zxid: Zxid; readonly txn: Txn }
  /** Appended to the log (page cache). */
  | { readonly type: 'logged'; readonly zxid: Zxid; readonly txn: Txn }
  /** The append that was noted last by this thread did not happen: an I/O error. */
  | { readonly type: 'append-failed'; readonly zxid: Zxid }
  /** All logged before is durable, as far as the disk told. */
  | { readonly type: 'log-synced'; readonly zxid: Zxid }
  | { readonly type: 'truncated'; readonly zxid: Zxid }
  /** tryToCommit decided: the leader's moment of commit. */
  | { readonly type: 'committed'; readonly zxid: Zxid; readonly acks: readonly number[] }
  /** Applied to this server's database; `via` says on which path. Recovery and fast-forward replays may repeat zxids. */
  | { readonly type: 'delivered'; readonly zxid: Zxid; readonly txn: Txn; readonly via: 'commit' | 'sync' | 'recovery' | 'fast-forward' }
  /** The leader has a quorum of NEWLEADER acks. `history` is its lastProcessedZxid at that moment. */
  | { readonly type: 'established'; readonly epoch: number; readonly history: Zxid }
  /** The leader chose how to synchronise a learner; `row` is the id of the behaviour's table, e.g. 'SYNC-04'. */
  | {
      readonly type: 'sync-plan';
      readonly sid: number;
      readonly mode: SyncMode;
      readonly row: string;
      readonly zxid: Zxid; // header zxid
      readonly peerLastZxid: Zxid;
      readonly minCommittedLog: Zxid;
      readonly maxCommittedLog: Zxid;
      readonly lastProcessedZxid: Zxid;
      readonly proposals: number; // committed proposals queued
      /** The learner had a transaction of an earlier epoch and the epoch is 2 or later. */
      readonly withData: boolean;
    }
  /** The learner acknowledged NEWLEADER. */
  | { readonly type: 'learner-acked-newleader'; readonly epoch: number; readonly mode: SyncMode }
  /** The server serves clients, or ceases to. */
  | { readonly type: 'serving'; readonly serving: boolean }
  | { readonly type: 'accepted-epoch'; readonly epoch: number }
  | { readonly type: 'current-epoch'; readonly epoch: number }
  /** The database was loaded from disk: newest valid snapshot (or -1) and the log after it. */
  | {
      readonly type: 'recovered';
      readonly snapshot: Zxid;
      readonly lastProcessedZxid: Zxid;
      readonly replayed: number;
      readonly skippedSnapshots: number;
    }
  /** The leader's database arrived whole and is now this server's (SYNC-33). It is fuzzy: the content may be newer than `zxid`. */
  | { readonly type: 'snapshot-installed'; readonly zxid: Zxid }
  | { readonly type: 'fast-forwarded'; readonly from: Zxid; readonly to: Zxid }
  | { readonly type: 'database-cleared' }
  | { readonly type: 'snapshot-begun'; readonly zxid: Zxid }
  | { readonly type: 'snapshot-done'; readonly zxid: Zxid }
  /** The process cannot start from its own disk (I-BOOT): why, with operands. */
  | { readonly type: 'refused-to-start'; readonly why: string; readonly operands: readonly number[] }
  /** I-CODE: a message or state the code holds to be impossible. */
  | {
      readonly type: 'bad';
      readonly what: 'state' | 'ack' | 'proposal' | 'commit';
      readonly zxid: Zxid;
      readonly expected: Zxid;
      readonly why: string;
    };

export type ZabState = 'ELECTION' | 'DISCOVERY' | 'SYNCHRONIZATION' | 'BROADCAST';

/** Reasons. */
export type ZabReason =
  | { readonly type: 'election-started'; readonly round: number; readonly vote: VoteOperands }
  | { readonly type: 'vote-adopted'; readonly from: number; readonly mine: VoteOperands; readonly theirs: VoteOperands }
  | { readonly type: 'vote-kept'; readonly from: number; readonly mine: VoteOperands; readonly theirs: VoteOperands }
  | {
      readonly type: 'vote-ignored';
      readonly from: number;
      readonly why: 'older-round' | 'not-a-voter' | 'observer' | 'no-zxid' | 'not-looking' | 'worse-while-finalizing';
      readonly theirs: VoteOperands;
    }
  | { readonly type: 'round-adopted'; readonly from: number; readonly round: number; readonly was: number }
  | { readonly type: 'quorum-agrees'; readonly vote: VoteOperands; readonly voters: readonly number[] }
  | { readonly type: 'better-vote-during-finalize'; readonly from: number; readonly theirs: VoteOperands }
  | {
      readonly type: 'elected';
      readonly leader: number;
      readonly round: number;
      readonly how: 'quorum' | 'joined-same-round' | 'joined-running-ensemble';
    }
  | {
      readonly type: 'leader-not-confirmed';
      readonly leader: number;
      readonly why: 'no-word-from-leader' | 'not-leading' | 'own-round-differs';
    }
  | { readonly type: 'notification-timeout'; readonly timeoutMs: number; readonly resent: boolean }
  | {
      readonly type: 'election-connection';
      readonly peer: number;
      readonly how: 'dialled' | 'kept' | 'replaced' | 'handed-to-larger-id' | 'called-back' | 'refused' | 'lost';
    }
  | { readonly type: 'last-message-resent'; readonly peer: number }
  | { readonly type: 'send-queue-overwritten'; readonly peer: number }
  | { readonly type: 'epoch-proposed'; readonly epoch: number; readonly from: readonly number[] }
  | { readonly type: 'epoch-awaited'; readonly sid: number; readonly lastAcceptedEpoch: number; readonly have: readonly number[] }
  | { readonly type: 'epoch-accepted-by-learner'; readonly epoch: number; readonly was: number }
  | { readonly type: 'epoch-refused'; readonly epoch: number; readonly accepted: number }
  | { readonly type: 'epoch-acked'; readonly sid: number; readonly currentEpoch: number; readonly zxid: Zxid; readonly counted: boolean }
  | {
      readonly type: 'follower-ahead';
      readonly sid: number;
      readonly epoch: number;
      readonly zxid: Zxid;
      readonly leaderEpoch: number;
      readonly leaderZxid: Zxid;
    }
  | { readonly type: 'newleader-acked'; readonly sid: number; readonly have: readonly number[] }
  | { readonly type: 'ack-counted'; readonly sid: number; readonly zxid: Zxid; readonly have: readonly number[] }
  | {
      readonly type: 'ack-ignored';
      readonly sid: number;
      readonly zxid: Zxid;
      readonly why: 'counter-0' | 'nothing-outstanding' | 'already-committed' | 'unknown';
    }
  | { readonly type: 'commit-waits'; readonly zxid: Zxid; readonly for: 'previous' | 'quorum' }
  | { readonly type: 'left-role'; readonly role: ServerState; readonly why: LeaveReason; readonly operands: readonly number[] }
  | { readonly type: 'connect-refused'; readonly leader: number; readonly attempt: number }
  | { readonly type: 'handler-closed'; readonly sid: number; readonly why: string }
  | { readonly type: 'packet-not-logged'; readonly zxid: Zxid }
  | { readonly type: 'in-sync-applied'; readonly zxid: Zxid }
  | { readonly type: 'discontinuous-proposal'; readonly zxid: Zxid; readonly expected: Zxid }
  | { readonly type: 'ping'; readonly zxid: Zxid };

export type LeaveReason =
  | 'no-quorum'
  | 'epoch-timeout'
  | 'epoch-ack-timeout'
  | 'newleader-timeout'
  | 'leader-lost' // end of stream or reset
  | 'leader-silent' // read timeout
  | 'no-connection'
  | 'epoch-older'
  | 'bad-packet'
  | 'sync-failed'
  | 'disk'
  | 'processor-failed'
  | 'counter-exhausted'
  | 'stopped';

export type ZabNote = ZabFact | ZabReason;

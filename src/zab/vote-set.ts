/** The votes that one server has heard, the last of each sender: recvset and outofelection of FastLeaderElection, and the tally. */
import type { Notification, ServerState } from './packet.ts';
import { makeVote, type Vote } from './vote.ts';

/** A vote with its sender's state, as Vote.java stores it. */
export interface HeardVote extends Vote {
  readonly sid: number;
  readonly state: ServerState;
  /** Message format version; only some of Vote's constructors keep it, and Vote.equals looks at it (ELEC-23). */
  readonly version: number;
}

/** Ascending by sid, so that equal sets are equal data. */
export type VoteSet = HeardVote[];

/** Notification.CURRENTVERSION: every server here speaks it. */
export const NOTIFICATION_VERSION = 2;

export function makeHeardVote(sid: number, notification: Notification, version: number): HeardVote {
  return { ...makeVote(notification), sid, state: notification.state, version };
}

/** Overwrites what the sender said before. */
export function putVote(votes: VoteSet, vote: HeardVote): void {
  let i = 0;
  for (const other of votes) {
    if (other.sid >= vote.sid) break;
    i++;
  }
  votes.splice(i, votes[i]?.sid === vote.sid ? 1 : 0, vote);
}

export function voteFrom(votes: readonly HeardVote[], sid: number): HeardVote | null {
  return votes.find((vote) => vote.sid === sid) ?? null;
}

/** Who voted as `vote` says: SyncedLearnerTracker's ack set, before it is filtered to voters. */
export function sidsAgreeing(votes: readonly HeardVote[], vote: HeardVote): number[] {
  const sids: number[] = [];
  for (const other of votes) if (votesAgree(vote, other)) sids.push(other.sid);
  return sids;
}

/**
 * Vote.equals (ELEC-23). Votes of an ensemble that runs are compared by leader and epoch alone, since zxid and round may differ in them
 * for one leadership (ZOOKEEPER-1805); by leader alone when just one has a version (ZOOKEEPER-1732).
 */
export function votesAgree(a: HeardVote, b: HeardVote): boolean {
  if (a.leader !== b.leader) return false;
  if (a.state === 'LOOKING' || b.state === 'LOOKING') {
    return a.zxid === b.zxid && a.electionEpoch === b.electionEpoch && a.peerEpoch === b.peerEpoch;
  }
  return a.version > 0 !== b.version > 0 || a.peerEpoch === b.peerEpoch;
}

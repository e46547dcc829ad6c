/** A vote and the order of votes (ELEC-21). */
import type { Zxid } from '../base/zxid.ts';

/** Vote: who should lead, the candidate's last zxid and epoch, and the round (logicalclock) it was cast in. */
export interface Vote {
  readonly leader: number;
  readonly zxid: Zxid;
  readonly electionEpoch: number;
  readonly peerEpoch: number;
}

/**
 * Long.MIN_VALUE: what a server that may not vote proposes (ELEC-11), so that everything beats it. It is not -1, which as a zxid means
 * "no database" and makes a server deaf to votes (ELEC-16); an observer must hear them.
 */
export const LONG_MIN_VALUE = Number.MIN_SAFE_INTEGER;

/** FastLeaderElection.totalOrderPredicate: larger peerEpoch, then larger zxid, then larger id; equality is not better. */
export function voteBeats(candidate: Vote, mine: Vote): boolean {
  if (candidate.peerEpoch !== mine.peerEpoch) return candidate.peerEpoch > mine.peerEpoch;
  if (candidate.zxid !== mine.zxid) return candidate.zxid > mine.zxid;
  return candidate.leader > mine.leader;
}

/** The vote alone, of anything that carries one. */
export function makeVote(of: Vote): Vote {
  return { leader: of.leader, zxid: of.zxid, electionEpoch: of.electionEpoch, peerEpoch: of.peerEpoch };
}

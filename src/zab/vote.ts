/** A vote and the order of votes (ELEC-21). */
import type { Zxid } from '../base/zxid.ts';

/** Vote: who should lead, the candidate's last zxid and epoch, and the round (logicalclock) it was cast in. */
export interface Vote {
  readonly leader: number;
  readonly zxid: Zxid;
  readonly electionEpoch: number;
  readonly peerEpoch: number;
}

/** FastLeaderElection.totalOrderPredicate: larger peerEpoch, then larger zxid, then larger id; equality is not better. */
export function voteBeats(candidate: Vote, mine: Vote): boolean {
  if (candidate.peerEpoch !== mine.peerEpoch) return candidate.peerEpoch > mine.peerEpoch;
  if (candidate.zxid !== mine.zxid) return candidate.zxid > mine.zxid;
  return candidate.leader > mine.leader;
}

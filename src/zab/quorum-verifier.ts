/** Which sets of servers decide (QV-01). Other rules (weights, groups) are other makers of the same interface. */

export interface QuorumVerifier {
  /** Voters' ids, ascending. */
  readonly voters: readonly number[];
  /** Do these ids contain a quorum? Ids that are not voters do not count. */
  readonly containsQuorum: (sids: readonly number[]) => boolean;
}

/** QuorumMaj: more than half of the voters. */
export function makeMajority(voters: readonly number[]): QuorumVerifier {
  const sorted = [...voters].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return { voters: sorted, containsQuorum: (sids) => sids.filter((sid) => sorted.includes(sid)).length > half };
}

/** Which sets of servers decide (QV-01). Other rules (weights, groups) are other makers of the same interface. */

export interface QuorumVerifier {
  /** Voters' ids, ascending. */
  readonly voters: readonly number[];
  /** Do these ids contain a quorum? Ids that are not voters do not count, nor does an id that is named twice count twice. */
  readonly containsQuorum: (sids: readonly number[]) => boolean;
}

/** QuorumMaj: more than half of the voters. Asked at every ack of every proposal, hence the loop. */
export function makeMajority(voters: readonly number[]): QuorumVerifier {
  const sorted = [...new Set(voters)].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const containsQuorum = (sids: readonly number[]): boolean => {
    let count = 0;
    for (const voter of sorted) if (sids.includes(voter)) count++;
    return count > half;
  };
  return { voters: sorted, containsQuorum };
}

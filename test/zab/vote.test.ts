import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeZxid } from '../../src/base/zxid.ts';
import type { Notification, ServerState } from '../../src/zab/packet.ts';
import { makeMajority } from '../../src/zab/quorum-verifier.ts';
import { LONG_MIN_VALUE, voteBeats, type Vote } from '../../src/zab/vote.ts';
import { makeHeardVote, putVote, sidsAgreeing, voteFrom, votesAgree, type HeardVote, type VoteSet } from '../../src/zab/vote-set.ts';

const vote = (peerEpoch: number, zxid: number, leader: number): Vote => ({ leader, zxid, electionEpoch: 1, peerEpoch });

const anyVote = fc.record({
  leader: fc.integer({ min: 1, max: 3 }),
  zxid: fc.constantFrom(LONG_MIN_VALUE, -1, 0, makeZxid(1, 1), makeZxid(2, 1)),
  electionEpoch: fc.integer({ min: 0, max: 2 }),
  peerEpoch: fc.constantFrom(LONG_MIN_VALUE, 0, 1, 2),
});

test('the larger epoch wins, then the larger zxid, then the larger id; equality is not better [ELEC-21]', () => {
  expect(voteBeats(vote(2, makeZxid(1, 1), 1), vote(1, makeZxid(1, 9), 3))).toBe(true);
  expect(voteBeats(vote(1, makeZxid(1, 2), 1), vote(1, makeZxid(1, 1), 3))).toBe(true);
  expect(voteBeats(vote(1, makeZxid(1, 1), 2), vote(1, makeZxid(1, 1), 1))).toBe(true);
  expect(voteBeats(vote(1, makeZxid(1, 1), 1), vote(1, makeZxid(1, 1), 1))).toBe(false);
});

test('the round has no part in the order of votes [ELEC-21]', () => {
  expect(voteBeats({ ...vote(1, 0, 1), electionEpoch: 9 }, vote(1, 0, 1))).toBe(false);
});

test('the order of votes is total: of two that differ in epoch, zxid or id exactly one is better, and better is transitive', () => {
  fc.assert(
    fc.property(anyVote, anyVote, anyVote, (a, b, c) => {
      const differ = a.peerEpoch !== b.peerEpoch || a.zxid !== b.zxid || a.leader !== b.leader;
      expect(Number(voteBeats(a, b)) + Number(voteBeats(b, a))).toBe(differ ? 1 : 0);
      if (voteBeats(a, b) && voteBeats(b, c)) expect(voteBeats(a, c)).toBe(true);
    }),
  );
});

test('every vote of a voter beats that of a server outside the voting view [ELEC-11]', () => {
  expect(voteBeats(vote(0, -1, 1), vote(LONG_MIN_VALUE, LONG_MIN_VALUE, LONG_MIN_VALUE))).toBe(true);
});

test.each([
  [1, 1],
  [2, 2],
  [3, 2],
  [4, 3],
  [5, 3],
  [6, 4],
])('of %i voters %i are a quorum and one fewer is not [QV-01]', (voters, quorum) => {
  const sids = Array.from({ length: voters }, (_, i) => i + 1);
  const { containsQuorum } = makeMajority(sids);
  expect(containsQuorum(sids.slice(0, quorum))).toBe(true);
  expect(containsQuorum(sids.slice(0, quorum - 1))).toBe(false);
});

test('only voters count toward a quorum, and each once [QV-01]', () => {
  const { containsQuorum, voters } = makeMajority([3, 1, 2]);
  expect(voters).toEqual([1, 2, 3]);
  expect(containsQuorum([1, 4, 5, -1])).toBe(false);
  expect(containsQuorum([2, 2, 2])).toBe(false);
  expect(containsQuorum([4, 3, 1])).toBe(true);
});

test('any two quorums share a voter [QV-01]', () => {
  const sids = fc.subarray([1, 2, 3, 4, 5]);
  const { containsQuorum } = makeMajority([1, 2, 3, 4, 5]);
  fc.assert(
    fc.property(sids, sids, (a, b) => {
      if (containsQuorum(a) && containsQuorum(b)) expect(a.some((sid) => b.includes(sid))).toBe(true);
    }),
  );
});

function heard(sid: number, state: ServerState, [leader, zxid, electionEpoch, peerEpoch]: readonly number[], version = 2): HeardVote {
  const fields = { leader: leader ?? 0, zxid: zxid ?? 0, electionEpoch: electionEpoch ?? 0, peerEpoch: peerEpoch ?? 0 };
  const notification: Notification = { type: 'NOTIFICATION', state, ...fields };
  return makeHeardVote(sid, notification, version);
}

test('votes of which one is LOOKING agree when all four fields do [ELEC-23]', () => {
  const base = heard(1, 'LOOKING', [3, 5, 2, 1]);
  expect(votesAgree(base, heard(2, 'FOLLOWING', [3, 5, 2, 1]))).toBe(true);
  for (const other of [
    [2, 5, 2, 1],
    [3, 6, 2, 1],
    [3, 5, 3, 1],
    [3, 5, 2, 2],
  ])
    expect(votesAgree(base, heard(2, 'FOLLOWING', other))).toBe(false);
});

test('votes of a running ensemble agree by leader and epoch, by leader alone when only one has a version [ELEC-23]', () => {
  const base = heard(1, 'FOLLOWING', [3, 5, 2, 1]);
  expect(votesAgree(base, heard(3, 'LEADING', [3, 9, 7, 1]))).toBe(true);
  expect(votesAgree(base, heard(3, 'LEADING', [3, 5, 2, 2]))).toBe(false);
  expect(votesAgree(base, heard(3, 'LEADING', [3, 9, 7, 8], 0))).toBe(true);
  expect(votesAgree(base, heard(3, 'LEADING', [2, 5, 2, 1], 0))).toBe(false);
});

test('a set keeps the last vote of each sender, in order of ids [ELEC-20]', () => {
  const votes: VoteSet = [];
  for (const sid of [3, 1, 2]) putVote(votes, heard(sid, 'LOOKING', [sid, 0, 1, 0]));
  putVote(votes, heard(1, 'LOOKING', [3, 0, 1, 0]));
  expect(votes.map((vote) => [vote.sid, vote.leader])).toEqual([
    [1, 3],
    [2, 2],
    [3, 3],
  ]);
  expect(sidsAgreeing(votes, heard(9, 'LOOKING', [3, 0, 1, 0]))).toEqual([1, 3]);
  expect(voteFrom(votes, 2)?.leader).toBe(2);
  expect(voteFrom(votes, 4)).toBe(null);
});

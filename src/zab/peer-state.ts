/** The memory of one server's replication layer: QuorumPeer's own fields, and the parts of all its modules allotted together. */
import { allot, makePartKind, type Parts } from '../base/parts.ts';
import type { PeerRefs, QuorumPeerState } from './context.ts';
import { DATABASE, makeDatabase } from './database.ts';
import { CNX, ELECTION, makeCnxState, makeElectionState } from './election-state.ts';
import { LEADER, makeLeaderState } from './leader-state.ts';
import { LEARNER, makeLearnerState, makeSyncThreadState, SYNC_THREAD } from './learner-state.ts';

export const QUORUM_PEER_PART = makePartKind<QuorumPeerState>('quorum-peer', { copy: copyPeer, skip: ['incarnation'] });

function copyPeer(part: QuorumPeerState): QuorumPeerState {
  return {
    state: part.state,
    zabState: part.zabState,
    acceptedEpoch: part.acceptedEpoch,
    currentEpoch: part.currentEpoch,
    currentVote: part.currentVote,
    incarnation: part.incarnation,
    serving: part.serving,
    failed: part.failed,
    plan: part.plan,
    stage: part.stage,
    stopping: part.stopping,
  };
}

export function makeQuorumPeer(): QuorumPeerState {
  return {
    state: 'LOOKING',
    zabState: 'ELECTION',
    acceptedEpoch: -1,
    currentEpoch: -1,
    currentVote: null,
    incarnation: 0,
    serving: false,
    failed: false,
    plan: null,
    stage: 'boot',
    stopping: false,
  };
}

/** The parts of a process that has not started yet; the boot code replaces their values. */
export function allotPeer(parts: Parts): PeerRefs {
  return {
    peer: allot(parts, QUORUM_PEER_PART, makeQuorumPeer()),
    database: allot(parts, DATABASE, makeDatabase()),
    cnx: allot(parts, CNX, makeCnxState()),
    election: allot(parts, ELECTION, makeElectionState()),
    leader: allot(parts, LEADER, makeLeaderState(-1)),
    learner: allot(parts, LEARNER, makeLearnerState()),
    sync: allot(parts, SYNC_THREAD, makeSyncThreadState()),
  };
}

/** English for what the replication layer says. A note without words does not compile. */
import { count, type Names } from './names.ts';
import type { LeaveReason, VoteOperands, ZabNote } from '../zab/note.ts';

export type WordsFor<N extends { readonly type: string }> = {
  readonly [T in N['type']]: (note: Extract<N, { readonly type: T }>, names: Names) => string;
};

function vote(operands: VoteOperands, names: Names): string {
  return `${names.server(operands.leader)} (epoch ${operands.peerEpoch}, zxid ${names.zxid(operands.zxid)})`;
}

const LEAVE: Readonly<Record<LeaveReason, string>> = {
  'no-quorum': 'it no longer hears from a quorum',
  'epoch-timeout': 'no quorum came to agree on an epoch in time',
  'epoch-ack-timeout': 'no quorum accepted the epoch in time',
  'newleader-timeout': 'no quorum synchronised in time',
  'leader-lost': 'the connection to the leader ended',
  'leader-silent': 'the leader has been silent too long',
  'no-connection': 'the leader cannot be reached',
  'epoch-older': "the leader's epoch is older than one it has accepted",
  'bad-packet': 'it got a packet that cannot be',
  'sync-failed': 'the synchronisation failed',
  disk: 'its disk failed',
  'processor-failed': 'one of its threads failed',
  'counter-exhausted': 'the epoch has no zxids left',
  stopped: 'it was told to stop',
};

const CONNECTION: Readonly<Record<Extract<ZabNote, { type: 'election-connection' }>['how'], string>> = {
  dialled: 'opens an election connection to',
  kept: 'keeps the election connection from',
  replaced: 'replaces its election connection with',
  'handed-to-larger-id': 'has the smaller id and hands the dialling over to',
  'called-back': 'has the larger id and calls back',
  refused: 'is refused an election connection by',
  lost: 'loses its election connection to',
};

const ELECTED: Readonly<Record<Extract<ZabNote, { type: 'elected' }>['how'], string>> = {
  quorum: 'a quorum votes for it',
  'joined-same-round': 'it already leads in this round',
  'joined-running-ensemble': 'it leads a running ensemble',
};

export const ENGLISH_ZAB: WordsFor<ZabNote> = {
  state: (n) => `is now ${n.state}`,
  'zab-state': (n) => `enters ${n.zabState}`,
  broadcast: (n, w) => `proposes ${w.zxid(n.zxid)} to its followers`,
  logged: (n, w) => `writes ${w.zxid(n.zxid)} to its log`,
  'append-failed': (n, w) => `could not write ${w.zxid(n.zxid)} to its log`,
  'log-synced': (n, w) => `has its log safe on disk up to ${w.zxid(n.zxid)}`,
  truncated: (n, w) => `cuts its log after ${w.zxid(n.zxid)}`,
  committed: (n, w) => `commits ${w.zxid(n.zxid)}: acknowledged by ${w.servers(n.acks)}, a quorum`,
  delivered: (n, w) => `applies ${w.zxid(n.zxid)}${n.via === 'commit' ? '' : ` (${n.via})`}`,
  established: (n, w) =>
    n.epoch === 0
      ? `serves alone; its history goes up to ${w.zxid(n.history)}`
      : `is established as leader of epoch ${n.epoch}; the history begins at ${w.zxid(n.history)}`,
  'sync-plan': (n, w) =>
    `will bring ${w.server(n.sid)} (last ${w.zxid(n.peerLastZxid)}) up to date by ${n.mode}${n.proposals > 0 ? ` with ${count(n.proposals, 'transaction')}` : ''} [${n.row}]: ` +
    `its own last is ${w.zxid(n.lastProcessedZxid)}, it remembers ${w.zxid(n.minCommittedLog)} to ${w.zxid(n.maxCommittedLog)}`,
  'learner-acked-newleader': (n) => `is synchronised by ${n.mode} and acknowledges the leader of epoch ${n.epoch}`,
  serving: (n) => (n.serving ? 'serves clients' : 'no longer serves clients'),
  'accepted-epoch': (n) => `has promised epoch ${n.epoch} on disk (acceptedEpoch)`,
  'current-epoch': (n) => `has joined epoch ${n.epoch} on disk (currentEpoch)`,
  recovered: (n, w) =>
    `recovers from its disk: ${n.snapshot < 0 ? 'no snapshot' : `snapshot ${w.zxid(n.snapshot)}`} and ${count(n.replayed, 'log record')}, up to ${w.zxid(n.lastProcessedZxid)}` +
    (n.skippedSnapshots > 0 ? `; ${count(n.skippedSnapshots, 'snapshot')} passed over` : ''),
  'snapshot-installed': (n, w) => `has the leader's database as of ${w.zxid(n.zxid)}`,
  'fast-forwarded': (n, w) => `applies what its log has beyond its database, from ${w.zxid(n.from)} to ${w.zxid(n.to)}`,
  'database-cleared': () => 'clears its database; it will be read from disk again',
  'snapshot-begun': (n, w) => `begins a snapshot at ${w.zxid(n.zxid)}`,
  'snapshot-done': (n, w) => `has finished the snapshot named ${w.zxid(n.zxid)}`,
  'refused-to-start': (n) => `cannot start from its own disk: ${n.why} (${n.operands.join(', ')})`,
  bad: (n, w) => `meets an impossible ${n.what}: ${w.zxid(n.zxid)}, expected ${w.zxid(n.expected)} (${n.why})`,
  'election-started': (n, w) => `starts round ${n.round} of the election and votes for ${vote(n.vote, w)}`,
  'vote-adopted': (n, w) => `changes its vote to ${vote(n.theirs, w)}, which beats ${vote(n.mine, w)}`,
  'vote-kept': (n, w) => `keeps its vote: ${vote(n.mine, w)} is not beaten by ${vote(n.theirs, w)} from ${w.server(n.from)}`,
  'vote-ignored': (n, w) => `ignores the vote of ${w.server(n.from)} for ${vote(n.theirs, w)} (${n.why})`,
  'round-adopted': (n, w) => `moves from round ${n.was} to round ${n.round}, which ${w.server(n.from)} is in`,
  'quorum-agrees': (n, w) => `sees ${w.servers(n.voters)} agree on ${vote(n.vote, w)} and waits a little for a better vote`,
  'better-vote-during-finalize': (n, w) => `hears a better vote from ${w.server(n.from)} while waiting: ${vote(n.theirs, w)}`,
  elected: (n, w) => `takes ${w.server(n.leader)} for the leader, round ${n.round}: ${ELECTED[n.how]}`,
  'leader-not-confirmed': (n, w) => `does not take ${w.server(n.leader)} for the leader yet (${n.why})`,
  'notification-timeout': (n) => `has heard nothing for ${n.timeoutMs} ms and ${n.resent ? 'sends its vote again' : 'reconnects'}`,
  'election-connection': (n, w) => `${CONNECTION[n.how]} ${w.server(n.peer)}`,
  'last-message-resent': (n, w) => `sends its last vote to ${w.server(n.peer)} again on the new connection`,
  'send-queue-overwritten': (n, w) => `replaces an unsent vote to ${w.server(n.peer)} by a newer one`,
  'epoch-proposed': (n, w) => `settles on epoch ${n.epoch} with ${w.servers(n.from)}`,
  'epoch-awaited': (n, w) =>
    `hears that ${w.server(n.sid)} has accepted epoch ${n.lastAcceptedEpoch}; so far ${w.servers(n.have)} are here`,
  'epoch-accepted-by-learner': (n) => `accepts epoch ${n.epoch} (was ${n.was})`,
  'epoch-refused': (n) => `refuses epoch ${n.epoch}: it has accepted ${n.accepted}`,
  'epoch-acked': (n, w) =>
    n.counted
      ? `hears that ${w.server(n.sid)} accepts the epoch, with history (epoch ${n.currentEpoch}, ${w.zxid(n.zxid)})`
      : `hears from ${w.server(n.sid)}, which has accepted this epoch before and is not counted`,
  'follower-ahead': (n, w) =>
    `will not lead ${w.server(n.sid)}, which is ahead: (epoch ${n.epoch}, ${w.zxid(n.zxid)}) against (epoch ${n.leaderEpoch}, ${w.zxid(n.leaderZxid)})`,
  'newleader-acked': (n, w) => `hears that ${w.server(n.sid)} is synchronised; so far ${w.servers(n.have)}`,
  'ack-counted': (n, w) => `counts the ack of ${w.server(n.sid)} for ${w.zxid(n.zxid)}; so far ${w.servers(n.have)}`,
  'ack-ignored': (n, w) => `ignores the ack of ${w.server(n.sid)} for ${w.zxid(n.zxid)} (${n.why})`,
  'commit-waits': (n, w) => `cannot commit ${w.zxid(n.zxid)} yet: it waits for ${n.for === 'quorum' ? 'a quorum' : 'the one before it'}`,
  'left-role': (n) => `gives up ${n.role}: ${LEAVE[n.why]}`,
  'connect-refused': (n, w) => `is refused by ${w.server(n.leader)}, attempt ${n.attempt}`,
  'handler-closed': (n, w) => `ends its connection with ${n.sid === 0 ? 'a learner' : w.server(n.sid)} (${n.why})`,
  'packet-not-logged': (n, w) => `gets a commit of ${w.zxid(n.zxid)} that does not match the head of its list`,
  'in-sync-applied': (n, w) => `applies ${w.zxid(n.zxid)} while synchronising`,
  'discontinuous-proposal': (n, w) => `gets proposal ${w.zxid(n.zxid)} where ${w.zxid(n.expected)} should follow`,
  ping: () => 'pings its learners',
};

/**
 * FastLeaderElection.lookForLeader, on the QuorumPeer thread: servers tell each other whom they would follow until a quorum says the same
 * and nothing better is heard for a while (ELEC-11..33). Only the sending and receiving is elsewhere, in messenger.ts.
 */
import { assert } from '../base/assert.ts';
import { own, peek, replace } from '../base/parts.ts';
import { threadId, type Item } from '../base/step.ts';
import type { ZabContext } from './context.ts';
import { continueWith, electionInputOf } from './election-item.ts';
import { makeCnxState, makeElectionState, type ElectionState, type HeardNotification } from './election-state.ts';
import { FLE_RECVQUEUE, sendVoteEffect } from './messenger.ts';
import type { ZabReason } from './note.ts';
import { connectAll, haveDelivered } from './quorum-cnx-manager.ts';
import { LISTENER, WORKER_RECEIVER, WORKER_SENDER } from './thread-kinds.ts';
import { LONG_MIN_VALUE, makeVote, type Vote } from './vote.ts';
import { makeHeardVote, NOTIFICATION_VERSION, putVote, sidsAgreeing, voteFrom, type HeardVote, type VoteSet } from './vote-set.ts';

/** QuorumPeer.startLeaderElection at process start: the database must have been loaded, since the first vote names its last zxid. */
export function bootElection(ctx: ZabContext): void {
  const { parts, refs, config } = ctx;
  replace(parts, refs.cnx, makeCnxState());
  replace(parts, refs.election, makeElectionState());
  const peer = own(parts, refs.peer);
  const { lastProcessedZxid } = peek(parts, refs.database);
  peer.currentVote = { leader: config.sid, zxid: lastProcessedZxid, electionEpoch: -1, peerEpoch: peer.currentEpoch };
  for (const kind of [LISTENER, WORKER_SENDER, WORKER_RECEIVER]) {
    ctx.effects.push({ type: 'start', thread: threadId(kind, 0), item: { type: 'run' } });
  }
}

/** ELEC-34: replies to those who look name the epoch that is led, with the zxid that was voted on. */
export function updateElectionVote(ctx: ZabContext, newEpoch: number): void {
  const { currentVote } = peek(ctx.parts, ctx.refs.peer);
  if (currentVote !== null) own(ctx.parts, ctx.refs.peer).currentVote = { ...currentVote, peerEpoch: newEpoch };
}

/** ELEC-11, ELEC-12, ELEC-33. */
export function beginLookForLeader(ctx: ZabContext): void {
  assert(peek(ctx.parts, ctx.refs.peer).state === 'LOOKING', 'looks for a leader without being LOOKING');
  const election = own(ctx.parts, ctx.refs.election);
  assert(election.stage === 'idle', 'looks for a leader twice');
  election.stage = 'looking';
  election.recvset = [];
  election.outofelection = [];
  election.notTimeoutUs = ctx.config.minNotificationUs;
  election.deadline = null;
  election.logicalclock++;
  updateProposal(election, initialVote(ctx));
  if (ctx.traced) ctx.note({ type: 'election-started', round: election.logicalclock, vote: election.proposal });
  sendNotifications(ctx, election);
  poll(ctx, election);
}

/** One further input of the QuorumPeer thread. True when lookForLeader returns: currentVote and the state are then set. */
export function stepLookForLeader(ctx: ZabContext, item: Item): boolean {
  const input = electionInputOf(item);
  const election = own(ctx.parts, ctx.refs.election);
  switch (input.type) {
    case 'leave-election':
      election.stage = 'idle';
      election.recvqueue = [];
      own(ctx.parts, ctx.refs.peer).currentVote = input.vote;
      return true;
    case 'connect-all':
      if (!connectAll(ctx, input.after)) poll(ctx, election);
      return false;
    default:
      onPolled(ctx, election, input.type === 'timeout');
      return false;
  }
}

/** The thread waits only after an event that leaves nothing to do: a message that comes before it waits would not wake it. */
function poll(ctx: ZabContext, election: ElectionState): void {
  if (election.recvqueue.length > 0 || ctx.effects.length > 1) {
    ctx.effects.push(continueWith({ type: 'poll-recvqueue' }));
    return;
  }
  election.deadline ??= ctx.now + (election.stage === 'finalizing' ? ctx.config.finalizeWaitUs : election.notTimeoutUs);
  ctx.thread.blockedOn = { on: 'condition', condition: FLE_RECVQUEUE, deadline: election.deadline };
}

function onPolled(ctx: ZabContext, election: ElectionState, isTimeout: boolean): void {
  const heard = election.recvqueue.shift();
  if (heard === undefined && !isTimeout) {
    poll(ctx, election);
    return;
  }
  election.deadline = null;
  if (election.stage === 'finalizing') {
    if (heard !== undefined) onHeardWhileFinalizing(ctx, election, heard);
    else decide(ctx, election, election.proposal, 'quorum');
  } else if (heard === undefined) onNotificationTimeout(ctx, election);
  else onHeard(ctx, election, heard);
}

/** ELEC-13, ELEC-14: either the peers have all that was sent and may have lost it, or they cannot be reached. */
function onNotificationTimeout(ctx: ZabContext, election: ElectionState): void {
  election.notTimeoutUs = Math.min(election.notTimeoutUs * 2, ctx.config.maxNotificationUs);
  const resent = haveDelivered(peek(ctx.parts, ctx.refs.cnx));
  if (ctx.traced) ctx.note({ type: 'notification-timeout', timeoutMs: Math.floor(election.notTimeoutUs / 1000), resent });
  if (resent) sendNotifications(ctx, election);
  else if (connectAll(ctx, -1)) return;
  poll(ctx, election);
}

/** ELEC-25: what is not better is gone for good; what is better waits behind the others for the loop. */
function onHeardWhileFinalizing(ctx: ZabContext, election: ElectionState, heard: HeardNotification): void {
  const { sid, notification } = heard;
  if (ctx.decide.zab.voteBeats(notification, election.proposal)) {
    election.stage = 'looking';
    election.recvqueue.push(heard);
    if (ctx.traced) ctx.note({ type: 'better-vote-during-finalize', from: sid, theirs: makeVote(notification) });
  } else ignore(ctx, heard, 'worse-while-finalizing');
  poll(ctx, election);
}

function onHeard(ctx: ZabContext, election: ElectionState, heard: HeardNotification): void {
  const { voters } = ctx.config.verifier;
  const { sid, notification } = heard;
  if (!voters.includes(sid) || !voters.includes(notification.leader)) ignore(ctx, heard, 'not-a-voter'); // ELEC-15
  else if (notification.state === 'LOOKING') onLooking(ctx, election, heard);
  else if (notification.state === 'OBSERVING') ignore(ctx, heard, 'observer'); // ELEC-27
  else onEstablished(ctx, election, heard);
  if (election.stage !== 'leaving') poll(ctx, election);
}

/** ELEC-16..20. */
function onLooking(ctx: ZabContext, election: ElectionState, heard: HeardNotification): void {
  const { sid, notification } = heard;
  if (initialVote(ctx).zxid === -1 || notification.zxid === -1) {
    ignore(ctx, heard, 'no-zxid');
    return;
  }
  if (notification.electionEpoch < election.logicalclock) {
    ignore(ctx, heard, 'older-round');
    return;
  }
  if (notification.electionEpoch > election.logicalclock) adoptRound(ctx, election, heard);
  else if (considerVote(ctx, election, heard, election.proposal)) sendNotifications(ctx, election);
  putVote(election.recvset, makeHeardVote(sid, notification, 0));
  tally(ctx, election);
}

/** ELEC-17: in a new round this server is back at its own vote, whatever it had been talked into. */
function adoptRound(ctx: ZabContext, election: ElectionState, heard: HeardNotification): void {
  const { sid, notification } = heard;
  if (ctx.traced) ctx.note({ type: 'round-adopted', from: sid, round: notification.electionEpoch, was: election.logicalclock });
  election.logicalclock = notification.electionEpoch;
  election.recvset = [];
  const initial = initialVote(ctx);
  if (!considerVote(ctx, election, heard, initial)) updateProposal(election, initial);
  sendNotifications(ctx, election);
}

/** Adopts the vote if it beats `mine`. */
function considerVote(ctx: ZabContext, election: ElectionState, heard: HeardNotification, mine: Vote): boolean {
  const { sid, notification } = heard;
  const isBetter = ctx.decide.zab.voteBeats(notification, mine);
  if (ctx.traced) {
    ctx.note({ type: isBetter ? 'vote-adopted' : 'vote-kept', from: sid, mine: makeVote(mine), theirs: makeVote(notification) });
  }
  if (isBetter) updateProposal(election, notification);
  return isBetter;
}

/** ELEC-22, ELEC-25. */
function tally(ctx: ZabContext, election: ElectionState): void {
  const mine: HeardVote = { ...election.proposal, sid: ctx.config.sid, state: 'LOOKING', version: 0 };
  const voters = sidsAgreeing(election.recvset, mine);
  if (ctx.decide.zab.endsElectionAtFullView && election.recvset.length === ctx.config.verifier.voters.length) {
    decide(ctx, election, election.proposal, 'quorum');
    return;
  }
  if (!ctx.config.verifier.containsQuorum(voters)) return;
  election.stage = 'finalizing';
  if (ctx.traced) ctx.note({ type: 'quorum-agrees', vote: election.proposal, voters });
}

/**
 * FOLLOWING or LEADING (ELEC-28, ELEC-29): an ensemble that runs is joined at once, if a quorum of it and its leader say so. Within the
 * round the votes of those who still look count too, and there Java keeps no version, so that its votes agree by leader alone.
 */
function onEstablished(ctx: ZabContext, election: ElectionState, heard: HeardNotification): void {
  const { sid, notification } = heard;
  const theirs = makeHeardVote(sid, notification, NOTIFICATION_VERSION);
  if (notification.electionEpoch === election.logicalclock) {
    putVote(election.recvset, makeHeardVote(sid, notification, 0));
    if (isConfirmed(ctx, election, election.recvset, theirs)) {
      decide(ctx, election, notification, 'joined-same-round');
      return;
    }
  }
  putVote(election.outofelection, theirs);
  if (!isConfirmed(ctx, election, election.outofelection, theirs)) return;
  election.logicalclock = notification.electionEpoch;
  decide(ctx, election, notification, 'joined-running-ensemble');
}

function isConfirmed(ctx: ZabContext, election: ElectionState, votes: VoteSet, vote: HeardVote): boolean {
  if (!ctx.config.verifier.containsQuorum(sidsAgreeing(votes, vote))) return false;
  const why = doubtAbout(ctx, election, votes, vote);
  if (why === null) return true;
  if (ctx.traced) ctx.note({ type: 'leader-not-confirmed', leader: vote.leader, why });
  return false;
}

/** checkLeader (ELEC-30): without the leader's own word, servers would go on electing one that has crashed. */
function doubtAbout(
  ctx: ZabContext,
  election: ElectionState,
  votes: VoteSet,
  vote: HeardVote,
): 'no-word-from-leader' | 'not-leading' | 'own-round-differs' | null {
  if (vote.leader === ctx.config.sid) {
    const isThisRound = vote.electionEpoch === election.logicalclock;
    return isThisRound || !ctx.decide.zab.checksLeaderRound ? null : 'own-round-differs';
  }
  const word = voteFrom(votes, vote.leader);
  if (word === null) return 'no-word-from-leader';
  return word.state === 'LEADING' ? null : 'not-leading';
}

/**
 * ELEC-26. The state is set before the vote: who asks in between is told the new state with the vote of the time before. A message that
 * WorkerReceiver takes in in between is lost.
 */
function decide(
  ctx: ZabContext,
  election: ElectionState,
  vote: Vote,
  how: 'quorum' | 'joined-same-round' | 'joined-running-ensemble',
): void {
  const peer = own(ctx.parts, ctx.refs.peer);
  peer.state = vote.leader === ctx.config.sid ? 'LEADING' : isParticipant(ctx) ? 'FOLLOWING' : 'OBSERVING';
  election.stage = 'leaving';
  ctx.note({ type: 'elected', leader: vote.leader, round: election.logicalclock, how });
  ctx.note({ type: 'state', state: peer.state, epoch: peer.currentEpoch });
  const endVote: Vote = how === 'quorum' ? { ...makeVote(vote), electionEpoch: election.logicalclock } : makeVote(vote);
  ctx.effects.push(continueWith({ type: 'leave-election', vote: endVote }));
}

/** ELEC-12. One effect: the order of messages to one server is all that matters, and nobody else can send with these operands. */
function sendNotifications(ctx: ZabContext, election: ElectionState): void {
  const effects = ctx.config.verifier.voters.map((sid) => sendVoteEffect(sid, election.proposal, election.logicalclock, 'LOOKING'));
  ctx.effects.push({ type: 'atomic', effects });
}

function updateProposal(election: ElectionState, vote: Vote): void {
  election.proposal = { ...makeVote(vote), electionEpoch: election.logicalclock };
}

/** getInitId, getInitLastLoggedZxid, getPeerEpoch: the id depends on the voting view, the rest on the learner type (ELEC-11, ELEC-35). */
function initialVote(ctx: ZabContext): Vote {
  const { config, parts, refs } = ctx;
  const leader = config.verifier.voters.includes(config.sid) ? config.sid : LONG_MIN_VALUE;
  const { logicalclock: electionEpoch } = peek(parts, refs.election);
  if (!isParticipant(ctx)) return { leader, zxid: LONG_MIN_VALUE, electionEpoch, peerEpoch: LONG_MIN_VALUE };
  const { initialized, lastProcessedZxid } = peek(parts, refs.database);
  assert(initialized, 'votes without a database');
  return { leader, zxid: lastProcessedZxid, electionEpoch, peerEpoch: peek(parts, refs.peer).currentEpoch };
}

function isParticipant(ctx: ZabContext): boolean {
  const self = ctx.config.servers.find((server) => server.sid === ctx.config.sid);
  return self !== undefined && self.learnerType === 'PARTICIPANT';
}

type WhyIgnored = Extract<ZabReason, { type: 'vote-ignored' }>['why'];

function ignore(ctx: ZabContext, heard: HeardNotification, why: WhyIgnored): void {
  if (ctx.traced) ctx.note({ type: 'vote-ignored', from: heard.sid, why, theirs: makeVote(heard.notification) });
}

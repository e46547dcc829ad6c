/**
 * FastLeaderElection.Messenger: WorkerSender hands what the election sends to the connection manager; WorkerReceiver gives what arrives
 * to lookForLeader while this server is LOOKING, and answers those who look when it is not.
 */
import { assert } from '../base/assert.ts';
import { own, peek } from '../base/parts.ts';
import { threadId, type Effect, type Item } from '../base/step.ts';
import type { ZabContext } from './context.ts';
import { continueWith, electionInputOf, type ElectionItem } from './election-item.ts';
import type { HeardNotification } from './election-state.ts';
import { RECV_QUEUE, toSend } from './quorum-cnx-manager.ts';
import type { Notification, ServerState } from './packet.ts';
import { WORKER_SENDER } from './thread-kinds.ts';
import { makeVote, type Vote } from './vote.ts';

/** Signalled when a notification is put into the queue of lookForLeader. */
export const FLE_RECVQUEUE = 'fle-recvqueue';

/** The offer of a ToSend to the sendqueue, which is WorkerSender's mailbox. */
export function sendVoteEffect(to: number, vote: Vote, round: number, state: ServerState): Effect {
  const { leader, zxid, peerEpoch } = vote;
  const notification: Notification = { type: 'NOTIFICATION', state, leader, zxid, electionEpoch: round, peerEpoch };
  const item: ElectionItem = { type: 'to-send', to, notification };
  return { type: 'enqueue', to: threadId(WORKER_SENDER, 0), item };
}

/** ELEC-10. */
export function stepWorkerSender(ctx: ZabContext, item: Item): void {
  const input = electionInputOf(item);
  if (input.type === 'to-send') toSend(ctx, input.to, input.notification);
}

/**
 * A message takes two events: what is done with it is decided by the state seen in the first. Between the two lookForLeader may end, and
 * what it had emptied gets a late message; or the role may end, and a reply says LOOKING with the vote of the role.
 */
export function stepWorkerReceiver(ctx: ZabContext, item: Item): void {
  const input = electionInputOf(item);
  switch (input.type) {
    case 'offer':
      offer(ctx, input.heard);
      break;
    case 'answer':
      answer(ctx, input.to, input.vote, input.round);
      break;
    default:
      receive(ctx);
      return;
  }
  pollRecvQueue(ctx);
}

/** Waits only after an event that leaves nothing to do: a message that comes before this thread waits would not wake it. */
function pollRecvQueue(ctx: ZabContext): void {
  const { received } = peek(ctx.parts, ctx.refs.cnx);
  if (received.length > 0 || ctx.effects.length > 1) ctx.effects.push(continueWith({ type: 'receive' }));
  else ctx.thread.blockedOn = { on: 'condition', condition: RECV_QUEUE, deadline: null };
}

function receive(ctx: ZabContext): void {
  const heard = peek(ctx.parts, ctx.refs.cnx).received[0];
  if (heard === undefined) {
    pollRecvQueue(ctx);
    return;
  }
  own(ctx.parts, ctx.refs.cnx).received.shift();
  const next = reactionTo(ctx, heard);
  if (next === null) pollRecvQueue(ctx);
  else ctx.effects.push(continueWith(next));
}

function reactionTo(ctx: ZabContext, heard: HeardNotification): ElectionItem | null {
  const { state, currentVote } = peek(ctx.parts, ctx.refs.peer);
  const { sid, notification } = heard;
  if (!ctx.config.verifier.voters.includes(sid)) {
    // ELEC-05: an observer, or a server that has yet to join, is told who leads and does not take part.
    if (ctx.traced) ctx.note({ type: 'vote-ignored', from: sid, why: 'not-a-voter', theirs: makeVote(notification) });
    assert(currentVote !== null, 'no vote to answer an observer with');
    return { type: 'answer', to: sid, vote: currentVote, round: null };
  }
  if (state === 'LOOKING') return { type: 'offer', heard };
  if (notification.state !== 'LOOKING') return null; // ELEC-07
  assert(currentVote !== null, 'no vote to answer with');
  return { type: 'answer', to: sid, vote: currentVote, round: currentVote.electionEpoch };
}

/** ELEC-06. A sender that is behind is sent the proposal at once: it must first catch up with the round. */
function offer(ctx: ZabContext, heard: HeardNotification): void {
  const election = own(ctx.parts, ctx.refs.election);
  election.recvqueue.push(heard);
  ctx.effects.push({ type: 'signal', condition: FLE_RECVQUEUE });
  const { sid, notification } = heard;
  if (notification.state !== 'LOOKING' || notification.electionEpoch >= election.logicalclock) return;
  const { state } = peek(ctx.parts, ctx.refs.peer);
  ctx.effects.push(sendVoteEffect(sid, election.proposal, election.logicalclock, state));
}

function answer(ctx: ZabContext, to: number, vote: Vote, round: number | null): void {
  const { state } = peek(ctx.parts, ctx.refs.peer);
  const { logicalclock } = peek(ctx.parts, ctx.refs.election);
  ctx.effects.push(sendVoteEffect(to, vote, round ?? logicalclock, state));
}

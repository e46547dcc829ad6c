/**
 * Phase 3 at the leader: proposals out, acks in, commits in order (section E2), and the syncs that ride behind them (E3). Everything here
 * happens under the Leader's monitor in the original, so each door does its memory work in the caller's event and pushes one atomic
 * effect. Threads of an earlier term call in vain: their Leader object is gone.
 */
import { own, peek } from '../base/parts.ts';
import { threadId, type Effect } from '../base/step.ts';
import { counterOf, epochOf, makeZxid, type Zxid } from '../base/zxid.ts';
import type { ZabContext } from './context.ts';
import { isVoter } from './discovery.ts';
import { addSid, type LeaderState, type LearnerHandlerState, type Proposal } from './leader-state.ts';
import type { QuorumPacket } from './packet.ts';
import { LEARNER_HANDLER_SENDER, QUORUM_PEER } from './thread-kinds.ts';
import type { OpaqueRequest, Txn } from './txn.ts';

/** Condition of Leader.lead's wait between two ticks: signalled to make it look at once. */
export const LEADER_MONITOR = 'leader';

/** Stages of a learner handler that has read the ACK of NEWLEADER. */
const ACKED: ReadonlySet<LearnerHandlerState['stage']> = new Set<LearnerHandlerState['stage']>(['newleader-ack', 'startup', 'main']);

/** The zxid after this one; past the last counter it falls into the next epoch, which BCAST-01 is there to prevent. */
export function nextZxid(ctx: ZabContext, zxid: Zxid): Zxid {
  return counterOf(zxid) >= ctx.config.maxCounter ? makeZxid(epochOf(zxid) + 1, 0) : zxid + 1;
}

/** An item for the queue of one learner (queuedPackets). */
export function queuePacket(leader: Readonly<LeaderState>, handler: number, packet: QuorumPacket): Effect {
  return { type: 'enqueue', to: threadId(LEARNER_HANDLER_SENDER, leader.incarnation, handler), item: packet };
}

/**
 * Leader.propose (BCAST-01 to BCAST-04). False: the last counter of the epoch is reached, the leader is shutting down and the caller's
 * thread ends, as by XidRolloverException (ZOOKEEPER-1277).
 */
export function propose(ctx: ZabContext, txn: Txn): boolean {
  if (counterOf(txn.zxid) >= ctx.config.maxCounter && ctx.decide.zab.stepsDownAtLastCounter) {
    exhaustCounter(ctx);
    return false;
  }
  ctx.note({ type: 'broadcast', zxid: txn.zxid, txn });
  if (!isOwnTerm(ctx)) return true;
  const leader = own(ctx.parts, ctx.refs.leader);
  const packet: QuorumPacket = { type: 'PROPOSAL', zxid: txn.zxid, txn };
  leader.lastProposed = txn.zxid;
  leader.outstandingProposals.push({ txn, packet, acks: [] });
  const effects: Effect[] = [];
  for (const key of followersFor(ctx, leader, ctx.decide.zab.proposesToSyncing)) effects.push(queuePacket(leader, key, packet));
  pushAtomic(ctx, effects);
  return true;
}

/**
 * The original runs Leader.shutdown on the calling thread; here the QuorumPeer thread, woken, runs it.
 */
function exhaustCounter(ctx: ZabContext): void {
  if (!isOwnTerm(ctx)) return;
  own(ctx.parts, ctx.refs.leader).counterExhausted = true;
  ctx.effects.push({ type: 'signal', condition: LEADER_MONITOR });
}

/** AckRequestProcessor: the leader's own log has the proposal on disk (BCAST-05). */
export function ackedByLeaderItself(ctx: ZabContext, zxid: Zxid): void {
  processAck(ctx, ctx.config.sid, zxid);
}

/** Leader.processAck (BCAST-07 to BCAST-10). */
export function processAck(ctx: ZabContext, sid: number, zxid: Zxid): void {
  if (!isOwnTerm(ctx)) return;
  const known = peek(ctx.parts, ctx.refs.leader);
  // The ack that follows UPTODATE carries NEWLEADER's zxid (SYNC-49).
  if (counterOf(zxid) === 0) return ignore(ctx, sid, zxid, 'counter-0');
  if (known.outstandingProposals.length === 0) return ignore(ctx, sid, zxid, 'nothing-outstanding');
  if (known.lastCommitted >= zxid) return ignore(ctx, sid, zxid, 'already-committed');
  const index = indexOf(known.outstandingProposals, zxid);
  if (index === -1) {
    ctx.note({ type: 'bad', what: 'ack', zxid, expected: nextZxid(ctx, known.lastCommitted), why: 'never-proposed' });
    return ignore(ctx, sid, zxid, 'unknown');
  }
  const leader = own(ctx.parts, ctx.refs.leader);
  const proposal = leader.outstandingProposals[index];
  if (proposal === undefined) return;
  if (isVoter(ctx, sid)) addSid(proposal.acks, sid);
  if (ctx.traced) ctx.note({ type: 'ack-counted', sid, zxid, have: proposal.acks.slice() });
  tryToCommit(ctx, leader, index, proposal);
}

function ignore(
  ctx: ZabContext,
  sid: number,
  zxid: Zxid,
  why: 'counter-0' | 'nothing-outstanding' | 'already-committed' | 'unknown',
): void {
  if (ctx.traced) ctx.note({ type: 'ack-ignored', sid, zxid, why });
}

/** Zxids of one epoch have no gaps, so the place is known but for a mutated run. */
function indexOf(proposals: readonly Readonly<Proposal>[], zxid: Zxid): number {
  const guess = zxid - (proposals[0]?.txn.zxid ?? 0);
  if (proposals[guess]?.txn.zxid === zxid) return guess;
  return proposals.findIndex((proposal) => proposal.txn.zxid === zxid);
}

/** Leader.tryToCommit (BCAST-09); its effects in the order of BCAST-11. */
function tryToCommit(ctx: ZabContext, leader: LeaderState, index: number, { txn, acks }: Proposal): void {
  const { zxid } = txn;
  if (index > 0 && ctx.decide.zab.commitsInOrder && isPrevious(ctx, leader.outstandingProposals[index - 1], zxid)) {
    if (ctx.traced) ctx.note({ type: 'commit-waits', zxid, for: 'previous' });
    return;
  }
  if (!ctx.decide.zab.commits(ctx.config.verifier.containsQuorum(acks), acks)) {
    if (ctx.traced) ctx.note({ type: 'commit-waits', zxid, for: 'quorum' });
    return;
  }
  const expected = nextZxid(ctx, leader.lastCommitted);
  if (zxid !== expected) ctx.note({ type: 'bad', what: 'commit', zxid, expected, why: 'not-the-next' });
  if (index === 0) leader.outstandingProposals.shift();
  else leader.outstandingProposals.splice(index, 1);
  leader.toBeApplied.push(txn);
  leader.lastCommitted = zxid;
  ctx.note({ type: 'committed', zxid, acks });
  const effects: Effect[] = [];
  const commit: QuorumPacket = { type: 'COMMIT', zxid };
  for (const key of followersFor(ctx, leader, ctx.decide.zab.commitsToSyncing)) effects.push(queuePacket(leader, key, commit));
  if (leader.observingLearners.length > 0) {
    const inform: QuorumPacket = { type: 'INFORM', zxid, txn };
    for (const key of leader.observingLearners) effects.push(queuePacket(leader, key, inform));
  }
  effects.push(ctx.app.commitEffect(ctx, txn));
  if (leader.pendingSyncs.length > 0) answerSyncs(leader, zxid, effects);
  pushAtomic(ctx, effects);
}

/** All that are forwarded to; or, as pseudocode of Zab has it, those alone that have acknowledged NEWLEADER (T6, T7). */
function followersFor(ctx: ZabContext, leader: Readonly<LeaderState>, withSyncing: boolean): readonly number[] {
  if (withSyncing) return leader.forwardingFollowers;
  return leader.forwardingFollowers.filter((key) =>
    leader.handlers.some((handler) => handler.key === key && ACKED.has(peek(ctx.parts, handler.ref).stage)),
  );
}

function isPrevious(ctx: ZabContext, proposal: Proposal | undefined, zxid: Zxid): boolean {
  return proposal !== undefined && nextZxid(ctx, proposal.txn.zxid) === zxid;
}

function answerSyncs(leader: LeaderState, zxid: Zxid, effects: Effect[]): void {
  const waiting = leader.pendingSyncs.filter((sync) => sync.zxid === zxid);
  if (waiting.length === 0) return;
  leader.pendingSyncs = leader.pendingSyncs.filter((sync) => sync.zxid !== zxid);
  for (const { handler } of waiting) effects.push(queuePacket(leader, handler, { type: 'SYNC', zxid: 0 }));
}

/** Leader.processSync of a learner's request (SYNCOP-02); `from` is the handler's key. */
export function processSync(ctx: ZabContext, request: OpaqueRequest, from: number): void {
  if (!isOwnTerm(ctx)) return;
  const known = peek(ctx.parts, ctx.refs.leader);
  if (known.outstandingProposals.length === 0) {
    ctx.effects.push(queuePacket(known, from, { type: 'SYNC', zxid: 0 }));
    return;
  }
  own(ctx.parts, ctx.refs.leader).pendingSyncs.push({ zxid: known.lastProposed, handler: from, request });
}

/** ToBeAppliedRequestProcessor: FinalRequestProcessor has returned; only the head may match (BCAST-13). */
export function toBeAppliedDone(ctx: ZabContext, zxid: Zxid): void {
  if (!isOwnTerm(ctx)) return;
  const head = peek(ctx.parts, ctx.refs.leader).toBeApplied[0]?.zxid;
  if (head === zxid) own(ctx.parts, ctx.refs.leader).toBeApplied.shift();
  else ctx.note({ type: 'bad', what: 'commit', zxid, expected: head ?? -1, why: 'not-on-toBeApplied' });
}

/**
 * Leader.startForwarding (SYNC-24): what the sync decision did not cover, in order, and from here on every new packet. Returns the packets;
 * the caller queues them in the same event, or a proposal could slip in before them.
 */
export function startForwarding(leader: LeaderState, handler: Readonly<LearnerHandlerState>): QuorumPacket[] {
  const packets: QuorumPacket[] = [];
  const { key, currentZxid, learnerType } = handler;
  if (leader.lastProposed > currentZxid) {
    for (const txn of leader.toBeApplied) {
      if (txn.zxid > currentZxid) packets.push({ type: 'PROPOSAL', zxid: txn.zxid, txn }, { type: 'COMMIT', zxid: txn.zxid });
    }
    if (learnerType === 'PARTICIPANT') {
      for (const { txn, packet } of leader.outstandingProposals) if (txn.zxid > currentZxid) packets.push(packet);
    }
  }
  // By the type of its first packet, not by the configuration (BCAST-04).
  const list = learnerType === 'PARTICIPANT' ? leader.forwardingFollowers : leader.observingLearners;
  list.push(key);
  return packets;
}

/** Is the Leader object that the running thread belongs to still the process's Leader object? */
export function isOwnTerm(ctx: ZabContext): boolean {
  return ctx.thread.kind === QUORUM_PEER || peek(ctx.parts, ctx.refs.leader).incarnation === ctx.thread.incarnation;
}

function pushAtomic(ctx: ZabContext, effects: Effect[]): void {
  const [first] = effects;
  if (first === undefined) return;
  ctx.effects.push(effects.length === 1 ? first : { type: 'atomic', effects });
}

/**
 * LearnerHandler.sendPackets: the thread that writes what is queued for one learner. It stands by from the start of the connection, so
 * that its mailbox can be queuedPackets, and writes nothing before the reader has started it.
 */
import { assert } from '../base/assert.ts';
import { own, peek, type Ref } from '../base/parts.ts';
import { threadId, type Item } from '../base/step.ts';
import { isOwnTerm } from './broadcast.ts';
import type { ZabContext } from './context.ts';
import { handlerRef, type LearnerHandlerState } from './leader-state.ts';
import { isQuorumPacket, type QuorumPacket } from './packet.ts';
import { updateProposal } from './sync-limit-check.ts';
import { LEARNER_HANDLER_SENDER } from './thread-kinds.ts';

export interface StandByItem extends Item {
  readonly type: 'stand-by';
}
/** proposalOfDeath */
interface DeathItem extends Item {
  readonly type: 'death';
}

/** What a sender that stands by waits for. */
export function sendingCondition(key: number): string {
  return `sending-${key}`;
}

export function stepLearnerHandlerSender(ctx: ZabContext, input: Item): void {
  const ref = isOwnTerm(ctx) ? handlerRef(peek(ctx.parts, ctx.refs.leader), ctx.thread.key) : null;
  // LearnerHandler.shutdown empties the queue before it puts the packet of death there: what is left is not sent.
  if (ref === null || peek(ctx.parts, ref).closing || input.type === 'death') {
    ctx.thread.ending = true;
    return;
  }
  // Packets are its mailbox, and by far the most of what it gets.
  if (isQuorumPacket(input)) return sendPacket(ctx, ref, input);
  if (input.type === 'failed') return onSendFailed(ctx, ref);
  assert(input.type === 'stand-by' || input.type === 'signalled', () => `a sender got ${input.type}`);
  if (!peek(ctx.parts, ref).sendingThreadStarted) {
    ctx.thread.blockedOn = { on: 'condition', condition: sendingCondition(ctx.thread.key), deadline: null };
  }
}

function sendPacket(ctx: ZabContext, ref: Ref<LearnerHandlerState>, packet: QuorumPacket): void {
  // Only a started check is written to, and most packets are not proposals: the part stays shared where it can.
  if (packet.type === 'PROPOSAL' && peek(ctx.parts, ref).limitStarted) updateProposal(own(ctx.parts, ref), packet.zxid, ctx.now);
  ctx.effects.push({ type: 'send', link: peek(ctx.parts, ref).link, packet });
}

/** Closing the connection is how the reader, and the learner, hear of it. */
function onSendFailed(ctx: ZabContext, ref: Ref<LearnerHandlerState>): void {
  ctx.effects.push({ type: 'close', link: peek(ctx.parts, ref).link });
  ctx.thread.ending = true;
}

/** What LearnerHandler.shutdown does to the sender and the connection; `closing` stands for the emptied queue. */
export function pushShutdown(ctx: ZabContext, handler: Readonly<LearnerHandlerState>): void {
  const sender = threadId(LEARNER_HANDLER_SENDER, peek(ctx.parts, ctx.refs.leader).incarnation, handler.key);
  ctx.effects.push(
    {
      type: 'atomic',
      effects: [
        { type: 'enqueue', to: sender, item: { type: 'death' } satisfies DeathItem },
        { type: 'signal', condition: sendingCondition(handler.key) },
      ],
    },
    { type: 'close', link: handler.link },
  );
}

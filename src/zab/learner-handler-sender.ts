/**
 * LearnerHandler.sendPackets: the thread that writes what is queued for one learner. It stands by from the start of the connection, so
 * that its mailbox can be queuedPackets, and writes nothing before the reader has started it.
 */
import { own, peek, type Ref } from '../base/parts.ts';
import { threadId, type HostInput, type Item } from '../base/step.ts';
import { isOwnTerm } from './broadcast.ts';
import type { ZabContext } from './context.ts';
import { handlerRef, type LearnerHandlerState } from './leader-state.ts';
import type { QuorumPacket } from './packet.ts';
import { updateProposal } from './sync-limit-check.ts';
import { LEARNER_HANDLER_SENDER } from './thread-kinds.ts';

export interface StandByItem extends Item {
  readonly type: 'stand-by';
}
/** proposalOfDeath */
interface DeathItem extends Item {
  readonly type: 'death';
}
export type LearnerHandlerSenderInput = HostInput | StandByItem | DeathItem | QuorumPacket;

/** What a sender that stands by waits for. */
export function sendingCondition(key: number): string {
  return `sending-${key}`;
}

export function stepLearnerHandlerSender(ctx: ZabContext, input: LearnerHandlerSenderInput): void {
  const ref = isOwnTerm(ctx) ? handlerRef(peek(ctx.parts, ctx.refs.leader), ctx.thread.key) : null;
  // LearnerHandler.shutdown empties the queue before it puts the packet of death there: what is left is not sent.
  if (ref === null || peek(ctx.parts, ref).closing || input.type === 'death') {
    ctx.thread.ending = true;
    return;
  }
  switch (input.type) {
    case 'stand-by':
    case 'signalled':
      if (!peek(ctx.parts, ref).sendingThreadStarted) {
        ctx.thread.blockedOn = { on: 'condition', condition: sendingCondition(ctx.thread.key), deadline: null };
      }
      return;
    case 'failed':
      return onSendFailed(ctx, ref);
    case 'packet':
    case 'closed':
    case 'accepted':
    case 'connected':
    case 'refused':
    case 'ended':
    case 'interrupted':
    case 'timeout':
      return;
    default:
      return sendPacket(ctx, ref, input);
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

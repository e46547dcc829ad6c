/** The learner's connection to its leader, as the QuorumPeer thread uses it. */
import { peek } from '../base/parts.ts';
import type { ZabContext } from './context.ts';
import type { QuorumPacket } from './packet.ts';

/** readPacket: any packet resets the timeout, which is initLimit until the ack of NEWLEADER and syncLimit after it (LIVE-09). */
export function awaitPacket(ctx: ZabContext): void {
  const { link, newLeaderAcked } = peek(ctx.parts, ctx.refs.learner);
  if (link === null) return;
  const { initLimit, syncLimit, tickUs } = ctx.config;
  ctx.thread.blockedOn = { on: 'read', link, deadline: ctx.now + (newLeaderAcked ? syncLimit : initLimit) * tickUs };
}

/** writePacket with a flush. The SyncThread writes to the same connection: who is first is a matter of scheduling. */
export function sendToLeader(ctx: ZabContext, packet: QuorumPacket): void {
  const { link } = peek(ctx.parts, ctx.refs.learner);
  if (link !== null) ctx.effects.push({ type: 'send', link, packet });
}

/** Follower.processPacket and Observer.processPacket: the learner's main loop in the broadcast phase. */
import { own, peek } from '../base/parts.ts';
import { counterOf, epochOf, type Zxid } from '../base/zxid.ts';
import type { ZabContext } from './context.ts';
import { awaitPacket, sendToLeader } from './learner-link.ts';
import { leaveRole } from './learner-shutdown.ts';
import type { QuorumPacket } from './packet.ts';
import { logEffect } from './sync-thread.ts';
import type { Txn } from './txn.ts';

/** One packet, then back to reading: a server whose critical thread failed is noticed here, after the packet (LOGT-08). */
export function onBroadcastPacket(ctx: ZabContext, packet: QuorumPacket): void {
  processPacket(ctx, packet);
  if (peek(ctx.parts, ctx.refs.peer).failed) leaveRole(ctx, 'processor-failed');
  else awaitPacket(ctx);
}

function processPacket(ctx: ZabContext, packet: QuorumPacket): void {
  const isFollower = peek(ctx.parts, ctx.refs.learner).role === 'follower';
  switch (packet.type) {
    case 'PING':
      return sendToLeader(ctx, { type: 'PING', zxid: packet.zxid, touches: ctx.app.takeTouches(ctx) });
    case 'PROPOSAL':
      return isFollower ? onProposal(ctx, packet.txn) : undefined;
    case 'COMMIT':
      return isFollower ? commit(ctx, packet.zxid) : undefined;
    case 'INFORM':
      return isFollower ? undefined : commitRequest(ctx, packet.txn);
    case 'REVALIDATE':
      ctx.effects.push(ctx.app.revalidatedEffect(ctx, packet.session, packet.valid, packet.connection));
      break;
    case 'SYNC':
      ctx.effects.push(ctx.app.syncedEffect(ctx, null));
      break;
    default: // An UPTODATE or a packet of an earlier phase is only logged (BCAST-18).
  }
}

/** BCAST-14: a gap is only warned of. */
function onProposal(ctx: ZabContext, txn: Txn): void {
  noteGap(ctx, txn.zxid);
  own(ctx.parts, ctx.refs.learner).lastQueued = txn.zxid;
  logRequest(ctx, txn);
}

/** False and a note when the zxid does not follow the last one; the first, and the first of a new epoch, follow anything (SYNC-39). */
export function noteGap(ctx: ZabContext, zxid: Zxid): boolean {
  const { lastQueued } = peek(ctx.parts, ctx.refs.learner);
  if (lastQueued === 0 || zxid === lastQueued + 1 || epochOf(zxid) > epochOf(lastQueued)) return false;
  ctx.note({ type: 'bad', what: 'proposal', zxid, expected: lastQueued + 1, why: 'not-the-next' });
  return true;
}

/** FollowerZooKeeperServer.logRequest. */
export function logRequest(ctx: ZabContext, txn: Txn): void {
  if (counterOf(txn.zxid) !== 0) own(ctx.parts, ctx.refs.learner).pendingTxns.push(txn);
  ctx.effects.push(logEffect(ctx, txn));
}

/** FollowerZooKeeperServer.commit (BCAST-15, BCAST-16): the SyncThread may still have the txn in its queue. */
export function commit(ctx: ZabContext, zxid: Zxid): void {
  const head = peek(ctx.parts, ctx.refs.learner).pendingTxns[0];
  if (head === undefined) {
    ctx.note({ type: 'bad', what: 'commit', zxid, expected: -1, why: 'without-seeing-txn' });
    return;
  }
  if (head.zxid !== zxid) {
    ctx.note({ type: 'bad', what: 'commit', zxid, expected: head.zxid, why: 'not-the-pending-one' });
    ctx.effects.push({ type: 'exit', reason: 'unmatched-txn-commit' });
    return;
  }
  own(ctx.parts, ctx.refs.learner).pendingTxns.shift();
  ctx.effects.push(ctx.app.commitEffect(ctx, head));
}

/** ObserverZooKeeperServer.commitRequest: the log runs beside the commit, not before it (PIPE-04). */
export function commitRequest(ctx: ZabContext, txn: Txn): void {
  ctx.effects.push(logEffect(ctx, txn), ctx.app.commitEffect(ctx, txn));
}

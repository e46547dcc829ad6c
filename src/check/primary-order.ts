/**
 * I-PO, primary order (DSN'11), in three parts.
 *
 * Local primary order: a primary's broadcasts have consecutive zxids of its own epoch, it commits them in that order, and a server that delivers
 * one has delivered those before it. Global primary order: a server delivers in the order of epochs, so zxids never go back (`commit` after
 * a fast-forward of the same transaction is a step back, too, ZOOKEEPER-3598). What `sync` brings may already be in the snapshot that came
 * before it (SYNC-26) and does not count then; recovery starts anew and fast-forward replays the log: both are I-REC's. Primary integrity: a
 * primary that begins to broadcast has delivered all that is committed of earlier epochs; and nothing of an earlier epoch that is not in the
 * committed history is delivered after that.
 *
 * Checked at each broadcast, commit and delivery; exercised by a server's second delivery.
 */
import { counterOf, epochOf, makeZxid, type Zxid } from '../base/zxid.ts';
import type { CheckState, Property } from './check-state.ts';
import { itemAt } from './chunked.ts';
import { sameTxn, type NoteOf } from './fact.ts';
import type { Ghost, ServerGhost } from './ghost.ts';
import { countUpTo, lastOf, settle } from './line.ts';
import type { FindingOf } from './violation.ts';

export const primaryOrder: Property = {
  id: 'I-PO',
  types: ['broadcast', 'committed', 'delivered'],
  onNote: (check, note, where) => {
    const server = check.ghost.servers[where.node];
    if (server === undefined) return null;
    if (note.type === 'delivered') return judgeDelivery(check, server, note);
    if (note.type === 'committed') return judgeCommit(server, note.zxid);
    return note.type === 'broadcast' ? judgeBroadcast(check.ghost, server, note.zxid) : null;
  },
};

/** A PrepRequestProcessor of an earlier term may still speak: its Leader object is gone, so nobody hears it. */
function judgeBroadcast(ghost: Ghost, server: ServerGhost, zxid: Zxid): FindingOf<'I-PO'> | null {
  const { sid: leader, lastBroadcast: last, currentEpoch } = server;
  const epoch = epochOf(zxid);
  if (epoch < currentEpoch || epoch < epochOf(last)) return null;
  if (epoch > currentEpoch) return { property: 'I-PO', kind: 'foreign-epoch', operands: { leader, zxid, epoch: currentEpoch } };
  const isFirst = epoch > epochOf(last);
  if (isFirst ? counterOf(zxid) !== 1 : zxid !== last + 1)
    return { property: 'I-PO', kind: 'broadcast-order', operands: { leader, zxid, last } };
  return isFirst ? judgeIntegrity(ghost, server, epoch) : null;
}

function judgeIntegrity({ committed }: Ghost, { sid: leader, line }: ServerGhost, epoch: number): FindingOf<'I-PO'> | null {
  settle(line, committed);
  if (line.agree >= countUpTo(committed, makeZxid(epoch, 0))) return null;
  const missing = itemAt(committed, line.agree);
  return { property: 'I-PO', kind: 'primary-integrity', operands: { leader, epoch, zxid: missing?.zxid ?? -1 } };
}

function judgeCommit({ sid: leader, lastCommit: last }: ServerGhost, zxid: Zxid): FindingOf<'I-PO'> | null {
  if (epochOf(zxid) === epochOf(last) ? zxid === last + 1 : counterOf(zxid) === 1) return null;
  return { property: 'I-PO', kind: 'commit-order', operands: { leader, zxid, last } };
}

function judgeDelivery({ ghost, counts }: CheckState, server: ServerGhost, { txn, via }: NoteOf<'delivered'>): FindingOf<'I-PO'> | null {
  if (via !== 'commit' && via !== 'sync') return null;
  const { line, sid } = server;
  const { zxid } = txn;
  const last = lastOf(line, ghost.committed);
  if (zxid <= last) return via === 'sync' ? null : { property: 'I-PO', kind: 'went-back', operands: { sid, zxid, last } };
  if (last > 0) counts['I-PO'] += 1;
  const isNext = epochOf(zxid) === epochOf(last) ? zxid === last + 1 : counterOf(zxid) === 1;
  if (!isNext) return { property: 'I-PO', kind: 'skipped', operands: { sid, zxid, last } };
  if (via === 'sync' || epochOf(zxid) >= ghost.maxBroadcastEpoch) return null;
  settle(line, ghost.committed);
  const next = line.tail.length === 0 ? itemAt(ghost.committed, line.agree) : undefined;
  if (next !== undefined && sameTxn(next, txn)) return null;
  return { property: 'I-PO', kind: 'late', operands: { sid, zxid, last: makeZxid(ghost.maxBroadcastEpoch, 1) } };
}

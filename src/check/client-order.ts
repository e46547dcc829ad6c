/**
 * I-FIFO: a session's requests are answered, and have their effects, in the order in which its client sent them.
 *
 * Replies: on one connection the xids of replies increase (pings and setWatches apart). Returns: so do those that a client is given, of calls
 * that were answered; a call without an answer has an unknown outcome and no place. Effects: the writes of a session that change nodes commit in
 * the order of their xids, also across a reconnect: what was sent on the old connection and overtaken must be refused (SESS-25). Refusals
 * are transactions too, without an effect. Effects are judged for simulated clients, which count xids all their life; libraries from outside may
 * begin anew with each connection.
 *
 * Checked at each reply, return and commit; exercised by a session's second reply.
 */
import { effectOf } from '../ensemble/txn-view.ts';
import { entryBy } from './book.ts';
import type { CheckState, Property } from './check-state.ts';
import type { NoteOf } from './fact.ts';
import type { Ghost, ServerGhost } from './ghost.ts';
import { isCommitted } from './line.ts';
import type { FindingOf } from './violation.ts';

export const clientOrder: Property = {
  id: 'I-FIFO',
  types: ['replied', 'client-returned', 'committed'],
  onNote: (check, note, where) => {
    if (note.type === 'client-returned') return judgeReturn(check.ghost, where.node, note);
    const server = check.ghost.servers[where.node];
    if (server === undefined) return null;
    if (note.type === 'replied') return judgeReply(check, server, note);
    return note.type === 'committed' ? judgeEffect(check.ghost, server, note.zxid) : null;
  },
};

function judgeReply(
  { ghost, counts }: CheckState,
  { sid, node }: ServerGhost,
  { session, xid }: NoteOf<'replied'>,
): FindingOf<'I-FIFO'> | null {
  if (xid <= 0) return null;
  const last = ghost.sessions.get(session)?.replies[node] ?? 0;
  if (last > 0) counts['I-FIFO'] += 1;
  return xid > last ? null : { property: 'I-FIFO', kind: 'replies', operands: { sid, session, xid, last } };
}

function judgeReturn({ clients }: Ghost, node: number, { xid, zxid, session }: NoteOf<'client-returned'>): FindingOf<'I-FIFO'> | null {
  const client = clients[node];
  if (client === undefined || zxid === -1 || client.session !== session || xid > client.lastXid) return null;
  return { property: 'I-FIFO', kind: 'returns', operands: { client: client.name, session, xid, last: client.lastXid } };
}

function judgeEffect({ book, sessions, committed }: Ghost, { node }: ServerGhost, zxid: number): FindingOf<'I-FIFO'> | null {
  const txn = entryBy(book, zxid, node)?.txn;
  // A deposed leader may still decide, by acks that were under way, what the new leader's history already holds: it took effect there, earlier.
  if (txn === undefined || isCommitted(committed, txn)) return null;
  const { session, cxid: xid } = txn;
  const known = sessions.get(session);
  if (known === undefined || known.client === -1 || xid > known.lastCxid || effectOf(txn) !== 'changes-nodes') return null;
  return { property: 'I-FIFO', kind: 'effects', operands: { session, zxid, xid, last: known.lastCxid } };
}

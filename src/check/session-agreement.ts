/**
 * I-SESS: the session table is the one that the history gives, on every server, and a session has one owner.
 *
 * Checked when a server opens its door to clients: its table holds exactly the sessions that its history has opened and not closed
 * (SESS-08); a tree with uncommitted transactions in it is I-UNC's and I-AGR's. At each commit: no session id is opened twice. At each expiry: it is the leader that expires (SESS-14). At each reply to a write:
 * it was not made through another server than the one that the session's client was connected to when it was broadcast. A write that was
 * broadcast before the move may be answered on the old connection (SESS-38), closeSession may come from anywhere (SESS-23), and a new leader
 * lets the first comer in (SESS-32). Exercised by a session's opening.
 */
import { epochOf } from '../base/zxid.ts';
import { effectOf } from '../ensemble/txn-view.ts';
import { entryAt, entryBy } from './book.ts';
import type { CheckState, Property } from './check-state.ts';
import type { NoteOf } from './fact.ts';
import { sidAt, type Ghost, type ServerGhost } from './ghost.ts';
import { isCommitted, settle } from './line.ts';
import type { FindingOf } from './violation.ts';

export const sessionAgreement: Property = {
  id: 'I-SESS',
  types: ['serving', 'committed', 'session-expired', 'replied'],
  onNote: (check, note, where) => {
    const server = check.ghost.servers[where.node];
    if (server === undefined) return null;
    switch (note.type) {
      case 'serving':
        return note.serving ? judgeTable(check.ghost, server) : null;
      case 'committed':
        return judgeCommit(check, server, note.zxid);
      case 'session-expired':
        return server.state === 'LEADING'
          ? null
          : { property: 'I-SESS', kind: 'expired-elsewhere', operands: { sid: server.sid, session: note.session } };
      case 'replied':
        return judgeOwner(check.ghost, server, note);
      default:
        return null;
    }
  },
};

function judgeTable(ghost: Ghost, { sid, node, line }: ServerGhost): FindingOf<'I-SESS'> | null {
  if (ghost.reader === null) return null;
  settle(line, ghost.committed);
  if (line.tail.length > 0) return null;
  const table = new Set(ghost.reader.sessions(node));
  for (const [session, { opened, closed }] of ghost.sessions) {
    const isOpen = opened < line.agree && closed >= line.agree;
    if (isOpen !== table.delete(session)) return { property: 'I-SESS', kind: isOpen ? 'missing' : 'unknown', operands: { sid, session } };
  }
  for (const session of table) return { property: 'I-SESS', kind: 'unknown', operands: { sid, session } };
  return null;
}

function judgeCommit({ ghost, counts }: CheckState, { node }: ServerGhost, zxid: number): FindingOf<'I-SESS'> | null {
  const txn = entryBy(ghost.book, zxid, node)?.txn;
  if (txn === undefined || effectOf(txn) !== 'opens-session') return null;
  counts['I-SESS'] += 1;
  const { session } = txn;
  const opened = ghost.sessions.get(session)?.openedZxid ?? -1;
  if (opened === -1 || isCommitted(ghost.committed, txn)) return null;
  return { property: 'I-SESS', kind: 'reused', operands: { session, zxid, opened } };
}

function judgeOwner(ghost: Ghost, { sid, node }: ServerGhost, note: NoteOf<'replied'>): FindingOf<'I-SESS'> | null {
  const { session, txnZxid, error, operation } = note;
  if (txnZxid === -1 || error !== 'OK' || operation.op === 'closeSession') return null;
  const known = ghost.sessions.get(session);
  if (known === undefined || known.owner === -1 || known.owner === node || known.ownerEpoch !== epochOf(txnZxid)) return null;
  const entry = entryAt(ghost.book, txnZxid);
  if (entry === null || entry.event <= known.ownerEvent || effectOf(entry.txn) === 'nothing') return null;
  return { property: 'I-SESS', kind: 'stale-owner', operands: { sid, session, owner: sidAt(ghost, known.owner), zxid: txnZxid } };
}

/**
 * I-AGR, agreement and total order (DSN'11): what servers deliver are prefixes of one sequence, the committed one.
 *
 * Checked when a server delivers a commit: where the committed history has another transaction at this place, or the server delivered another
 * one earlier and never took it back, they disagree. And checked when it opens its door to clients, since synchronisation must have brought
 * it onto the committed history by then (SYNC-57: the new leader's). Before that a tree may hold what was logged and never committed; what
 * `sync`, recovery and fast-forward deliver is therefore not judged at once. Exercised by a delivery that agrees.
 */
import type { CheckState, Property } from './check-state.ts';
import { itemAt } from './chunked.ts';
import { sameTxn, type Txn } from './fact.ts';
import type { ServerGhost } from './ghost.ts';
import { lastOf, settle } from './line.ts';
import type { FindingOf } from './violation.ts';

export const agreement: Property = {
  id: 'I-AGR',
  types: ['delivered', 'serving'],
  onNote: (check, note, where) => {
    const server = check.ghost.servers[where.node];
    if (server === undefined) return null;
    if (note.type === 'serving' && note.serving) return judgeTail(check, server);
    return note.type === 'delivered' && note.via === 'commit' ? judgeDelivery(check, server, note.txn) : null;
  },
};

function judgeDelivery(check: CheckState, server: ServerGhost, txn: Txn): FindingOf<'I-AGR'> | null {
  const { committed } = check.ghost;
  const { line, sid } = server;
  settle(line, committed);
  if (line.tail.length > 0) return judgeTail(check, server);
  const next = itemAt(committed, line.agree);
  // One delivered again is I-PO's; one that nobody has committed yet contradicts nobody yet.
  if (next === undefined || txn.zxid <= lastOf(line, committed)) return null;
  check.counts['I-AGR'] += 1;
  if (next === txn || sameTxn(next, txn)) return null;
  return { property: 'I-AGR', kind: 'order', operands: { sid, zxid: txn.zxid, expected: next.zxid } };
}

function judgeTail({ ghost }: CheckState, { line, sid }: ServerGhost): FindingOf<'I-AGR'> | null {
  settle(line, ghost.committed);
  const [first] = line.tail;
  const next = itemAt(ghost.committed, line.agree);
  if (first === undefined || next === undefined) return null;
  return { property: 'I-AGR', kind: 'diverged', operands: { sid, zxid: first.zxid, expected: next.zxid } };
}

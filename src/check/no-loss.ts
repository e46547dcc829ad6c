/**
 * I-LOSS: the initial history of an established epoch is a prefix of that of every later one; a transaction that is committed, or that any
 * client saw, is in the history of every leader established later. (Zab's primary integrity and agreement, seen from the leader; I-8 of Remix.)
 *
 * Checked when a leader is established: all that is committed must be in its history. An epoch that is established late, when a later one is
 * already, must have all of the epochs before it, and nothing that the later one has not. And checked when a leader commits: a transaction of
 * an epoch before the newest established one must be in that one's history. A history beyond the committed one is no fault: with its leader
 * it becomes committed (SYNC-57). Exercised when a leader is established after something was committed.
 */
import { epochOf, makeZxid } from '../base/zxid.ts';
import { entryBy } from './book.ts';
import type { CheckState, Property } from './check-state.ts';
import { itemAt } from './chunked.ts';
import type { Ghost, ServerGhost } from './ghost.ts';
import { countUpTo, isCommitted, settle } from './line.ts';
import { sameTxn } from './fact.ts';
import type { FindingOf } from './violation.ts';

export const noLoss: Property = {
  id: 'I-LOSS',
  types: ['established', 'committed'],
  onNote: (check, note, where) => {
    const server = check.ghost.servers[where.node];
    if (server === undefined) return null;
    if (note.type === 'committed') return judgeCommit(check.ghost, server, note.zxid);
    return note.type === 'established' ? judgeLeader(check, server, note.epoch) : null;
  },
};

function judgeCommit(ghost: Ghost, { sid, node }: ServerGhost, zxid: number): FindingOf<'I-LOSS'> | null {
  const epoch = epochOf(zxid);
  if (epoch >= ghost.maxEstablished) return null;
  const entry = entryBy(ghost.book, zxid, node);
  if (entry === null || isCommitted(ghost.committed, entry.txn)) return null;
  return { property: 'I-LOSS', kind: 'committed-too-late', operands: { epoch, leader: sid, zxid, laterEpoch: ghost.maxEstablished } };
}

function judgeLeader({ ghost, counts }: CheckState, server: ServerGhost, epoch: number): FindingOf<'I-LOSS'> | null {
  const { line, sid: leader } = server;
  const { committed } = ghost;
  settle(line, committed);
  if (committed.length > 0) counts['I-LOSS'] += 1;
  const isNewest = epoch > ghost.maxEstablished;
  const required = isNewest ? committed.length : countUpTo(committed, makeZxid(epoch, 0));
  if (line.agree < required) {
    const zxid = itemAt(committed, line.agree)?.zxid ?? -1;
    return { property: 'I-LOSS', kind: 'lost', operands: { epoch, leader, zxid } };
  }
  return isNewest ? judgeSeen(ghost, server, epoch) : judgeLateLeader(ghost, server, epoch);
}

function judgeSeen({ seen }: Ghost, { line, sid: leader }: ServerGhost, epoch: number): FindingOf<'I-LOSS'> | null {
  for (const shown of seen) {
    if (line.tail.some((txn) => sameTxn(txn, shown))) continue;
    return { property: 'I-LOSS', kind: 'seen-lost', operands: { epoch, leader, zxid: shown.zxid } };
  }
  return null;
}

function judgeLateLeader(ghost: Ghost, { line, sid: leader }: ServerGhost, epoch: number): FindingOf<'I-LOSS'> | null {
  let laterEpoch = Infinity;
  let length = Infinity;
  for (const [other, known] of ghost.epochs) {
    if (other <= epoch || other >= laterEpoch) continue;
    laterEpoch = other;
    length = known.length;
  }
  if (laterEpoch === Infinity) return null;
  const extra = line.tail[0] ?? (line.agree > length ? itemAt(ghost.committed, length) : undefined);
  if (extra === undefined) return null;
  return { property: 'I-LOSS', kind: 'not-prefix', operands: { epoch, leader, zxid: extra.zxid, laterEpoch } };
}

/**
 * I-REC: the state rebuilt from the newest valid snapshot and the log after it is the state that the run's history gives up to the same zxid.
 *
 * Checked at each load of a database from disk: the replayed transactions follow the snapshot, and each other, as their primaries broadcast
 * them, with none missing and none too many; none of them was discarded when the server joined an epoch whose leader was established without
 * it (a server must cut such a tail off before it takes that epoch for its own); and the tree, where it is whole, has the digest that a server had
 * which delivered the same transaction. An uncommitted tail is no fault: it may survive or vanish. Exercised by a load that finds a
 * history.
 */
import { epochOf, type Zxid } from '../base/zxid.ts';
import { entryAt } from './book.ts';
import type { CheckState, Property } from './check-state.ts';
import type { NoteOf, Txn } from './fact.ts';
import { sidAt, type Ghost, type ServerGhost } from './ghost.ts';
import { snapshotLine } from './learn.ts';
import { isCommitted, lastOf } from './line.ts';
import { follows, predecessorOf } from './predecessor.ts';
import type { FindingOf } from './violation.ts';

export const recoveryEquality: Property = {
  id: 'I-REC',
  types: ['recovered'],
  onNote: (check, note, where) => {
    const server = check.ghost.servers[where.node];
    return server === undefined || note.type !== 'recovered' ? null : judge(check, server, note);
  },
};

function judge({ ghost, counts }: CheckState, server: ServerGhost, { snapshot }: NoteOf<'recovered'>): FindingOf<'I-REC'> | null {
  const line = snapshotLine(ghost, server, snapshot);
  const { committed } = ghost;
  const base = lastOf(line, committed);
  const last = server.loading[server.loading.length - 1]?.zxid ?? base;
  if (last > 0) counts['I-REC'] += 1;
  return (
    judgeChain(ghost, server, base, snapshot) ??
    judgeTail(ghost, server, line.tail) ??
    judgeTail(ghost, server, server.loading) ??
    judgeDigest(ghost, server, last)
  );
}

function judgeChain(ghost: Ghost, { sid, loading }: ServerGhost, base: Zxid, snapshot: Zxid): FindingOf<'I-REC'> | null {
  let last = base;
  for (const { zxid } of loading) {
    const kind = zxid <= last ? 'extra' : follows(ghost, zxid, last, snapshot);
    if (kind !== 'ok') return { property: 'I-REC', kind, operands: { sid, snapshot, zxid, last, expected: predecessorOf(ghost, zxid) } };
    last = zxid;
  }
  return null;
}

function judgeTail(ghost: Ghost, { sid, currentEpoch: epoch }: ServerGhost, txns: readonly Txn[]): FindingOf<'I-REC'> | null {
  if (!ghost.epochs.has(epoch)) return null;
  for (const txn of txns) {
    if (epochOf(txn.zxid) < epoch && !isCommitted(ghost.committed, txn)) {
      return { property: 'I-REC', kind: 'resurfaced', operands: { sid, zxid: txn.zxid, epoch } };
    }
  }
  return null;
}

/** A digest that was told during the load is of the last transaction, or the tree is looked at itself. */
function judgeDigest(ghost: Ghost, { sid, node, digestZxid, digest }: ServerGhost, zxid: Zxid): FindingOf<'I-REC'> | null {
  const entry = entryAt(ghost.book, zxid);
  if (entry === null || entry.digest === null) return null;
  const rebuilt = digestZxid === zxid ? digest : (ghost.reader?.treeDigest(node) ?? null);
  if (rebuilt === null || rebuilt === entry.digest) return null;
  return { property: 'I-REC', kind: 'digest', operands: { sid, other: sidAt(ghost, entry.digestNode), zxid } };
}

/**
 * I-DIG: two servers that have applied the same history have the same tree. The digest is the sum over the nodes' content and metadata
 * (DIG-02), which names an ephemeral's owner; the session table is I-SESS's.
 *
 * Checked when a server delivers a commit, or a transaction of its synchronisation, and told the digest of its whole tree (it tells none while
 * a fuzzy snapshot is being brought up to date, DIG-05): it must be the one of the first server that delivered it. The digest that the leader
 * predicted (DIG-04) is not used: all may differ from that and agree. Exercised by the second server's digest.
 */
import { entryAt } from './book.ts';
import type { Property } from './check-state.ts';
import { sidAt } from './ghost.ts';

export const digestEquality: Property = {
  id: 'I-DIG',
  types: ['delivered'],
  onNote: ({ ghost, counts }, note, where) => {
    const server = ghost.servers[where.node];
    if (server === undefined || note.type !== 'delivered' || server.digestZxid !== note.zxid) return null;
    if (note.via !== 'commit' && note.via !== 'sync') return null;
    const entry = entryAt(ghost.book, note.zxid);
    if (entry === null || entry.digest === null || entry.digestNode === where.node) return null;
    counts['I-DIG'] += 1;
    if (entry.digest === server.digest) return null;
    return { property: 'I-DIG', kind: 'digest', operands: { sid: server.sid, other: sidAt(ghost, entry.digestNode), zxid: note.zxid } };
  },
};

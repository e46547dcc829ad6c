/**
 * I-LOG: the zxids in a server's log increase, without a gap inside an epoch and without a hole or a stranger between the last transaction of
 * an epoch's initial history and the first of that epoch. What a sealed snapshot covers may be missing from the log (SYNC-51) or be there
 * and wrong (SYNC-54), since recovery begins after it.
 *
 * Checked at each append, against the record before it; recovery and truncation tell where a log really ends, so what a power loss took is
 * forgotten. Exercised by a server's second append.
 */
import type { Property } from './check-state.ts';
import { follows, predecessorOf } from './predecessor.ts';

export const logShape: Property = {
  id: 'I-LOG',
  types: ['logged'],
  onNote: ({ ghost, counts }, note, where) => {
    const server = ghost.servers[where.node];
    if (server === undefined || note.type !== 'logged') return null;
    const { sid, lastLogged: last, snapshot } = server;
    const { zxid } = note;
    if (last > 0) counts['I-LOG'] += 1;
    if (zxid === last + 1) return null;
    const kind = zxid <= last ? 'not-increasing' : follows(ghost, zxid, last, snapshot);
    return kind === 'ok' ? null : { property: 'I-LOG', kind, operands: { sid, zxid, last, expected: predecessorOf(ghost, zxid) } };
  },
};

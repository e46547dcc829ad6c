/**
 * I-MONO: the zxid that a session sees never goes back, also across reconnects (SESS-04). What it sees is the zxid in the headers of the
 * replies to its calls; pings do not count (CLI-08). A new session starts anew.
 *
 * Checked when a call is answered; exercised by a session's second answer.
 */
import type { Property } from './check-state.ts';

export const monotonicReads: Property = {
  id: 'I-MONO',
  types: ['client-returned'],
  onNote: ({ ghost, counts }, note, where) => {
    if (note.type !== 'client-returned' || note.zxid === -1) return null;
    const client = ghost.clients[where.node];
    if (client === undefined || client.session !== note.session) return null;
    const { name, session, lastXid, lastZxid: last } = client;
    if (lastXid > 0) counts['I-MONO'] += 1;
    return note.zxid >= last ? null : { property: 'I-MONO', kind: 'went-back', operands: { client: name, session, zxid: note.zxid, last } };
  },
};

/**
 * I-EPH: the ephemerals of a closed session are gone on every server that has applied the close, and none is created after it.
 *
 * The first is checked on a server as it applies a closeSession, and for all closed sessions when it opens its door to clients, by looking into its
 * index of ephemerals. The second is checked at each commit, in the order of the committed history: an ephemeral's create after its
 * session's close. Exercised by a close that deletes a node or by a commit that creates an ephemeral.
 */
import { effectOf, forEachChange, type NodeChange } from '../ensemble/txn-view.ts';
import { entryBy } from './book.ts';
import type { CheckState, Property } from './check-state.ts';
import type { NoteOf } from './fact.ts';
import type { Ghost, ServerGhost } from './ghost.ts';
import { isCommitted, settle } from './line.ts';
import type { FindingOf } from './violation.ts';

export const ephemerals: Property = {
  id: 'I-EPH',
  types: ['session-closed', 'serving', 'committed'],
  onNote: (check, note, where) => {
    const server = check.ghost.servers[where.node];
    if (server === undefined) return null;
    if (note.type === 'committed') return judgeCommit(check, server, note.zxid);
    if (note.type === 'session-closed') return judgeClose(check, server, note);
    return note.type === 'serving' && note.serving ? judgeOpening(check.ghost, server) : null;
  },
};

function judgeClose(
  { ghost, counts }: CheckState,
  server: ServerGhost,
  { session, deleted }: NoteOf<'session-closed'>,
): FindingOf<'I-EPH'> | null {
  if (deleted.length > 0) counts['I-EPH'] += 1;
  return survivorOf(ghost, server, session);
}

function survivorOf({ reader }: Ghost, { sid, node }: ServerGhost, session: string): FindingOf<'I-EPH'> | null {
  const path = reader?.ephemeralsOf(node, session)[0];
  return path === undefined ? null : { property: 'I-EPH', kind: 'survives', operands: { sid, session, path } };
}

function judgeOpening(ghost: Ghost, server: ServerGhost): FindingOf<'I-EPH'> | null {
  if (ghost.reader === null) return null;
  settle(server.line, ghost.committed);
  for (const session of ghost.reader.ephemeralOwners(server.node)) {
    const closed = ghost.sessions.get(session)?.closed ?? Infinity;
    if (closed < server.line.agree) return survivorOf(ghost, server, session);
  }
  return null;
}

function judgeCommit({ ghost, counts }: CheckState, { node }: ServerGhost, zxid: number): FindingOf<'I-EPH'> | null {
  const txn = entryBy(ghost.book, zxid, node)?.txn;
  if (txn === undefined || effectOf(txn) !== 'changes-nodes') return null;
  const found: Found = { path: '' };
  forEachChange(txn, found, rememberEphemeral);
  if (found.path === '') return null;
  counts['I-EPH'] += 1;
  const { session } = txn;
  const known = ghost.sessions.get(session);
  if (known === undefined || known.closed === Infinity || isCommitted(ghost.committed, txn)) return null;
  return { property: 'I-EPH', kind: 'created-after-close', operands: { session, path: found.path, zxid, closed: known.closedZxid } };
}

interface Found {
  path: string;
}

function rememberEphemeral(found: Found, change: NodeChange, path: string): void {
  if (change === 'create-ephemeral' && found.path === '') found.path = path;
}

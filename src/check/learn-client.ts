/** How the ghost learns from a client's notes. */
import type { Note } from '../ensemble/note.ts';
import type { NoteOf, Where } from './fact.ts';
import type { ClientGhost, Ghost } from './ghost.ts';
import { sessionOf } from './ghost.ts';
import { isCommitted } from './line.ts';

export function learnOfClient(ghost: Ghost, note: Note, where: Where): void {
  const client = ghost.clients[where.node];
  if (client === undefined) return;
  switch (note.type) {
    case 'client-invoked':
      client.calls.set(note.call, where.at);
      return;
    case 'client-returned':
      return onReturned(ghost, client, note);
    case 'client-session':
      if (client.session !== note.session) {
        client.session = note.session;
        client.lastZxid = 0;
        client.lastXid = 0;
      }
      sessionOf(ghost, note.session).client = client.node;
      return;
    case 'client-state':
      return onState(ghost, client, note, where);
    case 'node-down':
      client.calls.clear();
      client.server = -1;
      break;
    default:
  }
}

function onReturned(ghost: Ghost, client: ClientGhost, { call, xid, zxid, session }: NoteOf<'client-returned'>): void {
  client.calls.delete(call);
  if (zxid === -1 || session !== client.session) return;
  client.lastZxid = Math.max(client.lastZxid, zxid);
  client.lastXid = Math.max(client.lastXid, xid);
  if (ghost.told.length === 0) return;
  for (const told of ghost.told) {
    if (told.session === session && told.xid === xid)
      ghost.seen = [...ghost.seen, ...told.txns.filter((txn) => !isCommitted(ghost.committed, txn))];
  }
  ghost.told = ghost.told.filter((told) => told.session !== session || told.xid > xid);
}

function onState(ghost: Ghost, client: ClientGhost, { state, session, server }: NoteOf<'client-state'>, where: Where): void {
  client.server = state === 'CONNECTED' && server !== null ? server : -1;
  if (state !== 'CONNECTED' || server === null) return;
  client.connectedAt = where.at;
  const known = sessionOf(ghost, session);
  known.owner = server;
  known.ownerEvent = where.event;
  known.ownerEpoch = ghost.maxEstablished;
}

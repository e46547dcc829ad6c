/** How the ghost learns from a note. */
import { epochOf, type Zxid } from '../base/zxid.ts';
import type { Note } from '../ensemble/note.ts';
import { effectOf } from '../ensemble/txn-view.ts';
import { enterBroadcast, enterDigest, entryBy } from './book.ts';
import { pushItem } from './chunked.ts';
import type { NoteOf, NoteType, Txn, Where } from './fact.ts';
import type { Ghost, ServerGhost, SnapshotGhost } from './ghost.ts';
import { lastCommitted, serverOf, sessionOf } from './ghost.ts';
import { learnOfClient } from './learn-client.ts';
import { advanceTo, copyLine, countUpTo, extend, isCommitted, lastOf, makeLine, settle, type Line } from './line.ts';

/** Snapshots remembered for each server: more than a recovery goes back. */
const SNAPSHOTS_MAX = 16;
/** Replies with uncommitted content that are still on their way: there are none unless something is broken. */
const TOLD_MAX = 100;

export const LEARNED_TYPES: readonly NoteType[] = [
  'broadcast',
  'logged',
  'append-failed',
  'truncated',
  'committed',
  'delivered',
  'digest',
  'established',
  'learner-acked-newleader',
  'current-epoch',
  'recovered',
  'refused-to-start',
  'sync-plan',
  'snapshot-installed',
  'snapshot-begun',
  'snapshot-done',
  'database-cleared',
  'state',
  'zab-state',
  'node-up',
  'node-down',
  'calm',
  'session-attached',
  'replied',
  'client-session',
  'client-state',
  'client-invoked',
  'client-returned',
];

export function learn(ghost: Ghost, note: Note, where: Where): void {
  if (note.type === 'calm') return onCalm(ghost);
  const server = ghost.servers[where.node];
  if (server === undefined) learnOfClient(ghost, note, where);
  else learnOfServer(ghost, server, note, where);
}

function learnOfServer(ghost: Ghost, server: ServerGhost, note: Note, where: Where): void {
  switch (note.type) {
    case 'delivered':
      server.deliveredAt = where.at;
      return onDelivered(ghost, server, note);
    case 'digest':
      server.digestZxid = note.zxid;
      server.digest = note.digest;
      return;
    case 'logged':
      server.previousLogged = server.lastLogged;
      server.lastLogged = note.zxid;
      return;
    case 'broadcast':
      enterBroadcast(ghost.book, note.txn, server.node, where.event);
      server.lastBroadcast = Math.max(server.lastBroadcast, note.zxid);
      ghost.maxBroadcastEpoch = Math.max(ghost.maxBroadcastEpoch, epochOf(note.zxid));
      return;
    case 'committed':
      return onCommitted(ghost, server, note.zxid);
    case 'replied':
      return onReplied(ghost, server, note);
    case 'session-attached':
      sessionOf(ghost, note.session).replies[server.node] = 0;
      return;
    default:
      learnOfRole(ghost, server, note);
  }
}

/** What comes with starts, elections and synchronisation: seldom. */
function learnOfRole(ghost: Ghost, server: ServerGhost, note: Note): void {
  switch (note.type) {
    case 'established':
      return onEstablished(ghost, server, note);
    case 'learner-acked-newleader':
      server.ackedEpoch = note.epoch;
      return;
    case 'current-epoch':
      server.currentEpoch = note.epoch;
      return;
    case 'state':
      server.state = note.state;
      return;
    case 'zab-state':
      server.zabState = note.zabState;
      return;
    case 'node-up':
      server.up = true;
      server.refused = false;
      return;
    case 'node-down':
      return onDown(server);
    case 'refused-to-start':
      server.refused = true;
      server.loading = [];
      return;
    default:
      learnOfDatabase(ghost, server, note);
  }
}

function learnOfDatabase(ghost: Ghost, server: ServerGhost, note: Note): void {
  switch (note.type) {
    case 'append-failed':
      if (server.lastLogged === note.zxid) server.lastLogged = server.previousLogged;
      return;
    case 'truncated':
      server.lastLogged = Math.min(server.lastLogged, note.zxid, ghost.reader?.lastLogged(server.node) ?? Infinity);
      server.snapshot = Math.min(server.snapshot, note.zxid);
      return;
    case 'recovered':
      return onRecovered(ghost, server, note);
    case 'database-cleared':
      server.line = makeLine();
      server.loading = [];
      return;
    case 'sync-plan': {
      const learner = note.mode === 'SNAP' ? serverOf(ghost, note.sid) : undefined;
      if (learner !== undefined) learner.incoming = copyLine(server.line);
      return;
    }
    case 'snapshot-installed':
      server.line = server.incoming === null ? makeLine() : copyLine(server.incoming);
      advanceTo(server.line, note.zxid, ghost.committed);
      return;
    case 'snapshot-begun':
      // It holds what its name says, or its digest will tell: a mutation may raise lastProcessedZxid too early (ZOOKEEPER-1090).
      server.begun = { zxid: note.zxid, line: copyLine(server.line) };
      advanceTo(server.begun.line, note.zxid, ghost.committed);
      return;
    case 'snapshot-done':
      return onSnapshotDone(server, note.zxid);
    default:
  }
}

/** It starts every process that is not up. */
function onCalm({ servers }: Ghost): void {
  for (const server of servers) {
    if (server === undefined) continue;
    server.up = true;
    server.refused = false;
  }
}

function onDown(server: ServerGhost): void {
  server.up = false;
  server.state = 'LOOKING';
  server.zabState = 'ELECTION';
  server.line = makeLine();
  server.loading = [];
  server.incoming = null;
  // It may be whole on the disk although nobody was told any more.
  if (server.begun !== null) keepSnapshot(server, server.begun);
  server.begun = null;
}

function onDelivered(ghost: Ghost, server: ServerGhost, { txn, via }: NoteOf<'delivered'>): void {
  if (server.digestZxid === txn.zxid && via !== 'recovery') enterDigest(ghost.book, txn.zxid, server.digest, server.node);
  if (via === 'recovery') server.loading.push(txn);
  else extend(server.line, txn, ghost.committed);
}

/** By the leader's decision. One that comes after a later history is committed without it is no part of the list. */
function onCommitted(ghost: Ghost, server: ServerGhost, zxid: Zxid): void {
  server.lastCommit = Math.max(server.lastCommit, zxid);
  const entry = entryBy(ghost.book, zxid, server.node);
  if (entry !== null && zxid > lastCommitted(ghost)) pushCommitted(ghost, entry.txn);
}

function pushCommitted(ghost: Ghost, txn: Txn): void {
  const position = ghost.committed.length;
  pushItem(ghost.committed, txn);
  const effect = effectOf(txn);
  if (effect === 'nothing') return;
  const session = sessionOf(ghost, txn.session);
  if (effect === 'changes-nodes') session.lastCxid = txn.cxid;
  else if (effect === 'opens-session') {
    session.opened = position;
    session.openedZxid = txn.zxid;
    session.closed = Infinity;
  } else {
    session.closed = position;
    session.closedZxid = txn.zxid;
  }
}

/** The leader's whole history counts as committed from here on (SYNC-57). */
function onEstablished(ghost: Ghost, server: ServerGhost, { epoch, history }: NoteOf<'established'>): void {
  const { line } = server;
  settle(line, ghost.committed);
  // A standalone server begins again where its log ends: what it prepared and did not log, it gives out anew.
  if (epoch === 0) server.lastBroadcast = server.lastCommit = history;
  const isNewest = epoch > ghost.maxEstablished || epoch === 0;
  const lastZxid = lastOf(line, ghost.committed);
  if (isNewest && line.agree === ghost.committed.length) {
    for (const txn of line.tail) if (txn.zxid > lastCommitted(ghost)) pushCommitted(ghost, txn);
    settle(line, ghost.committed);
  }
  if (!ghost.epochs.has(epoch)) ghost.epochs.set(epoch, { leader: server.node, lastZxid, length: line.agree });
  ghost.maxEstablished = Math.max(ghost.maxEstablished, epoch);
  ghost.seen = ghost.seen.filter((txn) => !isCommitted(ghost.committed, txn));
}

/** Rebuilt from the snapshot and what was replayed. What the page cache lost is gone from the log as well. */
function onRecovered(ghost: Ghost, server: ServerGhost, { snapshot, lastProcessedZxid, replayed }: NoteOf<'recovered'>): void {
  server.line = snapshotLine(ghost, server, snapshot);
  for (const txn of server.loading) extend(server.line, txn, ghost.committed);
  server.loading = [];
  server.snapshot = Math.max(snapshot, 0);
  server.lastLogged = replayed > 0 ? lastProcessedZxid : Math.min(server.lastLogged, server.snapshot);
  server.previousLogged = server.lastLogged;
}

/** What the snapshot of this name holds on this server. */
export function snapshotLine(ghost: Ghost, server: ServerGhost, zxid: Zxid): Line {
  for (let i = server.snapshots.length - 1; i >= 0; i--) {
    const known = server.snapshots[i];
    if (known === undefined || known.zxid !== zxid) continue;
    const line = copyLine(known.line);
    settle(line, ghost.committed);
    return line;
  }
  return { agree: countUpTo(ghost.committed, zxid), tail: [] };
}

function onSnapshotDone(server: ServerGhost, zxid: Zxid): void {
  keepSnapshot(server, server.begun?.zxid === zxid ? server.begun : { zxid, line: copyLine(server.line) });
  server.snapshot = Math.max(server.snapshot, zxid);
}

function keepSnapshot(server: ServerGhost, snapshot: SnapshotGhost): void {
  const others = server.snapshots.filter(({ zxid }) => zxid !== snapshot.zxid);
  server.snapshots = [...others.slice(1 - SNAPSHOTS_MAX), snapshot];
}

function onReplied(ghost: Ghost, server: ServerGhost, { session, xid }: NoteOf<'replied'>): void {
  if (xid > 0) sessionOf(ghost, session).replies[server.node] = xid;
  settle(server.line, ghost.committed);
  if (server.line.tail.length > 0) ghost.told = [...ghost.told.slice(-TOLD_MAX), { session, xid, txns: server.line.tail.slice() }];
}

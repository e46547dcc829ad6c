/**
 * The watches that each client believes in, and what is due to them: a committed change after the zxid at which a watch was set must come to the
 * client as an event, before any reply that tells of that change (WATCH-28). The two watch properties share this.
 */
import { forEachChange, type NodeChange } from '../ensemble/txn-view.ts';
import type { Note } from '../ensemble/note.ts';
import type { Zxid } from '../base/zxid.ts';
import { entryBy } from './book.ts';
import { itemAt } from './chunked.ts';
import type { NoteOf, NoteType, Txn, Where } from './fact.ts';
import { lastCommitted, type Ghost } from './ghost.ts';
import {
  catchUpLasting,
  disarmForRemoval,
  disarmLasting,
  expectLasting,
  isLasting,
  lastingFired,
  lastingTold,
  lastingWithheld,
} from './lasting-watches.ts';
import { countUpTo } from './line.ts';
import {
  disarm,
  enter,
  forget,
  forgetAll,
  parentOf,
  watchOf,
  type ClientWatches,
  type Watch,
  type WatchGhost,
  type WatchTable,
} from './watch-book.ts';

/** A server may lag: that many committed txns are looked through when a watch is set. */
const LAG_MAX = 4096;

export const WATCH_TYPES: readonly NoteType[] = [
  'committed',
  'established',
  'watch-fired',
  'watch-withheld',
  'replied',
  'client-invoked',
  'client-returned',
  'client-event',
  'client-state',
  'client-session',
  'client-resets-watches',
  'client-watches-on',
  'client-expired',
  'node-down',
];

export function learnWatches(watches: WatchGhost, ghost: Ghost, note: Note, where: Where): void {
  switch (note.type) {
    case 'committed': {
      if (watches.interested.size === 0) return;
      const txn = entryBy(ghost.book, note.zxid, where.node)?.txn;
      if (txn !== undefined) forEachChange(txn, watches, onChange);
      return;
    }
    case 'established':
      return onEstablished(watches, ghost, where.node);
    case 'watch-fired':
      return onFired(watches, ghost, note);
    case 'watch-withheld':
      return onWithheld(watches, ghost, note);
    case 'replied':
      if (note.operation.op === 'setWatches' || note.operation.op === 'setWatches2') onRearmed(watches, ghost, note);
      return;
    default:
      learnOfClient(watches, ghost, note, where);
  }
}

function learnOfClient(watches: WatchGhost, ghost: Ghost, note: Note, where: Where): void {
  const client = watches.clients.get(where.node);
  switch (note.type) {
    case 'client-invoked':
      if (client !== undefined && note.operation.op === 'removeWatches') disarmForRemoval(client, note.operation.path);
      return;
    case 'client-returned':
      if (client !== undefined) markOverdue(client, note.zxid, where.at);
      return register(watches, ghost, note, where.node);
    case 'client-event':
      if (client === undefined) return;
      for (const table of note.consumed) forget(watches, client, where.node, table, note.path);
      return lastingTold(client, note);
    case 'client-state':
      if (client !== undefined) onState(watches, client, note, where.node);
      return;
    case 'client-session':
      if (note.how === 'created') forgetAll(watches, where.node);
      return;
    case 'client-resets-watches':
      if (client !== undefined) for (const watch of client.watches.values()) if (watch.table === 'exist') disarm(client, watch);
      return;
    case 'client-watches-on':
      if (client !== undefined) onLastingRearmed(ghost, client, note);
      return;
    case 'client-expired':
    case 'node-down':
      return forgetAll(watches, where.node);
    default:
  }
}

/** Which table the watch of a read or of addWatch goes to (CLI-14); null for none. */
function tableOf({ operation, error }: NoteOf<'client-returned'>): WatchTable | null {
  if (operation.op === 'addWatch') return error !== 'OK' ? null : operation.mode === 0 ? 'persistent' : 'recursive';
  if (!('watch' in operation) || !operation.watch) return null;
  if (operation.op === 'exists') return error === 'OK' ? 'data' : error === 'NONODE' ? 'exist' : null;
  return error !== 'OK' ? null : operation.op === 'getData' ? 'data' : 'child';
}

function register(watches: WatchGhost, ghost: Ghost, note: NoteOf<'client-returned'>, node: number): void {
  const table = tableOf(note);
  if (table === null || !('path' in note.operation)) return;
  const { path } = note.operation;
  if (path === null) return;
  const client = watches.clients.get(node);
  const known = client === undefined ? null : watchOf(client, table, path);
  // One that has something due goes on waiting for it, and so does a lasting one that is set again.
  if (known !== null && (known.due !== -1 || (isLasting(known) && known.armed))) return;
  const watch = enter(watches, node, table, path, note.zxid);
  const book = watches.clients.get(node);
  if (book !== undefined) catchUp(ghost, book, watch);
}

/** What was committed between the zxid of the server that set the watch and now. */
function catchUp(ghost: Ghost, client: ClientWatches, watch: Watch): void {
  if (watch.since >= lastCommitted(ghost)) return;
  const { committed } = ghost;
  const first = Math.max(countUpTo(committed, watch.since), committed.length - LAG_MAX);
  for (let i = first; i < committed.length && watch.due === -1; i++) {
    const txn = itemAt(committed, i);
    if (txn !== undefined) forEachChange(txn, { client, watch }, concernsOne);
  }
}

interface One {
  readonly client: ClientWatches;
  readonly watch: Watch;
}

function concernsOne({ client, watch }: One, change: NodeChange, path: string, txn: Txn): void {
  if (isLasting(watch)) return catchUpLasting(client, watch, change, path, txn.zxid);
  if (watch.due === -1 && concerns(watch, change, path)) becomesDue(client, watch, txn.zxid);
}

/** Section H1. */
function concerns({ table, path: watched }: Watch, change: NodeChange, path: string): boolean {
  if (table === 'child' && change !== 'setData' && parentOf(path) === watched) return true;
  if (path !== watched) return false;
  return table !== 'child' || change === 'delete';
}

function becomesDue(client: ClientWatches, watch: Watch, zxid: Zxid): void {
  if (watch.due !== -1 || !watch.armed || zxid <= watch.since) return;
  watch.due = zxid;
  client.due.push(watch);
}

function onChange(watches: WatchGhost, change: NodeChange, path: string, txn: Txn): void {
  for (const node of watches.interested.get(path) ?? []) {
    touch(watches, node, 'data', path, txn.zxid);
    touch(watches, node, 'exist', path, txn.zxid);
    if (change === 'delete') touch(watches, node, 'child', path, txn.zxid);
  }
  expectLasting(watches, change, path, txn.zxid);
  if (change === 'setData') return;
  const parent = parentOf(path);
  for (const node of watches.interested.get(parent) ?? []) touch(watches, node, 'child', parent, txn.zxid);
}

function touch(watches: WatchGhost, node: number, table: WatchTable, path: string, zxid: Zxid): void {
  const client = watches.clients.get(node);
  const watch = client === undefined ? null : watchOf(client, table, path);
  if (client !== undefined && watch !== null) becomesDue(client, watch, zxid);
}

/** The new leader's history counts as committed: what it adds concerns watches as well. */
function onEstablished(watches: WatchGhost, ghost: Ghost, node: number): void {
  if (watches.interested.size === 0) return;
  for (const txn of ghost.servers[node]?.line.tail ?? []) forEachChange(txn, watches, onChange);
}

const TABLES_OF: Readonly<Record<NoteOf<'watch-fired'>['event'], readonly WatchTable[]>> = {
  NodeCreated: ['data', 'exist'],
  NodeDataChanged: ['data', 'exist'],
  NodeDeleted: ['data', 'exist', 'child'],
  NodeChildrenChanged: ['child'],
};

function onFired(watches: WatchGhost, ghost: Ghost, note: NoteOf<'watch-fired'>): void {
  const { session, event, path } = note;
  const client = watches.clients.get(ghost.sessions.get(session)?.client ?? -1);
  if (client === undefined) return;
  for (const table of TABLES_OF[event]) {
    const watch = watchOf(client, table, path);
    if (watch !== null) watch.fired = true;
  }
  lastingFired(client, note);
}

/** WATCH-23: the server's one-shot watch is gone, and the client does not know. */
function onWithheld(watches: WatchGhost, ghost: Ghost, note: NoteOf<'watch-withheld'>): void {
  const client = watches.clients.get(ghost.sessions.get(note.session)?.client ?? -1);
  if (client === undefined) return;
  for (const table of TABLES_OF[note.event]) {
    const watch = watchOf(client, table, note.path);
    if (watch !== null) disarm(client, watch);
  }
  lastingWithheld(client, note);
}

/** The server's tree was at this zxid when it looked for the node of each exist watch (WATCH-36, WATCH-37). */
function onRearmed(watches: WatchGhost, ghost: Ghost, { session, zxid }: NoteOf<'replied'>): void {
  const client = watches.clients.get(ghost.sessions.get(session)?.client ?? -1);
  if (client === undefined) return;
  for (const watch of client.watches.values()) {
    if (watch.armed || isLasting(watch)) continue;
    watch.armed = true;
    watch.since = zxid;
    catchUp(ghost, client, watch);
  }
}

/** The client has the answer to setWatches2. */
function onLastingRearmed(ghost: Ghost, client: ClientWatches, note: NoteOf<'client-watches-on'>): void {
  for (const table of ['persistent', 'recursive'] as const) {
    for (const path of note[table]) {
      const watch = watchOf(client, table, path);
      if (watch === null || watch.armed) continue;
      watch.armed = true;
      watch.since = note.zxid;
      catchUp(ghost, client, watch);
    }
  }
}

function markOverdue(client: ClientWatches, zxid: Zxid, at: number): void {
  for (const watch of client.due) {
    if (watch.due > zxid || watch.overdueAt !== -1) continue;
    watch.overdueAt = at;
    watch.seen = zxid;
  }
}

/** Events on a connection that is gone will not come. */
function onState(watches: WatchGhost, client: ClientWatches, { state, why }: NoteOf<'client-state'>, node: number): void {
  if (state === 'CLOSED' || why === 'opened') return forgetAll(watches, node);
  for (const watch of client.watches.values()) watch.fired = false;
  disarmLasting(client);
}

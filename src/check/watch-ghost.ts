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
import { countUpTo } from './line.ts';

export type WatchTable = NoteOf<'client-event'>['consumed'][number];

export interface Watch {
  readonly path: string;
  readonly table: WatchTable;
  /** Changes after this concern it. */
  since: Zxid;
  /** The first change that does; -1 for none yet. */
  due: Zxid;
  /** A server has queued the event on the client's present connection. */
  fired: boolean;
  /** A reply told of the change, at this time and up to this zxid, and the event had not come; -1 for neither. */
  overdueAt: number;
  seen: Zxid;
  /**
   * False for an exist watch between the reconnect and the answer to setWatches: a node that came and went meanwhile makes no event
   * (WATCH-43).
   */
  armed: boolean;
}

export interface ClientWatches {
  readonly watches: Map<string, Watch>;
  /** Those with something due. */
  due: Watch[];
}

export interface WatchGhost {
  /** By client node. */
  readonly clients: Map<number, ClientWatches>;
  /** Clients with a watch on the path. */
  readonly interested: Map<string, readonly number[]>;
}

/** A server may lag: that many committed txns are looked through when a watch is set. */
const LAG_MAX = 4096;

export const WATCH_TYPES: readonly NoteType[] = [
  'committed',
  'established',
  'watch-fired',
  'replied',
  'client-returned',
  'client-event',
  'client-state',
  'client-session',
  'client-resets-watches',
  'client-expired',
  'node-down',
];

export function makeWatches(): WatchGhost {
  return { clients: new Map(), interested: new Map() };
}

export function copyWatches(ghost: WatchGhost): WatchGhost {
  const clients = new Map<number, ClientWatches>();
  for (const [node, { watches }] of ghost.clients) {
    const copies = new Map<string, Watch>();
    for (const [key, watch] of watches) copies.set(key, { ...watch });
    clients.set(node, { watches: copies, due: [...copies.values()].filter((watch) => watch.due !== -1) });
  }
  return { clients, interested: new Map(ghost.interested) };
}

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
    case 'replied':
      if (note.operation.op === 'setWatches') onRearmed(watches, ghost, note);
      return;
    default:
      learnOfClient(watches, ghost, note, where);
  }
}

function learnOfClient(watches: WatchGhost, ghost: Ghost, note: Note, where: Where): void {
  const client = watches.clients.get(where.node);
  switch (note.type) {
    case 'client-returned':
      if (client !== undefined) markOverdue(client, note.zxid, where.at);
      return register(watches, ghost, note, where.node);
    case 'client-event':
      if (client !== undefined) for (const table of note.consumed) forget(watches, client, where.node, table, note.path);
      return;
    case 'client-state':
      if (client !== undefined) onState(watches, client, note, where.node);
      return;
    case 'client-session':
      if (note.how === 'created') forgetAll(watches, where.node);
      return;
    case 'client-resets-watches':
      if (client !== undefined) disarm(client);
      return;
    case 'client-expired':
    case 'node-down':
      return forgetAll(watches, where.node);
    default:
  }
}

/** Which table a read's watch goes to (CLI-14); null for none. */
function tableOf({ operation, error }: NoteOf<'client-returned'>): WatchTable | null {
  if (!('watch' in operation) || !operation.watch) return null;
  if (operation.op === 'exists') return error === 'OK' ? 'data' : error === 'NONODE' ? 'exist' : null;
  return error !== 'OK' ? null : operation.op === 'getData' ? 'data' : 'child';
}

function keyOf(table: WatchTable, path: string): string {
  return `${table}:${path}`;
}

function register(watches: WatchGhost, ghost: Ghost, note: NoteOf<'client-returned'>, node: number): void {
  const table = tableOf(note);
  if (table === null || !('path' in note.operation)) return;
  const { path } = note.operation;
  if (path === null) return;
  let client = watches.clients.get(node);
  if (client === undefined) {
    client = { watches: new Map(), due: [] };
    watches.clients.set(node, client);
  }
  const key = keyOf(table, path);
  const known = client.watches.get(key);
  // One that has something due goes on waiting for it.
  if (known !== undefined && known.due !== -1) return;
  const watch: Watch = { path, table, since: note.zxid, due: -1, fired: false, overdueAt: -1, seen: -1, armed: true };
  client.watches.set(key, watch);
  const nodes = watches.interested.get(path) ?? [];
  if (!nodes.includes(node)) watches.interested.set(path, [...nodes, node]);
  catchUp(ghost, client, watch);
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
  if (watch.due === -1 && concerns(watch, change, path)) becomesDue(client, watch, txn.zxid);
}

/** Section H1. */
function concerns({ table, path: watched }: Watch, change: NodeChange, path: string): boolean {
  if (table === 'child' && change !== 'setData' && parentOf(path) === watched) return true;
  if (path !== watched) return false;
  return table !== 'child' || change === 'delete';
}

function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash <= 0 ? '/' : path.slice(0, slash);
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
  if (change === 'setData') return;
  const parent = parentOf(path);
  for (const node of watches.interested.get(parent) ?? []) touch(watches, node, 'child', parent, txn.zxid);
}

function touch(watches: WatchGhost, node: number, table: WatchTable, path: string, zxid: Zxid): void {
  const client = watches.clients.get(node);
  const watch = client?.watches.get(keyOf(table, path));
  if (client !== undefined && watch !== undefined) becomesDue(client, watch, zxid);
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

function onFired(watches: WatchGhost, ghost: Ghost, { session, event, path }: NoteOf<'watch-fired'>): void {
  const client = watches.clients.get(ghost.sessions.get(session)?.client ?? -1);
  if (client === undefined) return;
  for (const table of TABLES_OF[event]) {
    const watch = client.watches.get(keyOf(table, path));
    if (watch !== undefined) watch.fired = true;
  }
}

/** The server's tree was at this zxid when it looked for the node of each exist watch (WATCH-36, WATCH-37). */
function onRearmed(watches: WatchGhost, ghost: Ghost, { session, zxid }: NoteOf<'replied'>): void {
  const client = watches.clients.get(ghost.sessions.get(session)?.client ?? -1);
  if (client === undefined) return;
  for (const watch of client.watches.values()) {
    if (watch.armed) continue;
    watch.armed = true;
    watch.since = zxid;
    catchUp(ghost, client, watch);
  }
}

function disarm(client: ClientWatches): void {
  for (const watch of client.watches.values()) {
    if (watch.table !== 'exist') continue;
    watch.armed = false;
    watch.due = -1;
    watch.overdueAt = -1;
  }
  client.due = client.due.filter((watch) => watch.due !== -1);
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
}

function forget(watches: WatchGhost, client: ClientWatches, node: number, table: WatchTable, path: string): void {
  const key = keyOf(table, path);
  const watch = client.watches.get(key);
  if (watch === undefined) return;
  client.watches.delete(key);
  if (watch.due !== -1) client.due = client.due.filter((other) => other !== watch);
  for (const other of ['data', 'exist', 'child'] as const) if (client.watches.has(keyOf(other, path))) return;
  loseInterest(watches, node, path);
}

function loseInterest(watches: WatchGhost, node: number, path: string): void {
  const rest = (watches.interested.get(path) ?? []).filter((other) => other !== node);
  if (rest.length === 0) watches.interested.delete(path);
  else watches.interested.set(path, rest);
}

function forgetAll(watches: WatchGhost, node: number): void {
  const client = watches.clients.get(node);
  if (client === undefined) return;
  watches.clients.delete(node);
  for (const { path } of client.watches.values()) loseInterest(watches, node, path);
}

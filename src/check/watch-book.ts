/** What is known of the watches that clients believe in: the entries that the ghosts of one-shot and of lasting watches write. */
import type { Zxid } from '../base/zxid.ts';
import type { NodeChange } from '../ensemble/txn-view.ts';
import type { NoteOf } from './fact.ts';

export type WatchTable = NoteOf<'client-event'>['consumed'][number];
export type WatchEvent = NoteOf<'watch-fired'>['event'];

export const WATCH_TABLES: readonly WatchTable[] = ['data', 'exist', 'child', 'persistent', 'recursive'];

export interface Watch {
  /** The node watched; of what is due to a lasting watch the node that the event is about. */
  readonly path: string;
  readonly table: WatchTable;
  /** Of what is due to a lasting watch: this very event. Null for a watch, to which the first of any kind is due. */
  readonly event: WatchEvent | null;
  /** Changes after this concern it. */
  since: Zxid;
  /** The first change that does; -1 for none yet, and for a lasting watch, whose changes are entries of their own. */
  due: Zxid;
  /** A server has queued the event on the client's present connection. */
  fired: boolean;
  /** A reply told of the change, at this time and up to this zxid, and the event had not come; -1 for neither. */
  overdueAt: number;
  seen: Zxid;
  /**
   * False while nothing is known of the server's side. An exist watch between the reconnect and the answer to setWatches: a node that came
   * and went meanwhile makes no event (WATCH-43). A lasting watch from the loss of its connection on (WATCH-41). One that is being removed.
   */
  armed: boolean;
}

export interface ClientWatches {
  readonly watches: Map<string, Watch>;
  /** Watches with something due, and what is due to lasting ones. */
  due: Watch[];
}

export interface WatchGhost {
  /** By client node. */
  readonly clients: Map<number, ClientWatches>;
  /** Clients with a watch on the path. */
  readonly interested: Map<string, readonly number[]>;
  /** How many recursive watches there are: while it is 0 no ancestor is looked at. */
  recursive: number;
}

export function makeWatches(): WatchGhost {
  return { clients: new Map(), interested: new Map(), recursive: 0 };
}

export function copyWatches(ghost: WatchGhost): WatchGhost {
  const clients = new Map<number, ClientWatches>();
  for (const [node, { watches, due }] of ghost.clients) {
    const copies = new Map<string, Watch>();
    for (const [key, watch] of watches) copies.set(key, { ...watch });
    const copyOf = (watch: Watch): Watch => (watch.event === null ? copies.get(keyOf(watch.table, watch.path)) : null) ?? { ...watch };
    clients.set(node, { watches: copies, due: due.map(copyOf) });
  }
  return { clients, interested: new Map(ghost.interested), recursive: ghost.recursive };
}

export function keyOf(table: WatchTable, path: string): string {
  return `${table}:${path}`;
}

export function watchOf(client: ClientWatches, table: WatchTable, path: string): Watch | null {
  return client.watches.get(keyOf(table, path)) ?? null;
}

export function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash <= 0 ? '/' : path.slice(0, slash);
}

/** Section H1, of the node that changes; its parent's is NodeChildrenChanged. */
export function eventOf(change: NodeChange): WatchEvent {
  return change === 'setData' ? 'NodeDataChanged' : change === 'delete' ? 'NodeDeleted' : 'NodeCreated';
}

/** A new entry in the client's book. */
export function enter(watches: WatchGhost, node: number, table: WatchTable, path: string, since: Zxid): Watch {
  let client = watches.clients.get(node);
  if (client === undefined) {
    client = { watches: new Map(), due: [] };
    watches.clients.set(node, client);
  }
  const key = keyOf(table, path);
  if (table === 'recursive' && !client.watches.has(key)) watches.recursive++;
  const watch: Watch = { path, table, event: null, since, due: -1, fired: false, overdueAt: -1, seen: -1, armed: true };
  client.watches.set(key, watch);
  const nodes = watches.interested.get(path) ?? [];
  if (!nodes.includes(node)) watches.interested.set(path, [...nodes, node]);
  return watch;
}

export function forget(watches: WatchGhost, client: ClientWatches, node: number, table: WatchTable, path: string): void {
  const watch = watchOf(client, table, path);
  if (watch === null) return;
  client.watches.delete(keyOf(table, path));
  if (table === 'recursive') watches.recursive--;
  if (watch.due !== -1) client.due = client.due.filter((other) => other !== watch);
  if (!WATCH_TABLES.some((other) => client.watches.has(keyOf(other, path)))) loseInterest(watches, node, path);
}

export function forgetAll(watches: WatchGhost, node: number): void {
  const client = watches.clients.get(node);
  if (client === undefined) return;
  watches.clients.delete(node);
  for (const { path, table } of client.watches.values()) {
    if (table === 'recursive') watches.recursive--;
    loseInterest(watches, node, path);
  }
}

function loseInterest(watches: WatchGhost, node: number, path: string): void {
  const rest = (watches.interested.get(path) ?? []).filter((other) => other !== node);
  if (rest.length === 0) watches.interested.delete(path);
  else watches.interested.set(path, rest);
}

/** Nothing is asked of it until it is armed again. */
export function disarm(client: ClientWatches, watch: Watch): void {
  watch.armed = false;
  watch.overdueAt = -1;
  if (watch.due === -1) return;
  watch.due = -1;
  client.due = client.due.filter((other) => other !== watch);
}

/** Is this what the client waits for? A lasting watch waits for each event by itself; 3.8.0 does not say of which transaction one is. */
export function isToldBy(watch: Watch, { event, path, zxid, consumed }: NoteOf<'client-event'>): boolean {
  if (watch.path !== path) return false;
  return watch.event === null ? consumed.includes(watch.table) : watch.event === event && (zxid === -1 || zxid === watch.due);
}

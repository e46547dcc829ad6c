/**
 * Persistent and recursive watches: every committed change after they were set must come to the client as its own event. A connection that
 * is lost takes what was due along, and a new one owes what comes after the answer to setWatches2 (WATCH-41). One event is owed for a
 * change however many watches it concerns (WATCH-16), and one for what a multi does twice.
 */
import type { Zxid } from '../base/zxid.ts';
import type { NodeChange } from '../ensemble/txn-view.ts';
import type { NoteOf } from './fact.ts';
import {
  disarm,
  eventOf,
  isToldBy,
  parentOf,
  watchOf,
  WATCH_TABLES,
  type ClientWatches,
  type Watch,
  type WatchEvent,
  type WatchGhost,
} from './watch-book.ts';

/** A committed change: adds what is due to whom. */
export function expectLasting(watches: WatchGhost, change: NodeChange, path: string, zxid: Zxid): void {
  const event = eventOf(change);
  expectAt(watches, 'persistent', path, path, event, zxid);
  if (change !== 'setData') expectAt(watches, 'persistent', parentOf(path), parentOf(path), 'NodeChildrenChanged', zxid);
  if (watches.recursive === 0) return;
  for (let at = path; ; at = parentOf(at)) {
    expectAt(watches, 'recursive', at, path, event, zxid);
    if (at === '/') return;
  }
}

/** To each who watches `watched` in this way: the event about `path`. */
function expectAt(
  watches: WatchGhost,
  table: 'persistent' | 'recursive',
  watched: string,
  path: string,
  event: WatchEvent,
  zxid: Zxid,
): void {
  for (const node of watches.interested.get(watched) ?? []) {
    const client = watches.clients.get(node);
    const watch = client === undefined ? null : watchOf(client, table, watched);
    if (client !== undefined && watch !== null) owe(client, watch, path, event, zxid);
  }
}

/** A change that was committed before this watch was known: does it concern it? */
export function catchUpLasting(client: ClientWatches, watch: Watch, change: NodeChange, path: string, zxid: Zxid): void {
  if (watch.table === 'recursive') {
    if (isAtOrBelow(path, watch.path)) owe(client, watch, path, eventOf(change), zxid);
    return;
  }
  if (path === watch.path) owe(client, watch, path, eventOf(change), zxid);
  if (change !== 'setData' && parentOf(path) === watch.path) owe(client, watch, watch.path, 'NodeChildrenChanged', zxid);
}

function owe(client: ClientWatches, { table, armed, since }: Watch, path: string, event: WatchEvent, zxid: Zxid): void {
  if (!armed || zxid <= since) return;
  if (client.due.some((other) => other.event === event && other.path === path && other.due === zxid)) return;
  client.due.push({ path, table, event, since, due: zxid, fired: false, overdueAt: -1, seen: -1, armed: true });
}

function isAtOrBelow(path: string, ancestor: string): boolean {
  return path === ancestor || path.startsWith(ancestor === '/' ? '/' : `${ancestor}/`);
}

/** A server has queued it. */
export function lastingFired(client: ClientWatches, { event, path, zxid }: NoteOf<'watch-fired'>): void {
  const found = client.due.find((each) => each.event === event && each.path === path && !each.fired && (zxid === -1 || each.due === zxid));
  if (found !== undefined) found.fired = true;
}

/** It has come. */
export function lastingTold(client: ClientWatches, note: NoteOf<'client-event'>): void {
  const found = client.due.findIndex((each) => each.event !== null && isToldBy(each, note));
  if (found !== -1) client.due = client.due.filter((_, i) => i !== found);
}

/** WATCH-23: it will not come. */
export function lastingWithheld(client: ClientWatches, { event, path, zxid }: NoteOf<'watch-withheld'>): void {
  client.due = client.due.filter((each) => each.event !== event || each.path !== path || each.due !== zxid);
}

/** The connection is lost. */
export function disarmLasting(client: ClientWatches): void {
  for (const watch of client.watches.values()) if (isLasting(watch)) watch.armed = false;
  client.due = client.due.filter((each) => each.event === null);
}

/** A removal is on its way: from some moment on the server tells nothing, whatever the client believes until it has the answer. */
export function disarmForRemoval(client: ClientWatches, path: string): void {
  for (const table of WATCH_TABLES) {
    const watch = watchOf(client, table, path);
    if (watch !== null) disarm(client, watch);
  }
  client.due = client.due.filter((each) => each.event === null || !isAtOrBelow(each.path, path));
}

export function isLasting({ table }: Watch): boolean {
  return table === 'persistent' || table === 'recursive';
}

/**
 * The watches of a server's connections: a data and a child table, one-shot, keyed by path and connection (H2). They live with the
 * connections: never replicated, never in a snapshot. Entries are lists in order of registration; the real order between connections is a
 * hash set's (WATCH-19). Persistent and recursive watches would be modes beside the connection.
 */
import type { Parts, Ref } from '../base/parts.ts';
import { makePartKind, own, peek } from '../base/parts.ts';
import { copyTable, makeTable, type Table } from '../base/table.ts';
import type { WatchEventType } from './protocol.ts';

export interface Watches {
  /** exists and getData register here (WATCH-10). */
  data: Table<readonly number[]>;
  /** getChildren registers here. */
  child: Table<readonly number[]>;
}

export type WatchTable = 'data' | 'child';

/** An event for one connection, to be queued before any later reply (WATCH-28). */
export interface WatchDelivery {
  readonly connection: number;
  readonly event: WatchEventType;
  readonly path: string;
}

export const watchesKind = makePartKind<Watches>('watches', {
  copy: (watches) => ({ data: copyTable(watches.data), child: copyTable(watches.child) }),
});

export function makeWatches(): Watches {
  return { data: makeTable(), child: makeTable() };
}

/** False when this connection watched the path already: then nothing changes (WATCH-11). */
export function addWatch(parts: Parts, ref: Ref<Watches>, table: WatchTable, path: string, connection: number): boolean {
  const watchers = peek(parts, ref)[table].get(path);
  if (watchers?.includes(connection) === true) return false;
  own(parts, ref)[table].set(path, watchers === undefined ? [connection] : [...watchers, connection]);
  return true;
}

/** WATCH-20: a connection's end takes its watches along. */
export function removeWatches(parts: Parts, ref: Ref<Watches>, connection: number): void {
  for (const table of ['data', 'child'] as const) {
    for (const [path, watchers] of peek(parts, ref)[table]) {
      if (!watchers.includes(connection)) continue;
      const rest = watchers.filter((watcher) => watcher !== connection);
      const entries = own(parts, ref)[table];
      if (rest.length === 0) entries.delete(path);
      else entries.set(path, rest);
    }
  }
}

/** WATCH-01, WATCH-14. `path` has been created below `parent`, which is '/' for the root. */
export function triggerCreated(parts: Parts, ref: Ref<Watches>, path: string, parent: string, into: WatchDelivery[]): void {
  trigger(parts, ref, 'data', path, 'NodeCreated', into);
  trigger(parts, ref, 'child', parent, 'NodeChildrenChanged', into);
}

/** WATCH-02, WATCH-13, WATCH-14: who hears of the deletion as a data watcher does not hear of it again as a child watcher. */
export function triggerDeleted(parts: Parts, ref: Ref<Watches>, path: string, parent: string, into: WatchDelivery[]): void {
  const told = trigger(parts, ref, 'data', path, 'NodeDeleted', into);
  trigger(parts, ref, 'child', path, 'NodeDeleted', into, told);
  trigger(parts, ref, 'child', parent, 'NodeChildrenChanged', into);
}

/** WATCH-03. */
export function triggerDataChanged(parts: Parts, ref: Ref<Watches>, path: string, into: WatchDelivery[]): void {
  trigger(parts, ref, 'data', path, 'NodeDataChanged', into);
}

/** Tells and forgets everyone in the entry (WATCH-12) except who was told before; returns them all. */
function trigger(
  parts: Parts,
  ref: Ref<Watches>,
  table: WatchTable,
  path: string,
  event: WatchEventType,
  into: WatchDelivery[],
  told: readonly number[] = [],
): readonly number[] {
  const watchers = peek(parts, ref)[table].get(path);
  if (watchers === undefined) return [];
  own(parts, ref)[table].delete(path);
  for (const connection of watchers) if (!told.includes(connection)) into.push({ connection, event, path });
  return watchers;
}

/**
 * WatchManager: the watches of a server's connections, in a data and a child table. They live with the connections: never replicated, never
 * in a snapshot (WATCH-20). Each table knows who watches a path and what a connection watches, so that neither a change nor the end of a
 * connection looks at the watches of others. Connections of a path stand in order of registration; the real order is a hash set's (WATCH-19).
 */
import type { Parts, Ref } from '../base/parts.ts';
import { makePartKind, own, peek } from '../base/parts.ts';
import { copyTable, makeTable, type Table } from '../base/table.ts';
import type { WatchEventType } from './protocol.ts';

/** WatcherMode. */
export type WatchMode = 'STANDARD' | 'PERSISTENT' | 'PERSISTENT_RECURSIVE';

/** WatchStats: the modes in which one connection watches one path, as a sum of these. */
const MODE_BIT: Readonly<Record<WatchMode, number>> = { STANDARD: 1, PERSISTENT: 2, PERSISTENT_RECURSIVE: 4 };
const RECURSIVE = MODE_BIT.PERSISTENT_RECURSIVE;
const ANY_MODE = 7;

export interface WatchTable {
  /** watchTable: the connections that watch a path. */
  readonly byPath: Table<readonly number[]>;
  /**
   * watch2Paths: the modes of each path that a connection watches. Its last watch may fire and leave it here with no path, as in Java, where
   * `wchs` then still counts it (ADM-22).
   */
  readonly byConnection: Table<Table<number>>;
  /** recursiveWatchQty: while it is 0 no ancestor is looked at. */
  recursive: number;
}

/** exists and getData register in `data`, getChildren in `child` (WATCH-10). */
export interface Watches {
  readonly data: WatchTable;
  readonly child: WatchTable;
}

export type WatchTableName = keyof Watches;

/** An event for one connection, to be queued before any later reply (WATCH-28). */
export interface WatchDelivery {
  readonly connection: number;
  readonly event: WatchEventType;
  readonly path: string;
}

export const watchesKind = makePartKind<Watches>('watches', {
  copy: ({ data, child }) => ({ data: copyWatchTable(data), child: copyWatchTable(child) }),
});

function copyWatchTable({ byPath, byConnection, recursive }: WatchTable): WatchTable {
  const copies: Table<Table<number>> = makeTable();
  for (const [connection, paths] of byConnection) copies.set(connection, copyTable(paths));
  return { byPath: copyTable(byPath), byConnection: copies, recursive };
}

export function makeWatches(): Watches {
  return { data: makeWatchTable(), child: makeWatchTable() };
}

function makeWatchTable(): WatchTable {
  return { byPath: makeTable(), byConnection: makeTable(), recursive: 0 };
}

/** One connection's watch of one path. */
export interface WatchKey {
  readonly table: WatchTableName;
  readonly path: string;
  readonly connection: number;
}

/**
 * WATCH-11: a watch that is there already changes nothing. WATCH-16: modes of one path stand side by side, or, with `replaces`, the new one is
 * the only one. False when nothing changed.
 */
export function addWatch(parts: Parts, ref: Ref<Watches>, key: WatchKey, mode: WatchMode, replaces: boolean): boolean {
  const { path, connection } = key;
  const before = modesOf(peek(parts, ref)[key.table], path, connection);
  const modes = replaces ? MODE_BIT[mode] : before | MODE_BIT[mode];
  if (modes === before) return false;
  const table = own(parts, ref)[key.table];
  setModes(table, path, connection, before, modes);
  if (before === 0) table.byPath.set(path, [...(table.byPath.get(path) ?? none), connection]);
  return true;
}

function modesOf(table: WatchTable, path: string, connection: number): number {
  return table.byConnection.get(String(connection))?.get(path) ?? 0;
}

/** Writes the modes of a path of a connection; 0 takes it out of the connection's paths. */
function setModes(table: WatchTable, path: string, connection: number, before: number, modes: number): void {
  table.recursive += (modes & RECURSIVE ? 1 : 0) - (before & RECURSIVE ? 1 : 0);
  let paths = table.byConnection.get(String(connection));
  if (paths === undefined) {
    paths = makeTable();
    table.byConnection.set(String(connection), paths);
  }
  if (modes === 0) paths.delete(path);
  else paths.set(path, modes);
}

/** WatchManager.containsWatcher: does the connection watch this very path (WATCH-45), in this mode or, for null, in any? */
export function containsWatch(parts: Parts, ref: Ref<Watches>, { table, path, connection }: WatchKey, mode: WatchMode | null): boolean {
  return (modesOf(peek(parts, ref)[table], path, connection) & maskOf(mode)) !== 0;
}

/** Does any connection at all watch this very path? */
export function isWatched(parts: Parts, ref: Ref<Watches>, table: WatchTableName, path: string): boolean {
  return peek(parts, ref)[table].byPath.has(path);
}

function maskOf(mode: WatchMode | null): number {
  return mode === null ? ANY_MODE : MODE_BIT[mode];
}

/**
 * WatchManager.removeWatcher: what `containsWatch` would have found is gone; false when there was nothing. `forgets`: a connection whose last
 * watch this was is no longer one that watches.
 */
export function removeWatch(parts: Parts, ref: Ref<Watches>, key: WatchKey, mode: WatchMode | null, forgets: boolean): boolean {
  const { path, connection } = key;
  const before = modesOf(peek(parts, ref)[key.table], path, connection);
  const modes = before & ~maskOf(mode);
  if (modes === before) return false;
  const table = own(parts, ref)[key.table];
  setModes(table, path, connection, before, modes);
  if (modes !== 0) return true;
  leavePath(table, path, connection);
  if (forgets && table.byConnection.get(String(connection))?.size === 0) table.byConnection.delete(String(connection));
  return true;
}

function leavePath(table: WatchTable, path: string, connection: number): void {
  const rest = (table.byPath.get(path) ?? none).filter((other) => other !== connection);
  if (rest.length === 0) table.byPath.delete(path);
  else table.byPath.set(path, rest);
}

const none: readonly number[] = [];

/** WATCH-20: a connection's end takes its watches along. */
export function removeWatchesOf(parts: Parts, ref: Ref<Watches>, connection: number): void {
  const key = String(connection);
  for (const name of ['data', 'child'] as const) {
    if (!peek(parts, ref)[name].byConnection.has(key)) continue;
    const table = own(parts, ref)[name];
    for (const [path, modes] of table.byConnection.get(key) ?? []) {
      if (modes & RECURSIVE) table.recursive--;
      leavePath(table, path, connection);
    }
    table.byConnection.delete(key);
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

/**
 * WatchManager.triggerWatch: tells once each who watches the path in whatever mode, and who watches an ancestor recursively (WATCH-16 to
 * WATCH-18); except who was `told` before. Returns them all.
 */
function trigger(
  parts: Parts,
  ref: Ref<Watches>,
  name: WatchTableName,
  path: string,
  event: WatchEventType,
  into: WatchDelivery[],
  told: ReadonlySet<number> = nobody,
): ReadonlySet<number> {
  const table = peek(parts, ref)[name];
  const watchers = table.byPath.get(path);
  if (watchers === undefined && table.recursive === 0) return nobody;
  const hearing = new Set<number>();
  if (watchers !== undefined) {
    for (const connection of watchers) if (hears(table, path, connection, event)) hearing.add(connection);
    takeStandard(parts, ref, name, path, watchers);
  }
  if (table.recursive > 0 && event !== 'NodeChildrenChanged') addRecursive(table, path, hearing);
  for (const connection of hearing) if (!told.has(connection)) into.push({ connection, event, path });
  return hearing;
}

const nobody: ReadonlySet<number> = new Set();

/** WATCH-15: a recursive watch hears of no NodeChildrenChanged; on master it is in no table that could tell. */
function hears(table: WatchTable, path: string, connection: number, event: WatchEventType): boolean {
  return event !== 'NodeChildrenChanged' || (modesOf(table, path, connection) & ~RECURSIVE) !== 0;
}

/** WATCH-12: a standard watch fires once. */
function takeStandard(parts: Parts, ref: Ref<Watches>, name: WatchTableName, path: string, watchers: readonly number[]): void {
  const before = peek(parts, ref)[name];
  if (!watchers.some((connection) => modesOf(before, path, connection) & MODE_BIT.STANDARD)) return;
  const table = own(parts, ref)[name];
  const lasting: number[] = [];
  for (const connection of watchers) {
    const modes = modesOf(table, path, connection);
    if (modes !== MODE_BIT.STANDARD) lasting.push(connection);
    setModes(table, path, connection, modes, modes & ~MODE_BIT.STANDARD);
  }
  if (lasting.length === 0) table.byPath.delete(path);
  else table.byPath.set(path, lasting);
}

/** WATCH-17, PathParentIterator: from the parent up to the root. */
function addRecursive(table: WatchTable, path: string, into: Set<number>): void {
  let slash = path === '/' ? -1 : path.lastIndexOf('/');
  while (slash >= 0) {
    const ancestor = slash === 0 ? '/' : path.slice(0, slash);
    for (const connection of table.byPath.get(ancestor) ?? none) {
      if (modesOf(table, ancestor, connection) & RECURSIVE) into.add(connection);
    }
    slash = slash === 0 ? -1 : path.lastIndexOf('/', slash - 1);
  }
}

/** What `wchs` and `mntr` count (ADM-08, ADM-22): the data table's connections, paths and watches, and the entries of both tables. */
export interface WatchesSummary {
  readonly connections: number;
  readonly paths: number;
  readonly watches: number;
  readonly watchCount: number;
}

export function watchesSummary(parts: Parts, ref: Ref<Watches>): WatchesSummary {
  const { data, child } = peek(parts, ref);
  const watches = entriesOf(data);
  return { connections: data.byConnection.size, paths: data.byPath.size, watches, watchCount: watches + entriesOf(child) };
}

function entriesOf({ byConnection }: WatchTable): number {
  let entries = 0;
  for (const paths of byConnection.values()) entries += paths.size;
  return entries;
}

/** `wchc`: the paths that each connection watches, of the data table (ADM-22). */
export function watchesByConnection(parts: Parts, ref: Ref<Watches>): { connection: number; paths: string[] }[] {
  const { byConnection } = peek(parts, ref).data;
  return [...byConnection].map(([connection, paths]) => ({ connection: Number(connection), paths: [...paths.keys()] }));
}

/** `wchp`: the connections that watch each path, of the data table (ADM-22). */
export function watchesByPath(parts: Parts, ref: Ref<Watches>): { path: string; connections: readonly number[] }[] {
  return [...peek(parts, ref).data.byPath].map(([path, connections]) => ({ path, connections }));
}

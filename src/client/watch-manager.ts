/** ZKWatchManager: the watches that this client believes it has, and how they are set again on another server. */
import { sortedKeys } from '../base/table.ts';
import type { Zxid } from '../base/zxid.ts';
import type { ErrorCode, Operation, WatchEventType } from '../server/protocol.ts';
import type { ClientState } from './client-state.ts';
import type { WatchRemovedType, WatchTable } from './note.ts';

type Watches = ClientState['watches'];
type SetWatches = Extract<Operation, { readonly op: 'setWatches' | 'setWatches2' }>;

/** Characters of paths after which a SetWatches batch is full (CLI-09), so that its request stays below jute.maxbuffer. */
const BATCH_LENGTH_MAX = 128 * 1024;

/** ZOOKEEPER's WatchRegistration: only a reply makes a watch, and for exists "no such node" is one too (CLI-14). */
export function registerWatch(watches: Watches, operation: Operation, error: ErrorCode): void {
  const table = tableFor(operation, error);
  if (table !== null && 'path' in operation && operation.path !== null) watches[table].set(operation.path, true);
}

function tableFor(operation: Operation, error: ErrorCode): WatchTable | null {
  switch (operation.op) {
    case 'exists':
      if (!operation.watch) return null;
      return error === 'OK' ? 'data' : error === 'NONODE' ? 'exist' : null;
    case 'getData':
      return operation.watch && error === 'OK' ? 'data' : null;
    case 'getChildren':
    case 'getChildren2':
      return operation.watch && error === 'OK' ? 'child' : null;
    case 'addWatch':
      return error !== 'OK' ? null : operation.mode === 0 ? 'persistent' : 'recursive';
    default:
      return null;
  }
}

const TABLES_OF: Readonly<Record<WatchEventType, readonly WatchTable[]>> = {
  NodeCreated: ['data', 'exist'],
  NodeDataChanged: ['data', 'exist'],
  NodeDeleted: ['data', 'exist', 'child'],
  NodeChildrenChanged: ['child'],
};

/** ZKWatchManager.materialize: takes out the watches that the event is for, and says in which tables they were. */
export function takeWatches(watches: Watches, event: WatchEventType, path: string): WatchTable[] {
  const taken: WatchTable[] = [];
  for (const table of TABLES_OF[event]) if (watches[table].delete(path)) taken.push(table);
  return taken;
}

/** ZKWatchManager.addPersistentWatches: is there a watch that stays and is told of this? */
export function hasLastingWatch(watches: Watches, event: WatchEventType, path: string, recursiveHearsOfChildren: boolean): boolean {
  if (watches.persistent.has(path)) return true;
  if (event === 'NodeChildrenChanged' && !recursiveHearsOfChildren) return false;
  if (watches.recursive.size === 0) return false;
  for (let at = path; ; at = at.slice(0, at.lastIndexOf('/')) || '/') {
    if (watches.recursive.has(at)) return true;
    if (at === '/' || !at.startsWith('/')) return false;
  }
}

/** Watcher.WatcherType by number (WATCH-25), as ZKWatchManager.removeWatcher understands it. */
const TABLES_OF_TYPE: readonly (readonly WatchTable[] | undefined)[] = [
  undefined,
  ['child'],
  ['data', 'exist'],
  ['data', 'exist', 'child', 'persistent', 'recursive'],
  ['persistent'],
  ['recursive'],
];

/** ZKWatchManager.containsWatcher: without one the request is not even sent. A type that no library can express is for servers to refuse. */
export function hasWatchOfType(watches: Watches, path: string, watcherType: number): boolean {
  const tables = TABLES_OF_TYPE[watcherType];
  return tables === undefined || tables.some((table) => watches[table].has(path));
}

const REMOVED: readonly (readonly [event: WatchRemovedType, tables: readonly WatchTable[]])[] = [
  ['DataWatchRemoved', ['data', 'exist']],
  ['ChildWatchRemoved', ['child']],
  ['PersistentWatchRemoved', ['persistent', 'recursive']],
];

/** ZKWatchManager.removeWatcher: takes them out; what the watchers are told, and the tables they were in (WATCH-27). */
export function removeWatches(watches: Watches, path: string, watcherType: number): { event: WatchRemovedType; consumed: WatchTable[] }[] {
  const asked = TABLES_OF_TYPE[watcherType] ?? [];
  return REMOVED.map(([event, tables]) => ({
    event,
    consumed: tables.filter((table) => asked.includes(table) && watches[table].delete(path)),
  })).filter(({ consumed }) => consumed.length > 0);
}

const WATCH_TABLES = ['data', 'exist', 'child', 'persistent', 'recursive'] as const;

export function countWatches(watches: Watches): number {
  let count = 0;
  for (const table of WATCH_TABLES) count += watches[table].size;
  return count;
}

/** The SetWatches requests of a new connection, in the order in which they are made; they are sent last first (CLI-06). */
export function makeSetWatches(watches: Watches, relativeZxid: Zxid, lengthMax: number = BATCH_LENGTH_MAX): SetWatches[] {
  const batches: SetWatches[] = [];
  let batch = emptyBatch();
  let length = 0;
  const flush = (): void => {
    batches.push(batchOperation(batch, relativeZxid));
    batch = emptyBatch();
    length = 0;
  };
  for (const table of WATCH_TABLES) {
    // Java's order is a hash map's; sorted, equal tables give equal requests whatever their history.
    for (const path of sortedKeys(watches[table])) {
      batch[table].push(path);
      length += path.length;
      if (length >= lengthMax) flush();
    }
  }
  if (WATCH_TABLES.some((table) => batch[table].length > 0)) flush();
  return batches;
}

type Batch = Record<WatchTable, string[]>;

function emptyBatch(): Batch {
  return { data: [], exist: [], child: [], persistent: [], recursive: [] };
}

/** CLI-09: setWatches2 only where it is needed, for servers before 3.6 do not know it. */
function batchOperation({ data, exist, child, persistent, recursive }: Batch, relativeZxid: Zxid): SetWatches {
  if (persistent.length + recursive.length === 0) return { op: 'setWatches', relativeZxid, data, exist, child };
  return { op: 'setWatches2', relativeZxid, data, exist, child, persistent, persistentRecursive: recursive };
}

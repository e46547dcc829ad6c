/** ZKWatchManager: the watches that this client believes it has, and how they are set again on another server. */
import { sortedKeys } from '../base/table.ts';
import type { Zxid } from '../base/zxid.ts';
import type { ErrorCode, Operation, WatchEventType } from '../server/protocol.ts';
import type { ClientState } from './client-state.ts';
import type { WatchTable } from './note.ts';

type Watches = ClientState['watches'];
type SetWatches = Extract<Operation, { readonly op: 'setWatches' }>;

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

export function countWatches(watches: Watches): number {
  return watches.data.size + watches.exist.size + watches.child.size;
}

/** The SetWatches requests of a new connection, in the order in which they are made; they are sent last first (CLI-06). */
export function makeSetWatches(watches: Watches, relativeZxid: Zxid, lengthMax: number = BATCH_LENGTH_MAX): SetWatches[] {
  const batches: SetWatches[] = [];
  let batch: Record<WatchTable, string[]> = { data: [], exist: [], child: [] };
  let length = 0;
  const flush = (): void => {
    batches.push({ op: 'setWatches', relativeZxid, ...batch });
    batch = { data: [], exist: [], child: [] };
    length = 0;
  };
  for (const table of ['data', 'exist', 'child'] as const) {
    // Java's order is a hash map's; sorted, equal tables give equal requests whatever their history.
    for (const path of sortedKeys(watches[table])) {
      batch[table].push(path);
      length += path.length;
      if (length >= lengthMax) flush();
    }
  }
  if (batch.data.length + batch.exist.length + batch.child.length > 0) flush();
  return batches;
}

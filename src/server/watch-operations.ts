/**
 * The operations that set, ask for and remove watches, and DataTree's part in them: which of the two tables a watch goes to. All of them take
 * any text as path: a malformed one simply never fires (WATCH-46).
 */
import { peek } from '../base/parts.ts';
import type { ServerContext } from './context.ts';
import { nodeAt } from './data-tree.ts';
import type { ErrorCode, Operation } from './protocol.ts';
import {
  addWatch,
  containsWatch,
  isWatched,
  removeWatch,
  removeWatchesOf,
  type WatchDelivery,
  type WatchMode,
  type WatchTableName,
} from './watch-manager.ts';

/** Whose watch it is: a session's, on a connection of this server. */
export interface Watcher {
  readonly connection: number;
  readonly session: string;
}

type SetWatches = Extract<Operation, { readonly op: 'setWatches' | 'setWatches2' }>;
type AddWatch = Extract<Operation, { readonly op: 'addWatch' }>;
type TypedRequest = Extract<Operation, { readonly op: 'checkWatches' | 'removeWatches' }>;

/** A one-shot watch. */
export function setWatch(ctx: ServerContext, table: WatchTableName, path: string, watcher: Watcher): void {
  register(ctx, table, path, watcher, 'STANDARD');
  noteWatch(ctx, table, path, watcher);
}

/** WATCH-15: a persistent watch is in both tables; a recursive one, since ZOOKEEPER-4466, in the data table alone. */
function setLastingWatch(ctx: ServerContext, path: string, watcher: Watcher, mode: 'PERSISTENT' | 'PERSISTENT_RECURSIVE'): void {
  register(ctx, 'data', path, watcher, mode);
  if (mode === 'PERSISTENT' || ctx.decide.server.watchModes === 'last-set') register(ctx, 'child', path, watcher, mode);
  noteWatch(ctx, mode === 'PERSISTENT' ? 'persistent' : 'recursive', path, watcher);
}

function register(ctx: ServerContext, table: WatchTableName, path: string, { connection }: Watcher, mode: WatchMode): void {
  addWatch(ctx.parts, ctx.refs.watches, { table, path, connection }, mode, ctx.decide.server.watchModes === 'last-set');
}

function noteWatch(ctx: ServerContext, table: WatchTableName | 'persistent' | 'recursive', path: string, { session }: Watcher): void {
  ctx.note({ type: 'watch-set', session, table, path, zxid: peek(ctx.parts, ctx.refs.database).lastProcessedZxid });
}

/**
 * setWatches and setWatches2 (H4): a client that comes back says what it watched and the last zxid it saw. What has changed since is told at
 * once, before the reply (WATCH-48), the rest is watched again; persistent watches are never caught up (WATCH-41). Returns the events.
 */
export function resetWatches(ctx: ServerContext, operation: SetWatches, watcher: Watcher): WatchDelivery[] {
  const { connection } = watcher;
  const events: WatchDelivery[] = [];
  for (const path of operation.data) {
    const node = nodeAt(ctx.parts, ctx.refs, path);
    if (node === null) events.push({ connection, event: 'NodeDeleted', path });
    else if (node.mzxid > operation.relativeZxid) events.push({ connection, event: 'NodeDataChanged', path });
    else setWatch(ctx, 'data', path, watcher);
  }
  for (const path of operation.exist) {
    if (nodeAt(ctx.parts, ctx.refs, path) !== null) events.push({ connection, event: 'NodeCreated', path });
    else setWatch(ctx, 'data', path, watcher);
  }
  for (const path of operation.child) {
    const node = nodeAt(ctx.parts, ctx.refs, path);
    if (node === null) events.push({ connection, event: 'NodeDeleted', path });
    else if (node.pzxid > operation.relativeZxid) events.push({ connection, event: 'NodeChildrenChanged', path });
    else setWatch(ctx, 'child', path, watcher);
  }
  if (operation.op === 'setWatches') return events;
  for (const path of operation.persistent) setLastingWatch(ctx, path, watcher, 'PERSISTENT');
  for (const path of operation.persistentRecursive) setLastingWatch(ctx, path, watcher, 'PERSISTENT_RECURSIVE');
  return events;
}

/** VAL-12: the node need not exist, nor be readable. */
export function addLastingWatch(ctx: ServerContext, { path, mode }: AddWatch, watcher: Watcher): ErrorCode {
  if (mode !== 0 && mode !== 1) return 'MARSHALLINGERROR';
  setLastingWatch(ctx, path, watcher, mode === 0 ? 'PERSISTENT' : 'PERSISTENT_RECURSIVE');
  return 'OK';
}

/** Where a watcher type (WATCH-25) looks, and for which mode; null stands for all. */
interface Place {
  readonly table: WatchTableName;
  readonly mode: WatchMode | null;
}

const ANY_PLACE: readonly Place[] = [
  { table: 'child', mode: null },
  { table: 'data', mode: null },
];

const PLACES_BY_MODE: readonly (readonly Place[])[] = [
  [],
  [{ table: 'child', mode: 'STANDARD' }],
  [{ table: 'data', mode: 'STANDARD' }],
  ANY_PLACE,
  [
    { table: 'child', mode: 'PERSISTENT' },
    { table: 'data', mode: 'PERSISTENT' },
  ],
  [{ table: 'data', mode: 'PERSISTENT_RECURSIVE' }],
];

/** WATCH-27, WATCH-45: before ZOOKEEPER-4471 a type named a table, whatever the mode of what is in it. */
const PLACES_BY_TABLE: readonly (readonly Place[])[] = [[], [{ table: 'child', mode: null }], [{ table: 'data', mode: null }], ANY_PLACE];

/** Empty for an unknown type (VAL-11). */
function placesOf(ctx: ServerContext, watcherType: number): readonly Place[] {
  return (ctx.decide.server.watcherTypes === 'by-mode' ? PLACES_BY_MODE : PLACES_BY_TABLE)[watcherType] ?? [];
}

/** checkWatches. WATCH-26: with one mode a path, any connection's watch counts (repaired along with ZOOKEEPER-4466). */
export function checkWatches(ctx: ServerContext, { path, watcherType }: TypedRequest, { connection }: Watcher): ErrorCode {
  const { parts, refs } = ctx;
  const places = placesOf(ctx, watcherType);
  if (places.length === 0) return 'MARSHALLINGERROR';
  const found = places.some(({ table, mode }) =>
    ctx.decide.server.watchModes === 'last-set'
      ? isWatched(parts, refs.watches, table, path)
      : containsWatch(parts, refs.watches, { table, path, connection }, mode),
  );
  return found ? 'OK' : 'NOWATCHER';
}

/** removeWatches, of this connection alone; no event is sent (WATCH-47). */
export function removeWatches(ctx: ServerContext, { path, watcherType }: TypedRequest, watcher: Watcher): ErrorCode {
  const { parts, refs } = ctx;
  const { connection } = watcher;
  const places = placesOf(ctx, watcherType);
  if (places.length === 0) return 'MARSHALLINGERROR';
  const forgets = ctx.decide.server.watcherTypes === 'by-mode';
  let found = false;
  for (const { table, mode } of places) {
    if (removeWatch(parts, refs.watches, { table, path, connection }, mode, forgets)) found = true;
  }
  return found ? 'OK' : 'NOWATCHER';
}

/** The connection is closed (WATCH-20). */
export function removeConnectionWatches(ctx: ServerContext, connection: number): void {
  removeWatchesOf(ctx.parts, ctx.refs.watches, connection);
}

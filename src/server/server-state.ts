/**
 * The memory of a server's database beside what replication keeps of it: the tree in chunks, the sessions, the watches, and the leader's
 * changes that are prepared but not yet applied. Each is a part; their modules alone write them.
 */
import type { Parts, Ref } from '../base/parts.ts';
import { allot, replace } from '../base/parts.ts';
import { makeTable } from '../base/table.ts';
import type { PeerRefs } from '../zab/context.ts';
import { allotPeer } from '../zab/peer-state.ts';
import { containersKind, ephemeralsKind, makeTree, quotasKind, resetTree, treeChunkKind, treeKind, type TreeRefs } from './data-tree.ts';
import { clearOutstandingChanges, makeOutstandingChanges, outstandingChangesKind, type OutstandingChanges } from './outstanding-changes.ts';
import { makeSessionTable, sessionTableKind, type SessionTable } from './session-table.ts';
import { allotThreads, type ThreadRefs } from './thread-state.ts';
import { makeWatches, watchesKind, type Watches } from './watch-manager.ts';

/** The database: survives role changes, but for `outstanding`. */
export interface DataRefs extends TreeRefs {
  readonly sessions: Ref<SessionTable>;
  readonly watches: Ref<Watches>;
  readonly outstanding: Ref<OutstandingChanges>;
}

export interface ServerRefs extends PeerRefs, DataRefs, ThreadRefs {}

const chunkCount = 16;

/** Allots the parts of a fresh database, with a tree as a new server has it. */
export function allotData(parts: Parts): DataRefs {
  const refs: DataRefs = {
    tree: allot(parts, treeKind, makeTree()),
    chunks: Array.from({ length: chunkCount }, () => allot(parts, treeChunkKind, makeTable())),
    ephemerals: allot(parts, ephemeralsKind, makeTable()),
    containers: allot(parts, containersKind, makeTable()),
    quotas: allot(parts, quotasKind, makeTable()),
    sessions: allot(parts, sessionTableKind, makeSessionTable()),
    watches: allot(parts, watchesKind, makeWatches()),
    outstanding: allot(parts, outstandingChangesKind, makeOutstandingChanges()),
  };
  resetTree(parts, refs);
  return refs;
}

/** All memory of a server. */
export function allotServer(parts: Parts): ServerRefs {
  return { ...allotPeer(parts), ...allotData(parts), ...allotThreads(parts) };
}

/** The same slots for a process that starts anew: nothing of its memory is left. */
export function resetData(parts: Parts, refs: DataRefs): void {
  resetTree(parts, refs);
  replace(parts, refs.sessions, makeSessionTable());
  replace(parts, refs.watches, makeWatches());
  clearOutstandingChanges(parts, refs.outstanding);
}

/**
 * I-SYNC: sync followed by a read is linearizable: such a read shows every write that had returned when the sync was called, and does not lie
 * before any other read after a sync that had returned by then. ZooKeeper does not promise it: a leader that has been deposed and does not know
 * it yet answers a sync by itself (SYNCOP-06; ZOOKEEPER-1675), and even a leader that leads may lag behind its followers (SYNCOP-09). So this property is judged only where it is asked for.
 *
 * Exercised by a read after a sync in the same session.
 */
import type { Property } from './check-state.ts';
import { callName, historyEntry, isTreeRead } from './history.ts';

export const syncReads: Property = {
  id: 'I-SYNC',
  types: ['client-returned'],
  onNote: ({ ghost, history, counts }, note, where) => {
    const client = ghost.clients[where.node];
    const entry = client === undefined ? null : historyEntry(note, client.name);
    if (entry?.type !== 'returned' || entry.outcome !== 'answered' || !isTreeRead(entry.operation)) return null;
    const synced = history.sessions.get(entry.session)?.synced ?? null;
    if (synced === null) return null;
    counts['I-SYNC'] += 1;
    if (entry.zxid >= synced.covers.zxid) return null;
    const { covers, sync } = synced;
    return { property: 'I-SYNC', kind: 'stale', operands: { call: callName(entry), sync, other: covers.by, path: sync.path } };
  },
};

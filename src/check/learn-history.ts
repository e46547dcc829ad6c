/** How the history of clients grows: before the properties look at a call's return it is no longer open, after that it counts as told. */
import type { Operation } from '../server/protocol.ts';
import { callName, isRefused, isTreeRead, tookEffect, type HistoryEntry, type Invoked, type Returned } from './history.ts';
import { newerOf, type HistoryGhost, type Newest, type OpenCall } from './history-ghost.ts';
import type { Candidate, NodeHistory } from './node-history.ts';

/** After the properties have judged it. */
export function learnHistory(history: HistoryGhost, entry: HistoryEntry): void {
  switch (entry.type) {
    case 'invoked':
      return onInvoked(history, entry);
    case 'returned':
      return onReturned(history, entry);
    case 'ended':
      // What it had under way may still happen: the candidates stay.
      history.open.delete(entry.client);
      break;
    default:
  }
}

function onInvoked(history: HistoryGhost, { client, call, operation }: Invoked): void {
  const { newest: after, newestDone: covers } = history;
  const known = history.open.get(client) ?? new Map<number, OpenCall>();
  const open: OpenCall = { client, call, operation, after, covers };
  known.set(call, open);
  history.open.set(client, known);
  forEachCandidate(operation, (path, change, version, data) => {
    const { candidates } = history.nodes;
    candidates.set(path, [...(candidates.get(path) ?? []), { call: open, change, version, data }]);
  });
}

/** Its outcome is known: it is a candidate for nothing any more. Before the properties look. */
export function closeCall(history: HistoryGhost, { client, call, outcome }: Returned): void {
  const open = history.open.get(client)?.get(call);
  if (open === undefined || outcome === 'unknown') return;
  const { candidates } = history.nodes;
  forEachCandidate(open.operation, (path) => {
    const left = (candidates.get(path) ?? []).filter((each) => each.call !== open);
    if (left.length > 0) candidates.set(path, left);
    else candidates.delete(path);
  });
}

function onReturned(history: HistoryGhost, entry: Returned): void {
  const { client, call, session, outcome, zxid, operation } = entry;
  const open = history.open.get(client)?.get(call) ?? null;
  history.open.get(client)?.delete(call);
  if (outcome !== 'answered') return;
  const known = { zxid, by: callName(entry) };
  history.newest = newerOf(history.newest, known);
  const { seen, synced } = history.sessions.get(session) ?? { seen: null, synced: null };
  const isSynced = synced !== null && isTreeRead(operation);
  if (tookEffect(entry) || isRefused(entry)) remember(history, known);
  if (tookEffect(entry) || isSynced) history.newestDone = newerOf(history.newestDone, known);
  const covers = operation.op === 'sync' && entry.error === 'OK' ? (open?.covers ?? null) : null;
  const isFurther = covers !== null && covers.zxid > (synced?.covers.zxid ?? -1);
  history.sessions.set(session, { seen: newerOf(seen, known), synced: isFurther ? { covers, sync: known.by } : synced });
}

/** Two answers with one zxid come close together, if ever. */
const TAKEN_MAX = 256;

function remember(history: HistoryGhost, { zxid, by }: Newest): void {
  history.taken.set(zxid, by);
  if (history.taken.size <= TAKEN_MAX) return;
  history.takenBefore = history.taken;
  history.taken = new Map();
}

type Visit = (path: string, change: Candidate['change'], version: number, data: Candidate['data']) => void;

function forEachCandidate(operation: Operation, visit: Visit): void {
  switch (operation.op) {
    case 'create':
    case 'create2':
    case 'createContainer':
    case 'createTTL':
      return visit(operation.mode.includes('SEQUENTIAL') ? `${operation.path}#` : operation.path, 'create', -1, operation.data);
    case 'setData':
      return visit(operation.path, 'set', operation.version, operation.data);
    case 'delete':
      return visit(operation.path, 'delete', operation.version, null);
    case 'deleteContainer':
      return visit(operation.path, 'delete', -1, null);
    case 'multi':
      for (const each of operation.ops) forEachCandidate(each, visit);
      break;
    default:
  }
}

/** The nodes that were open to what this call might have done. */
export function openPaths({ lines }: NodeHistory, operation: Operation): string[] {
  const paths: string[] = [];
  forEachCandidate(operation, (path) => {
    if (!path.endsWith('#')) paths.push(path);
    else for (const each of lines.keys()) if (each.startsWith(path.slice(0, -1)) && each.length === path.length + 9) paths.push(each);
  });
  return paths;
}

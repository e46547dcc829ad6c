/**
 * I-LIN: the writes of all clients happen one after the other, each between its call and its return, conditional ones and multis included;
 * a read shows the tree as it is after the writes up to the zxid of its answer.
 *
 * Zxids say what the order is, so that nothing has to be searched for: a write comes after all that anybody had been told of when it was
 * called, and after what its own session saw (monotonic writes, writes follow reads; that a session's reads do not go back, its own writes
 * included, is I-MONO). What an answer tells of a node must agree with every other answer (node-facts.ts). Only calls without an answer are
 * searched through: such a write may take effect at any later zxid, or never. Where too many could be meant, or a read lies too far back, the
 * verdict is "unknown".
 *
 * Nothing that servers note is looked at. Exercised by an answer that shows the tree or changes it.
 */
import type { Zxid } from '../base/zxid.ts';
import { NO_SESSION, type Operation, type Result, type Stat } from '../server/protocol.ts';
import type { CheckState, Property } from './check-state.ts';
import { callName, historyEntry, isRefused, isTreeRead, tookEffect, type CallName, type Returned } from './history.ts';
import type { HistoryGhost, Newest } from './history-ghost.ts';
import { openPaths } from './learn-history.ts';
import { judgeGaps, stateAt, tellNode } from './node-facts.ts';
import { parentOf, type NodeState } from './node-history.ts';
import type { FindingOf } from './violation.ts';

type Found = FindingOf<'I-LIN'> | null;

export const linearizable: Property = {
  id: 'I-LIN',
  types: ['client-returned'],
  onNote: (check, note, where) => {
    const client = check.ghost.clients[where.node];
    const entry = client === undefined ? null : historyEntry(note, client.name);
    return entry?.type === 'returned' && entry.outcome !== 'unknown' ? judge(check, entry) : null;
  },
};

function judge(check: CheckState, entry: Returned): Found {
  const { history } = check;
  const by = callName(entry);
  const changes = tookEffect(entry);
  if (changes || isRefused(entry) || (entry.outcome === 'answered' && isTreeRead(entry.operation))) check.counts['I-LIN'] += 1;
  return (
    (changes || isRefused(entry) ? judgeOrder(history, entry, by) : null) ??
    (changes ? judgeEffect(history, entry, by) : isRefused(entry) ? judgeRefusal(history, entry, by) : judgeRead(history, entry, by)) ??
    judgeOthers(history, entry)
  );
}

/** It comes after all that had been told when it was called, and after what its session has seen. */
function judgeOrder(history: HistoryGhost, { client, call, session, zxid }: Returned, by: CallName): Found {
  const after: Newest | null = history.open.get(client)?.get(call)?.after ?? null;
  const seen = history.sessions.get(session)?.seen ?? null;
  const other = after !== null && after.zxid >= zxid ? after : seen;
  if (other !== null && other.zxid >= zxid) {
    return { property: 'I-LIN', kind: 'too-early', operands: { call: by, other: other.by, path: by.path } };
  }
  const twin = history.taken.get(zxid) ?? history.takenBefore.get(zxid);
  return twin === undefined ? null : { property: 'I-LIN', kind: 'same-zxid', operands: { call: by, other: twin, path: by.path } };
}

/** A call that may have been what changed a node turns out to have done something else. */
function judgeOthers({ nodes }: HistoryGhost, { operation }: Returned): Found {
  if (nodes.candidates.size === 0 && nodes.lines.size === 0) return null;
  for (const path of openPaths(nodes, operation)) {
    const found = judgeGaps(nodes, path, nodes.lines.get(path));
    if (found !== null) return found;
  }
  return null;
}

interface Part {
  readonly operation: Operation;
  readonly result: Result | null;
}

function partsOf({ operation, result }: Returned): readonly Part[] {
  if (operation.op !== 'multi' && operation.op !== 'multiRead') return [{ operation, result }];
  if (result === null || !('results' in result)) return [];
  return operation.ops.map((each, i) => ({ operation: each, result: result.results[i]?.result ?? null }));
}

function judgeEffect(history: HistoryGhost, entry: Returned, by: CallName): Found {
  const { nodes } = history;
  const { zxid, session } = entry;
  if (entry.operation.op === 'closeSession') return judgeClose(history, entry, by);
  nodes.aliveAt.set(session, zxid);
  if (entry.operation.op !== 'multi') {
    const made = stateAfter(entry, entry);
    return made === null ? null : judgeMade(nodes, made, entry, { by, zxid, isMade: made.isMade, isAtOnce: false });
  }
  // Of several changes of one node in one multi only the last can be seen.
  const states = new Map<string, { made: Made; isAtOnce: boolean; part: Part }>();
  for (const part of partsOf(entry)) {
    const made = stateAfter(part, entry);
    if (made !== null) states.set(made.path, { made, isAtOnce: states.has(made.path), part });
  }
  for (const { made, isAtOnce, part } of states.values()) {
    const found = judgeMade(nodes, made, { ...part, session }, { by, zxid, isMade: made.isMade, isAtOnce });
    if (found !== null) return found;
  }
  return null;
}

/** The node after one operation that succeeded. */
interface Made {
  readonly path: string;
  readonly state: NodeState | null;
  readonly isMade: boolean;
}

function judgeMade(
  nodes: HistoryGhost['nodes'],
  { path, state }: Made,
  part: Part & Pick<Returned, 'session'>,
  how: { readonly by: CallName; readonly zxid: Zxid; readonly isMade: boolean; readonly isAtOnce: boolean },
): Found {
  const found = (how.isAtOnce ? null : judgeVersion(part, how.by, path)) ?? tellNode(nodes, path, state, how);
  if (found !== null) return found;
  const { session } = part;
  if (state?.owner === session) nodes.ephemerals.set(session, [...(nodes.ephemerals.get(session) ?? []), path]);
  return null;
}

/** A conditional write leaves the version after the one it asked for. */
function judgeVersion({ operation, result }: Part, call: CallName, path: string): Found {
  if (operation.op !== 'setData' || operation.version === -1 || result?.op !== 'setData') return null;
  if (result.stat.version === operation.version + 1) return null;
  return { property: 'I-LIN', kind: 'wrong-version', operands: { call, path, version: result.stat.version, asked: operation.version } };
}

/** Null where the answer does not tell. */
function stateAfter({ operation, result }: Part, { zxid, session }: Pick<Returned, 'zxid' | 'session'>): Made | null {
  switch (operation.op) {
    case 'create':
    case 'create2':
    case 'createContainer':
    case 'createTTL': {
      if (result === null || !('path' in result) || result.path === null) return null;
      const { mode, data } = operation;
      const owner = mode.startsWith('EPHEMERAL') ? session : mode.startsWith('PERSISTENT') && !mode.endsWith('TTL') ? null : '';
      if (!('stat' in result)) return null;
      const { czxid = zxid, mzxid = zxid, version = 0 } = result.stat ?? {};
      return { path: result.path, state: { czxid, mzxid, version, data, owner }, isMade: true };
    }
    case 'setData':
      return result?.op === 'setData' ? { path: operation.path, state: seenState(result.stat, operation.data), isMade: true } : null;
    case 'setACL':
      return result?.op === 'setACL' ? { path: operation.path, state: seenState(result.stat, undefined), isMade: false } : null;
    case 'delete':
    case 'deleteContainer':
      return { path: operation.path, state: null, isMade: true };
    default:
      return null;
  }
}

function seenState({ czxid, mzxid, version, ephemeralOwner }: Stat, data: NodeState['data']): NodeState {
  return { czxid, mzxid, version, data, owner: ephemeralOwner === NO_SESSION ? null : ephemeralOwner };
}

/** Its ephemeral nodes go with it. */
function judgeClose({ nodes }: HistoryGhost, { session, zxid }: Returned, by: CallName): Found {
  for (const path of nodes.ephemerals.get(session) ?? []) {
    const state = stateAt(nodes, path, zxid - 1)?.state;
    if (state?.owner !== session) continue;
    const found = tellNode(nodes, path, null, { by, zxid, isMade: true });
    if (found !== null) return found;
  }
  nodes.ephemerals.delete(session);
  return null;
}

/** The node that a refused write speaks of must be as its error says. */
function judgeRefusal({ nodes }: HistoryGhost, { operation, error, zxid }: Returned, call: CallName): Found {
  if (!('path' in operation) || operation.path === null) return null;
  const mode = 'data' in operation && 'acl' in operation ? operation.mode : null;
  if (mode?.includes('SEQUENTIAL') === true) return null;
  const path = mode !== null && error === 'NONODE' ? parentOf(operation.path) : operation.path;
  const fact = stateAt(nodes, path, zxid);
  if (fact === undefined || !isWrongly(error, fact === null ? null : fact.state, operation)) return null;
  return { property: 'I-LIN', kind: 'refused', operands: { call, path, other: fact?.last ?? null, error } };
}

function isWrongly(error: Returned['error'], state: NodeState | null, operation: Operation): boolean {
  if (error === 'NONODE') return state !== null;
  if (error === 'NODEEXISTS') return state === null;
  if (error !== 'BADVERSION' || (operation.op !== 'setData' && operation.op !== 'delete')) return false;
  return state === null || state.version === operation.version;
}

function judgeRead({ nodes }: HistoryGhost, entry: Returned, by: CallName): Found {
  if (entry.outcome !== 'answered' || !isTreeRead(entry.operation)) return null;
  const { zxid, error } = entry;
  if (error === 'NONODE' && 'path' in entry.operation && entry.operation.path !== null) {
    return tellNode(nodes, entry.operation.path, null, { by, zxid, isMade: false });
  }
  if (error !== 'OK') return null;
  for (const { operation, result } of partsOf(entry)) {
    if (!('path' in operation) || operation.path === null || result === null) continue;
    const found = judgeShown(nodes, operation.path, result, by, zxid);
    if (found !== null) return found;
  }
  return null;
}

function judgeShown(nodes: HistoryGhost['nodes'], path: string, result: Result, by: CallName, zxid: Zxid): Found {
  const how = { by, zxid, isMade: false };
  switch (result.op) {
    case 'getData':
      return tellNode(nodes, path, seenState(result.stat, result.data), how);
    case 'exists':
    case 'getACL':
      return tellNode(nodes, path, seenState(result.stat, undefined), how);
    case 'getChildren2':
      return tellNode(nodes, path, seenState(result.stat, undefined), how) ?? judgeChildren(nodes, path, result.children, by, zxid);
    case 'getChildren':
      return judgeChildren(nodes, path, result.children, by, zxid);
    default:
      return null;
  }
}

/** Nothing is listed that was not there, and nothing is left out that was. */
function judgeChildren(nodes: HistoryGhost['nodes'], path: string, children: readonly string[], call: CallName, zxid: Zxid): Found {
  const base = path === '/' ? '' : path;
  const listed = new Set(children.map((name) => `${base}/${name}`));
  for (const child of listed) {
    if (stateAt(nodes, child, zxid) === null) return { property: 'I-LIN', kind: 'listed', operands: { call, path: child, other: null } };
  }
  for (const child of nodes.children.get(path) ?? []) {
    const fact = listed.has(child) ? null : stateAt(nodes, child, zxid);
    if (fact !== null && fact !== undefined)
      return { property: 'I-LIN', kind: 'not-listed', operands: { call, path: child, other: fact.last } };
  }
  return null;
}

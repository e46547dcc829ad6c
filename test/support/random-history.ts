// Random histories of a few clients on two nodes, as a correct ensemble would let them happen: stale reads, calls that overlap, answers that get
// lost, clients that die. And the same with one answer changed.

import { drawBelow, makeKey, streamOf } from '../../src/base/draw.ts';
import { bytesOfUtf8, noBytes } from '../../src/base/bytes.ts';
import { makeZxid } from '../../src/base/zxid.ts';
import type { HistoryEntry, Returned } from '../../src/check/history.ts';
import { NO_SESSION, OPEN_ACL_UNSAFE, type ErrorCode, type Operation, type Result, type Stat } from '../../src/server/protocol.ts';

export const PATHS = ['/a', '/b'] as const;

export interface TreeNode {
  readonly czxid: number;
  readonly mzxid: number;
  readonly version: number;
  readonly data: string;
}

export type Tree = Readonly<Record<string, TreeNode | undefined>>;

interface Applied {
  readonly tree: Tree;
  readonly error: ErrorCode;
  readonly result: Result | null;
}

/** What a tree says to an operation at a zxid, and what it is afterwards. */
export function applyTo(tree: Tree, operation: Operation, zxid: number): Applied {
  const refuse = (error: ErrorCode): Applied => ({ tree, error, result: null });
  switch (operation.op) {
    case 'create': {
      if (tree[operation.path] !== undefined) return refuse('NODEEXISTS');
      const node = { czxid: zxid, mzxid: zxid, version: 0, data: operation.data ?? noBytes };
      return { tree: { ...tree, [operation.path]: node }, error: 'OK', result: { op: 'create', path: operation.path, stat: null } };
    }
    case 'setData': {
      const old = tree[operation.path];
      if (old === undefined) return refuse('NONODE');
      if (operation.version !== -1 && operation.version !== old.version) return refuse('BADVERSION');
      const node = { ...old, mzxid: zxid, version: old.version + 1, data: operation.data ?? noBytes };
      return { tree: { ...tree, [operation.path]: node }, error: 'OK', result: { op: 'setData', stat: statOf(node) } };
    }
    case 'delete': {
      const old = tree[operation.path];
      if (old === undefined) return refuse('NONODE');
      if (operation.version !== -1 && operation.version !== old.version) return refuse('BADVERSION');
      return { tree: { ...tree, [operation.path]: undefined }, error: 'OK', result: { op: 'delete' } };
    }
    case 'multi': {
      let next = tree;
      const results: { error: ErrorCode; result: Result | null }[] = [];
      for (const each of operation.ops) {
        const applied = applyTo(next, each, zxid);
        if (applied.error !== 'OK') return refuse(applied.error);
        next = applied.tree;
        results.push({ error: 'OK', result: applied.result });
      }
      return { tree: next, error: 'OK', result: { op: 'multi', results } };
    }
    case 'getData': {
      const node = tree[operation.path];
      if (node === undefined) return refuse('NONODE');
      return { tree, error: 'OK', result: { op: 'getData', data: bytesOfUtf8(node.data), stat: statOf(node) } };
    }
    default:
      return { tree, error: 'OK', result: null };
  }
}

function statOf({ czxid, mzxid, version, data }: TreeNode): Stat {
  const rest = { ctime: 0, mtime: 0, cversion: 0, aversion: 0, ephemeralOwner: NO_SESSION, numChildren: 0, pzxid: czxid };
  return { czxid, mzxid, version, dataLength: data.length, ...rest };
}

interface Pending {
  readonly client: string;
  readonly call: number;
  readonly operation: Operation;
  answer: Returned | null;
}

export type Below = (limit: number) => number;

export function belowOf(text: string): Below {
  const key = makeKey(text);
  let n = 0;
  return (limit) => drawBelow(key, streamOf('history'), n++, limit);
}

/** `losses` in 10: how many answers get lost. */
export function randomHistory(below: Below, length: number, losses: number): HistoryEntry[] {
  const entries: HistoryEntry[] = [];
  const trees: Tree[] = [{}];
  const seen: Record<string, number> = {};
  const pending: Pending[] = [];
  for (let call = 1; entries.length < length; call++) {
    const client = `c${1 + below(3)}`;
    if (!pending.some((each) => each.client === client) && below(2) === 0) {
      const operation = randomOperation(below);
      entries.push({ type: 'invoked', client, call, operation });
      pending.push({ client, call, operation, answer: null });
    }
    const each = pending[below(Math.max(1, pending.length))];
    if (each === undefined) continue;
    if (each.answer === null) each.answer = happen(each, trees, seen, below);
    else if (below(10) >= losses) {
      pending.splice(pending.indexOf(each), 1);
      entries.push(each.answer);
      seen[each.client] = each.answer.zxid;
    } else if (below(3) > 0) {
      pending.splice(pending.indexOf(each), 1);
      entries.push({ ...each.answer, outcome: 'unknown', error: 'CONNECTIONLOSS', result: null, zxid: -1 });
    }
  }
  return entries;
}

/** Trees by the counter of their zxid. A read comes from a server that may lag, but not behind what its session saw. */
function happen({ client, call, operation }: Pending, trees: Tree[], seen: Record<string, number>, below: Below): Returned {
  const isRead = operation.op === 'getData';
  const oldest = Math.max(0, (seen[client] ?? makeZxid(1, 0)) - makeZxid(1, 0));
  const at = isRead ? oldest + below(trees.length - oldest) : trees.length;
  const zxid = makeZxid(1, at);
  const { tree, error, result } = applyTo(trees[isRead ? at : at - 1]!, operation, zxid);
  if (!isRead) trees.push(tree);
  return { type: 'returned', client, call, session: client, operation, outcome: 'answered', error, result, zxid };
}

function randomOperation(below: Below): Operation {
  const path = PATHS[below(2)]!;
  const data = bytesOfUtf8(String(below(3)));
  const version = below(2) === 0 ? -1 : below(3);
  switch (below(8)) {
    case 0:
    case 1:
      return { op: 'create', path, data, acl: OPEN_ACL_UNSAFE, mode: 'PERSISTENT' };
    case 2:
      return { op: 'delete', path, version };
    case 3:
    case 4:
      return { op: 'setData', path, data, version };
    default:
      return { op: 'getData', path, watch: false };
  }
}

/** One answer says something else; null where there is none to change. */
export function corrupted(entries: readonly HistoryEntry[], below: Below): HistoryEntry[] | null {
  const answers = entries.flatMap((entry, i) => (entry.type === 'returned' && entry.outcome === 'answered' ? [i] : []));
  const i = answers[below(Math.max(1, answers.length))];
  const entry = i === undefined ? undefined : entries[i];
  if (i === undefined || entry?.type !== 'returned') return null;
  const changed = changedAnswer(entry, below);
  return changed === null ? null : entries.with(i, changed);
}

function changedAnswer(entry: Returned, below: Below): Returned | null {
  const { result, zxid } = entry;
  if (below(3) === 0) return { ...entry, zxid: Math.max(makeZxid(1, 0), zxid + (below(2) === 0 ? -1 : 1)) };
  if (result === null || !('stat' in result) || result.stat === null) return null;
  if (result.op === 'getData' && below(2) === 0) return { ...entry, result: { ...result, data: bytesOfUtf8('never written') } };
  if (result.op !== 'getData' && result.op !== 'setData') return null;
  const stat = { ...result.stat, version: result.stat.version + 1 };
  return { ...entry, result: { ...result, stat } };
}

// The history of a told run as whole lists, rebuilt from all of its notes: what the properties know in chunks, cursors and counts.

import { sameTxn, type Txn, type Where } from '../../src/check/fact.ts';
import type { Note } from '../../src/ensemble/note.ts';

export interface Told {
  readonly note: Note;
  readonly where: Where;
}

interface Established {
  readonly epoch: number;
  readonly node: number;
  readonly history: readonly Txn[];
}

export interface NaiveHistory {
  readonly before: readonly Told[];
  committed: Txn[];
  readonly established: Established[];
  /** By node, what its tree holds. */
  readonly trees: Txn[][];
  readonly loading: Txn[][];
  readonly incoming: (readonly Txn[] | null)[];
  readonly begun: ({ readonly zxid: number; readonly txns: readonly Txn[] } | null)[];
  readonly snapshots: { readonly node: number; readonly zxid: number; readonly txns: readonly Txn[] }[];
  /** By node, the zxids in its log, and the newest snapshot. */
  readonly logs: number[][];
  readonly covered: number[];
  /** Transactions that a client was told of by xid, and those it saw. */
  told: { readonly session: string; readonly xid: number; readonly txns: readonly Txn[] }[];
  seen: Txn[];
}

export function last<T>(list: readonly T[]): T | undefined {
  return list[list.length - 1];
}

export function lastZxid(txns: readonly Txn[]): number {
  return last(txns)?.zxid ?? 0;
}

/** How many of the first txns of both are the same. */
export function common(a: readonly Txn[], b: readonly Txn[]): number {
  let n = 0;
  for (; n < a.length && n < b.length; n++) if (!sameTxn(a[n]!, b[n]!)) break;
  return n;
}

export function includes(txns: readonly Txn[], txn: Txn): boolean {
  return txns.some((each) => sameTxn(each, txn));
}

/** What the broadcast with this zxid by this node was, the last one. */
export function broadcastBy(before: readonly Told[], zxid: number, node: number): Txn | null {
  let found: Txn | null = null;
  for (const { note, where } of before) if (note.type === 'broadcast' && note.zxid === zxid && where.node === node) found = note.txn;
  return found;
}

export function historyBefore(told: readonly Told[], nodes: number): NaiveHistory {
  const lists = <T>(): T[][] => Array.from({ length: nodes }, () => []);
  const history: NaiveHistory = {
    before: told,
    committed: [],
    established: [],
    trees: lists(),
    loading: lists(),
    incoming: Array.from({ length: nodes }, () => null),
    begun: Array.from({ length: nodes }, () => null),
    snapshots: [],
    logs: lists(),
    covered: Array.from({ length: nodes }, () => 0),
    told: [],
    seen: [],
  };
  for (let i = 0; i < told.length; i++) {
    const { note, where } = told[i]!;
    if (where.node >= 0 && where.node < nodes) learnServer(history, told.slice(0, i), note, where.node);
    else learnClient(history, note, sessionOfClient(told.slice(0, i), where.node));
  }
  return history;
}

export function sessionOfClient(before: readonly Told[], node: number): string {
  return last(before.flatMap(({ note, where }) => (note.type === 'client-session' && where.node === node ? [note.session] : []))) ?? '';
}

function learnServer(history: NaiveHistory, before: readonly Told[], note: Note, node: number): void {
  const tree = history.trees[node]!;
  switch (note.type) {
    case 'delivered':
      if (note.via === 'recovery') history.loading[node]!.push(note.txn);
      else if (note.zxid > lastZxid(tree)) tree.push(note.txn);
      return;
    case 'committed': {
      const txn = broadcastBy(before, note.zxid, node);
      if (txn !== null && txn.zxid > lastZxid(history.committed)) history.committed.push(txn);
      return;
    }
    case 'established': {
      const isNewest = history.established.every(({ epoch }) => epoch < note.epoch);
      const agreed = common(tree, history.committed);
      if (isNewest && agreed === history.committed.length) {
        for (const txn of tree.slice(agreed)) if (txn.zxid > lastZxid(history.committed)) history.committed.push(txn);
      }
      history.established.push({ epoch: note.epoch, node, history: tree.slice() });
      history.seen = history.seen.filter((txn) => !includes(history.committed, txn));
      return;
    }
    case 'replied':
      if (common(tree, history.committed) < tree.length) {
        history.told.push({ session: note.session, xid: note.xid, txns: tree.slice(common(tree, history.committed)) });
      }
      return;
    case 'node-down':
      history.trees[node] = [];
      history.loading[node] = [];
      history.incoming[node] = null;
      history.begun[node] = null;
      return;
    case 'refused-to-start':
      history.loading[node] = [];
      return;
    case 'database-cleared':
      history.trees[node] = [];
      history.loading[node] = [];
      return;
    default:
      learnFiles(history, note, node);
  }
}

function learnFiles(history: NaiveHistory, note: Note, node: number): void {
  const tree = history.trees[node]!;
  switch (note.type) {
    case 'logged':
      history.logs[node]!.push(note.zxid);
      return;
    case 'append-failed':
      if (last(history.logs[node]!) === note.zxid) history.logs[node]!.pop();
      return;
    case 'truncated':
      history.logs[node] = cutAt(history.logs[node]!, note.zxid);
      history.covered[node] = Math.min(history.covered[node]!, note.zxid);
      return;
    case 'sync-plan':
      if (note.mode === 'SNAP') history.incoming[note.sid - 1] = tree.slice();
      return;
    case 'snapshot-installed': {
      history.trees[node] = upTo(history, (history.incoming[node] ?? []).slice(), note.zxid);
      return;
    }
    case 'snapshot-begun':
      history.begun[node] = { zxid: note.zxid, txns: upTo(history, tree.slice(), note.zxid) };
      return;
    case 'snapshot-done': {
      const begun = history.begun[node];
      history.snapshots.push({ node, zxid: note.zxid, txns: begun?.zxid === note.zxid ? begun.txns : tree.slice() });
      history.covered[node] = Math.max(history.covered[node]!, note.zxid);
      return;
    }
    case 'recovered': {
      const rebuilt = snapshotContent(history, node, note.snapshot).slice();
      for (const txn of history.loading[node]!) if (txn.zxid > lastZxid(rebuilt)) rebuilt.push(txn);
      history.trees[node] = rebuilt;
      history.loading[node] = [];
      history.covered[node] = Math.max(note.snapshot, 0);
      const end = note.replayed > 0 ? note.lastProcessedZxid : Math.max(note.snapshot, 0);
      history.logs[node] = note.replayed > 0 ? [end] : cutAt(history.logs[node]!, end);
      break;
    }
    default:
  }
}

/** Adds what is committed up to `zxid` when that goes on where `txns` end. */
function upTo({ committed }: NaiveHistory, txns: Txn[], zxid: number): Txn[] {
  if (common(txns, committed) === txns.length) for (const txn of committed.slice(txns.length)) if (txn.zxid <= zxid) txns.push(txn);
  return txns;
}

/** Where something was cut off, the log counts as ending at the cut. */
function cutAt(log: readonly number[], end: number): number[] {
  const kept = log.filter((zxid) => zxid <= end);
  return kept.length < log.length && last(kept) !== end ? [...kept, end] : kept;
}

export function snapshotContent(history: NaiveHistory, node: number, zxid: number): readonly Txn[] {
  const known = last(history.snapshots.filter((each) => each.node === node && each.zxid === zxid));
  return known?.txns ?? history.committed.filter((txn) => txn.zxid <= zxid);
}

function learnClient(history: NaiveHistory, note: Note, session: string): void {
  if (note.type !== 'client-returned' || note.zxid === -1 || note.session !== session) return;
  for (const told of history.told) {
    if (told.session === session && told.xid === note.xid)
      history.seen.push(...told.txns.filter((txn) => !includes(history.committed, txn)));
  }
  history.told = history.told.filter((told) => told.session !== session || told.xid > note.xid);
}

/**
 * A server's applied history as compared with the committed one: how much of it is the committed history's own beginning, and what comes after
 * that. The tail is short: what is logged but not committed, or what went wrong. So a delivery costs one comparison, however long the run.
 */
import type { Zxid } from '../base/zxid.ts';
import { itemAt, type Chunked } from './chunked.ts';
import { sameTxn, type Txn } from './fact.ts';

export interface Line {
  /** This many txns are the first ones of the committed history. */
  agree: number;
  /** The rest: the first of it is not, or not yet, what is committed there. */
  tail: Txn[];
}

export type Committed = Chunked<Txn>;

export function makeLine(): Line {
  return { agree: 0, tail: [] };
}

export function copyLine(line: Line): Line {
  return { agree: line.agree, tail: line.tail.slice() };
}

export function lastOf(line: Line, committed: Committed): Zxid {
  const txn = line.tail.length > 0 ? line.tail[line.tail.length - 1] : itemAt(committed, line.agree - 1);
  return txn === undefined ? 0 : txn.zxid;
}

/** The committed history may have grown to contain the tail. */
export function settle(line: Line, committed: Committed): void {
  if (line.tail.length === 0) return;
  let count = 0;
  for (const txn of line.tail) {
    const next = itemAt(committed, line.agree + count);
    if (next === undefined || !sameTxn(next, txn)) break;
    count += 1;
  }
  if (count === 0) return;
  line.agree += count;
  line.tail = line.tail.slice(count);
}

/** A replay of what is there already changes nothing. */
export function extend(line: Line, txn: Txn, committed: Committed): void {
  settle(line, committed);
  if (txn.zxid <= lastOf(line, committed)) return;
  const next = line.tail.length === 0 ? itemAt(committed, line.agree) : undefined;
  if (next !== undefined && (next === txn || sameTxn(next, txn))) line.agree += 1;
  else line.tail.push(txn);
}

/** Goes along with the committed history up to `zxid`: what a snapshot of that name holds. */
export function advanceTo(line: Line, zxid: Zxid, committed: Committed): void {
  settle(line, committed);
  if (line.tail.length > 0) return;
  line.agree = Math.max(line.agree, countUpTo(committed, zxid));
}

/** How many committed txns have at most this zxid. */
export function countUpTo(committed: Committed, zxid: Zxid): number {
  let low = 0;
  let high = committed.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((itemAt(committed, middle)?.zxid ?? Infinity) <= zxid) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function isCommitted(committed: Committed, txn: Txn): boolean {
  const found = itemAt(committed, countUpTo(committed, txn.zxid) - 1);
  return found !== undefined && sameTxn(found, txn);
}

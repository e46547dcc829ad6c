/**
 * Quotas (G6): limits that clients keep under /zookeeper/quota, and beside each the usage, which every server counts for itself as it
 * applies transactions. The nearest path above that has limits is charged, and no other (QUOTA-03).
 */
import { bytesLength, bytesOfUtf8, utf8OfBytes, type Bytes } from '../base/bytes.ts';
import { own, peek, replace, type Parts } from '../base/parts.ts';
import { makeTable } from '../base/table.ts';
import { compareText } from '../base/text.ts';
import { nodeAt, rewriteData, type TreeRefs } from './data-tree.ts';

const quotaRoot = '/zookeeper/quota';
const limitsName = '/zookeeper_limits';
const statsName = '/zookeeper_stats';

export function limitsPath(path: string): string {
  return quotaRoot + path + limitsName;
}

export function statsPath(path: string): string {
  return quotaRoot + path + statsName;
}

/** StatsTrack: what a limits or stats node says; -1 for nothing. */
export interface StatsTrack {
  readonly count: number;
  readonly bytes: number;
  readonly countHardLimit: number;
  readonly byteHardLimit: number;
  /** All that was said, as it was said (QUOTA-07). */
  readonly said: ReadonlyMap<string, number>;
}

/** QUOTA-07. Null for text that makes Java's parser throw; its splitting leaves out what is empty at the end. */
export function parseStats(data: Bytes | null): StatsTrack | null {
  if (data === null) return null;
  const said = makeTable<number>();
  const pairs = utf8OfBytes(data).split(/[,;]+/);
  while (pairs.at(-1) === '') pairs.pop();
  for (const pair of pairs) {
    const [key = '', value] = pair.replace(/=+$/, '').split('=');
    if (value === undefined || !/^([+-]?[0-9]+)?$/.test(value)) return null;
    said.set(key, value === '' ? -1 : Number(value));
  }
  const of = (key: string): number => said.get(key) ?? -1;
  return { count: of('count'), bytes: of('bytes'), countHardLimit: of('countHardLimit'), byteHardLimit: of('byteHardLimit'), said };
}

/** With what else was said behind it, in order of names; the '=' before it makes old parsers leave it alone. */
export function statsText(count: number, bytes: number, said: ReadonlyMap<string, number> = makeTable()): Bytes {
  const others = [...said.keys()].filter((key) => key !== 'count' && key !== 'bytes').sort(compareText);
  const rest = others.map((key) => `;${key}=${said.get(key) ?? -1}`).join('');
  return bytesOfUtf8(`count=${count},bytes=${bytes}${rest === '' ? '' : `=${rest}`}`);
}

export function hasQuotas(parts: Parts, refs: TreeRefs): boolean {
  return peek(parts, refs.quotas).size > 0;
}

/** DataTree.getMaxPrefixWithQuota: the path itself, or the nearest above it, that has limits; the root never has. */
export function quotaPrefix(parts: Parts, refs: TreeRefs, path: string): string | null {
  const quotas = peek(parts, refs.quotas);
  if (quotas.size === 0) return null;
  for (let prefix = path; prefix !== ''; prefix = prefix.slice(0, Math.max(0, prefix.lastIndexOf('/')))) {
    if (quotas.has(prefix)) return prefix;
  }
  return null;
}

/** The path that a node of the given name below /zookeeper/quota speaks of; null for any other node. */
function subjectOf(path: string, name: string): string | null {
  if (!path.startsWith(`${quotaRoot}/`) || !path.endsWith(name)) return null;
  const subject = path.slice(quotaRoot.length, path.length - name.length);
  return subject === '' ? null : subject;
}

/** DataTree.createNode's share: limits begin to hold, usage is counted, and the nearest quota pays (QUOTA-02, QUOTA-04). */
export function quotaAtCreate(parts: Parts, refs: TreeRefs, path: string, data: Bytes | null): void {
  const limited = subjectOf(path, limitsName);
  if (limited !== null) own(parts, refs.quotas).set(limited, true);
  const counted = subjectOf(path, statsName);
  if (counted !== null) recount(parts, refs, counted);
  charge(parts, refs, path, lengthOf(data), 1);
}

/** `data` is what the node held. */
export function quotaAtDelete(parts: Parts, refs: TreeRefs, path: string, data: Bytes | null): void {
  const limited = subjectOf(path, limitsName);
  if (limited !== null && peek(parts, refs.quotas).has(limited)) own(parts, refs.quotas).delete(limited);
  charge(parts, refs, path, -lengthOf(data), -1);
}

export function quotaAtSetData(parts: Parts, refs: TreeRefs, path: string, before: Bytes | null, after: Bytes | null): void {
  charge(parts, refs, path, lengthOf(after) - lengthOf(before), 0);
}

function lengthOf(data: Bytes | null): number {
  return data === null ? 0 : bytesLength(data);
}

/** DataTree.updateQuotaStat. Where a client has made the usage unreadable it stays so; Java's server dies of it. */
function charge(parts: Parts, refs: TreeRefs, path: string, bytesDiff: number, countDiff: number): void {
  const prefix = quotaPrefix(parts, refs, path);
  if (prefix === null) return;
  const key = statsPath(prefix);
  const stats = parseStats(nodeAt(parts, refs, key)?.data ?? null);
  if (stats === null) return;
  rewriteData(parts, refs, key, statsText(stats.count + countDiff, stats.bytes + bytesDiff, stats.said));
}

/** DataTree.updateQuotaForPath: the usage as the tree has it. */
function recount(parts: Parts, refs: TreeRefs, path: string): void {
  const counts = { count: 0, bytes: 0 };
  addCounts(parts, refs, path, counts);
  rewriteData(parts, refs, statsPath(path), statsText(counts.count, counts.bytes));
}

function addCounts(parts: Parts, refs: TreeRefs, path: string, counts: { count: number; bytes: number }): void {
  const node = nodeAt(parts, refs, path);
  if (node === null) return;
  counts.count++;
  counts.bytes += lengthOf(node.data);
  for (const child of node.children) addCounts(parts, refs, `${path}/${child}`, counts);
}

/** DataTree.setupQuota: which paths have limits, and their usage, from a tree that was loaded (DISK-19). */
export function setupQuotas(parts: Parts, refs: TreeRefs): void {
  replace(parts, refs.quotas, makeTable());
  traverse(parts, refs, quotaRoot);
}

function traverse(parts: Parts, refs: TreeRefs, path: string): void {
  const node = nodeAt(parts, refs, path);
  if (node === null) return;
  for (const child of node.children) traverse(parts, refs, `${path}/${child}`);
  const limited = node.children.length === 0 ? subjectOf(path, limitsName) : null;
  if (limited === null) return;
  recount(parts, refs, limited);
  own(parts, refs.quotas).set(limited, true);
}

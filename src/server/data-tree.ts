/**
 * DataTree: the nodes of one server by path, in chunks that are parts, with the index of ephemerals and the running digest. The functions take
 * parts and refs, not a step's context, so that views and properties read the tree of a world at rest. The root lies under '' and is also
 * called '/'.
 */
import type { Bytes } from '../base/bytes.ts';
import { noBytes } from '../base/bytes.ts';
import type { Parts, Ref } from '../base/parts.ts';
import { makePartKind, own, peek, replace } from '../base/parts.ts';
import { copyTable, makeTable, type Table } from '../base/table.ts';
import { compareText } from '../base/text.ts';
import type { Zxid } from '../base/zxid.ts';
import { assert } from '../base/assert.ts';
import { nodeDigest } from './digest.ts';
import { nameOf } from './path.ts';
import { NO_SESSION, OPEN_ACL_UNSAFE, READ_ACL_UNSAFE, type Acl } from './protocol.ts';
import { noNames, withName, withoutName } from './sorted-names.ts';
import { isEphemeral, statOfNew, type StatPersisted, type Znode } from './znode.ts';

export interface TreeState {
  /** The sum of the nodes' digests. */
  digest: number;
  nodeCount: number;
  /** A transaction of several steps that is half applied; 0 for none. */
  applyingZxid: Zxid;
  /** lastProcessedZxidDigest: the digest after the last transaction applied while the tree was whole; zxid 0 for none. */
  lastDigestZxid: Zxid;
  lastDigest: number;
  /** digestFromLoadedSnapshot: until replay gets to this zxid the tree is fuzzy and its digest means nothing (DIG-05); 0 for none. */
  fuzzyUntilZxid: Zxid;
  /** What the digest must be then, where the snapshot knew it (DIG-06). */
  fuzzyUntilDigest: number | null;
}

export type TreeChunk = Table<Znode>;

/** Session to the sorted paths of its ephemerals (TREE-21). */
export type Ephemerals = Table<readonly string[]>;

/** The containers and TTL nodes by path, each with its mark of an owner: what the container manager looks through (TREE-19). */
export type Containers = Table<string>;

/** The paths under a quota (QUOTA-02): Java's prefix trie. */
export type Quotas = Table<true>;

export interface TreeRefs {
  readonly tree: Ref<TreeState>;
  /** A power of two of them; a node lies in the chunk that its path's hash names. */
  readonly chunks: readonly Ref<TreeChunk>[];
  readonly ephemerals: Ref<Ephemerals>;
  readonly containers: Ref<Containers>;
  readonly quotas: Ref<Quotas>;
}

// Times, and the digest that is made of them, are no part of the state that exploration tells apart.
const timeFields = ['ctime', 'mtime', 'digest', 'lastDigest', 'fuzzyUntilDigest'];

export const treeKind = makePartKind<TreeState>('tree', { copy: copyTree, skip: timeFields });
export const treeChunkKind = makePartKind<TreeChunk>('tree-chunk', { copy: copyTable, skip: timeFields });
export const ephemeralsKind = makePartKind<Ephemerals>('ephemerals', { copy: copyTable });
export const containersKind = makePartKind<Containers>('containers', { copy: copyTable });
export const quotasKind = makePartKind<Quotas>('quotas', { copy: copyTable });

function copyTree(tree: TreeState): TreeState {
  return {
    digest: tree.digest,
    nodeCount: tree.nodeCount,
    applyingZxid: tree.applyingZxid,
    lastDigestZxid: tree.lastDigestZxid,
    lastDigest: tree.lastDigest,
    fuzzyUntilZxid: tree.fuzzyUntilZxid,
    fuzzyUntilDigest: tree.fuzzyUntilDigest,
  };
}

export function makeTree(): TreeState {
  return { digest: 0, nodeCount: 0, applyingZxid: 0, lastDigestZxid: 0, lastDigest: 0, fuzzyUntilZxid: 0, fuzzyUntilDigest: null };
}

export const CONFIG_NODE = '/zookeeper/config';

/** The tree of a new server (TREE-04): the root, /zookeeper, and its quota and config; every zxid and time is 0. */
export function resetTree(parts: Parts, refs: TreeRefs): void {
  emptyTree(parts, refs);
  const fresh = statOfNew(0, 0, NO_SESSION);
  for (const key of ['', '/zookeeper', '/zookeeper/quota']) restoreNode(parts, refs, key, noBytes, OPEN_ACL_UNSAFE, fresh);
  // TREE-22: its ACL was set once, with version -1.
  restoreNode(parts, refs, CONFIG_NODE, noBytes, READ_ACL_UNSAFE, { ...fresh, aversion: -1 });
}

/** No node at all: what a snapshot is restored into. */
export function emptyTree(parts: Parts, refs: TreeRefs): void {
  replace(parts, refs.tree, makeTree());
  for (const chunk of refs.chunks) replace(parts, chunk, makeTable());
  replace(parts, refs.ephemerals, makeTable());
  replace(parts, refs.containers, makeTable());
  replace(parts, refs.quotas, makeTable());
}

export function nodeAt(parts: Parts, refs: TreeRefs, path: string): Znode | null {
  const key = keyOf(path);
  return peek(parts, chunkOf(refs, key)).get(key) ?? null;
}

/** Sorted names; null when there is no such node. */
export function childrenOf(parts: Parts, refs: TreeRefs, path: string): readonly string[] | null {
  return nodeAt(parts, refs, path)?.children ?? null;
}

/** Sorted paths of the session's ephemerals. */
export function ephemeralsOf(parts: Parts, refs: TreeRefs, session: string): readonly string[] {
  return peek(parts, refs.ephemerals).get(session) ?? [];
}

export interface TreeEntry {
  readonly path: string;
  readonly node: Znode;
}

/** Every node by path, the root as '/': for views, tests and properties. */
export function dumpTree(parts: Parts, refs: TreeRefs): TreeEntry[] {
  const entries: TreeEntry[] = [];
  for (const chunk of refs.chunks) {
    for (const [key, node] of peek(parts, chunk)) entries.push({ path: key === '' ? '/' : key, node });
  }
  return entries.sort((a, b) => compareText(a.path, b.path));
}

export interface NewNode {
  readonly path: string;
  readonly data: Bytes | null;
  readonly acl: Acl;
  /** NO_SESSION for a persistent node, a mark for a container or a TTL node (TREE-18). */
  readonly owner: string;
  readonly parentCVersion: number;
  readonly zxid: Zxid;
  readonly time: number;
}

/**
 * DataTree.createNode. Errors only come up in replays, and are tolerated there (DISK-23). `rejoins`: a child that a fuzzy snapshot brought is
 * listed by its parent again, which replay may have deleted and made anew since. That was so while the parent's list was asked whether the
 * child exists; since ZOOKEEPER-4846 the map of nodes is asked, and such a child stays out of every listing.
 */
export function createNode(parts: Parts, refs: TreeRefs, made: NewNode, rejoins = true): 'OK' | 'NONODE' | 'NODEEXISTS' {
  const { path, zxid } = made;
  const parentKey = path.slice(0, path.lastIndexOf('/'));
  const parent = nodeAt(parts, refs, parentKey);
  if (parent === null) return 'NONODE';
  const exists = nodeAt(parts, refs, path) !== null;
  // TREE-13, DISK-24: a replay never takes the parent back behind what its snapshot shows. Java raises it for an existing child only when
  // the transaction is a create, not a create2.
  const isNewer = made.parentCVersion > parent.cversion;
  const children = exists && !rejoins ? parent.children : withName(parent.children, nameOf(path));
  if (isNewer || children !== parent.children) {
    const next = draftOf(parent, parent.data, parent.acl, children);
    next.digest = parent.digest;
    if (isNewer) {
      next.cversion = made.parentCVersion;
      next.pzxid = zxid;
      next.digest = nodeDigest(parentKey, next.data, next);
    }
    putNode(parts, refs, parentKey, parent, next);
  }
  if (exists) return 'NODEEXISTS';
  insertNode(parts, refs, path, made.data, made.acl, statOfNew(zxid, made.time, made.owner));
  return 'OK';
}

type Draft = { -readonly [K in keyof Znode]: Znode[K] };

/** A node that is still to be changed, without a digest. Every node is made by this one literal: engines then read them all alike. */
function draftOf(stat: StatPersisted, data: Bytes | null, acl: Acl, children: readonly string[]): Draft {
  return {
    czxid: stat.czxid,
    mzxid: stat.mzxid,
    pzxid: stat.pzxid,
    ctime: stat.ctime,
    mtime: stat.mtime,
    version: stat.version,
    cversion: stat.cversion,
    aversion: stat.aversion,
    ephemeralOwner: stat.ephemeralOwner,
    data,
    acl,
    children,
    digest: 0,
  };
}

/** DataTree.deleteNode. `raisesPzxid`: the parent is brought up to date before the node is looked for (ZOOKEEPER-3125). */
export function deleteNode(parts: Parts, refs: TreeRefs, path: string, zxid: Zxid, raisesPzxid: boolean): 'OK' | 'NONODE' {
  const parentKey = path.slice(0, path.lastIndexOf('/'));
  const parent = nodeAt(parts, refs, parentKey);
  const node = nodeAt(parts, refs, path);
  if (parent === null || (node === null && !raisesPzxid)) return 'NONODE';
  const children = withoutName(parent.children, nameOf(path));
  if (children !== parent.children || zxid > parent.pzxid) {
    const next = draftOf(parent, parent.data, parent.acl, children);
    next.digest = parent.digest;
    if (zxid > parent.pzxid) {
      next.pzxid = zxid;
      next.digest = nodeDigest(parentKey, next.data, next);
    }
    putNode(parts, refs, parentKey, parent, next);
  }
  if (node === null) return 'NONODE';
  removeNode(parts, refs, path, node);
  return 'OK';
}

/** DataTree.setData: the version is the transaction's, so that a replay does not count (TREE-06). Null when there is no such node. */
export function setNodeData(
  parts: Parts,
  refs: TreeRefs,
  path: string,
  data: Bytes | null,
  version: number,
  zxid: Zxid,
  time: number,
): Znode | null {
  const key = keyOf(path);
  const node = nodeAt(parts, refs, key);
  if (node === null) return null;
  const next = nodeWithData(key, node, data, version, zxid, time);
  putNode(parts, refs, key, node, next);
  return next;
}

/*
 * The nodes that transactions have made lately: every replica comes by the same one from the same node. Only a memory; no result depends on it,
 * but worlds share what is equal.
 */
const memorySize = 256;
const made: (Znode | null)[] = Array.from({ length: memorySize }, () => null);
const madeAt: string[] = Array.from({ length: memorySize }, () => '');

function nodeWithData(key: string, node: Znode, data: Bytes | null, version: number, zxid: Zxid, time: number): Znode {
  const slot = zxid & (memorySize - 1);
  const known = made[slot];
  if (known !== null && known !== undefined && madeAt[slot] === key && known.mzxid === zxid && known.data === data) {
    if (known.version === version && known.mtime === time && isSameBut(known, node)) return known;
  }
  const next = draftOf(node, data, node.acl, node.children);
  next.version = version;
  next.mzxid = zxid;
  next.mtime = time;
  next.digest = nodeDigest(key, data, next);
  made[slot] = next;
  madeAt[slot] = key;
  return next;
}

/** All that setData leaves as it was. */
function isSameBut(a: Znode, b: Znode): boolean {
  return (
    a.children === b.children &&
    a.acl === b.acl &&
    a.czxid === b.czxid &&
    a.pzxid === b.pzxid &&
    a.ctime === b.ctime &&
    a.cversion === b.cversion &&
    a.aversion === b.aversion &&
    a.ephemeralOwner === b.ephemeralOwner
  );
}

/** DataTree.setACL: only the list and its version (TREE-06). Null when there is no such node. */
export function setNodeAcl(parts: Parts, refs: TreeRefs, path: string, acl: Acl, aversion: number): Znode | null {
  const key = keyOf(path);
  const node = nodeAt(parts, refs, key);
  if (node === null) return null;
  const next = draftOf(node, node.data, acl, node.children);
  next.aversion = aversion;
  next.digest = nodeDigest(key, next.data, next);
  putNode(parts, refs, key, node, next);
  return next;
}

/** Other data in a node that counts in no digest, and nothing else: how a quota's usage is kept (QUOTA-04). */
export function rewriteData(parts: Parts, refs: TreeRefs, key: string, data: Bytes): void {
  const node = nodeAt(parts, refs, key);
  if (node === null || node.data === data) return;
  assert(node.digest === 0, () => `${key} counts in the digest`);
  putNode(parts, refs, key, node, draftOf(node, data, node.acl, node.children));
}

/** TREE-24. The root is not counted, though Java has it under two names. */
export function countBelow(parts: Parts, refs: TreeRefs, path: string): number {
  if (path === '/') return peek(parts, refs.tree).nodeCount - 1;
  let count = path === '' ? 1 : 0; // '/' itself begins with '/'
  for (const chunk of refs.chunks) for (const key of peek(parts, chunk).keys()) if (key.startsWith(`${path}/`)) count++;
  return count;
}

/** Puts a node as a snapshot holds it, below its parent, which came before it (DISK-18). */
export function restoreNode(parts: Parts, refs: TreeRefs, key: string, data: Bytes | null, acl: Acl, stat: StatPersisted): void {
  if (key !== '') {
    const parentKey = key.slice(0, key.lastIndexOf('/'));
    const parent = nodeAt(parts, refs, parentKey);
    assert(parent !== null, () => `${key} comes before its parent`);
    const next = draftOf(parent, parent.data, parent.acl, withName(parent.children, nameOf(key)));
    next.digest = parent.digest;
    putNode(parts, refs, parentKey, parent, next);
  }
  insertNode(parts, refs, key, data, acl, stat);
}

function insertNode(parts: Parts, refs: TreeRefs, key: string, data: Bytes | null, acl: Acl, stat: StatPersisted): void {
  const node = draftOf(stat, data, acl, noNames);
  node.digest = nodeDigest(key, data, stat);
  const tree = own(parts, refs.tree);
  tree.nodeCount++;
  tree.digest += node.digest;
  own(parts, chunkOf(refs, key)).set(key, node);
  if (stat.ephemeralOwner === NO_SESSION) return;
  if (!isEphemeral(node)) {
    own(parts, refs.containers).set(key, node.ephemeralOwner);
    return;
  }
  const index = own(parts, refs.ephemerals);
  index.set(node.ephemeralOwner, withName(index.get(node.ephemeralOwner) ?? noNames, key));
}

function putNode(parts: Parts, refs: TreeRefs, key: string, before: Znode, node: Znode): void {
  if (before.digest !== node.digest) own(parts, refs.tree).digest += node.digest - before.digest;
  own(parts, chunkOf(refs, key)).set(key, node);
}

function removeNode(parts: Parts, refs: TreeRefs, key: string, node: Znode): void {
  const tree = own(parts, refs.tree);
  tree.nodeCount--;
  tree.digest -= node.digest;
  own(parts, chunkOf(refs, key)).delete(key);
  if (node.ephemeralOwner === NO_SESSION) return;
  if (!isEphemeral(node)) {
    own(parts, refs.containers).delete(key);
    return;
  }
  const index = own(parts, refs.ephemerals);
  const rest = withoutName(index.get(node.ephemeralOwner) ?? noNames, key);
  if (rest.length === 0) index.delete(node.ephemeralOwner);
  else index.set(node.ephemeralOwner, rest);
}

function keyOf(path: string): string {
  return path === '/' ? '' : path;
}

/** By the last units of the path: sequential and numbered siblings spread, long paths cost no more than short ones. */
function chunkOf(refs: TreeRefs, key: string): Ref<TreeChunk> {
  const { chunks } = refs;
  let hash = key.length;
  for (let i = Math.max(0, key.length - 6); i < key.length; i++) hash = Math.imul(hash, 31) + key.charCodeAt(i);
  const chunk = chunks[(hash ^ (hash >>> 5)) & (chunks.length - 1)];
  assert(chunk !== undefined, 'a tree needs a power of two of chunks');
  return chunk;
}

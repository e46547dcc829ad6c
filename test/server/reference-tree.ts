// The data tree as one would write it without a thought for speed, snapshots or pipelines: every request is done at once, in order.

import type { Bytes } from '../../src/base/bytes.ts';
import type { ErrorCode, Operation, Stat } from '../../src/server/protocol.ts';
import { NO_SESSION } from '../../src/server/protocol.ts';

interface ReferenceNode {
  data: Bytes | null;
  czxid: number;
  mzxid: number;
  pzxid: number;
  ctime: number;
  mtime: number;
  version: number;
  creates: number;
  deletes: number;
  owner: string;
}

export interface ReferenceAnswer {
  readonly error: ErrorCode;
  /** The path created, or the codes of a multi. */
  readonly detail: unknown;
}

export interface ReferenceTree {
  nodes: Map<string, ReferenceNode>;
}

export function makeReferenceTree(): ReferenceTree {
  const nodes = new Map<string, ReferenceNode>();
  for (const path of ['/', '/zookeeper', '/zookeeper/config', '/zookeeper/quota']) nodes.set(path, makeNode(0, 0, '' as Bytes, NO_SESSION));
  return { nodes };
}

function makeNode(zxid: number, time: number, data: Bytes | null, owner: string): ReferenceNode {
  return { data, czxid: zxid, mzxid: zxid, pzxid: zxid, ctime: time, mtime: time, version: 0, creates: 0, deletes: 0, owner };
}

export function perform(tree: ReferenceTree, operation: Operation, session: string, zxid: number, time: number): ReferenceAnswer {
  if (operation.op === 'closeSession') {
    const paths = [...tree.nodes].filter(([, node]) => node.owner === session).map(([path]) => path);
    for (const path of paths) removeNode(tree, path, zxid);
    return { error: 'OK', detail: paths.sort() };
  }
  if (operation.op !== 'multi') return performOne(tree, operation, session, zxid, time);
  const before = new Map([...tree.nodes].map(([path, node]) => [path, { ...node }]));
  const codes: ErrorCode[] = [];
  let failed = false;
  for (const each of operation.ops) {
    const error: ErrorCode = failed ? 'RUNTIMEINCONSISTENCY' : performOne(tree, each, session, zxid, time).error;
    failed ||= error !== 'OK';
    codes.push(error);
  }
  if (failed) tree.nodes = before;
  return { error: 'OK', detail: codes };
}

function performOne(tree: ReferenceTree, operation: Operation, session: string, zxid: number, time: number): ReferenceAnswer {
  const fail = (error: ErrorCode): ReferenceAnswer => ({ error, detail: null });
  if (!('path' in operation) || operation.path === null) throw new Error(operation.op);
  const node = tree.nodes.get(operation.path);
  const parent = tree.nodes.get(parentOf(operation.path));
  switch (operation.op) {
    case 'create': {
      if (parent === undefined) return fail('NONODE');
      const suffix = operation.mode.endsWith('SEQUENTIAL') ? String(parent.creates).padStart(10, '0') : '';
      const path = operation.path + suffix;
      if (tree.nodes.has(path)) return fail('NODEEXISTS');
      if (parent.owner !== NO_SESSION) return fail('NOCHILDRENFOREPHEMERALS');
      parent.creates++;
      parent.pzxid = zxid;
      tree.nodes.set(path, makeNode(zxid, time, operation.data, operation.mode.startsWith('EPHEMERAL') ? session : NO_SESSION));
      return { error: 'OK', detail: path };
    }
    case 'delete':
      if (node === undefined) return fail('NONODE');
      if (operation.version !== -1 && operation.version !== node.version) return fail('BADVERSION');
      if (namesBelow(tree, operation.path).length > 0) return fail('NOTEMPTY');
      removeNode(tree, operation.path, zxid);
      return { error: 'OK', detail: null };
    case 'setData':
    case 'check':
      if (node === undefined) return fail('NONODE');
      if (operation.version !== -1 && operation.version !== node.version) return fail('BADVERSION');
      if (operation.op === 'setData') Object.assign(node, { data: operation.data, version: node.version + 1, mzxid: zxid, mtime: time });
      return { error: 'OK', detail: null };
    default:
      throw new Error(operation.op);
  }
}

function removeNode(tree: ReferenceTree, path: string, zxid: number): void {
  tree.nodes.delete(path);
  const parent = tree.nodes.get(parentOf(path));
  if (parent === undefined) throw new Error(path);
  parent.deletes++;
  parent.pzxid = zxid;
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(1, path.lastIndexOf('/')));
}

function namesBelow(tree: ReferenceTree, path: string): string[] {
  const below = [...tree.nodes.keys()].filter((each) => each !== '/' && parentOf(each) === path);
  return below.map((each) => each.slice(each.lastIndexOf('/') + 1)).sort();
}

export interface ReferenceEntry {
  readonly path: string;
  readonly data: Bytes | null;
  readonly children: readonly string[];
  readonly stat: Stat;
}

/** Every node with its Stat: the exposed cversion counts creates and deletes, beginning at minus the children that were there first (TREE-04). */
export function entriesOf(tree: ReferenceTree): ReferenceEntry[] {
  const first = new Map([
    ['/', 1],
    ['/zookeeper', 2],
  ]);
  return [...tree.nodes]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, node]) => {
      const children = namesBelow(tree, path);
      const { data, czxid, mzxid, pzxid, ctime, mtime, version } = node;
      const cversion = node.creates + node.deletes - (first.get(path) ?? 0);
      const aversion = path === '/zookeeper/config' ? -1 : 0;
      const counts = { dataLength: data?.length ?? 0, numChildren: children.length };
      const stat = { czxid, mzxid, pzxid, ctime, mtime, version, cversion, aversion, ephemeralOwner: node.owner, ...counts };
      return { path, data, children, stat };
    });
}

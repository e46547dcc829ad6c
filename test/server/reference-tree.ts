// The data tree as one would write it without a thought for speed, snapshots or pipelines: every request is done at once, in order.

import type { Bytes } from '../../src/base/bytes.ts';
import type { Acl, ErrorCode, Id, Operation, Stat } from '../../src/server/protocol.ts';
import { NO_SESSION, OPEN_ACL_UNSAFE, READ_ACL_UNSAFE } from '../../src/server/protocol.ts';

interface ReferenceNode {
  data: Bytes | null;
  acl: Acl;
  czxid: number;
  mzxid: number;
  pzxid: number;
  ctime: number;
  mtime: number;
  version: number;
  aversion: number;
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

/** Who asks, and when. */
export interface Asker {
  readonly session: string;
  readonly authInfo: readonly Id[];
  readonly zxid: number;
  readonly time: number;
}

const nobody: Asker = { session: NO_SESSION, authInfo: [], zxid: 0, time: 0 };

export function makeReferenceTree(): ReferenceTree {
  const nodes = new Map<string, ReferenceNode>();
  for (const path of ['/', '/zookeeper', '/zookeeper/config', '/zookeeper/quota']) {
    nodes.set(path, makeNode(nobody, '' as Bytes, OPEN_ACL_UNSAFE, NO_SESSION));
  }
  Object.assign(nodes.get('/zookeeper/config')!, { acl: READ_ACL_UNSAFE, aversion: -1 });
  return { nodes };
}

function makeNode({ zxid, time }: Asker, data: Bytes | null, acl: Acl, owner: string): ReferenceNode {
  const stat = { czxid: zxid, mzxid: zxid, pzxid: zxid, ctime: time, mtime: time, version: 0, aversion: 0 };
  return { data, acl, ...stat, creates: 0, deletes: 0, owner };
}

export function perform(tree: ReferenceTree, operation: Operation, asker: Asker): ReferenceAnswer {
  if (operation.op === 'closeSession') {
    const paths = [...tree.nodes].filter(([, node]) => node.owner === asker.session).map(([path]) => path);
    for (const path of paths) removeNode(tree, path, asker.zxid);
    return { error: 'OK', detail: paths.sort() };
  }
  if (operation.op !== 'multi') return performOne(tree, operation, asker);
  const before = new Map([...tree.nodes].map(([path, node]) => [path, { ...node }]));
  const codes: ErrorCode[] = [];
  let failed = false;
  for (const each of operation.ops) {
    const error: ErrorCode = failed ? 'RUNTIMEINCONSISTENCY' : performOne(tree, each, asker).error;
    failed ||= error !== 'OK';
    codes.push(error);
  }
  if (failed) tree.nodes = before;
  return { error: 'OK', detail: codes };
}

const fail = (error: ErrorCode): ReferenceAnswer => ({ error, detail: null });
const ok: ReferenceAnswer = { error: 'OK', detail: null };

function performOne(tree: ReferenceTree, operation: Operation, asker: Asker): ReferenceAnswer {
  if (!('path' in operation) || operation.path === null) throw new Error(operation.op);
  const node = tree.nodes.get(operation.path);
  const parent = tree.nodes.get(parentOf(operation.path));
  const isOther = (version: number): boolean => 'version' in operation && operation.version !== -1 && operation.version !== version;
  switch (operation.op) {
    case 'create':
    case 'create2':
    case 'createContainer':
    case 'createTTL':
      return performCreate(tree, operation, asker);
    case 'delete':
      if (parent === undefined || !may(parent, 8, asker)) return fail(parent === undefined ? 'NONODE' : 'NOAUTH');
      if (node === undefined) return fail('NONODE');
      if (isOther(node.version)) return fail('BADVERSION');
      if (namesBelow(tree, operation.path).length > 0) return fail('NOTEMPTY');
      removeNode(tree, operation.path, asker.zxid);
      return ok;
    case 'deleteContainer':
      if (node === undefined) return fail('NONODE');
      if (namesBelow(tree, operation.path).length > 0) return fail('NOTEMPTY');
      if (isOfSession(node)) return fail('BADVERSION');
      removeNode(tree, operation.path, asker.zxid);
      return ok;
    case 'setData':
    case 'check':
      if (node === undefined) return fail('NONODE');
      if (!may(node, operation.op === 'check' ? 1 : 2, asker)) return fail('NOAUTH');
      if (isOther(node.version)) return fail('BADVERSION');
      if (operation.op === 'check') return ok;
      Object.assign(node, { data: operation.data, version: node.version + 1, mzxid: asker.zxid, mtime: asker.time });
      return ok;
    case 'setACL': {
      const acl = listOf(operation.acl, asker);
      if (acl === null) return fail('INVALIDACL');
      if (node === undefined) return fail('NONODE');
      if (!may(node, 16, asker)) return fail('NOAUTH');
      if (isOther(node.aversion)) return fail('BADVERSION');
      Object.assign(node, { acl, aversion: node.aversion + 1 });
      return ok;
    }
    default:
      throw new Error(operation.op);
  }
}

type Create = Extract<Operation, { readonly mode: unknown; readonly acl: unknown }>;

function performCreate(tree: ReferenceTree, operation: Create, asker: Asker): ReferenceAnswer {
  const acl = listOf(operation.acl, asker);
  if (acl === null) return fail('INVALIDACL');
  const parent = tree.nodes.get(parentOf(operation.path));
  if (parent === undefined) return fail('NONODE');
  if (!may(parent, 4, asker)) return fail('NOAUTH');
  const suffix = operation.mode.includes('SEQUENTIAL') ? String(parent.creates).padStart(10, '0') : '';
  const path = operation.path + suffix;
  if (tree.nodes.has(path)) return fail('NODEEXISTS');
  if (isOfSession(parent)) return fail('NOCHILDRENFOREPHEMERALS');
  parent.creates++;
  parent.pzxid = asker.zxid;
  tree.nodes.set(path, makeNode(asker, operation.data, acl, ownerOf(operation, asker)));
  return { error: 'OK', detail: path };
}

function ownerOf(operation: Create, { session }: Asker): string {
  if (operation.op === 'createContainer') return '8000000000000000';
  if (operation.op === 'createTTL') return `ff${operation.ttlMs.toString(16).padStart(14, '0')}`;
  return operation.mode.startsWith('EPHEMERAL') ? session : NO_SESSION;
}

function isOfSession({ owner }: ReferenceNode): boolean {
  return owner !== NO_SESSION && !owner.startsWith('8') && !owner.startsWith('f');
}

/** Of world and digest; `auth` is the digest ids of who asks. */
function may({ acl }: ReferenceNode, bit: number, { authInfo }: Asker): boolean {
  const names = new Set(['world anyone', ...authInfo.map(({ scheme, id }) => `${scheme} ${id}`)]);
  return names.has('super ') || acl.some(({ perms, scheme, id }) => (perms & bit) > 0 && names.has(`${scheme} ${id}`));
}

function listOf(acl: Acl, { authInfo }: Asker): Acl | null {
  const ids = authInfo.filter(({ scheme }) => scheme === 'digest');
  const list = acl.flatMap((entry) => (entry.scheme === 'auth' ? ids.map((id) => ({ perms: entry.perms, ...id })) : [entry]));
  return list.length === 0 ? null : list;
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
  readonly acl: Acl;
  readonly owner: string;
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
      const { data, acl, owner, czxid, mzxid, pzxid, ctime, mtime, version, aversion } = node;
      const cversion = node.creates + node.deletes - (first.get(path) ?? 0);
      const ephemeralOwner = isOfSession(node) ? owner : NO_SESSION;
      const counts = { dataLength: data?.length ?? 0, numChildren: children.length };
      const stat = { czxid, mzxid, pzxid, ctime, mtime, version, cversion, aversion, ephemeralOwner, ...counts };
      return { path, data, acl, owner, children, stat };
    });
}

/** Nodes and bytes at and below a path. */
export function usageOf(tree: ReferenceTree, path: string): { count: number; bytes: number } {
  const nodes = [...tree.nodes].filter(([each]) => each === path || each.startsWith(`${path}/`));
  return { count: nodes.length, bytes: nodes.reduce((sum, [, { data }]) => sum + (data?.length ?? 0), 0) };
}

/** zkCli's commands on whole subtrees, with the requests that ZKUtil makes. No snapshot: others may change the tree meanwhile. */
import { compareText } from '../base/text.ts';
import type { Acl, ErrorCode, Operation } from '../server/protocol.ts';
import type { ClientOperation } from './items.ts';
import { errorOf, type Program, type SequenceOutcome, type Told } from './sequence.ts';

const DONE: SequenceOutcome = { error: 'OK', told: [] };

export function failed(error: ErrorCode): SequenceOutcome {
  return { error, told: [] };
}

function childPath(parent: string, name: string): string {
  return parent === '/' ? `/${name}` : `${parent}/${name}`;
}

/** The names below a node, by the request that has no Stat (op getChildren) or the one that has; an error code if there are none. */
export function* childrenOf(path: string, op: 'getChildren' | 'getChildren2', watch = false): Program<readonly string[] | ErrorCode> {
  const { error, result } = yield { op, path, watch };
  return error === 'OK' && result !== null && 'children' in result ? result.children : error;
}

/**
 * ZKUtil.deleteRecursive: lists the subtree breadth first, then deletes from its end, in multis of `batchSize` or one by one for 0. Java has
 * up to ten of them on their way at a time; here each waits for the one before.
 */
export function* deleteAll(root: string, batchSize: number): Program {
  const tree = [root];
  for (const path of tree) {
    const children = yield* childrenOf(path, 'getChildren');
    if (typeof children === 'string') return failed(children);
    for (const name of children) tree.push(childPath(path, name));
  }
  const deletes = tree.reverse().map((path): Operation & ClientOperation => ({ op: 'delete', path, version: -1 }));
  if (batchSize <= 0) {
    for (const operation of deletes) {
      const { error } = yield operation;
      if (error !== 'OK') return failed(error);
    }
    return DONE;
  }
  for (let i = 0; i < deletes.length; i += batchSize) {
    const error = errorOf(yield { op: 'multi', ops: deletes.slice(i, i + batchSize) });
    if (error !== 'OK') return { error, told: [{ key: 'not-all-deleted' }] };
  }
  return DONE;
}

/** What it asks for at a node, if anything. */
type Visitor = (path: string) => Program<SequenceOutcome | null> | null;

/**
 * ZKUtil.visitSubTreeDFS: the root is read, not listed, to see that it is there; the children of a node are all visited before any of
 * theirs. A visitor that returns something ends it. Returns null at the end.
 */
export function* visitSubTree(root: string, watch: boolean, visit: Visitor): Program<SequenceOutcome | null> {
  const { error } = yield { op: 'getData', path: root, watch };
  if (error !== 'OK') return failed(error);
  return (yield* visitOne(root, visit)) ?? (yield* visitBelow(root, watch, visit));
}

function* visitOne(path: string, visit: Visitor): Program<SequenceOutcome | null> {
  const visited = visit(path);
  return visited === null ? null : yield* visited;
}

function* visitBelow(parent: string, watch: boolean, visit: Visitor): Program<SequenceOutcome | null> {
  const children = yield* childrenOf(parent, 'getChildren2', watch);
  if (children === 'NONODE') return null; // deleted meanwhile
  if (typeof children === 'string') return failed(children);
  const paths = children.toSorted(compareText).map((name) => childPath(parent, name));
  for (const path of paths) {
    const end = yield* visitOne(path, visit);
    if (end !== null) return end;
  }
  for (const path of paths) {
    const end = yield* visitBelow(path, watch, visit);
    if (end !== null) return end;
  }
  return null;
}

export function* lsRecursive(root: string, watch: boolean): Program {
  const told: Told[] = [];
  const end = yield* visitSubTree(root, watch, (path) => {
    told.push({ key: 'path', path });
    return null;
  });
  return { error: end?.error ?? 'OK', told };
}

/** A node whose ACL cannot be set is told of, and the rest goes on. */
export function* setAclRecursive(root: string, acl: Acl, version: number): Program {
  const told: Told[] = [];
  const end = yield* visitSubTree(root, false, function* set(path) {
    const { error } = yield { op: 'setACL', path, acl, version };
    if (error !== 'OK') told.push({ key: 'acl-not-set', path, error });
    return null;
  });
  return { error: end?.error ?? 'OK', told };
}

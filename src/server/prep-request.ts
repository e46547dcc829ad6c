/**
 * The pure half of PrepRequestProcessor: validates a write against the tree as the outstanding proposals will leave it (VAL-16), in ZooKeeper's
 * order of checks, and makes the transaction and its change records. A request that fails becomes an ErrorTxn.
 */
import { assert, Bug } from '../base/assert.ts';
import type { Bytes } from '../base/bytes.ts';
import { at, lengthOf } from '../base/deque.ts';
import { peek } from '../base/parts.ts';
import { compareText } from '../base/text.ts';
import type { Zxid } from '../base/zxid.ts';
import type { Txn } from '../zab/txn.ts';
import type { ServerContext } from './context.ts';
import { ephemeralsOf, nodeAt } from './data-tree.ts';
import { digestText, nodeDigest } from './digest.ts';
import {
  addOutstanding,
  clearOutstandingChanges,
  forgetUpTo,
  lastOutstanding,
  outstandingFor,
  rollBack,
  type PendingNode,
} from './outstanding-changes.ts';
import { isSpecialPath, isValidPath, parentOf, sequenceSuffix } from './path.ts';
import { NO_SESSION, type CreateMode, type CreateOperation, type ErrorCode, type Operation } from './protocol.ts';
import { putSession } from './session-table.ts';
import { bytesOfTxn, makeErrorTxn, type CreateSessionTxn, type SubTxn, type TxnBody } from './txn-body.ts';
import { isEphemeral, statOfNew, type StatPersisted } from './znode.ts';

/** What every check and record of one request needs. */
interface Prep {
  readonly ctx: ServerContext;
  readonly session: string;
  readonly zxid: Zxid;
  readonly timeMs: number;
  /** SESSIONEXPIRED or SESSIONMOVED, when the tracker said so: every operation but closeSession begins with this check. */
  readonly sessionCheck: ErrorCode;
}

/** The transaction of a write with a fresh zxid; its change records are added. `sessionCheck` is what the tracker says of the session. */
export function prepareRequest(
  ctx: ServerContext,
  session: string,
  operation: Operation,
  zxid: Zxid,
  timeMs: number,
  sessionCheck: ErrorCode = 'OK',
): TxnBody {
  const prep: Prep = { ctx, session, zxid, timeMs, sessionCheck };
  switch (operation.op) {
    case 'multi':
      return prepareMulti(prep, operation.ops);
    case 'closeSession':
      return prepareCloseSession(prep);
    default: {
      const made = prepareOperation(prep, operation);
      return typeof made === 'string' ? makeErrorTxn(made) : made;
    }
  }
}

/** The session's own transaction; the tracker's half is the caller's. */
export function prepareCreateSession(ctx: ServerContext, session: string, timeoutMs: number): CreateSessionTxn {
  // ZOOKEEPER-2926: an uncommitted session in the table gets into snapshots and stays when the leader fails.
  if (!ctx.decide.server.sessionEntersTableAtCommit) putSession(ctx.parts, ctx.refs.sessions, session, timeoutMs);
  return { type: 'createSession', timeoutMs };
}

/** The transaction around a body that was just prepared: its digest is the tree's after it (DIG-04). */
export function makeTxn(ctx: ServerContext, session: string, cxid: number, zxid: Zxid, timeMs: number, body: TxnBody): Txn {
  return { type: 'txn', zxid, session, cxid, timeMs, body, digest: digestText(currentTreeDigest(ctx)), bytes: bytesOfTxn(body) };
}

/** The transaction `zxid` is applied: the tree holds what its records foretold (PIPE-14). */
export function forgetOutstanding(ctx: ServerContext, zxid: Zxid): void {
  forgetUpTo(ctx.parts, ctx.refs.outstanding, zxid);
}

/** A role begins or ends: the records belong to the leader's server object. */
export function clearOutstanding(ctx: ServerContext): void {
  clearOutstandingChanges(ctx.parts, ctx.refs.outstanding);
}

/** MULTI-01: one zxid, each operation sees what those before it will do; a failure takes all of it back (TREE-11). */
function prepareMulti(prep: Prep, ops: readonly Operation[]): TxnBody {
  if (!ops.every(isMultiOperation)) return makeErrorTxn('MARSHALLINGERROR'); // MULTI-02
  const txns: SubTxn[] = [];
  let failed = false;
  for (const op of ops) {
    const made = failed ? 'RUNTIMEINCONSISTENCY' : prepareOperation(prep, op);
    if (typeof made === 'string') {
      if (!failed) rollBack(prep.ctx.parts, prep.ctx.refs.outstanding, prep.zxid);
      failed = true;
      txns.push(makeErrorTxn(made));
    } else txns.push(made);
  }
  return { type: 'multi', txns };
}

function isMultiOperation(operation: Operation): boolean {
  return operation.op === 'create' || operation.op === 'delete' || operation.op === 'setData' || operation.op === 'check';
}

function prepareOperation(prep: Prep, operation: Operation): SubTxn | ErrorCode {
  switch (operation.op) {
    case 'create':
    case 'create2':
      return prepareCreate(prep, operation);
    case 'delete':
      return prepareDelete(prep, operation);
    case 'setData':
      return prepareSetData(prep, operation);
    case 'check':
      return prepareCheck(prep, operation);
    default:
      throw new Bug(`${operation.op} makes no transaction`);
  }
}

/** VAL-01. */
function prepareCreate(prep: Prep, operation: CreateOperation): SubTxn | ErrorCode {
  if (prep.sessionCheck !== 'OK') return prep.sessionCheck;
  const parentKey = parentOf(operation.path);
  if (parentKey === null) return 'BADARGUMENTS';
  const parent = recordFor(prep.ctx, parentKey);
  if (parent === null) return 'NONODE';
  const path = isSequential(operation.mode) ? operation.path + sequenceSuffix(parent.cversion) : operation.path;
  if (!isValidPath(path)) return 'BADARGUMENTS';
  if (recordFor(prep.ctx, path) !== null) return 'NODEEXISTS';
  if (isEphemeral(parent)) return 'NOCHILDRENFOREPHEMERALS';
  const parentCVersion = (parent.cversion + 1) | 0;
  const ephemeral = operation.mode === 'EPHEMERAL' || operation.mode === 'EPHEMERAL_SEQUENTIAL';
  const { zxid, timeMs } = prep;
  const next = draftOf(parent, parent.data, parent.childCount + 1);
  next.cversion = parentCVersion;
  next.pzxid = zxid;
  addChange(prep, parentKey, parent, next);
  addChange(prep, path, null, draftOf(statOfNew(zxid, timeMs, ephemeral ? prep.session : NO_SESSION), operation.data, 0));
  return { type: 'create', path, data: operation.data, ephemeral, parentCVersion };
}

function isSequential(mode: CreateMode | 'UNKNOWN'): boolean {
  return mode === 'PERSISTENT_SEQUENTIAL' || mode === 'EPHEMERAL_SEQUENTIAL';
}

/** VAL-02; the full path rules do not apply (VAL-17). */
function prepareDelete(prep: Prep, operation: Extract<Operation, { op: 'delete' }>): SubTxn | ErrorCode {
  if (prep.sessionCheck !== 'OK') return prep.sessionCheck;
  const { path } = operation;
  const parentKey = parentOf(path);
  if (parentKey === null || isSpecialPath(path)) return 'BADARGUMENTS';
  const parent = recordFor(prep.ctx, parentKey);
  if (parent === null) return 'NONODE';
  const node = recordFor(prep.ctx, path);
  if (node === null) return 'NONODE';
  if (!isExpected(node.version, operation.version)) return 'BADVERSION';
  if (node.childCount > 0) return 'NOTEMPTY';
  addDeletion(prep, parentKey, parent, path, node);
  return { type: 'delete', path };
}

/** VAL-03. */
function prepareSetData(prep: Prep, operation: Extract<Operation, { op: 'setData' }>): SubTxn | ErrorCode {
  if (prep.sessionCheck !== 'OK') return prep.sessionCheck;
  const { path, data } = operation;
  if (!isValidPath(path)) return 'BADARGUMENTS';
  const node = recordFor(prep.ctx, path);
  if (node === null) return 'NONODE';
  if (!isExpected(node.version, operation.version)) return 'BADVERSION';
  const version = nextVersion(node.version);
  const next = draftOf(node, data, node.childCount);
  next.version = version;
  next.mzxid = prep.zxid;
  next.mtime = prep.timeMs;
  addChange(prep, path, node, next);
  return { type: 'setData', path, data, version };
}

/** VAL-05. */
function prepareCheck(prep: Prep, operation: Extract<Operation, { op: 'check' }>): SubTxn | ErrorCode {
  if (prep.sessionCheck !== 'OK') return prep.sessionCheck;
  const { path } = operation;
  if (!isValidPath(path)) return 'BADARGUMENTS';
  const node = recordFor(prep.ctx, path);
  if (node === null) return 'NONODE';
  if (!isExpected(node.version, operation.version)) return 'BADVERSION';
  return { type: 'check', path, version: nextVersion(node.version) };
}

/**
 * SESS-20: no session check, since it also comes from the expiry. The paths go by UTF-16 unit: the real order is a hash set's (SESS-21). Java
 * forgets to count the children off their parents here, so that a delete of the parent fails with NOTEMPTY until the close is applied.
 */
function prepareCloseSession(prep: Prep): TxnBody {
  const paths = pendingEphemerals(prep.ctx, prep.session);
  for (const path of paths) {
    const parentKey = parentOf(path);
    assert(parentKey !== null, () => `an ephemeral at ${path}`);
    const parent = recordFor(prep.ctx, parentKey);
    const node = recordFor(prep.ctx, path);
    assert(parent !== null && node !== null, () => `the ephemeral ${path} is not there`);
    addDeletion(prep, parentKey, parent, path, node);
  }
  return { type: 'closeSession', paths2Delete: paths };
}

/** The session's ephemerals once all that is outstanding is applied. */
function pendingEphemerals(ctx: ServerContext, session: string): string[] {
  const { records } = peek(ctx.parts, ctx.refs.outstanding);
  const paths = new Set(ephemeralsOf(ctx.parts, ctx.refs, session));
  for (let i = 0; i < lengthOf(records); i++) {
    const record = at(records, i);
    if (record.node === null) paths.delete(record.key);
    else if (record.node.ephemeralOwner === session) paths.add(record.key);
  }
  return [...paths].sort(compareText);
}

/** VAL-14. */
function isExpected(version: number, expected: number): boolean {
  return expected === -1 || expected === version;
}

/** ZOOKEEPER-4743: -1 is skipped, since no client could ask for it. */
function nextVersion(version: number): number {
  const next = (version + 1) | 0;
  return next === -1 ? 0 : next;
}

/** getRecordForPath. The root is one node under two names; Java keeps records of both, which then miss each other's changes. */
function recordFor(ctx: ServerContext, path: string): PendingNode | null {
  const change = outstandingFor(ctx.parts, ctx.refs.outstanding, path === '/' ? '' : path);
  if (change !== null) return change.node;
  const node = nodeAt(ctx.parts, ctx.refs, path);
  if (node === null) return null;
  const record = draftOf(node, node.data, node.children.length);
  record.digest = node.digest;
  return record;
}

/** The parent first, as the tree does it too. */
function addDeletion(prep: Prep, parentKey: string, parent: PendingNode, path: string, node: PendingNode): void {
  const next = draftOf(parent, parent.data, parent.childCount - 1);
  next.pzxid = prep.zxid;
  addChange(prep, parentKey, parent, next);
  addChange(prep, path, node, null);
}

type Draft = { -readonly [K in keyof PendingNode]: PendingNode[K] };

/** A pending node in the making, without a digest. */
function draftOf(stat: StatPersisted, data: Bytes | null, childCount: number): Draft {
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
    childCount,
    digest: 0,
  };
}

/** precalculateDigest and addChangeRecord: `before` becomes `after`; null for a node that is not there. */
function addChange(prep: Prep, path: string, before: PendingNode | null, after: Draft | null): void {
  const { ctx, zxid } = prep;
  const key = path === '/' ? '' : path;
  let treeDigest = currentTreeDigest(ctx);
  if (before !== null) treeDigest -= before.digest;
  if (after !== null) {
    after.digest = nodeDigest(key, after.data, after);
    treeDigest += after.digest;
  }
  addOutstanding(ctx.parts, ctx.refs.outstanding, { zxid, key, node: after, treeDigest });
}

/** The tree's digest once all that is outstanding is applied. */
function currentTreeDigest(ctx: ServerContext): number {
  return lastOutstanding(ctx.parts, ctx.refs.outstanding)?.treeDigest ?? peek(ctx.parts, ctx.refs.tree).digest;
}

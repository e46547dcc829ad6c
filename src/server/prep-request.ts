/**
 * The pure half of PrepRequestProcessor: validates a write against the tree as the outstanding proposals will leave it (VAL-16), in ZooKeeper's
 * order of checks, and makes the transaction and its change records. A request that fails becomes an ErrorTxn.
 */
import { assert, Bug } from '../base/assert.ts';
import { at, lengthOf } from '../base/deque.ts';
import { peek } from '../base/parts.ts';
import { compareText } from '../base/text.ts';
import type { Zxid } from '../base/zxid.ts';
import type { Txn } from '../zab/txn.ts';
import { fixupAcl } from './acl.ts';
import type { ServerContext } from './context.ts';
import { ephemeralsOf } from './data-tree.ts';
import { digestText } from './digest.ts';
import { clearOutstandingChanges, forgetUpTo, rollBack } from './outstanding-changes.ts';
import { isSpecialPath, isValidPath, parentOf } from './path.ts';
import { prepareCreate } from './prep-create.ts';
import { multiOperations } from './prep-multi.ts';
import { addChange, addDeletion, currentTreeDigest, draftOf, mayDo, recordFor, type Prep } from './prep-record.ts';
import { NO_SESSION, PERMS, type ErrorCode, type Operation } from './protocol.ts';
import { quotaExceeded } from './quota-check.ts';
import { putSession } from './session-table.ts';
import { bytesOfTxn, makeErrorTxn, type CreateSessionTxn, type SubTxn, type TxnBody } from './txn-body.ts';
import { isEphemeral } from './znode.ts';

/** The transaction of a write with a fresh zxid; its change records are added. */
export function prepareRequest(prep: Prep, operation: Operation): TxnBody {
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
  const operations = multiOperations(prep.ctx, ops);
  if (operations === null) return makeErrorTxn('MARSHALLINGERROR'); // MULTI-02
  const txns: SubTxn[] = [];
  let failed = false;
  for (const operation of operations) {
    const made = failed ? 'RUNTIMEINCONSISTENCY' : prepareOperation(prep, operation);
    if (typeof made === 'string') {
      if (!failed) rollBack(prep.ctx.parts, prep.ctx.refs.outstanding, prep.zxid);
      if (made === 'MARSHALLINGERROR') return makeErrorTxn(made); // PIPE-13: an exception is no operation's error
      failed = true;
      txns.push(makeErrorTxn(made));
    } else txns.push(made);
  }
  return { type: 'multi', txns };
}

function prepareOperation(prep: Prep, operation: Operation): SubTxn | ErrorCode {
  switch (operation.op) {
    case 'create':
    case 'create2':
    case 'createContainer':
    case 'createTTL':
      return prepareCreate(prep, operation);
    case 'delete':
      return prepareDelete(prep, operation);
    case 'deleteContainer':
      return prepareDeleteContainer(prep, operation);
    case 'setData':
      return prepareSetData(prep, operation);
    case 'setACL':
      return prepareSetAcl(prep, operation);
    case 'check':
      return prepareCheck(prep, operation);
    case 'reconfig':
      return 'RECONFIGDISABLED'; // RCFG-04: before the session is looked at
    case 'undecodable':
      return 'MARSHALLINGERROR'; // VAL-18
    default:
      throw new Bug(`${operation.op} makes no transaction`);
  }
}

/** VAL-02; the full path rules do not apply (VAL-17). */
function prepareDelete(prep: Prep, operation: Extract<Operation, { op: 'delete' }>): SubTxn | ErrorCode {
  if (prep.sessionCheck !== 'OK') return prep.sessionCheck;
  const { path } = operation;
  const parentKey = parentOf(path);
  if (parentKey === null || isSpecialPath(path)) return 'BADARGUMENTS';
  const parent = recordFor(prep.ctx, parentKey);
  if (parent === null) return 'NONODE';
  if (!mayDo(prep, parent.acl, PERMS.DELETE)) return 'NOAUTH';
  const node = recordFor(prep.ctx, path);
  if (node === null) return 'NONODE';
  if (!isExpected(node.version, operation.version)) return 'BADVERSION';
  if (node.childCount > 0) return 'NOTEMPTY';
  addDeletion(prep, parentKey, parent, path, node);
  return { type: 'delete', path };
}

/**
 * VAL-06: neither the session nor an ACL is looked at, though a client may ask for it. 3.8.0 takes the whole body for the path, which is right
 * for the container manager's requests and begins with a length for those of clients (OP-20).
 */
function prepareDeleteContainer(prep: Prep, { path }: Extract<Operation, { op: 'deleteContainer' }>): SubTxn | ErrorCode {
  const { ctx } = prep;
  if (prep.session !== NO_SESSION && !ctx.decide.server.decodesDeleteContainer) return 'BADARGUMENTS';
  const parentKey = parentOf(path);
  if (parentKey === null || isSpecialPath(path)) return 'BADARGUMENTS';
  const node = recordFor(ctx, path);
  if (node === null) return 'NONODE';
  if (node.childCount > 0) return 'NOTEMPTY';
  if (isEphemeral(node)) return 'BADVERSION';
  const parent = recordFor(ctx, parentKey);
  if (parent === null) return 'NONODE';
  addDeletion(prep, parentKey, parent, path, node);
  return { type: 'deleteContainer', path };
}

/** VAL-03. */
function prepareSetData(prep: Prep, operation: Extract<Operation, { op: 'setData' }>): SubTxn | ErrorCode {
  if (prep.sessionCheck !== 'OK') return prep.sessionCheck;
  const { path, data } = operation;
  if (!isValidPath(path)) return 'BADARGUMENTS';
  const node = recordFor(prep.ctx, path);
  if (node === null) return 'NONODE';
  if (!mayDo(prep, node.acl, PERMS.WRITE)) return 'NOAUTH';
  const exceeded = quotaExceeded(prep.ctx, path, node.data, data, 0);
  if (exceeded !== 'OK') return exceeded;
  if (!isExpected(node.version, operation.version)) return 'BADVERSION';
  const version = nextVersion(prep.ctx, node.version);
  const next = draftOf(node, data, node.acl, node.childCount);
  next.version = version;
  next.mzxid = prep.zxid;
  next.mtime = prep.timeMs;
  addChange(prep, path, node, next);
  return { type: 'setData', path, data, version };
}

/** VAL-04. */
function prepareSetAcl(prep: Prep, operation: Extract<Operation, { op: 'setACL' }>): SubTxn | ErrorCode {
  if (prep.sessionCheck !== 'OK') return prep.sessionCheck;
  const { path } = operation;
  if (!isValidPath(path)) return 'BADARGUMENTS';
  const acl = fixupAcl(operation.acl, prep.authInfo, prep.ctx.decide.server.aclTakesIpv6);
  if (acl === null) return 'INVALIDACL';
  const node = recordFor(prep.ctx, path);
  if (node === null) return 'NONODE';
  if (!mayDo(prep, node.acl, PERMS.ADMIN)) return 'NOAUTH';
  if (!isExpected(node.aversion, operation.version)) return 'BADVERSION';
  const version = nextVersion(prep.ctx, node.aversion);
  const next = draftOf(node, node.data, acl, node.childCount);
  next.aversion = version;
  addChange(prep, path, node, next);
  return { type: 'setACL', path, acl, version };
}

/** VAL-05. */
function prepareCheck(prep: Prep, operation: Extract<Operation, { op: 'check' }>): SubTxn | ErrorCode {
  if (prep.sessionCheck !== 'OK') return prep.sessionCheck;
  const { path } = operation;
  if (!isValidPath(path)) return 'BADARGUMENTS';
  const node = recordFor(prep.ctx, path);
  if (node === null) return 'NONODE';
  if (!mayDo(prep, node.acl, PERMS.READ)) return 'NOAUTH';
  if (!isExpected(node.version, operation.version)) return 'BADVERSION';
  return { type: 'check', path, version: nextVersion(prep.ctx, node.version) };
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
function nextVersion(ctx: ServerContext, version: number): number {
  const next = (version + 1) | 0;
  return next === -1 && ctx.decide.server.skipsVersionMinusOne ? 0 : next;
}

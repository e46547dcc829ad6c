/**
 * DataTree.processTxn and the session table: what a committed transaction does to this server. The same code replays logs over a fuzzy
 * snapshot, so it is idempotent and tolerates what is there already or no longer (DISK-23, DISK-24).
 *
 * A multi, and the deletions of a closeSession, go one by one: the snapshot thread may look between any two. `applyTxnStep` is one of them;
 * the caller makes each a step of its own where other threads can see it, or takes `applyTxn` for all.
 */
import { unreachable } from '../base/assert.ts';
import { own, peek } from '../base/parts.ts';
import { sortedKeys } from '../base/table.ts';
import type { Zxid } from '../base/zxid.ts';
import type { ZabContext } from '../zab/context.ts';
import type { Txn } from '../zab/txn.ts';
import { serverContext, type ServerContext } from './context.ts';
import { createNode, deleteNode, ephemeralsOf, nodeAt, setNodeAcl, setNodeData } from './data-tree.ts';
import { digestText } from './digest.ts';
import { ownerOf } from './prep-create.ts';
import { OPEN_ACL_UNSAFE, type Acl, type ErrorCode, type Result } from './protocol.ts';
import { hasQuotas, quotaAtCreate, quotaAtDelete, quotaAtSetData } from './quota.ts';
import { hasSession, putSession, removeSession, sessionTimeout } from './session-table.ts';
import { bodyOf, type AnyCreateTxn, type DeleteTxn, type MultiTxn, type SetAclTxn, type SetDataTxn, type SubTxn } from './txn-body.ts';
import { triggerCreated, triggerDataChanged, triggerDeleted, type WatchDelivery } from './watch-manager.ts';
import { dropUnreadable } from './watch-permission.ts';
import { statOf } from './znode.ts';

/** Plain data, so that a step can hand it to the next. */
export interface ApplyOutcome {
  readonly error: ErrorCode;
  /** Null for an error, and where no result was asked for. */
  readonly result: Result | null;
  /** In the order in which they are to be queued (WATCH-31). */
  readonly events: readonly WatchDelivery[];
  /** Ephemerals that a closeSession deleted. */
  readonly deleted: readonly string[];
}

interface Applied {
  readonly error: ErrorCode;
  readonly result: Result | null;
}

const done: Applied = { error: 'OK', result: null };
const none: readonly never[] = [];

export const NOTHING_APPLIED: ApplyOutcome = { error: 'OK', result: null, events: none, deleted: none };

/** Applies all of it. `withResult` is for the server whose client waits: a result costs a Stat. */
export function applyTxn(ctx: ServerContext, txn: Txn, withResult = true): ApplyOutcome {
  const steps = applySteps(ctx, txn);
  let outcome = NOTHING_APPLIED;
  for (let step = 0; step < steps; step++) outcome = applyTxnStep(ctx, txn, step, outcome, withResult);
  return outcome;
}

/** ZooKeeperServer.processTxn, of what a leader sends to bring this server up to date: to the session table as well (ZOOKEEPER-1367). */
export function applySynced(ctx: ServerContext, txn: Txn): void {
  const { session } = txn;
  const timeoutMs = sessionTimeout(ctx.parts, ctx.refs.sessions, session);
  applyTxn(ctx, txn, false);
  if (ctx.decide.server.syncFeedsSessionTable) return;
  if (timeoutMs === null) removeSession(ctx.parts, ctx.refs.sessions, session);
  else putSession(ctx.parts, ctx.refs.sessions, session, timeoutMs);
}

/** How many steps the transaction takes: 1 for all but multi, closeSession and a mutation. */
export function applySteps(ctx: ServerContext, txn: Txn): number {
  return operationsOf(txn) + (ctx.decide.server.advancesZxidBeforeApply ? 1 : 0);
}

function operationsOf(txn: Txn): number {
  const body = bodyOf(txn);
  if (body.type === 'multi') return Math.max(1, body.txns.length);
  return body.type === 'closeSession' ? Math.max(1, body.paths2Delete.length) : 1;
}

/** One step, from 0 on; `soFar` is the outcome of the one before. The last gives the whole outcome. */
export function applyTxnStep(ctx: ServerContext, txn: Txn, step: number, soFar: ApplyOutcome, withResult = true): ApplyOutcome {
  const isEarly = ctx.decide.server.advancesZxidBeforeApply;
  if (isEarly && step === 0) {
    advanceLastProcessed(ctx, txn.zxid);
    return NOTHING_APPLIED;
  }
  const at = isEarly ? step - 1 : step;
  const isLast = at === operationsOf(txn) - 1;
  if (!isLast) own(ctx.parts, ctx.refs.tree).applyingZxid = txn.zxid;
  const outcome = applyOperation(ctx, txn, at, isLast, soFar, withResult);
  // ZOOKEEPER-3127: a snapshot that begins now would be named after a transaction of which it holds the first part only.
  if (ctx.decide.server.multiAdvancesZxidPerSubop) advanceLastProcessed(ctx, txn.zxid);
  if (isLast) finish(ctx, txn);
  return outcome;
}

function applyOperation(ctx: ServerContext, txn: Txn, at: number, isLast: boolean, soFar: ApplyOutcome, withResult: boolean): ApplyOutcome {
  const body = bodyOf(txn);
  switch (body.type) {
    case 'createSession':
      putSession(ctx.parts, ctx.refs.sessions, txn.session, body.timeoutMs);
      ctx.note({ type: 'session-opened', session: txn.session, timeoutMs: body.timeoutMs, zxid: txn.zxid });
      return NOTHING_APPLIED;
    case 'closeSession':
      return applyCloseSession(ctx, txn, body.paths2Delete, at, isLast, soFar);
    case 'multi':
      return applyMulti(ctx, txn, body, at, soFar, withResult);
    default: {
      const events: WatchDelivery[] = [];
      const applied = applySubTxn(ctx, txn, body, events, withResult);
      if (applied === done && events.length === 0) return NOTHING_APPLIED;
      return { error: applied.error, result: applied.result, events, deleted: none };
    }
  }
}

/** MULTI-03: when one operation failed, those before it are OK without effect, and those after it RUNTIMEINCONSISTENCY. */
function applyMulti(ctx: ServerContext, txn: Txn, body: MultiTxn, at: number, soFar: ApplyOutcome, withResult: boolean): ApplyOutcome {
  const before = soFar.result?.op === 'multi' ? soFar.result.results : none;
  const sub = body.txns[at];
  if (sub === undefined) return { ...NOTHING_APPLIED, result: { op: 'multi', results: none } }; // MULTI-08
  const failed = body.txns.some((each) => each.type === 'error');
  const events: WatchDelivery[] = [];
  const applied = failed && sub.type !== 'error' ? done : applySubTxn(ctx, txn, sub, events, withResult);
  return {
    error: 'OK',
    result: withResult ? { op: 'multi', results: [...before, applied] } : null,
    events: soFar.events.concat(events),
    deleted: none,
  };
}

function applySubTxn(ctx: ServerContext, txn: Txn, sub: SubTxn, events: WatchDelivery[], withResult: boolean): Applied {
  switch (sub.type) {
    case 'create':
    case 'create2':
    case 'createContainer':
    case 'createTTL':
      return applyCreate(ctx, txn, sub, events, withResult);
    case 'delete':
    case 'deleteContainer':
      return applyDelete(ctx, txn, sub, events);
    case 'setData':
      return applySetData(ctx, txn, sub, events, withResult);
    case 'setACL':
      return applySetAcl(ctx, sub, withResult);
    case 'check':
      return { error: 'OK', result: { op: 'check' } };
    case 'error':
      return { error: sub.error, result: null };
    default:
      return unreachable(sub);
  }
}

function applyCreate(ctx: ServerContext, txn: Txn, sub: AnyCreateTxn, events: WatchDelivery[], withResult: boolean): Applied {
  const { parts, refs } = ctx;
  const { path, data, acl, parentCVersion } = sub;
  const made = { path, data, acl, owner: ownerOf(sub, txn.session), parentCVersion, zxid: txn.zxid, time: txn.timeMs };
  const error = createNode(parts, refs, made, ctx.decide.server.existingChildRejoinsParent);
  if (error !== 'OK') return { error, result: null };
  quotaAtCreate(parts, refs, path, data);
  const from = events.length;
  triggerCreated(parts, refs.watches, path, parentName(path), events);
  if (events.length > from) dropUnreadable(ctx, events, from, acl, aclAt(ctx, parentName(path)), txn.zxid);
  if (!withResult) return done;
  const node = nodeAt(parts, refs, path);
  return { error, result: { op: sub.type, path, stat: node === null ? null : statOf(node) } };
}

function applyDelete(ctx: ServerContext, txn: Txn, sub: DeleteTxn, events: WatchDelivery[]): Applied {
  const error = deleteAndTrigger(ctx, sub.path, txn.zxid, events);
  return error === 'OK' ? { error, result: { op: sub.type } } : { error, result: null };
}

function deleteAndTrigger(ctx: ServerContext, path: string, zxid: Zxid, events: WatchDelivery[]): 'OK' | 'NONODE' {
  const { parts, refs } = ctx;
  const node = nodeAt(parts, refs, path);
  const error = deleteNode(parts, refs, path, zxid, ctx.decide.server.deleteOfMissingRaisesPzxid);
  if (error !== 'OK' || node === null) return error;
  quotaAtDelete(parts, refs, path, node.data);
  const from = events.length;
  triggerDeleted(parts, refs.watches, path, parentName(path), events);
  if (events.length > from) dropUnreadable(ctx, events, from, node.acl, aclAt(ctx, parentName(path)), zxid);
  return error;
}

function applySetData(ctx: ServerContext, txn: Txn, sub: SetDataTxn, events: WatchDelivery[], withResult: boolean): Applied {
  const { parts, refs } = ctx;
  const before = hasQuotas(parts, refs) ? (nodeAt(parts, refs, sub.path)?.data ?? null) : null;
  const node = setNodeData(parts, refs, sub.path, sub.data, sub.version, txn.zxid, txn.timeMs);
  if (node === null) return { error: 'NONODE', result: null };
  quotaAtSetData(parts, refs, sub.path, before, sub.data);
  const from = events.length;
  triggerDataChanged(parts, refs.watches, sub.path, events);
  if (events.length > from) dropUnreadable(ctx, events, from, node.acl, node.acl, txn.zxid);
  return withResult ? { error: 'OK', result: { op: 'setData', stat: statOf(node) } } : done;
}

function aclAt(ctx: ServerContext, path: string): Acl {
  return nodeAt(ctx.parts, ctx.refs, path)?.acl ?? OPEN_ACL_UNSAFE;
}

/** No watch hears of it. */
function applySetAcl(ctx: ServerContext, sub: SetAclTxn, withResult: boolean): Applied {
  const node = setNodeAcl(ctx.parts, ctx.refs, sub.path, sub.acl, sub.version);
  if (node === null) return { error: 'NONODE', result: null };
  return withResult ? { error: 'OK', result: { op: 'setACL', stat: statOf(node) } } : done;
}

/** SESS-22: the session leaves the table first, then its nodes go, listed ones before any left over. */
function applyCloseSession(
  ctx: ServerContext,
  txn: Txn,
  paths: readonly string[],
  at: number,
  isLast: boolean,
  soFar: ApplyOutcome,
): ApplyOutcome {
  const { parts, refs } = ctx;
  if (at === 0) removeSession(parts, refs.sessions, txn.session);
  const events = [...soFar.events];
  const deleted = [...soFar.deleted];
  if (ctx.decide.server.ephemeralsDeletedOnClose) {
    const path = paths[at];
    if (path !== undefined) killNodes(ctx, [path], txn.zxid, deleted, events);
    if (isLast) killNodes(ctx, ephemeralsOf(parts, refs, txn.session), txn.zxid, deleted, events);
  }
  if (isLast) ctx.note({ type: 'session-closed', session: txn.session, zxid: txn.zxid, deleted });
  return { error: 'OK', result: { op: 'closeSession' }, events, deleted };
}

function killNodes(ctx: ServerContext, paths: readonly string[], zxid: Zxid, deleted: string[], events: WatchDelivery[]): void {
  for (const path of paths) if (deleteAndTrigger(ctx, path, zxid, events) === 'OK') deleted.push(path);
}

/** ZooKeeperServer.loadData (ID-23, SESS-33): ephemerals of sessions that are not in the table go, without a transaction. */
export function removeDeadEphemerals(ctx: ZabContext): void {
  const server = serverContext(ctx);
  const { parts, refs } = server;
  const { lastProcessedZxid } = peek(parts, refs.database);
  for (const session of sortedKeys(peek(parts, refs.ephemerals))) {
    if (!hasSession(parts, refs.sessions, session)) killNodes(server, ephemeralsOf(parts, refs, session), lastProcessedZxid, [], []);
  }
  const tree = own(parts, refs.tree);
  tree.lastDigest = tree.digest; // no transaction did this: a snapshot taken now must not expect the digest of before
}

/** DISK-26: it only grows, and, but for mutations, only after the whole transaction is in the tree (ZOOKEEPER-1090, 3127). */
function advanceLastProcessed(ctx: ServerContext, zxid: Zxid): void {
  if (zxid > peek(ctx.parts, ctx.refs.database).lastProcessedZxid) own(ctx.parts, ctx.refs.database).lastProcessedZxid = zxid;
}

function finish(ctx: ServerContext, txn: Txn): void {
  const { zxid } = txn;
  advanceLastProcessed(ctx, zxid);
  const tree = own(ctx.parts, ctx.refs.tree);
  tree.applyingZxid = 0;
  if (zxid < tree.fuzzyUntilZxid) return; // DIG-05
  const digest = digestText(tree.digest);
  if (zxid === tree.fuzzyUntilZxid && tree.fuzzyUntilDigest !== null && tree.fuzzyUntilDigest !== tree.digest) {
    ctx.note({ type: 'digest', zxid, digest, expected: digestText(tree.fuzzyUntilDigest) });
  }
  tree.fuzzyUntilZxid = 0;
  tree.fuzzyUntilDigest = null;
  tree.lastDigestZxid = zxid;
  tree.lastDigest = tree.digest;
  ctx.note({ type: 'digest', zxid, digest, expected: txn.digest }); // DIG-04
}

/** The parent as watchers name it. */
function parentName(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash <= 0 ? '/' : path.slice(0, slash);
}

/** PrepRequestProcessor.pRequest2TxnCreate: the checks of the four operations that make a node, in order (VAL-01), and their transactions. */
import { assert } from '../base/assert.ts';
import { fixupAcl } from './acl.ts';
import { CONTAINER_OWNER, TTL_MAX_MS, ttlOwner } from './ephemeral-type.ts';
import { isValidPath, parentOf, sequenceSuffix } from './path.ts';
import { addChange, draftOf, mayDo, recordFor, type Prep } from './prep-record.ts';
import { NO_SESSION, PERMS, type CreateMode, type ErrorCode, type Operation } from './protocol.ts';
import { quotaExceeded } from './quota-check.ts';
import type { AnyCreateTxn } from './txn-body.ts';
import { isEphemeral, statOfNew } from './znode.ts';

export type AnyCreateOperation = Extract<Operation, { readonly acl: unknown; readonly mode: unknown }>;

export function prepareCreate(prep: Prep, operation: AnyCreateOperation): AnyCreateTxn | ErrorCode {
  const { ctx, zxid, timeMs } = prep;
  const refused = checkMode(prep, operation);
  if (refused !== 'OK') return refused;
  const parentKey = parentOf(operation.path);
  if (parentKey === null) return 'BADARGUMENTS';
  const acl = fixupAcl(operation.acl, prep.authInfo, prep.ctx.decide.server.aclTakesIpv6);
  if (acl === null) return 'INVALIDACL';
  const parent = recordFor(ctx, parentKey);
  if (parent === null) return 'NONODE';
  if (!mayDo(prep, parent.acl, PERMS.CREATE)) return 'NOAUTH';
  const path = isSequential(operation.mode) ? operation.path + sequenceSuffix(parent.cversion) : operation.path;
  if (!isValidPath(path)) return 'BADARGUMENTS';
  if (recordFor(ctx, path) !== null) return 'NODEEXISTS';
  if (isEphemeral(parent)) return 'NOCHILDRENFOREPHEMERALS';
  const exceeded = quotaExceeded(ctx, path, null, operation.data, 1);
  if (exceeded !== 'OK') return exceeded;
  const txn = txnOf(operation, path, acl, (parent.cversion + 1) | 0);
  const next = draftOf(parent, parent.data, parent.acl, parent.childCount + 1);
  next.cversion = txn.parentCVersion;
  next.pzxid = zxid;
  addChange(prep, parentKey, parent, next);
  addChange(prep, path, null, draftOf(statOfNew(zxid, timeMs, ownerOf(txn, prep.session)), operation.data, acl, 0));
  return txn;
}

/** validateCreateRequest: what flags and time to live allow, and the session. */
function checkMode({ ctx, sessionCheck }: Prep, operation: AnyCreateOperation): ErrorCode {
  const { mode } = operation;
  if (mode === 'UNKNOWN') return 'BADARGUMENTS';
  if (isTtl(mode) && !ctx.config.extendedTypesEnabled) return 'UNIMPLEMENTED';
  const ttlMs = operation.op === 'createTTL' ? operation.ttlMs : -1;
  if (isTtl(mode) ? ttlMs < 1 || ttlMs > TTL_MAX_MS : ttlMs >= 0) return 'BADARGUMENTS';
  // TREE-27: Java lets this one through, and its servers die when they apply it.
  if (operation.op === 'createTTL' && !isTtl(mode)) return 'BADARGUMENTS';
  return sessionCheck;
}

export function isTtl(mode: CreateMode | 'UNKNOWN'): boolean {
  return mode === 'PERSISTENT_WITH_TTL' || mode === 'PERSISTENT_SEQUENTIAL_WITH_TTL';
}

function isSequential(mode: CreateMode | 'UNKNOWN'): boolean {
  return mode === 'PERSISTENT_SEQUENTIAL' || mode === 'EPHEMERAL_SEQUENTIAL' || mode === 'PERSISTENT_SEQUENTIAL_WITH_TTL';
}

/** TREE-17, TREE-27: the operation decides what the node is; its mode decides no more than whether a plain one is ephemeral. */
function txnOf(operation: AnyCreateOperation, path: string, acl: AnyCreateTxn['acl'], parentCVersion: number): AnyCreateTxn {
  const { data, mode } = operation;
  switch (operation.op) {
    case 'createContainer':
      return { type: 'createContainer', path, data, acl, parentCVersion };
    case 'createTTL':
      return { type: 'createTTL', path, data, acl, parentCVersion, ttlMs: operation.ttlMs };
    default: {
      const ephemeral = mode === 'EPHEMERAL' || mode === 'EPHEMERAL_SEQUENTIAL';
      return { type: operation.op, path, data, acl, ephemeral, parentCVersion };
    }
  }
}

/** The owner of the new node, as prep foretells and apply makes it; Java's prep goes by the mode, and foretells a wrong digest then. */
export function ownerOf(txn: AnyCreateTxn, session: string): string {
  switch (txn.type) {
    case 'createContainer':
      return CONTAINER_OWNER;
    case 'createTTL':
      assert(txn.ttlMs >= 1 && txn.ttlMs <= TTL_MAX_MS, () => `a time to live of ${txn.ttlMs} ms`);
      return ttlOwner(txn.ttlMs);
    default:
      return txn.ephemeral ? session : NO_SESSION;
  }
}

/**
 * What a transaction does to the database (DISK-11): the record that follows the header in a log. Replication carries it as an opaque item;
 * `bodyOf` is the one door back.
 */
import { assert, unreachable } from '../base/assert.ts';
import type { Bytes } from '../base/bytes.ts';
import { bytesLength } from '../base/bytes.ts';
import type { Item } from '../base/step.ts';
import { utf8Length } from '../base/utf8.ts';
import type { Txn } from '../zab/txn.ts';
import { OPEN_ACL_UNSAFE, type Acl, type ErrorCode } from './protocol.ts';

/** `parentCVersion` counts creates (TREE-13). */
interface NewNodeTxn extends Item {
  readonly path: string;
  readonly data: Bytes | null;
  readonly acl: Acl;
  readonly parentCVersion: number;
}

/** The owner of an ephemeral node is the transaction's session. The type tells what the client asked for, and so what it is told. */
export interface CreateTxn extends NewNodeTxn {
  readonly type: 'create' | 'create2';
  readonly ephemeral: boolean;
}

export interface CreateContainerTxn extends NewNodeTxn {
  readonly type: 'createContainer';
}

export interface CreateTTLTxn extends NewNodeTxn {
  readonly type: 'createTTL';
  readonly ttlMs: number;
}

export type AnyCreateTxn = CreateTxn | CreateContainerTxn | CreateTTLTxn;

export interface DeleteTxn extends Item {
  readonly type: 'delete' | 'deleteContainer';
  readonly path: string;
}

/** `version` is the new one: a replay sets it, it does not count. */
export interface SetDataTxn extends Item {
  readonly type: 'setData';
  readonly path: string;
  readonly data: Bytes | null;
  readonly version: number;
}

/** As of SetDataTxn, `version` is the new one, of the list. */
export interface SetAclTxn extends Item {
  readonly type: 'setACL';
  readonly path: string;
  readonly acl: Acl;
  readonly version: number;
}

/** Inside a multi, and alone where 3.8.0 took it (PIPE-08). `version` is one above the node's, as Java has it; applying ignores it. */
export interface CheckTxn extends Item {
  readonly type: 'check';
  readonly path: string;
  readonly version: number;
}

export interface CreateSessionTxn extends Item {
  readonly type: 'createSession';
  readonly timeoutMs: number;
}

/** SESS-20: the ephemerals to delete were fixed at prep, so that every server deletes the same ones in the same order. */
export interface CloseSessionTxn extends Item {
  readonly type: 'closeSession';
  readonly paths2Delete: readonly string[];
}

/** A request that failed validation: it has taken a zxid all the same (ID-03). */
export interface ErrorTxn extends Item {
  readonly type: 'error';
  readonly error: ErrorCode;
}

/** SetACL is never part of a multi (MULTI-02). */
export type SubTxn = AnyCreateTxn | DeleteTxn | SetDataTxn | SetAclTxn | CheckTxn | ErrorTxn;

/** MULTI-04: one that failed holds an ErrorTxn from the failing operation on, and is applied as errors only. */
export interface MultiTxn extends Item {
  readonly type: 'multi';
  readonly txns: readonly SubTxn[];
}

export type TxnBody = SubTxn | CreateSessionTxn | CloseSessionTxn | MultiTxn;

export function makeErrorTxn(error: ErrorCode): ErrorTxn {
  return { type: 'error', error };
}

/** The body of a transaction: only this layer makes them, so the type tells which it is. */
export function bodyOf(txn: Txn): TxnBody {
  const { body } = txn;
  assert(isTxnBody(body), () => `a transaction of type ${body.type}`);
  return body;
}

function isTxnBody(item: Item): item is TxnBody {
  switch (item.type) {
    case 'create':
    case 'create2':
    case 'createContainer':
    case 'createTTL':
    case 'delete':
    case 'deleteContainer':
    case 'setData':
    case 'setACL':
    case 'check':
    case 'createSession':
    case 'closeSession':
    case 'multi':
    case 'error':
      return true;
    default:
      return false;
  }
}

const headerBytes = 32;
const digestBytes = 12;

/** Serialised length of header, record and digest, as the log has it (DISK-02). */
export function bytesOfTxn(body: TxnBody): number {
  return headerBytes + bytesOfBody(body) + digestBytes;
}

function bytesOfBody(body: TxnBody): number {
  switch (body.type) {
    case 'create':
    case 'create2':
      return bytesOfNewNode(body) + 1;
    case 'createContainer':
      return bytesOfNewNode(body);
    case 'createTTL':
      return bytesOfNewNode(body) + 8;
    case 'delete':
    case 'deleteContainer':
      return bytesOfText(body.path);
    case 'setData':
      return bytesOfText(body.path) + bytesOfData(body.data) + 4;
    case 'setACL':
      return bytesOfText(body.path) + bytesOfAcl(body.acl) + 4;
    case 'check':
      return bytesOfText(body.path) + 4;
    case 'createSession':
    case 'error':
      return 4;
    case 'closeSession':
      return body.paths2Delete.reduce((sum, path) => sum + bytesOfText(path), 4);
    case 'multi':
      return body.txns.reduce((sum, txn) => sum + 8 + bytesOfBody(txn), 4);
    default:
      return unreachable(body);
  }
}

function bytesOfNewNode({ path, data, acl }: AnyCreateTxn): number {
  return bytesOfText(path) + bytesOfData(data) + bytesOfAcl(acl) + 4;
}

/** What almost every node has: one entry `world:anyone` with its count. */
const openAclBytes = 27;

function bytesOfAcl(acl: Acl): number {
  return acl === OPEN_ACL_UNSAFE ? openAclBytes : acl.reduce((sum, { scheme, id }) => sum + 4 + bytesOfText(scheme) + bytesOfText(id), 4);
}

/** A string as Jute writes it: length, then UTF-8. */
export function bytesOfText(text: string): number {
  return 4 + utf8Length(text);
}

/** A buffer as Jute writes it: length, -1 for null (TREE-08), then the bytes. */
export function bytesOfData(data: Bytes | null): number {
  return data === null ? 4 : 4 + bytesLength(data);
}

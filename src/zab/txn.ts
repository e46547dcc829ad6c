/**
 * A transaction as replication sees it: a zxid, the request's origin, and a body that only the server layer understands.
 * Immutable: the same object travels from the leader's proposal to every log and tree.
 */
import type { Item } from '../base/step.ts';
import type { Zxid } from '../base/zxid.ts';

/** TxnHeader, record and TxnDigest (DISK-02). */
export interface Txn extends Item {
  readonly type: 'txn';
  readonly zxid: Zxid;
  /** clientId: 16 hex digits. */
  readonly session: string;
  readonly cxid: number;
  /** Wall clock of the leader at prep, virtual milliseconds. */
  readonly timeMs: number;
  readonly body: Item;
  /** Expected tree digest after this txn, 16 hex digits (DIG-04). */
  readonly digest: string;
  /** Serialised length, for file sizes (SYNC-07). */
  readonly bytes: number;
}

/** A request on its way to the leader: opaque here. */
export interface OpaqueRequest extends Item {
  readonly type: 'request';
  readonly session: string;
  readonly cxid: number;
}

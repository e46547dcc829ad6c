/** What a transaction does to the database, for readers above this layer: replication carries the body as an opaque item. */
import type { Note } from './note.ts';
import { bodyOf, type SubTxn } from '../server/txn-body.ts';

type Txn = Extract<Note, { readonly type: 'broadcast' }>['txn'];

/** 'nothing': an error, a check, or a multi of which one operation failed (MULTI-04); it takes a zxid all the same. */
export type TxnEffect = 'nothing' | 'opens-session' | 'closes-session' | 'changes-nodes';

export function effectOf(txn: Txn): TxnEffect {
  const body = bodyOf(txn);
  switch (body.type) {
    case 'error':
    case 'check':
      return 'nothing';
    case 'createSession':
      return 'opens-session';
    case 'closeSession':
      return 'closes-session';
    case 'multi':
      return body.txns.some(isError) ? 'nothing' : 'changes-nodes';
    default:
      return 'changes-nodes';
  }
}

function isError(sub: SubTxn): boolean {
  return sub.type === 'error';
}

export type NodeChange = 'create' | 'create-ephemeral' | 'delete' | 'setData';

/** Calls `visit` for each node that the transaction creates, deletes or sets, in order; `state` is handed through, so that no closure is needed. */
export function forEachChange<S>(txn: Txn, state: S, visit: (state: S, change: NodeChange, path: string, txn: Txn) => void): void {
  const body = bodyOf(txn);
  switch (body.type) {
    case 'multi':
      if (effectOf(txn) === 'changes-nodes') for (const sub of body.txns) visitSub(txn, sub, state, visit);
      return;
    case 'closeSession':
      for (const path of body.paths2Delete) visit(state, 'delete', path, txn);
      break;
    case 'createSession':
      break;
    default:
      visitSub(txn, body, state, visit);
  }
}

/** A setACL changes nothing that watches or listings show. */
function visitSub<S>(txn: Txn, sub: SubTxn, state: S, visit: (state: S, change: NodeChange, path: string, txn: Txn) => void): void {
  switch (sub.type) {
    case 'create':
    case 'create2':
      return visit(state, sub.ephemeral ? 'create-ephemeral' : 'create', sub.path, txn);
    case 'createContainer':
    case 'createTTL':
      return visit(state, 'create', sub.path, txn);
    case 'delete':
    case 'deleteContainer':
      return visit(state, 'delete', sub.path, txn);
    case 'setData':
      return visit(state, 'setData', sub.path, txn);
    default:
  }
}

/** A multi in PrepRequestProcessor: which operations it may hold and what they turn into (MULTI-02, MULTI-06). */
import type { ServerContext } from './context.ts';
import { isTtl, type AnyCreateOperation } from './prep-create.ts';
import type { CreateOperation, Operation } from './protocol.ts';

export type MultiOperation = Extract<Operation, { readonly op: 'delete' | 'setData' | 'check' }> | AnyCreateOperation;

/**
 * MultiOperationRecord.deserialize and Op. Null where the whole cannot be read: it holds another operation (only reads among them cannot be
 * prepared either), or a mode that a create cannot have here.
 */
export function multiOperations(ctx: ServerContext, ops: readonly Operation[]): readonly MultiOperation[] | null {
  const made: MultiOperation[] = [];
  for (const op of ops) {
    const each = multiOperation(ctx, op);
    if (each === null) return null;
    made.push(each);
  }
  return made;
}

function multiOperation(ctx: ServerContext, operation: Operation): MultiOperation | null {
  switch (operation.op) {
    case 'delete':
    case 'setData':
    case 'check':
      return operation;
    case 'createTTL':
      return isTtl(operation.mode) ? operation : byMode(ctx, { ...operation, op: 'create' });
    case 'create':
    case 'create2':
    case 'createContainer':
      return byMode(ctx, operation);
    default:
      return null;
  }
}

/** The mode makes a container, whatever the operation is called. */
function byMode(ctx: ServerContext, operation: CreateOperation<'create' | 'create2' | 'createContainer'>): MultiOperation | null {
  const { path, data, acl, mode } = operation;
  if (isTtl(mode)) return null;
  if (mode === 'CONTAINER') return { op: 'createContainer', path, data, acl, mode };
  // ZOOKEEPER-4026: the mode alone decided, so that the client of a create2 got no Stat and that of a createContainer a plain node.
  if (!ctx.decide.server.multiKeepsCreateOperation) return { op: 'create', path, data, acl, mode };
  return mode === 'UNKNOWN' ? null : { op: operation.op, path, data, acl, mode };
}

/** Of the kind that a multi may hold (OpKind.TRANSACTION). */
export function isMultiWrite({ op }: Operation): boolean {
  switch (op) {
    case 'create':
    case 'create2':
    case 'createContainer':
    case 'createTTL':
    case 'delete':
    case 'setData':
    case 'check':
      return true;
    default:
      return false;
  }
}

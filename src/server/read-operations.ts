/**
 * The reads that a server answers from its own tree, and the watches they leave. A read and its registration are one step: no write comes
 * between (WATCH-30, COMMIT-04).
 */
import { Bug } from '../base/assert.ts';
import { peek } from '../base/parts.ts';
import type { ServerContext } from './context.ts';
import { nodeAt } from './data-tree.ts';
import { digestText } from './digest.ts';
import type { ErrorCode, Operation, Result } from './protocol.ts';
import type { WatchTableName } from './watch-manager.ts';
import { setWatch } from './watch-operations.ts';
import { statOf } from './znode.ts';

export interface ReadOutcome {
  readonly error: ErrorCode;
  readonly result: Result | null;
}

/** exists, getData and getChildren; what it finds is also decided by `registerReadWatch` when the registration is split off (T17). */
export function readOperation(ctx: ServerContext, operation: Operation, connection: number, session: string): ReadOutcome {
  const outcome = read(ctx, operation);
  if (ctx.decide.server.watchRegisteredWithRead) registerReadWatch(ctx, operation, outcome, connection, session);
  return outcome;
}

/** WATCH-10: exists watches a missing node too; the others only what they could read. */
export function registerReadWatch(
  ctx: ServerContext,
  operation: Operation,
  outcome: ReadOutcome,
  connection: number,
  session: string,
): void {
  const table = watchedTable(operation);
  if (table === null || !(outcome.error === 'OK' || (operation.op === 'exists' && outcome.error === 'NONODE'))) return;
  if ('path' in operation && operation.path !== null) setWatch(ctx, table, operation.path, { connection, session });
}

/** The reads of a multiRead are not asked (MULTI-12). */
function watchedTable(operation: Operation): WatchTableName | null {
  switch (operation.op) {
    case 'exists':
    case 'getData':
      return operation.watch ? 'data' : null;
    case 'getChildren':
    case 'getChildren2':
      return operation.watch ? 'child' : null;
    default:
      return null;
  }
}

function read(ctx: ServerContext, operation: Operation): ReadOutcome {
  switch (operation.op) {
    case 'exists': {
      if (operation.path.includes('\0')) return { error: 'BADARGUMENTS', result: null }; // VAL-07
      const node = nodeAt(ctx.parts, ctx.refs, operation.path);
      return node === null ? missing : { error: 'OK', result: { op: 'exists', stat: statOf(node) } };
    }
    case 'getData': {
      const node = nodeAt(ctx.parts, ctx.refs, operation.path);
      return node === null ? missing : { error: 'OK', result: { op: 'getData', data: node.data, stat: statOf(node) } };
    }
    case 'getChildren':
    case 'getChildren2': {
      const node = nodeAt(ctx.parts, ctx.refs, operation.path);
      return node === null ? missing : { error: 'OK', result: { op: operation.op, children: node.children, stat: statOf(node) } };
    }
    default:
      throw new Bug(`${operation.op} is not read from the tree`);
  }
}

const missing: ReadOutcome = { error: 'NONODE', result: null };

/** The digest of this server's tree, 16 hex digits. */
export function treeDigest(ctx: ServerContext): string {
  return digestText(peek(ctx.parts, ctx.refs.tree).digest);
}

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
import { addWatch, removeWatches, type WatchDelivery, type WatchTable } from './watch-manager.ts';
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
  if (operation.op !== 'exists' && operation.op !== 'getData' && operation.op !== 'getChildren') return;
  if (!operation.watch || !(outcome.error === 'OK' || (operation.op === 'exists' && outcome.error === 'NONODE'))) return;
  setWatch(ctx, operation.op === 'getChildren' ? 'child' : 'data', operation.path, connection, session);
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
    case 'getChildren': {
      const node = nodeAt(ctx.parts, ctx.refs, operation.path);
      return node === null ? missing : { error: 'OK', result: { op: 'getChildren', children: node.children, stat: statOf(node) } };
    }
    default:
      throw new Bug(`${operation.op} is not read from the tree`);
  }
}

const missing: ReadOutcome = { error: 'NONODE', result: null };

/**
 * setWatches (H4): a client that comes back says what it watched and the last zxid it saw. What has changed since is told at once, before the
 * reply (WATCH-48), the rest is watched again. Returns the events.
 */
export function registerSetWatches(
  ctx: ServerContext,
  operation: Extract<Operation, { op: 'setWatches' }>,
  connection: number,
  session: string,
): WatchDelivery[] {
  const events: WatchDelivery[] = [];
  for (const path of operation.data) {
    const node = nodeAt(ctx.parts, ctx.refs, path);
    if (node === null) events.push({ connection, event: 'NodeDeleted', path });
    else if (node.mzxid > operation.relativeZxid) events.push({ connection, event: 'NodeDataChanged', path });
    else setWatch(ctx, 'data', path, connection, session);
  }
  for (const path of operation.exist) {
    if (nodeAt(ctx.parts, ctx.refs, path) !== null) events.push({ connection, event: 'NodeCreated', path });
    else setWatch(ctx, 'data', path, connection, session);
  }
  for (const path of operation.child) {
    const node = nodeAt(ctx.parts, ctx.refs, path);
    if (node === null) events.push({ connection, event: 'NodeDeleted', path });
    else if (node.pzxid > operation.relativeZxid) events.push({ connection, event: 'NodeChildrenChanged', path });
    else setWatch(ctx, 'child', path, connection, session);
  }
  return events;
}

function setWatch(ctx: ServerContext, table: WatchTable, path: string, connection: number, session: string): void {
  addWatch(ctx.parts, ctx.refs.watches, table, path, connection);
  ctx.note({ type: 'watch-set', session, table, path, zxid: peek(ctx.parts, ctx.refs.database).lastProcessedZxid });
}

/** The connection is closed (WATCH-20). */
export function removeConnectionWatches(ctx: ServerContext, connection: number): void {
  removeWatches(ctx.parts, ctx.refs.watches, connection);
}

/** The digest of this server's tree, 16 hex digits. */
export function treeDigest(ctx: ServerContext): string {
  return digestText(peek(ctx.parts, ctx.refs.tree).digest);
}

/**
 * The reads that a server answers from its own tree, and the watches they leave. A read and its registration are one step: no write comes
 * between (WATCH-30, COMMIT-04).
 */
import { Bug } from '../base/assert.ts';
import { peek } from '../base/parts.ts';
import { clientInfos, isAllowed, maskedAcl } from './acl.ts';
import type { ServerContext } from './context.ts';
import { countBelow, ephemeralsOf, nodeAt } from './data-tree.ts';
import { digestText } from './digest.ts';
import { PERMS, type ErrorCode, type Id, type Operation, type Result } from './protocol.ts';
import type { WatchTableName } from './watch-manager.ts';
import { setWatch } from './watch-operations.ts';
import { isMultiWrite } from './prep-multi.ts';
import { statOf, type Znode } from './znode.ts';

export interface ReadOutcome {
  readonly error: ErrorCode;
  /** Beside an error only where a body goes with it (VAL-13). */
  readonly result: Result | null;
}

/** What of a request the tree is asked. */
interface ReadRequest {
  readonly operation: Operation;
  readonly session: string;
  readonly connection: number;
  readonly authInfo: readonly Id[];
}

/** Any read of G1; what it finds is also decided by `registerReadWatch` when the registration is split off (T17). */
export function readOperation(ctx: ServerContext, request: ReadRequest): ReadOutcome {
  const { operation, connection, session } = request;
  const outcome = read(ctx, operation, request);
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

function read(ctx: ServerContext, operation: Operation, request: ReadRequest): ReadOutcome {
  switch (operation.op) {
    case 'exists':
      return readExists(ctx, operation.path, request);
    case 'getData':
      return readNode(ctx, operation.path, request, (node) => ({ op: 'getData', data: node.data, stat: statOf(node) }));
    case 'getChildren':
    case 'getChildren2':
      return readNode(ctx, operation.path, request, (node) => ({ op: operation.op, children: node.children, stat: statOf(node) }));
    case 'getAllChildrenNumber':
      return readNode(ctx, operation.path, request, () => {
        return { op: 'getAllChildrenNumber', totalNumber: countBelow(ctx.parts, ctx.refs, operation.path) };
      });
    case 'getACL':
      return readAcl(ctx, operation.path, request);
    case 'getEphemerals':
      return found({ op: 'getEphemerals', ephemerals: ephemeralsBelow(ctx, operation.prefix, request.session) });
    case 'multiRead':
      return readMulti(ctx, operation.ops, request);
    case 'whoAmI':
      return found({ op: 'whoAmI', clientInfo: clientInfos(request.authInfo) });
    case 'undecodable':
      return failed('MARSHALLINGERROR'); // VAL-18
    default:
      throw new Bug(`${operation.op} is not read from the tree`);
  }
}

function found(result: Result): ReadOutcome {
  return { error: 'OK', result };
}

function failed(error: ErrorCode): ReadOutcome {
  return { error, result: null };
}

/** VAL-08: no path is malformed here, only missing. */
function readNode(ctx: ServerContext, path: string, request: ReadRequest, resultOf: (node: Znode) => Result): ReadOutcome {
  const node = nodeAt(ctx.parts, ctx.refs, path);
  if (node === null) return failed('NONODE');
  return mayRead(ctx, node, PERMS.READ, request) ? found(resultOf(node)) : failed('NOAUTH');
}

function mayRead(ctx: ServerContext, node: Znode, perms: number, { authInfo }: ReadRequest): boolean {
  return isAllowed(node.acl, perms, { authInfo, skipACL: ctx.config.skipACL });
}

/** VAL-07. ZOOKEEPER-2590: anybody was told of any node. */
function readExists(ctx: ServerContext, path: string, request: ReadRequest): ReadOutcome {
  if (path.includes('\0')) return failed('BADARGUMENTS');
  const node = nodeAt(ctx.parts, ctx.refs, path);
  if (node === null) return failed('NONODE');
  if (ctx.decide.server.existsChecksAcl && !mayRead(ctx, node, PERMS.READ, request)) return failed('NOAUTH');
  return found({ op: 'exists', stat: statOf(node) });
}

/** VAL-09. */
function readAcl(ctx: ServerContext, path: string, request: ReadRequest): ReadOutcome {
  const node = nodeAt(ctx.parts, ctx.refs, path);
  if (node === null) return failed('NONODE');
  if (!mayRead(ctx, node, PERMS.READ | PERMS.ADMIN, request)) return failed('NOAUTH');
  const acl = mayRead(ctx, node, PERMS.ADMIN, request) ? node.acl : maskedAcl(node.acl);
  return found({ op: 'getACL', acl, stat: statOf(node) });
}

/** TREE-25: of the asking session only; the prefix is text, not a path. */
function ephemeralsBelow(ctx: ServerContext, prefix: string | null, session: string): readonly string[] {
  const paths = ephemeralsOf(ctx.parts, ctx.refs, session);
  const isAll = prefix === null || /^[\0-\x20]*\/?[\0-\x20]*$/.test(prefix);
  return isAll ? paths : paths.filter((path) => path.startsWith(prefix));
}

/** VAL-13, MULTI-12: one that fails stops no other. Writes can be told from reads only once the answer is begun, other reads cannot be read. */
function readMulti(ctx: ServerContext, ops: readonly Operation[], request: ReadRequest): ReadOutcome {
  if (!ops.every(isMultiRead)) {
    return { error: 'MARSHALLINGERROR', result: ops.every(isMultiWrite) ? { op: 'multiRead', results: [] } : null };
  }
  return found({ op: 'multiRead', results: ops.map((operation) => read(ctx, operation, request)) });
}

function isMultiRead({ op }: Operation): boolean {
  return op === 'getData' || op === 'getChildren';
}

/** The digest of this server's tree, 16 hex digits. */
export function treeDigest(ctx: ServerContext): string {
  return digestText(peek(ctx.parts, ctx.refs.tree).digest);
}

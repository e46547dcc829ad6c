/** ZooKeeperServer.authWriteRequest: with enableEagerACLCheck a server refuses what its own tree forbids, before a zxid is spent on it (ACL-12). */
import { fixupAcl, isAllowed } from './acl.ts';
import type { ServerContext } from './context.ts';
import { nodeAt } from './data-tree.ts';
import { isSpecialPath, parentOf } from './path.ts';
import { PERMS, type Acl, type Operation } from './protocol.ts';
import { endRequest, sendResponse } from './request-accounting.ts';
import { NO_CONNECTION, type ServerRequest } from './request.ts';
import type { RequestProcessors } from './thread-state.ts';

/** False for a request of this server's own client that was answered here: reads and what is wrong with paths are for others to judge. */
export function authWriteRequest(ctx: ServerContext, chain: RequestProcessors, request: ServerRequest): boolean {
  if (!ctx.config.enableEagerACLCheck || request.connection === NO_CONNECTION) return true;
  const error = screen(ctx, request);
  if (error === 'OK') return true;
  endRequest(ctx, chain, request);
  sendResponse(ctx, request.connection, { type: 'REPLY', xid: request.cxid, zxid: 0, error, result: null });
  return false;
}

function screen(ctx: ServerContext, { operation, authInfo }: ServerRequest): 'OK' | 'NOAUTH' | 'INVALIDACL' {
  const asked = askedOf(operation);
  if (asked === null) return 'OK';
  const { path, perms, acl } = asked;
  if (acl !== null && fixupAcl(acl, authInfo, ctx.decide.server.aclTakesIpv6) === null) return 'INVALIDACL';
  const node = nodeAt(ctx.parts, ctx.refs, path);
  return node === null || isAllowed(node.acl, perms, { authInfo, skipACL: ctx.config.skipACL }) ? 'OK' : 'NOAUTH';
}

interface Asked {
  readonly path: string;
  readonly perms: number;
  /** A list that the operation brings. */
  readonly acl: Acl | null;
}

/** Containers and TTL nodes are not screened, nor is a multi. */
function askedOf(operation: Operation): Asked | null {
  switch (operation.op) {
    case 'create':
    case 'create2':
      return ofParent(operation.path, PERMS.CREATE, operation.acl);
    case 'delete':
      return ofParent(operation.path, PERMS.DELETE, null);
    case 'setData':
      return { path: operation.path, perms: PERMS.WRITE, acl: null };
    case 'setACL':
      return { path: operation.path, perms: PERMS.ADMIN, acl: operation.acl };
    default:
      return null;
  }
}

function ofParent(path: string, perms: number, acl: Acl | null): Asked | null {
  const parent = parentOf(path);
  return parent === null || isSpecialPath(path) ? null : { path: parent, perms, acl };
}

/**
 * ServerCnxn.process with an ACL (WATCH-23): an event tells of a node, so only a connection with READ on it is told. What is judged is the ACL
 * of the node itself, and for NodeChildrenChanged that of the parent; who is not told has lost a one-shot watch all the same.
 */
import type { Zxid } from '../base/zxid.ts';
import { isAllowed } from './acl.ts';
import { connectionAt } from './connections.ts';
import type { ServerContext } from './context.ts';
import { PERMS, type Acl } from './protocol.ts';
import type { WatchDelivery } from './watch-manager.ts';

/** Takes out of `events`, from place `from` on, those that their connections may not read. */
export function dropUnreadable(ctx: ServerContext, events: WatchDelivery[], from: number, acl: Acl, parentAcl: Acl, zxid: Zxid): void {
  if (!ctx.decide.server.checksReadOfWatchers) return;
  let kept = from;
  for (const delivery of events.slice(from)) {
    const { connection: id, event, path } = delivery;
    if (mayRead(ctx, id, event === 'NodeChildrenChanged' ? parentAcl : acl)) {
      events[kept++] = delivery;
      continue;
    }
    const session = connectionAt(ctx, id)?.session;
    if (session !== undefined) ctx.note({ type: 'watch-withheld', session, event, path, zxid });
  }
  events.length = kept;
}

function mayRead(ctx: ServerContext, id: number, acl: Acl): boolean {
  const { skipACL } = ctx.config;
  if (isAllowed(acl, PERMS.READ, { authInfo: [], skipACL })) return true; // anybody may
  return isAllowed(acl, PERMS.READ, { authInfo: connectionAt(ctx, id)?.authInfo ?? [], skipACL });
}

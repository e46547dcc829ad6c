/**
 * One write in PrepRequestProcessor's hands: who asks for it, and the nodes as it finds them (getRecordForPath) and will leave them (addChangeRecord).
 */
import { peek } from '../base/parts.ts';
import type { Bytes } from '../base/bytes.ts';
import type { Zxid } from '../base/zxid.ts';
import { isAllowed } from './acl.ts';
import type { ServerContext } from './context.ts';
import { nodeAt } from './data-tree.ts';
import { nodeDigest } from './digest.ts';
import { addOutstanding, lastOutstanding, outstandingFor, type PendingNode } from './outstanding-changes.ts';
import type { Acl, ErrorCode, Id } from './protocol.ts';
import type { StatPersisted } from './znode.ts';

/** What every check and record of one request needs. */
export interface Prep {
  readonly ctx: ServerContext;
  readonly session: string;
  readonly authInfo: readonly Id[];
  readonly zxid: Zxid;
  readonly timeMs: number;
  /** SESSIONEXPIRED or SESSIONMOVED, when the tracker said so: almost every operation begins with this check. */
  readonly sessionCheck: ErrorCode;
}

export function mayDo({ ctx, authInfo }: Prep, acl: Acl, perms: number): boolean {
  return isAllowed(acl, perms, { authInfo, skipACL: ctx.config.skipACL });
}

/** getRecordForPath. The root is one node under two names; Java keeps records of both, which then miss each other's changes. */
export function recordFor(ctx: ServerContext, path: string): PendingNode | null {
  const change = outstandingFor(ctx.parts, ctx.refs.outstanding, path === '/' ? '' : path);
  if (change !== null) return change.node;
  const node = nodeAt(ctx.parts, ctx.refs, path);
  if (node === null) return null;
  const record = draftOf(node, node.data, node.acl, node.children.length);
  record.digest = node.digest;
  return record;
}

/** The parent first, as the tree does it too. */
export function addDeletion(prep: Prep, parentKey: string, parent: PendingNode, path: string, node: PendingNode): void {
  const next = draftOf(parent, parent.data, parent.acl, parent.childCount - 1);
  next.pzxid = prep.zxid;
  addChange(prep, parentKey, parent, next);
  addChange(prep, path, node, null);
}

type Draft = { -readonly [K in keyof PendingNode]: PendingNode[K] };

/** A pending node in the making, without a digest. */
export function draftOf(stat: StatPersisted, data: Bytes | null, acl: Acl, childCount: number): Draft {
  return {
    czxid: stat.czxid,
    mzxid: stat.mzxid,
    pzxid: stat.pzxid,
    ctime: stat.ctime,
    mtime: stat.mtime,
    version: stat.version,
    cversion: stat.cversion,
    aversion: stat.aversion,
    ephemeralOwner: stat.ephemeralOwner,
    data,
    acl,
    childCount,
    digest: 0,
  };
}

/** precalculateDigest and addChangeRecord: `before` becomes `after`; null for a node that is not there. */
export function addChange(prep: Prep, path: string, before: PendingNode | null, after: Draft | null): void {
  const { ctx, zxid } = prep;
  const key = path === '/' ? '' : path;
  let treeDigest = currentTreeDigest(ctx);
  if (before !== null) treeDigest -= before.digest;
  if (after !== null) {
    after.digest = nodeDigest(key, after.data, after);
    treeDigest += after.digest;
  }
  addOutstanding(ctx.parts, ctx.refs.outstanding, { zxid, key, node: after, treeDigest });
}

/** The tree's digest once all that is outstanding is applied. */
export function currentTreeDigest(ctx: ServerContext): number {
  return lastOutstanding(ctx.parts, ctx.refs.outstanding)?.treeDigest ?? peek(ctx.parts, ctx.refs.tree).digest;
}

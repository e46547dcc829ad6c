/**
 * Serialising the database while it changes (DISK-13), and back. A walk gives the sessions, then node after node depth first, each as it is at
 * that moment, with its children listed at that moment (DISK-15); at last the digest that replay must come to (DIG-06). The cursor is
 * immutable, and everything still to visit is in it.
 */
import { assert } from '../base/assert.ts';
import type { Bytes } from '../base/bytes.ts';
import { own, peek, replace } from '../base/parts.ts';
import type { Item } from '../base/step.ts';
import type { Zxid } from '../base/zxid.ts';
import type { ZabContext } from '../zab/context.ts';
import { serverContext, type ServerContext } from './context.ts';
import { emptyTree, nodeAt, resetTree, restoreNode } from './data-tree.ts';
import { digestText } from './digest.ts';
import { recordFor } from './prep-record.ts';
import type { Acl } from './protocol.ts';
import { setupQuotas } from './quota.ts';
import { makeSessionTable, sessionEntries, type SessionEntry } from './session-table.ts';
import { bytesOfData, bytesOfText } from './txn-body.ts';
import { makeWatches } from './watch-manager.ts';
import type { StatPersisted } from './znode.ts';

interface SessionsRecord extends Item {
  readonly type: 'snapshot-sessions';
  readonly sessions: readonly SessionEntry[];
}

interface NodeRecord extends Item {
  readonly type: 'snapshot-node';
  readonly path: string;
  readonly data: Bytes | null;
  readonly acl: Acl;
  readonly stat: StatPersisted;
}

interface DigestRecord extends Item {
  readonly type: 'snapshot-digest';
  /** The last processed zxid when the walk began. */
  readonly since: Zxid;
  /** When replay has applied this, the tree is whole; and its digest is then this, where it is known. Zxid 0 when nothing was applied. */
  readonly wholeAt: Zxid;
  readonly digest: number | null;
}

type SnapshotRecord = SessionsRecord | NodeRecord | DigestRecord;

/** Children still to visit below one node; the listing is the node's own. */
interface Frame {
  readonly path: string;
  readonly children: readonly string[];
  readonly at: number;
  readonly below: Frame | null;
}

interface Cursor extends Item {
  readonly type: 'snapshot-cursor';
  readonly since: Zxid;
  readonly next: 'sessions' | 'root' | 'node' | 'digest';
  readonly frame: Frame | null;
}

interface Walked {
  readonly record: Item;
  readonly bytes: number;
  readonly cursor: Item | null;
}

export function beginSnapshot(ctx: ZabContext): Item {
  return cursorAt(peek(ctx.parts, ctx.refs.database).lastProcessedZxid, 'sessions', null);
}

export function walkSnapshot(ctx: ZabContext, cursor: Item): Walked {
  assert(isCursor(cursor), () => `a walk cannot go on at ${cursor.type}`);
  const server = serverContext(ctx);
  const { since } = cursor;
  if (cursor.next === 'sessions') {
    const sessions = sessionEntries(server.parts, server.refs.sessions);
    const record: SessionsRecord = { type: 'snapshot-sessions', sessions };
    return { record, bytes: 4 + 12 * sessions.length, cursor: cursorAt(since, 'root', null) };
  }
  return cursor.next === 'digest' ? walkDigest(server, since) : walkNode(server, cursor);
}

/** The next node that is still there; one that was deleted since its parent was visited is passed over (DISK-15). */
function walkNode(ctx: ServerContext, cursor: Cursor): Walked {
  let frame = cursor.frame;
  let path: string | null = cursor.next === 'root' ? '' : null;
  for (;;) {
    if (path !== null) {
      const node = nodeAt(ctx.parts, ctx.refs, path);
      const shown = node !== null && ctx.decide.server.snapshotReadsOutstanding ? recordFor(ctx, path) : node;
      if (node !== null && shown !== null) {
        const { children } = node;
        const { czxid, mzxid, pzxid, ctime, mtime, version, cversion, aversion, ephemeralOwner, data, acl } = shown;
        const stat: StatPersisted = { czxid, mzxid, pzxid, ctime, mtime, version, cversion, aversion, ephemeralOwner };
        const record: NodeRecord = { type: 'snapshot-node', path, data, acl, stat };
        const inner: Frame | null = children.length === 0 ? frame : { path, children, at: 0, below: frame };
        const bytes = bytesOfText(path) + bytesOfData(data) + aclAndStatBytes;
        return { record, bytes, cursor: cursorAt(cursor.since, inner === null ? 'digest' : 'node', inner) };
      }
    }
    while (frame !== null && frame.at >= frame.children.length) frame = frame.below;
    if (frame === null) return walkDigest(ctx, cursor.since);
    path = `${frame.path}/${frame.children[frame.at] ?? ''}`;
    frame = { path: frame.path, children: frame.children, at: frame.at + 1, below: frame.below };
  }
}

const aclAndStatBytes = 8 + 60;

/**
 * Java takes the digest of the last finished transaction, which is wrong while the next is half applied and in a tree that is still fuzzy itself;
 * there it only counts a mismatch, here it would be a false alarm.
 */
function walkDigest(ctx: ServerContext, since: Zxid): Walked {
  const tree = peek(ctx.parts, ctx.refs.tree);
  const bytes = bytesOfText('/') + 20;
  let wholeAt = tree.lastDigestZxid;
  let digest: number | null = tree.lastDigest;
  if (tree.fuzzyUntilZxid > wholeAt) {
    wholeAt = tree.fuzzyUntilZxid;
    digest = tree.fuzzyUntilDigest;
  }
  if (tree.applyingZxid > wholeAt) {
    wholeAt = tree.applyingZxid;
    digest = null;
  }
  const record: DigestRecord = { type: 'snapshot-digest', since, wholeAt, digest };
  return { record, bytes, cursor: null };
}

function cursorAt(since: Zxid, next: Cursor['next'], frame: Frame | null): Cursor {
  return { type: 'snapshot-cursor', since, next, frame };
}

function isCursor(item: Item): item is Cursor {
  return item.type === 'snapshot-cursor';
}

/** Takes the records in the order of the walk. */
export function restoreRecord(ctx: ZabContext, record: Item): void {
  assert(isSnapshotRecord(record), () => `a snapshot does not hold ${record.type}`);
  const { parts, refs } = serverContext(ctx);
  switch (record.type) {
    case 'snapshot-sessions': {
      emptyTree(parts, refs);
      const table = own(parts, refs.sessions);
      for (const { session, timeoutMs } of record.sessions) table.set(session, timeoutMs);
      return;
    }
    case 'snapshot-node':
      restoreNode(parts, refs, record.path, record.data, record.acl, record.stat);
      return;
    case 'snapshot-digest': {
      // One older than the walk is of another epoch's last transaction, and the tree did not change since: it says nothing (DIG-06).
      if (record.wholeAt < record.since) return;
      const tree = own(parts, refs.tree);
      tree.fuzzyUntilZxid = record.wholeAt;
      tree.fuzzyUntilDigest = record.digest;
      if (record.wholeAt > record.since) return;
      tree.lastDigestZxid = record.wholeAt;
      tree.fuzzyUntilZxid = 0;
    }
  }
}

/** After the last record, before replay. A snapshot that nothing changed under is compared at once; any other when replay has made it whole. */
export function restored(ctx: ZabContext): void {
  const server = serverContext(ctx);
  const { parts, refs } = server;
  setupQuotas(parts, refs); // DISK-19
  const tree = own(parts, refs.tree);
  if (tree.fuzzyUntilZxid !== 0) return;
  tree.lastDigest = tree.digest;
  if (tree.lastDigestZxid !== 0 && tree.fuzzyUntilDigest !== null) {
    const expected = digestText(tree.fuzzyUntilDigest);
    server.note({ type: 'digest', zxid: tree.lastDigestZxid, digest: digestText(tree.digest), expected });
  }
  tree.fuzzyUntilDigest = null;
}

/** ZKDatabase.clear, without what is replication's. The new DataTree has no watches. */
export function clearDatabase(ctx: ZabContext): void {
  const { parts, refs } = serverContext(ctx);
  resetTree(parts, refs);
  replace(parts, refs.sessions, makeSessionTable());
  replace(parts, refs.watches, makeWatches());
}

function isSnapshotRecord(item: Item): item is SnapshotRecord {
  return item.type === 'snapshot-sessions' || item.type === 'snapshot-node' || item.type === 'snapshot-digest';
}

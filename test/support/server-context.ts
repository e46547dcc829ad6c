// The database of one server without threads: writes are prepared and applied by hand, notes are looked at.

import { bytesOfUtf8 } from '../../src/base/bytes.ts';
import { int64OfNumber } from '../../src/base/int64.ts';
import { own, peek } from '../../src/base/parts.ts';
import { makeServerConfig, type ServerConfig } from '../../src/server/config.ts';
import { sortedKeys } from '../../src/base/table.ts';
import type { ServerContext } from '../../src/server/context.ts';
import { dumpTree } from '../../src/server/data-tree.ts';
import { FIXED_SERVER, type ServerDecisions } from '../../src/server/decisions.ts';
import type { ServerNote } from '../../src/server/note.ts';
import { forgetOutstanding, makeTxn, prepareCreateSession, prepareRequest } from '../../src/server/prep-request.ts';
import { applyTxn, type ApplyOutcome } from '../../src/server/process-txn.ts';
import { OPEN_ACL_UNSAFE, type CreateMode, type ErrorCode, type Id, type Operation, type Stat } from '../../src/server/protocol.ts';
import { readOperation, type ReadOutcome } from '../../src/server/read-operations.ts';
import { allotData, type ServerRefs } from '../../src/server/server-state.ts';
import { sessionEntries } from '../../src/server/session-table.ts';
import type { TxnBody } from '../../src/server/txn-body.ts';
import { statOf } from '../../src/server/znode.ts';
import type { ZabNote } from '../../src/zab/note.ts';
import type { Txn } from '../../src/zab/txn.ts';
import { makePeerConfig, makePeerContext } from './peer-context.ts';

export interface Database extends ServerContext {
  readonly notes: (ServerNote | ZabNote)[];
  /** The zxid and the millisecond of the next write. */
  next: { zxid: number; timeMs: number };
}

export function makeDatabase(decisions: Partial<ServerDecisions> = {}, options: Partial<ServerConfig> = {}): Database {
  const peer = makePeerContext(makePeerConfig(1, [1, 2, 3]));
  const config = { ...peer.config, ...makeServerConfig(2_000_000), ...options };
  const refs = { ...peer.refs, ...allotData(peer.parts) } as ServerRefs;
  const decide = { ...peer.decide, server: { ...FIXED_SERVER, ...decisions } };
  const notes: (ServerNote | ZabNote)[] = [];
  const next = { zxid: 0x1_0000_0001, timeMs: 1000 };
  return { ...peer, config, refs, decide, notes, next, note: (note: ServerNote | ZabNote) => void notes.push(note) };
}

export const session = (n: number): string => int64OfNumber(0x1_0000_0000_0000 + n);

/** Prepares a write with the next zxid; applying it is left to the caller. */
export function prepare(db: Database, operation: Operation, by = session(1), check: ErrorCode = 'OK', authInfo: readonly Id[] = []): Txn {
  const { zxid, timeMs } = advance(db);
  return makeTxn(db, by, 1, zxid, timeMs, prepareRequest({ ctx: db, session: by, authInfo, zxid, timeMs, sessionCheck: check }, operation));
}

export function prepareSession(db: Database, by = session(1), timeoutMs = 4000): Txn {
  const { zxid, timeMs } = advance(db);
  return makeTxn(db, by, 0, zxid, timeMs, prepareCreateSession(db, by, timeoutMs));
}

/** A transaction as a log might hold it. */
export function txnOf(db: Database, body: TxnBody, by = session(1)): Txn {
  const { zxid, timeMs } = advance(db);
  return { type: 'txn', zxid, session: by, cxid: 1, timeMs, body, digest: '', bytes: 0 };
}

function advance(db: Database): { zxid: number; timeMs: number } {
  const now = { ...db.next };
  db.next.zxid++;
  db.next.timeMs += 10;
  return now;
}

/** As the leader applies: the tree first, then the records that foretold it go. */
export function apply(db: Database, txn: Txn): ApplyOutcome {
  const outcome = applyTxn(db, txn);
  forgetOutstanding(db, txn.zxid);
  return outcome;
}

export function write(db: Database, operation: Operation, by = session(1)): ApplyOutcome {
  return apply(db, prepare(db, operation, by));
}

/** A read of the client at this connection. */
export function read(db: Database, operation: Operation, connection = 1, by = session(1), authInfo: readonly Id[] = []): ReadOutcome {
  return readOperation(db, { operation, connection, session: by, authInfo });
}

export function openSession(db: Database, by = session(1), timeoutMs = 4000): ApplyOutcome {
  return apply(db, prepareSession(db, by, timeoutMs));
}

export function create(path: string, data: string | null = '', mode: CreateMode = 'PERSISTENT'): Operation {
  return { op: 'create', path, data: data === null ? null : bytesOfUtf8(data), acl: OPEN_ACL_UNSAFE, mode };
}

export function ephemeral(path: string): Operation {
  return create(path, '', 'EPHEMERAL');
}

export function sequential(path: string): Operation {
  return create(path, '', 'PERSISTENT_SEQUENTIAL');
}

export function remove(path: string, version = -1): Operation {
  return { op: 'delete', path, version };
}

export function setData(path: string, data: string | null, version = -1): Operation {
  return { op: 'setData', path, data: data === null ? null : bytesOfUtf8(data), version };
}

export function check(path: string, version: number): Operation {
  return { op: 'check', path, version };
}

export function multi(...ops: Operation[]): Operation {
  return { op: 'multi', ops };
}

export const closeSession: Operation = { op: 'closeSession' };

/** Everything that replicas must agree on. */
export function stateOf(db: Database): unknown {
  const nodes = dumpTree(db.parts, db.refs).map(({ path, node }) => ({
    path,
    data: node.data,
    acl: node.acl,
    owner: node.ephemeralOwner,
    children: node.children,
    stat: statOf(node),
  }));
  const containers = [...peek(db.parts, db.refs.containers)].sort(([a], [b]) => (a < b ? -1 : 1));
  const quotas = sortedKeys(peek(db.parts, db.refs.quotas));
  const ephemerals = [...peek(db.parts, db.refs.ephemerals)].sort(([a], [b]) => (a < b ? -1 : 1));
  const { digest, nodeCount } = peek(db.parts, db.refs.tree);
  const { lastProcessedZxid } = peek(db.parts, db.refs.database);
  return {
    nodes,
    ephemerals,
    containers,
    quotas,
    digest,
    nodeCount,
    lastProcessedZxid,
    sessions: sessionEntries(db.parts, db.refs.sessions),
  };
}

export function statAt(db: Database, path: string): Stat | null {
  const entry = dumpTree(db.parts, db.refs).find((each) => each.path === path);
  return entry === undefined ? null : statOf(entry.node);
}

export function setLastProcessedZxid(db: Database, zxid: number): void {
  own(db.parts, db.refs.database).lastProcessedZxid = zxid;
}

/** The digests that were noted and are not as expected. */
export function digestMismatches(db: Database): readonly (ServerNote | ZabNote)[] {
  return db.notes.filter((note) => note.type === 'digest' && note.digest !== note.expected);
}

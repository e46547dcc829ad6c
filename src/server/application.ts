/** The server layer as replication uses it: the port of src/zab/context.ts, complete. */
import { bytesOfUtf8 } from '../base/bytes.ts';
import { own, peek } from '../base/parts.ts';
import { threadId, type Effect } from '../base/step.ts';
import { makeZxid, type Zxid } from '../base/zxid.ts';
import type { Application, ZabContext } from '../zab/context.ts';
import { QUORUM_PEER } from '../zab/thread-kinds.ts';
import type { OpaqueRequest, Txn } from '../zab/txn.ts';
import { NOTHING, sessionInitEffect } from './connect-request.ts';
import { emptyPool } from './commit-processor.ts';
import { closeConnection } from './connections.ts';
import { serverContext, type ServerContext } from './context.ts';
import { CONFIG_NODE, setNodeData } from './data-tree.ts';
import { beginSnapshot, clearDatabase, restored, restoreRecord, walkSnapshot } from './fuzzy-snapshot.ts';
import { finalItemOf, processInOrder, stepFinal } from './final-request-processor.ts';
import { clearOutstanding } from './prep-request.ts';
import { applySynced, applyTxn, removeDeadEphemerals } from './process-txn.ts';
import { NO_CONNECTION, requestOf, type ServerRequest } from './request.ts';
import { beginRoleStats } from './server-stats.ts';
import { throttlesRequests } from './request-throttler.ts';
import { createTracker, setOwner, stopTracker, takeTouchTable, touchSession } from './session-tracker.ts';
import {
  COMMIT,
  COMMIT_INTAKE,
  COMMIT_WORKER,
  CONTAINER_MANAGER,
  FOLLOWER_REQUEST,
  PREP,
  REQUEST_THROTTLER,
  SESSION_TRACKER,
} from './thread-kinds.ts';
import {
  chainOf,
  isInCharge,
  makeChain,
  START,
  STOP,
  type Committed,
  type ConnectionId,
  type RequestProcessors,
  type Role,
} from './thread-state.ts';

export const application: Application = {
  applyTxn: (ctx, txn, from) => {
    if (from === 'log') return applyTxn(serverContext(ctx), txn, false).error !== 'NONODE' || !txn.body.type.startsWith('create');
    applySynced(serverContext(ctx), txn);
    return true;
  },
  clear: clearDatabase,
  beginSnapshot,
  walkSnapshot,
  restoreRecord,
  restored,
  removeDeadEphemerals,
  startProcessors: (ctx, role) => startProcessors(serverContext(ctx), role),
  stopProcessors: (ctx) => stopProcessors(serverContext(ctx)),
  commitThread: (ctx) => {
    const chain = chainOf(peek(ctx.parts, serverContext(ctx).refs.processors), roleIncarnation(ctx));
    return chain === null ? null : threadId(COMMIT, chain.incarnation);
  },
  publish: (ctx) => {
    own(ctx.parts, serverContext(ctx).refs.connections).published = roleIncarnation(ctx);
  },
  unpublish: (ctx) => {
    own(ctx.parts, serverContext(ctx).refs.connections).published = -1;
  },
  closeClients: (ctx) => closeClients(serverContext(ctx)),
  commitEffect,
  learnerRequestEffect,
  processFinal: (ctx, request, txn) => {
    const server = serverContext(ctx);
    const chain = chainOf(own(ctx.parts, server.refs.processors), ctx.thread.incarnation);
    if (chain !== null) processInOrder(server, chain, requestOf(request), txn);
  },
  continueFinal: (ctx, item) => {
    const server = serverContext(ctx);
    const chain = chainOf(own(ctx.parts, server.refs.processors), ctx.thread.incarnation);
    if (chain !== null) stepFinal(server, chain, finalItemOf(item));
  },
  syncedEffect: (ctx, request) => syncedEffect(serverContext(ctx), request),
  touchSessions: (ctx, touches) => {
    for (const { session, timeoutMs } of touches) touchSession(serverContext(ctx), roleIncarnation(ctx), session, timeoutMs);
  },
  takeTouches: (ctx) => takeTouchTable(serverContext(ctx), roleIncarnation(ctx)),
  revalidate: (ctx, session, timeoutMs, handler, connection) => {
    const server = serverContext(ctx);
    const incarnation = roleIncarnation(ctx);
    return touchSession(server, incarnation, session, timeoutMs) && setOwner(server, incarnation, session, handler, connection);
  },
  revalidatedEffect: (ctx, session, valid, connection) => revalidatedEffect(serverContext(ctx), session, valid, connection),
};

/** The role that the running thread works for: its own, and for the QuorumPeer thread the present one. */
function roleIncarnation(ctx: ZabContext): number {
  return ctx.thread.kind === QUORUM_PEER ? peek(ctx.parts, ctx.refs.peer).incarnation : ctx.thread.incarnation;
}

/** createSessionTracker, startSessionTracker and setupRequestProcessors, in this order. */
function startProcessors(ctx: ServerContext, role: Role): void {
  const incarnation = roleIncarnation(ctx);
  const leaderLink = isInCharge(role) ? null : peek(ctx.parts, ctx.refs.learner).link;
  const hzxid = firstZxid(ctx, role);
  const state = own(ctx.parts, ctx.refs.processors);
  state.chains = state.chains.filter((chain) => !chain.ended || chain.incarnation >= incarnation - 2);
  state.chains.push(makeChain(incarnation, role, leaderLink, hzxid));
  clearOutstanding(ctx);
  beginRoleStats(ctx.parts, ctx.refs.stats, Math.floor(ctx.now / 1000));
  createTracker(ctx, incarnation, role);
  if (role !== 'standalone') initConfig(ctx);
  if (isInCharge(role) || ctx.decide.server.learnersExpireSessions) start(ctx, SESSION_TRACKER, incarnation);
  if (role === 'standalone') start(ctx, PREP, incarnation); // PIPE-05: no CommitProcessor
  else startCommitProcessor(ctx, role, incarnation);
  if (isInCharge(role)) start(ctx, CONTAINER_MANAGER, incarnation);
  if (throttlesRequests(ctx.config)) start(ctx, REQUEST_THROTTLER, incarnation);
}

/** ZKDatabase.initConfigInZKDatabase (TREE-22): version -1, the configuration's own as zxid, and this server's time. */
function initConfig({ parts, refs, config, now }: ServerContext): void {
  if (config.quorumConfig === '') return;
  setNodeData(parts, refs, CONFIG_NODE, bytesOfUtf8(config.quorumConfig), -1, 0, Math.floor(now / 1000));
}

function startCommitProcessor(ctx: ServerContext, role: Role, incarnation: number): void {
  start(ctx, COMMIT, incarnation);
  if (!ctx.decide.server.drainsRequestsBeforeCommit) start(ctx, COMMIT_INTAKE, incarnation);
  for (let worker = 0; worker < ctx.config.commitWorkers; worker++) start(ctx, COMMIT_WORKER, incarnation, worker);
  start(ctx, role === 'leader' ? PREP : FOLLOWER_REQUEST, incarnation);
}

/** The zxid before the first that this role gives out: that of NEWLEADER (ID-02), or where a standalone server left off. */
function firstZxid(ctx: ServerContext, role: Role): Zxid {
  if (role === 'leader') return makeZxid(peek(ctx.parts, ctx.refs.leader).epoch, 0);
  return role === 'standalone' ? peek(ctx.parts, ctx.refs.database).lastProcessedZxid : 0;
}

function start(ctx: ServerContext, kind: number, incarnation: number, key = 0): void {
  ctx.effects.push({ type: 'start', thread: threadId(kind, incarnation, key), item: START });
}

/** ZooKeeperServer.shutdownComponents without the SyncThread: each thread sees at its next look that it is over, and ends. */
function stopProcessors(ctx: ServerContext): void {
  const incarnation = roleIncarnation(ctx);
  const chain = chainOf(own(ctx.parts, ctx.refs.processors), incarnation);
  if (chain === null || chain.stopped) return;
  if (isInCharge(chain.role)) stop(ctx, CONTAINER_MANAGER, incarnation);
  stopTracker(ctx, incarnation);
  chain.stopped = true;
  // What it has not submitted yet is dropped at once (LIVE-16): its connections are closed, so nobody can tell.
  if (throttlesRequests(ctx.config)) stop(ctx, REQUEST_THROTTLER, incarnation);
  stop(ctx, isInCharge(chain.role) ? PREP : FOLLOWER_REQUEST, incarnation);
  ctx.effects.push({
    type: 'atomic', // CommitProcessor.halt
    effects: [
      { type: 'signal', condition: emptyPool(incarnation) },
      { type: 'enqueue', to: threadId(COMMIT, incarnation), item: STOP },
    ],
  });
  if (!ctx.decide.server.drainsRequestsBeforeCommit) stop(ctx, COMMIT_INTAKE, incarnation);
  for (let worker = 0; worker < ctx.config.commitWorkers; worker++) stop(ctx, COMMIT_WORKER, incarnation, worker);
}

function stop(ctx: ServerContext, kind: number, incarnation: number, key = 0): void {
  ctx.effects.push({ type: 'enqueue', to: threadId(kind, incarnation, key), item: STOP });
}

/** NIOServerCnxnFactory.closeAll, in order of slots. */
function closeClients(ctx: ServerContext): void {
  for (const connection of peek(ctx.parts, ctx.refs.connections).slots.slice()) {
    if (connection !== null) closeConnection(ctx, connection.id, 'server-shutdown');
  }
}

function commitEffect(ctx: ZabContext, txn: Txn): Effect {
  const item: Committed = { type: 'commit', zxid: txn.zxid, txn };
  return { type: 'enqueue', to: threadId(COMMIT, roleIncarnation(ctx)), item };
}

/** LeaderZooKeeperServer.submitLearnerRequest: past the first processor (PIPE-02), owned by the handler (SESS-25). */
function learnerRequestEffect(ctx: ZabContext, request: OpaqueRequest, handler: number): Effect {
  const item: ServerRequest = { ...requestOf(request), connection: NO_CONNECTION, owner: handler };
  return { type: 'enqueue', to: threadId(PREP, roleIncarnation(ctx)), item };
}

/** FollowerZooKeeperServer.sync: the oldest pending sync is committed (SYNCOP-03). */
function syncedEffect(ctx: ServerContext, request: OpaqueRequest | null): Effect {
  const chain = chainOf(own(ctx.parts, ctx.refs.processors), roleIncarnation(ctx));
  const oldest = request === null ? takeOldestSync(chain) : requestOf(request);
  if (chain === null || oldest === null) return NOTHING;
  const item: Committed = { type: 'commit-sync', request: oldest };
  return { type: 'enqueue', to: threadId(COMMIT, chain.incarnation), item };
}

function takeOldestSync(chain: RequestProcessors | null): ServerRequest | null {
  return chain?.pendingSyncs.shift() ?? null;
}

/** Learner.revalidate: to the connection that asked last (SESS-13), and where it must be an owner then, only the answer to its own question. */
function revalidatedEffect(ctx: ServerContext, session: string, valid: boolean, connection: ConnectionId): Effect {
  const chain = chainOf(own(ctx.parts, ctx.refs.processors), roleIncarnation(ctx));
  const id = chain?.pendingRevalidations.get(session);
  if (chain === null || id === undefined) return NOTHING;
  if (id !== connection && ctx.decide.server.ownerIsConnection) return NOTHING;
  chain.pendingRevalidations.delete(session);
  return sessionInitEffect(ctx, id, valid, 'reattached');
}

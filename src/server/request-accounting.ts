/**
 * What is under way: requests of this server's own clients from the first processor to their answer (ZooKeeperServer.requestsInProcess), and
 * of each connection those that are not answered (ServerCnxn.outstandingCount). Beyond a limit a connection is not read until it has fewer
 * (THR-01, THR-02).
 */
import { own, peek } from '../base/parts.ts';
import type { Zxid } from '../base/zxid.ts';
import { connectionAt, ownConnection, readerOf, sendTo, slotOf } from './connections.ts';
import type { ServerContext } from './context.ts';
import type { Operation, ServerPacket } from './protocol.ts';
import { NO_CONNECTION, type ServerRequest } from './request.ts';
import { countAnswered, countCreated } from './server-stats.ts';
import { chainOf, RECEIVE, type Connection, type ConnectionId, type RequestProcessors } from './thread-state.ts';

/** ServerCnxn.incrOutstandingAndCheckThrottle. Session requests, pings, auth and watch resets have no xid that counts. */
export function countOutstanding(ctx: ServerContext, id: ConnectionId, xid: number): void {
  if (xid <= 0) return;
  const connection = ownConnection(ctx, id);
  connection.outstandingCount++;
  if (shouldThrottle(ctx, connection)) connection.throttled = true;
}

/** NIOServerCnxn.sendResponse. */
export function sendResponse(ctx: ServerContext, id: ConnectionId, packet: Extract<ServerPacket, { type: 'REPLY' }>): void {
  sendTo(ctx, id, packet);
  countReplied(ctx, id, packet.xid);
}

/** ServerCnxn.decrOutstandingAndCheckThrottle, by the xid of the answer: a ping's never counts. */
function countReplied(ctx: ServerContext, id: ConnectionId, xid: number): void {
  if (xid <= 0 || connectionAt(ctx, id) === null) return;
  const connection = ownConnection(ctx, id);
  connection.outstandingCount--;
  if (!connection.throttled || shouldThrottle(ctx, connection)) return;
  connection.throttled = false;
  ctx.effects.push({ type: 'enqueue', to: readerOf(id), item: RECEIVE }); // enableRecv
}

function shouldThrottle(ctx: ServerContext, { role, outstandingCount }: Readonly<Connection>): boolean {
  const chain = chainOf(peek(ctx.parts, ctx.refs.processors), role);
  if (chain === null || outstandingCount <= 0) return false;
  return globalOutstandingLimit(ctx, chain) < Math.max(chain.requestsInProcess, chain.inflight);
}

/** THR-01. */
function globalOutstandingLimit(ctx: ServerContext, { role }: Readonly<RequestProcessors>): number {
  const { globalOutstandingLimit: limit, servers } = ctx.config;
  if (role !== 'leader' && role !== 'follower') return limit;
  let voters = 0;
  for (const { learnerType } of servers) if (learnerType === 'PARTICIPANT') voters++;
  return voters > 2 ? Math.floor(limit / (voters - 1)) : limit;
}

/** ZooKeeperServer.incInProcess. */
export function beginRequest(ctx: ServerContext, incarnation: number, request: ServerRequest, createdMs: number): void {
  const chain = chainOf(own(ctx.parts, ctx.refs.processors), incarnation);
  if (chain !== null) chain.requestsInProcess++;
  countCreated(ctx.parts, ctx.refs.stats, slotOf(request.connection), request.cxid, createdMs);
}

/** ZooKeeperServer.decInProcess: also where the connection is closed by now. */
export function endRequest(ctx: ServerContext, chain: RequestProcessors, request: ServerRequest): void {
  if (request.connection === NO_CONNECTION) return;
  chain.requestsInProcess--;
  if (chain.held !== null) ctx.effects.push({ type: 'signal', condition: throttleCondition(chain.incarnation) }); // throttleWake
}

export function throttleCondition(incarnation: number): string {
  return `request-throttler/${incarnation}`;
}

/** FinalRequestProcessor.updateStats. */
export function updateStats(ctx: ServerContext, request: ServerRequest, lastOperation: string): void {
  const zxid: Zxid = peek(ctx.parts, ctx.refs.database).lastProcessedZxid;
  const nowMs = Math.floor(ctx.now / 1000);
  countAnswered(ctx.parts, ctx.refs.stats, slotOf(request.connection), { cxid: request.cxid, zxid, operation: lastOperation, nowMs });
}

/** ADM-16: `NA` where the request did not get as far as its own case: it failed as a transaction, or before. */
export function lastOperationOf({ operation, exception }: ServerRequest, failedTxn: boolean): string {
  return exception !== 'OK' || failedTxn ? 'NA' : OPERATION_CODES[operation.op];
}

const OPERATION_CODES: Readonly<Record<Operation['op'], string>> = {
  ping: 'PING',
  createSession: 'SESS',
  closeSession: 'CLOS',
  create: 'CREA',
  create2: 'CREA',
  createTTL: 'CREA',
  createContainer: 'CREA',
  delete: 'DELE',
  deleteContainer: 'DELE',
  setData: 'SETD',
  setACL: 'SETA',
  reconfig: 'RECO',
  multi: 'MULT',
  multiRead: 'MLTR',
  exists: 'EXIS',
  getData: 'GETD',
  getACL: 'GETA',
  getChildren: 'GETC',
  getChildren2: 'GETC',
  getAllChildrenNumber: 'GETACN',
  getEphemerals: 'GETE',
  sync: 'SYNC',
  check: 'CHEC',
  checkWatches: 'CHKW',
  removeWatches: 'REMW',
  setWatches: 'SETW',
  setWatches2: 'STW2',
  addWatch: 'ADDW',
  whoAmI: 'HOMI',
  auth: 'NA',
  sasl: 'NA',
  undecodable: 'NA',
  unknown: 'NA',
};

/**
 * ServerStats, and what each ServerCnxn counts about itself: numbers for people who look at a server. Nothing in the protocol reads them, and
 * they are no part of a state's key. Every packet changes a few of them, so each change is O(1).
 */
import { copyDeque, lengthOf, makeDeque, push, shift, type Deque } from '../base/deque.ts';
import { makePartKind, own, peek, type Parts, type Ref } from '../base/parts.ts';
import { copyTable, makeTable, type Table } from '../base/table.ts';
import type { Zxid } from '../base/zxid.ts';

/** AvgMinMaxCounter, whole milliseconds. */
export interface Latency {
  total: number;
  count: number;
  /** Infinity before the first. */
  min: number;
  max: number;
}

/** BufferStats, in bytes; -1 before the first. */
export interface BufferStats {
  last: number;
  min: number;
  max: number;
}

interface Created {
  readonly cxid: number;
  readonly ms: number;
}

/** ServerCnxn's statistics (ADM-15). */
export interface ConnectionStats {
  /** `est`, milliseconds. */
  readonly establishedMs: number;
  packetsReceived: number;
  packetsSent: number;
  latency: Latency;
  lastOperation: string;
  lastCxid: number;
  lastZxid: Zxid;
  lastResponseMs: number;
  lastLatencyMs: number;
  /** When each request under way came, oldest first: a connection's requests are answered in their order (WIRE-10). */
  readonly created: Deque<Created>;
  /** The bucket of the factory's own expiry queue (SESS-34), microseconds. */
  expiresAt: number;
}

export interface ServerStats {
  /** By slot of the connection. */
  connections: (ConnectionStats | null)[];
  /** cnxnExpiryQueue: connections by bucket; one that they have all left is there until its time has come (ADM-20). */
  buckets: Table<number>;
  /** The server object's own: anew with each role. */
  startedMs: number;
  packetsReceived: number;
  packetsSent: number;
  latency: Latency;
  clientResponse: BufferStats;
  /** Leader.proposalStats. */
  proposal: BufferStats;
  /** DataTree.digestLog (DIG-07), oldest first. */
  digests: readonly ZxidDigest[];
}

export interface ZxidDigest {
  readonly zxid: Zxid;
  readonly digest: number;
}

export const serverStatsKind = makePartKind<ServerStats>('server-stats', { copy: copyStats, essence: () => null });

export function makeServerStats(): ServerStats {
  return {
    connections: [],
    buckets: makeTable(),
    startedMs: 0,
    packetsReceived: 0,
    packetsSent: 0,
    latency: makeLatency(),
    clientResponse: makeBufferStats(),
    proposal: makeBufferStats(),
    digests: [],
  };
}

function makeLatency(): Latency {
  return { total: 0, count: 0, min: Infinity, max: 0 };
}

function makeBufferStats(): BufferStats {
  return { last: -1, min: -1, max: -1 };
}

function copyStats(stats: ServerStats): ServerStats {
  return {
    connections: stats.connections.map((connection) => (connection === null ? null : copyConnectionStats(connection))),
    buckets: copyTable(stats.buckets),
    startedMs: stats.startedMs,
    packetsReceived: stats.packetsReceived,
    packetsSent: stats.packetsSent,
    latency: copyLatency(stats.latency),
    clientResponse: copyBufferStats(stats.clientResponse),
    proposal: copyBufferStats(stats.proposal),
    digests: stats.digests,
  };
}

function copyConnectionStats(stats: ConnectionStats): ConnectionStats {
  return {
    establishedMs: stats.establishedMs,
    packetsReceived: stats.packetsReceived,
    packetsSent: stats.packetsSent,
    latency: copyLatency(stats.latency),
    lastOperation: stats.lastOperation,
    lastCxid: stats.lastCxid,
    lastZxid: stats.lastZxid,
    lastResponseMs: stats.lastResponseMs,
    lastLatencyMs: stats.lastLatencyMs,
    created: copyDeque(stats.created),
    expiresAt: stats.expiresAt,
  };
}

function copyLatency({ total, count, min, max }: Latency): Latency {
  return { total, count, min, max };
}

function copyBufferStats({ last, min, max }: BufferStats): BufferStats {
  return { last, min, max };
}

/** A new server object: its numbers start anew, those of the connections do not. */
export function beginRoleStats(parts: Parts, ref: Ref<ServerStats>, nowMs: number): void {
  const stats = own(parts, ref);
  stats.startedMs = nowMs;
  stats.proposal = makeBufferStats();
  resetCounters(stats);
}

/** ServerStats.reset, and on a leader the sizes of its proposals too (ADM-23). */
export function resetServerStats(parts: Parts, ref: Ref<ServerStats>): void {
  const stats = own(parts, ref);
  resetCounters(stats);
  stats.proposal = makeBufferStats();
}

function resetCounters(stats: ServerStats): void {
  stats.packetsReceived = 0;
  stats.packetsSent = 0;
  stats.latency = makeLatency();
  stats.clientResponse = makeBufferStats();
}

export function beginConnectionStats(parts: Parts, ref: Ref<ServerStats>, slot: number, nowMs: number): void {
  own(parts, ref).connections[slot] = {
    establishedMs: nowMs,
    packetsReceived: 0,
    packetsSent: 0,
    // As Java leaves fields that nobody sets: the least latency stays 0 until the first crst.
    latency: { total: 0, count: 0, min: 0, max: 0 },
    lastOperation: 'null',
    lastCxid: 0,
    lastZxid: 0,
    lastResponseMs: 0,
    lastLatencyMs: 0,
    created: makeDeque(),
    expiresAt: 0,
  };
}

export function endConnectionStats(parts: Parts, ref: Ref<ServerStats>, slot: number): void {
  const stats = own(parts, ref);
  const connection = stats.connections[slot];
  if (connection !== null && connection !== undefined) moveBucket(stats.buckets, connection.expiresAt, 0);
  stats.connections[slot] = null;
}

/** ServerCnxn.resetStats of every connection (crst); requests under way go on. */
export function resetConnectionStats(parts: Parts, ref: Ref<ServerStats>): void {
  for (const stats of own(parts, ref).connections) {
    if (stats === null) continue;
    stats.packetsReceived = 0;
    stats.packetsSent = 0;
    stats.latency = makeLatency();
    stats.lastOperation = 'NA';
    stats.lastCxid = -1;
    stats.lastZxid = -1;
    stats.lastResponseMs = 0;
    stats.lastLatencyMs = 0;
  }
}

/** ServerCnxn.packetReceived. */
export function countReceived(parts: Parts, ref: Ref<ServerStats>, slot: number): void {
  const stats = own(parts, ref);
  stats.packetsReceived++;
  const connection = stats.connections[slot];
  if (connection !== null && connection !== undefined) connection.packetsReceived++;
}

/** ServerCnxn.packetSent. */
export function countSent(parts: Parts, ref: Ref<ServerStats>, slot: number): void {
  const stats = own(parts, ref);
  stats.packetsSent++;
  const connection = stats.connections[slot];
  if (connection !== null && connection !== undefined) connection.packetsSent++;
}

/** NIOServerCnxnFactory.touchCnxn. */
export function touchConnection(parts: Parts, ref: Ref<ServerStats>, slot: number, expiresAt: number): void {
  const known = peek(parts, ref).connections[slot];
  if (known === null || known === undefined || known.expiresAt === expiresAt) return;
  const stats = own(parts, ref);
  const connection = stats.connections[slot];
  if (connection === null || connection === undefined) return;
  moveBucket(stats.buckets, connection.expiresAt, expiresAt);
  connection.expiresAt = expiresAt;
}

/** 0 is no bucket. */
function moveBucket(buckets: Table<number>, from: number, to: number): void {
  if (from !== 0) buckets.set(String(from), Math.max(0, (buckets.get(String(from)) ?? 0) - 1));
  if (to !== 0) buckets.set(String(to), (buckets.get(String(to)) ?? 0) + 1);
}

/** A request is on its way: Request.createTime. */
export function countCreated(parts: Parts, ref: Ref<ServerStats>, slot: number, cxid: number, ms: number): void {
  const connection = own(parts, ref).connections[slot];
  if (connection !== null && connection !== undefined) push(connection.created, { cxid, ms });
}

export interface Answered {
  readonly cxid: number;
  readonly zxid: Zxid;
  readonly operation: string;
  readonly nowMs: number;
}

/** FinalRequestProcessor.updateStats: the connection's oldest request is answered, but for those that ended on their way (ACL-12). */
export function countAnswered(parts: Parts, ref: Ref<ServerStats>, slot: number, { cxid, zxid, operation, nowMs }: Answered): void {
  const stats = own(parts, ref);
  const connection = stats.connections[slot];
  if (connection === null || connection === undefined) return;
  const latencyMs = nowMs - (takeCreated(connection.created, cxid) ?? nowMs);
  addLatency(stats.latency, latencyMs);
  addLatency(connection.latency, latencyMs);
  if (cxid >= 0) connection.lastCxid = cxid;
  connection.lastZxid = zxid;
  connection.lastOperation = operation;
  connection.lastResponseMs = nowMs;
  connection.lastLatencyMs = latencyMs;
}

function takeCreated(created: Deque<Created>, cxid: number): number | null {
  while (lengthOf(created) > 0) {
    const next = shift(created);
    if (next.cxid === cxid) return next.ms;
  }
  return null;
}

function addLatency(latency: Latency, ms: number): void {
  latency.total += ms;
  latency.count++;
  if (ms < latency.min) latency.min = ms;
  if (ms > latency.max) latency.max = ms;
}

/** A reply or an event is so long, without the length in front. */
export function countResponse(parts: Parts, ref: Ref<ServerStats>, bytes: number): void {
  addSize(own(parts, ref).clientResponse, bytes);
}

/** Leader.propose. */
export function countProposal(parts: Parts, ref: Ref<ServerStats>, bytes: number): void {
  addSize(own(parts, ref).proposal, bytes);
}

function addSize(stats: BufferStats, bytes: number): void {
  stats.last = bytes;
  if (stats.min === -1 || bytes < stats.min) stats.min = bytes;
  if (bytes > stats.max) stats.max = bytes;
}

const digestInterval = 128;
const digestLimit = 1024;

/** DataTree.logZxidDigest. */
export function logDigest(parts: Parts, ref: Ref<ServerStats>, zxid: Zxid, digest: number): void {
  if (zxid % digestInterval !== 0) return;
  const stats = own(parts, ref);
  stats.digests = [...stats.digests, { zxid, digest }].slice(-digestLimit);
}

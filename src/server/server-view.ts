/** A server as its operators see it: what the four-letter words and the AdminServer's commands both show, collected at one moment. */
import { bytesLength, utf8OfBytes } from '../base/bytes.ts';
import { peek } from '../base/parts.ts';
import { sortedKeys } from '../base/table.ts';
import type { Zxid } from '../base/zxid.ts';
import { connectionAt, slotOf } from './connections.ts';
import type { ServerContext } from './context.ts';
import { nodeAt } from './data-tree.ts';
import { averageOf, bySession } from './java-text.ts';
import { NO_SESSION } from './protocol.ts';
import type { BufferStats, ConnectionStats, Latency } from './server-stats.ts';
import { chainOf, type Connection, type RequestProcessors, type Role } from './thread-state.ts';

/** The role whose server object is published; null while nobody serves (ADM-21). */
export function servingChain(ctx: ServerContext): Readonly<RequestProcessors> | null {
  const { published } = peek(ctx.parts, ctx.refs.connections);
  const chain = published === -1 ? null : chainOf(peek(ctx.parts, ctx.refs.processors), published);
  return chain === null || chain.stopped ? null : chain;
}

/** `<version>-<revision>, built on <date>`. */
export function versionOf(ctx: ServerContext): string {
  return ctx.config.version ?? ctx.decide.server.versionText;
}

/** ServerStats.toString's numbers and what stands beside them. */
export interface ServerView {
  readonly latency: { readonly min: number; readonly avg: number; readonly max: number };
  readonly received: number;
  readonly sent: number;
  readonly connections: number;
  readonly outstanding: number;
  readonly zxid: Zxid;
  readonly mode: Role;
  readonly nodeCount: number;
  readonly uptimeMs: number;
  readonly clientResponse: Readonly<BufferStats>;
  /** On a leader alone. */
  readonly proposal: Readonly<BufferStats> | null;
}

export function viewServer(ctx: ServerContext, chain: Readonly<RequestProcessors>): ServerView {
  const stats = peek(ctx.parts, ctx.refs.stats);
  const { total, count, min, max } = stats.latency;
  return {
    latency: { min: count === 0 ? 0 : min, avg: averageOf(total, count), max },
    received: stats.packetsReceived,
    sent: stats.packetsSent,
    connections: liveConnections(ctx).length,
    outstanding: chain.requestsInProcess,
    zxid: peek(ctx.parts, ctx.refs.database).lastProcessedZxid,
    mode: chain.role,
    nodeCount: nodeCountOf(ctx),
    uptimeMs: Math.floor(ctx.now / 1000) - stats.startedMs,
    clientResponse: stats.clientResponse,
    proposal: chain.role === 'leader' ? stats.proposal : null,
  };
}

/** The root counts twice in Java: as '' and as '/'. */
function nodeCountOf(ctx: ServerContext): number {
  return peek(ctx.parts, ctx.refs.tree).nodeCount + 1;
}

export interface ConnectionView {
  /** `ip:port`. */
  readonly address: string;
  /** 1 while its packets are read. */
  readonly interestOps: number;
  readonly outstanding: number;
  readonly received: number;
  readonly sent: number;
  /** Null before there is a session. */
  readonly session: SessionOfConnection | null;
}

interface SessionOfConnection {
  readonly id: string;
  readonly timeoutMs: number;
  readonly stats: Readonly<ConnectionStats>;
  readonly latency: { readonly min: number; readonly avg: number; readonly max: number };
}

export function viewConnections(ctx: ServerContext, asking: number): ConnectionView[] {
  const { connections } = peek(ctx.parts, ctx.refs.stats);
  return liveConnections(ctx).flatMap((connection) => {
    const stats = connections[slotOf(connection.id)];
    return stats === null || stats === undefined ? [] : [viewConnection(connection, stats, asking)];
  });
}

function viewConnection(connection: Readonly<Connection>, stats: Readonly<ConnectionStats>, asking: number): ConnectionView {
  const { id, address, stage, throttled, outstandingCount, session, timeoutMs } = connection;
  const latency = latencyOf(stats.latency);
  return {
    address,
    interestOps: id === asking || stage === 'connecting' || throttled ? 0 : 1,
    outstanding: outstandingCount,
    received: stats.packetsReceived,
    sent: stats.packetsSent,
    session: session === NO_SESSION ? null : { id: session, timeoutMs, stats, latency },
  };
}

/** A connection's average is a whole number (ADM-15). */
function latencyOf({ total, count, min, max }: Readonly<Latency>): { readonly min: number; readonly avg: number; readonly max: number } {
  return { min: min === Infinity ? 0 : min, avg: count === 0 ? 0 : Math.floor(total / count), max };
}

/** In order of their slots; Java's order is that of a hash set. */
export function liveConnections(ctx: ServerContext): Readonly<Connection>[] {
  return peek(ctx.parts, ctx.refs.connections).slots.filter((connection) => connection !== null);
}

export function sessionOfConnection(ctx: ServerContext, id: number): string {
  return connectionAt(ctx, id)?.session ?? NO_SESSION;
}

/** The paths of each session that has ephemeral nodes. */
export function viewEphemerals(ctx: ServerContext): { readonly session: string; readonly paths: readonly string[] }[] {
  const table = peek(ctx.parts, ctx.refs.ephemerals);
  return sortedKeys(table)
    .toSorted(bySession)
    .flatMap((session) => {
      const paths = table.get(session) ?? [];
      return paths.length === 0 ? [] : [{ session, paths }];
    });
}

/** DataTree.approximateDataSize: the lengths of all paths and data. Counted when somebody asks. */
export function approximateDataSize(ctx: ServerContext): number {
  let size = 1; // the root's second name
  for (const ref of ctx.refs.chunks) {
    for (const [path, { data }] of peek(ctx.parts, ref)) size += path.length + (data === null ? 0 : bytesLength(data));
  }
  return size;
}

/** The bytes of a server's files: snapshots, and logs with what is set aside for them (DISK-03). */
export function directorySizes(ctx: ServerContext): { readonly data: number; readonly log: number } {
  const sizes = { data: 0, log: 0 };
  for (const name of ctx.disk.names()) {
    const bytes = ctx.disk.bytes(name);
    if (name.startsWith('snapshot.')) sizes.data += bytes;
    else if (name.startsWith('log.')) sizes.log += Math.max(bytes, ctx.config.preAllocBytes);
  }
  // Both are in one directory by default.
  return ctx.config.dataLogDir === null ? { data: sizes.data + sizes.log, log: sizes.data + sizes.log } : sizes;
}

/** QuorumVerifier.toString: the current configuration. */
export function membershipText(ctx: ServerContext): string {
  const data = nodeAt(ctx.parts, ctx.refs, '/zookeeper/config')?.data ?? null;
  if (data !== null && bytesLength(data) > 0) return utf8OfBytes(data);
  const lines = ctx.config.servers.map(({ sid, learnerType }) => {
    const { host, quorumPort, electionPort } = addressOf(ctx, sid);
    return `server.${sid}=${host}:${quorumPort}:${electionPort}:${learnerType.toLowerCase()}`;
  });
  return [...lines, 'version=0'].join('\n');
}

export interface QuorumAddress {
  readonly host: string;
  readonly quorumPort: number;
  readonly electionPort: number;
}

/** A server's line of the configuration, or what an ensemble on one machine would have. */
export function addressOf(ctx: ServerContext, sid: number): QuorumAddress {
  const line = ctx.config.serverLines.split('\n').find((text) => text.startsWith(`server.${sid}=`));
  const [, host, quorumPort, electionPort] = /=(.*?):(\d+):(\d+)/.exec(line ?? '') ?? [];
  if (host === undefined) return { host: '127.0.0.1', quorumPort: 2887 + sid, electionPort: 3887 + sid };
  return { host, quorumPort: Number(quorumPort), electionPort: Number(electionPort) };
}

/** The port for clients that conf and the AdminServer show. */
export function clientPortOf(ctx: ServerContext): number {
  const { servers, sid, clientPorts } = ctx.config;
  const at = servers.findIndex((server) => server.sid === sid);
  return Number(clientPorts.split(',')[at] ?? '') || 2181 + at;
}

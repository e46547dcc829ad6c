/**
 * The AdminServer's commands (ADM-10, ADM-11) as the fields of their JSON: what a server says of itself by HTTP. They only look; those that would
 * change something (the resets and the trace mask) are not there.
 */
import { peek } from '../base/parts.ts';
import { int64Decimal, type Int64 } from '../base/int64.ts';
import { sortedKeys } from '../base/table.ts';
import { counterOf, epochOf } from '../base/zxid.ts';
import type { ServerContext } from './context.ts';
import { digestText } from './digest.ts';
import { environmentOf } from './four-letter-conf.ts';
import { monitorValues } from './four-letter-mntr.ts';
import { TRACE_MASK } from './four-letter-word.ts';
import { zxidHexText } from './java-text.ts';
import {
  addressOf,
  clientPortOf,
  directorySizes,
  servingChain,
  sessionOfConnection,
  versionOf,
  viewConnections,
  viewEphemerals,
  viewServer,
  type ConnectionView,
} from './server-view.ts';
import type { BufferStats } from './server-stats.ts';
import { isInCharge, trackerOf, type RequestProcessors } from './thread-state.ts';
import { watchesByConnection, watchesByPath, watchesSummary } from './watch-manager.ts';

/** A 64-bit number in decimal, which JSON holds and a JavaScript number does not. */
export interface AdminLong {
  readonly long: string;
}

export type AdminFields = Readonly<Record<string, unknown>>;

type Chain = Readonly<RequestProcessors>;
interface Command {
  /** The first is its own name. */
  readonly names: readonly string[];
  readonly fields: (ctx: ServerContext, chain: Chain) => AdminFields;
}

/** Those that need a server that serves. */
const SERVING: readonly Command[] = [
  { names: ['configuration', 'conf', 'config'], fields: configuration },
  { names: ['connections', 'cons'], fields: connections },
  { names: ['dirs'], fields: dirs },
  { names: ['dump'], fields: dump },
  { names: ['hash'], fields: digests },
  { names: ['observers', 'obsr'], fields: observers },
  { names: ['initial_configuration', 'icfg'], fields: (ctx) => ({ initial_configuration: ctx.config.initialConfig }) },
  { names: ['is_read_only', 'isro'], fields: () => ({ read_only: false }) },
  { names: ['leader', 'lead'], fields: leader },
  { names: ['ruok'], fields: () => ({}) },
  { names: ['server_stats', 'srvr'], fields: serverStats },
  { names: ['stats', 'stat'], fields: (ctx, chain) => ({ ...serverStats(ctx, chain), ...briefConnections(ctx) }) },
  { names: ['voting_view'], fields: votingView },
  { names: ['watches', 'wchc'], fields: watches },
  { names: ['watches_by_path', 'wchp'], fields: pathsWatched },
  { names: ['watch_summary', 'wchs'], fields: watchSummary },
];

const NAMES = ['environment', 'get_trace_mask', 'monitor', 'zabstate'];

/** Those that change something, which a server that does not serve refuses as well: whoever runs them performs the reset. */
const RESETS: readonly { readonly names: readonly string[]; readonly of: 'server' | 'connections' }[] = [
  { names: ['connection_stat_reset', 'crst'], of: 'connections' },
  { names: ['stat_reset', 'srst'], of: 'server' },
];

/** What the command begins to count anew; null for one that only tells. */
export function adminReset(name: string): 'server' | 'connections' | null {
  return RESETS.find(({ names }) => names.includes(name))?.of ?? null;
}

export const ADMIN_COMMANDS: readonly string[] = [...[...SERVING, ...RESETS].map(({ names }) => names[0] ?? ''), ...NAMES].sort((a, b) =>
  a < b ? -1 : 1,
);

/** The command's own name and its fields; null where there is no such command. */
export function adminCommand(ctx: ServerContext, name: string): { readonly command: string; readonly fields: AdminFields } | null {
  const chain = servingChain(ctx);
  switch (name) {
    case 'environment':
    case 'env':
    case 'envi':
      return { command: 'environment', fields: environmentOf(ctx) };
    case 'get_trace_mask':
    case 'gtmk':
      return { command: 'get_trace_mask', fields: { tracemask: TRACE_MASK } };
    case 'monitor':
    case 'mntr':
      return { command: 'monitor', fields: chain === null ? { version: versionOf(ctx) } : monitor(ctx, chain) };
    case 'zabstate':
      return { command: 'zabstate', fields: zabState(ctx, chain) };
    default:
      return servingCommand(ctx, chain, name);
  }
}

function servingCommand(ctx: ServerContext, chain: Chain | null, name: string): ReturnType<typeof adminCommand> {
  const known = SERVING.find(({ names }) => names.includes(name)) ?? resetCommand(name);
  if (known === undefined) return null;
  const command = known.names[0] ?? name;
  return {
    command,
    fields: chain === null ? { error: 'This ZooKeeper instance is not currently serving requests' } : known.fields(ctx, chain),
  };
}

function resetCommand(name: string): Command | undefined {
  const known = RESETS.find(({ names }) => names.includes(name));
  return known === undefined ? undefined : { names: known.names, fields: () => ({}) };
}

/** Also in an ensemble no more than this: what conf adds there is not in ZooKeeperServerConf. */
function configuration(ctx: ServerContext, chain: Chain): AdminFields {
  const { dataDir, dataLogDir, tickUs, maxClientCnxns, minSessionTimeoutMs, maxSessionTimeoutMs, sid } = ctx.config;
  return {
    client_port: clientPortOf(ctx),
    data_dir: `${dataDir}/version-2`,
    data_log_dir: `${dataLogDir ?? dataDir}/version-2`,
    tick_time: Math.floor(tickUs / 1000),
    max_client_cnxns: maxClientCnxns,
    min_session_timeout: minSessionTimeoutMs,
    max_session_timeout: maxSessionTimeoutMs,
    server_id: chain.role === 'standalone' ? 0 : sid,
    client_port_listen_backlog: -1,
  };
}

function connections(ctx: ServerContext): AdminFields {
  return { connections: viewConnections(ctx, -1).map(connectionInfo), secure_connections: [] };
}

/** As stat has them: without what their sessions did. */
function briefConnections(ctx: ServerContext): AdminFields {
  const brief = viewConnections(ctx, -1).map((connection) => connectionInfo({ ...connection, session: null }));
  return { connections: brief, secure_connections: [] };
}

/** ServerCnxn.getConnectionInfo. */
function connectionInfo({ address, interestOps, outstanding, received, sent, session }: ConnectionView): AdminFields {
  return {
    remote_socket_address: address,
    interest_ops: interestOps,
    outstanding_requests: outstanding,
    packets_received: received,
    packets_sent: sent,
    ...(session === null
      ? {}
      : {
          session_id: longOf(session.id),
          last_operation: session.stats.lastOperation,
          established: session.stats.establishedMs,
          session_timeout: session.timeoutMs,
          last_cxid: session.stats.lastCxid,
          last_zxid: session.stats.lastZxid,
          last_response_time: session.stats.lastResponseMs,
          last_latency: session.stats.lastLatencyMs,
          min_latency: session.latency.min,
          avg_latency: session.latency.avg,
          max_latency: session.latency.max,
        }),
  };
}

function longOf(session: Int64): AdminLong {
  return { long: int64Decimal(session) };
}

function dirs(ctx: ServerContext): AdminFields {
  const { data, log } = directorySizes(ctx);
  return { datadir_size: data, logdir_size: log };
}

function leader(ctx: ServerContext, chain: Chain): AdminFields {
  if (chain.role === 'standalone') return { error: 'server is not initialized' };
  const id = peek(ctx.parts, ctx.refs.peer).currentVote?.leader ?? -1;
  return { is_leader: chain.role === 'leader', leader_id: id, leader_ip: addressOf(ctx, id).host };
}

function serverStats(ctx: ServerContext, chain: Chain): AdminFields {
  const {
    latency,
    received,
    sent,
    connections: alive,
    outstanding,
    zxid,
    mode,
    nodeCount,
    uptimeMs,
    clientResponse,
    proposal,
  } = viewServer(ctx, chain);
  const { data, log } = directorySizes(ctx);
  const response = bufferStats(clientResponse);
  return {
    version: versionOf(ctx),
    read_only: false,
    server_stats: {
      packets_sent: sent,
      packets_received: received,
      fsync_threshold_exceed_count: 0,
      client_response_stats: response,
      provider_null: false,
      data_dir_size: data,
      log_dir_size: log,
      server_state: mode,
      last_processed_zxid: zxid,
      outstanding_requests: outstanding,
      avg_latency: latency.avg,
      max_latency: latency.max,
      min_latency: latency.min,
      num_alive_client_connections: alive,
      auth_failed_count: 0,
      non_mtlsremote_conn_count: 0,
      non_mtlslocal_conn_count: 0,
      uptime: uptimeMs,
    },
    client_response: response,
    ...(proposal === null ? {} : { proposal_stats: bufferStats(proposal) }),
    node_count: nodeCount,
  };
}

function bufferStats({ last, min, max }: Readonly<BufferStats>): AdminFields {
  return { last_buffer_size: last, min_buffer_size: min, max_buffer_size: max };
}

function monitor(ctx: ServerContext, chain: Chain): AdminFields {
  return Object.fromEntries(monitorValues(ctx, chain).map(([key, value]) => [key, typeof value === 'object' ? value.double : value]));
}

/** ADM-11: the voters alone. */
function votingView(ctx: ServerContext, chain: Chain): AdminFields {
  if (chain.role === 'standalone') return { current_config: {} };
  const voters = ctx.config.servers.filter(({ learnerType }) => learnerType === 'PARTICIPANT');
  return {
    current_config: Object.fromEntries(
      voters.map(({ sid }) => {
        const { host, quorumPort, electionPort } = addressOf(ctx, sid);
        const addresses = { server_addresses: [`${host}:${quorumPort}`], election_addresses: [`${host}:${electionPort}`] };
        const client_address = sid === ctx.config.sid ? `${host}:${clientPortOf(ctx)}` : ''; // a server knows its own
        return [String(sid), { ...addresses, client_address, learner_type: 'participant' }];
      }),
    ),
  };
}

function watches(ctx: ServerContext): AdminFields {
  const entries = watchesByConnection(ctx.parts, ctx.refs.watches).map(
    ({ connection, paths }) => [int64Decimal(sessionOfConnection(ctx, connection)), paths] as const,
  );
  return { session_id_to_watched_paths: Object.fromEntries(entries) };
}

function pathsWatched(ctx: ServerContext): AdminFields {
  const entries = watchesByPath(ctx.parts, ctx.refs.watches).map(
    ({ path, connections: watching }) => [path, watching.map((connection) => longOf(sessionOfConnection(ctx, connection)))] as const,
  );
  return { path_to_session_ids: Object.fromEntries(entries) };
}

function watchSummary(ctx: ServerContext): AdminFields {
  const { connections: watching, paths, watches: total } = watchesSummary(ctx.parts, ctx.refs.watches);
  return { num_connections: watching, num_paths: paths, num_total_watches: total };
}

/** ADM-11, ADM-12: outside of quorum mode, and while there is no server, two fields only. */
function zabState(ctx: ServerContext, chain: Chain | null): AdminFields {
  if (chain === null || chain.role === 'standalone') return { voting: false, zabstate: '' };
  const { sid } = ctx.config;
  const { host, quorumPort, electionPort } = addressOf(ctx, sid);
  const { lastProcessedZxid: zxid } = peek(ctx.parts, ctx.refs.database);
  return {
    myid: sid,
    is_leader: chain.role === 'leader',
    quorum_address: multipleAddresses(host, quorumPort),
    election_address: multipleAddresses(host, electionPort),
    client_address: `${host}:${clientPortOf(ctx)}`,
    voting: chain.role !== 'observer',
    last_zxid: `0x${zxidHexText(zxid)}`,
    zab_epoch: epochOf(zxid),
    zab_counter: counterOf(zxid),
    zabstate: peek(ctx.parts, ctx.refs.peer).zabState.toLowerCase(),
  };
}

/** MultipleAddresses as it is written: every server here has one address, and that is reached. */
function multipleAddresses(host: string, port: number): AdminFields {
  const address = `${host}:${port}`;
  return {
    empty: false,
    all_addresses: [address],
    all_reachable_addresses: [address],
    one: address,
    reachable_address: address,
    wildcard_addresses: [`0.0.0.0:${port}`],
    all_ports: [port],
    all_host_strings: [host],
    all_reachable_addresses_or_all: [address],
    reachable_or_one: address,
  };
}

/** DumpCommand: a learner knows no bucket (SESS-14). */
function dump(ctx: ServerContext, chain: Chain): AdminFields {
  const tracker = isInCharge(chain.role) ? trackerOf(peek(ctx.parts, ctx.refs.trackers), chain.incarnation) : null;
  const buckets = tracker === null ? [] : [...tracker.buckets];
  return {
    expiry_time_to_session_ids: Object.fromEntries(
      buckets.map(([time, sessions]) => [String(Math.floor(Number(time) / 1000)), sortedKeys(sessions).map(longOf)]),
    ),
    session_id_to_ephemeral_paths: Object.fromEntries(viewEphemerals(ctx).map(({ session, paths }) => [int64Decimal(session), paths])),
  };
}

/** DIG-07. */
function digests(ctx: ServerContext): AdminFields {
  const log = peek(ctx.parts, ctx.refs.stats).digests;
  return { digests: log.map(({ zxid, digest }) => ({ zxid, digest_version: DIGEST_VERSION, digest: longOf(digestText(digest)) })) };
}

const DIGEST_VERSION = 2;

/** SyncedObserverConsCommand; what each of them has been sent is not counted. */
function observers(ctx: ServerContext, chain: Chain): AdminFields {
  return { synced_observers: chain.role === 'leader' ? peek(ctx.parts, ctx.refs.leader).observingLearners.length : 0, observers: [] };
}

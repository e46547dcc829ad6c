/** The word mntr: what a monitoring system reads, one `zk_<key>` TAB value a line (ADM-18, ADM-19). */
import { peek } from '../base/parts.ts';
import type { ServerContext } from './context.ts';
import { doubleText } from './java-text.ts';
import { approximateDataSize, versionOf, viewEphemerals, viewServer } from './server-view.ts';
import type { BufferStats } from './server-stats.ts';
import type { RequestProcessors, Role } from './thread-state.ts';
import { watchesSummary } from './watch-manager.ts';

/** A number that Java holds as a double prints with its decimals. */
export type MonitorValue = string | number | { readonly double: number };

export function mntrText(ctx: ServerContext, chain: Readonly<RequestProcessors>): string {
  return monitorValues(ctx, chain)
    .map(([key, value]) => `zk_${key}\t${typeof value === 'object' ? doubleText(value.double) : value}\n`)
    .join('');
}

/**
 * The gauges of ServerMetrics, in the order of a real server. Its counters and summaries count what happens inside a Java server (queues,
 * caches, TLS); few of them mean anything here, and those that nobody counts are not shown at all.
 */
export function monitorValues(ctx: ServerContext, chain: Readonly<RequestProcessors>): readonly (readonly [string, MonitorValue])[] {
  const view = viewServer(ctx, chain);
  const ephemerals = viewEphemerals(ctx).reduce((count, { paths }) => count + paths.length, 0);
  return [
    ['version', versionOf(ctx)],
    ['server_state', view.mode],
    ...(chain.role === 'standalone' ? [] : [['peer_state', PEER_STATES[chain.role]] as const]),
    ['ephemerals_count', ephemerals],
    ['num_alive_connections', view.connections],
    ['avg_latency', { double: view.latency.avg }],
    ['outstanding_requests', view.outstanding],
    ['znode_count', view.nodeCount],
    ['global_sessions', peek(ctx.parts, ctx.refs.sessions).size],
    ['non_mtls_remote_conn_count', 0],
    ...sizes('client_response_size', view.clientResponse),
    ['packets_sent', view.sent],
    ['packets_received', view.received],
    ['connection_drop_probability', { double: 0 }],
    ['watch_count', watchesSummary(ctx.parts, ctx.refs.watches).watchCount],
    ['auth_failed_count', 0],
    ['min_latency', view.latency.min],
    ['max_file_descriptor_count', FILE_DESCRIPTORS_MAX],
    ['approximate_data_size', approximateDataSize(ctx)],
    ['open_file_descriptor_count', FILE_DESCRIPTORS_OF_IDLE + view.connections],
    ['local_sessions', 0],
    ['uptime', view.uptimeMs],
    ['max_latency', view.latency.max],
    ['outstanding_tls_handshake', 0],
    ['non_mtls_local_conn_count', 0],
    ...(chain.role === 'standalone' ? [] : [['quorum_size', quorumSize(ctx)] as const]),
    ...(view.proposal === null ? [] : leaderValues(ctx, view.uptimeMs, view.proposal)),
  ];
}

/** A simulated server has no file descriptors: a process's limit here, and what an idle Java server holds with one for each connection. */
const FILE_DESCRIPTORS_MAX = 20_000;
const FILE_DESCRIPTORS_OF_IDLE = 40;

const PEER_STATES: Readonly<Record<Role, string>> = {
  leader: 'leading - broadcast',
  follower: 'following - broadcast',
  observer: 'observing - broadcast',
  standalone: '',
};

function quorumSize(ctx: ServerContext): number {
  return ctx.config.servers.filter(({ learnerType }) => learnerType === 'PARTICIPANT').length;
}

function sizes(name: string, { last, min, max }: Readonly<BufferStats>): readonly (readonly [string, number])[] {
  return [
    [`last_${name}`, last],
    [`max_${name}`, max],
    [`min_${name}`, min],
  ];
}

function leaderValues(ctx: ServerContext, uptimeMs: number, proposal: Readonly<BufferStats>): readonly (readonly [string, number])[] {
  const leader = peek(ctx.parts, ctx.refs.leader);
  return [
    ['learners', leader.forwardingFollowers.length + leader.observingLearners.length],
    ['synced_followers', leader.forwardingFollowers.length],
    ['synced_non_voting_followers', 0],
    ['synced_observers', leader.observingLearners.length],
    ['pending_syncs', leader.pendingSyncs.length],
    ['leader_uptime', uptimeMs],
    ...sizes('proposal_size', proposal),
  ];
}

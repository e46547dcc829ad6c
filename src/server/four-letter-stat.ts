/** The words about traffic: srvr, stat and cons (ADM-13 to ADM-16). */
import type { ServerContext } from './context.ts';
import { doubleText, hexText, zxidHexText } from './java-text.ts';
import type { BufferStats } from './server-stats.ts';
import { viewConnections, viewServer, versionOf, type ConnectionView } from './server-view.ts';
import type { RequestProcessors } from './thread-state.ts';

export function srvrText(ctx: ServerContext, chain: Readonly<RequestProcessors>): string {
  return versionLine(ctx) + serverLines(ctx, chain);
}

export function statText(ctx: ServerContext, chain: Readonly<RequestProcessors>, asking: number): string {
  const clients = viewConnections(ctx, asking).map((connection) => `${briefText(connection)})\n`);
  return `${versionLine(ctx)}Clients:\n${clients.join('')}\n${serverLines(ctx, chain)}`;
}

export function consText(ctx: ServerContext, asking: number): string {
  const lines = viewConnections(ctx, asking).map((connection) => `${briefText(connection)}${sessionText(connection)})\n`);
  return `${lines.join('')}\n`;
}

function versionLine(ctx: ServerContext): string {
  return `Zookeeper version: ${versionOf(ctx)}\n`;
}

function serverLines(ctx: ServerContext, chain: Readonly<RequestProcessors>): string {
  const { latency, received, sent, connections, outstanding, zxid, mode, nodeCount, proposal } = viewServer(ctx, chain);
  return [
    `Latency min/avg/max: ${latency.min}/${doubleText(latency.avg)}/${latency.max}\n`,
    `Received: ${received}\n`,
    `Sent: ${sent}\n`,
    `Connections: ${connections}\n`,
    `Outstanding: ${outstanding}\n`,
    `Zxid: 0x${zxidHexText(zxid)}\n`,
    `Mode: ${mode}\n`,
    `Node count: ${nodeCount}\n`,
    ...(proposal === null ? [] : [`Proposal sizes last/min/max: ${sizesText(proposal)}\n`]),
  ].join('');
}

function sizesText({ last, min, max }: Readonly<BufferStats>): string {
  return `${last}/${min}/${max}`;
}

/** Without the bracket that ends it. */
function briefText({ address, interestOps, outstanding, received, sent }: ConnectionView): string {
  return ` /${address}[${interestOps}](queued=${outstanding},recved=${received},sent=${sent}`;
}

function sessionText({ session }: ConnectionView): string {
  if (session === null) return '';
  const { id, timeoutMs, stats, latency } = session;
  const fields = [
    `sid=0x${hexText(id)}`,
    `lop=${stats.lastOperation}`,
    `est=${stats.establishedMs}`,
    `to=${timeoutMs}`,
    ...(stats.lastCxid >= 0 ? [`lcxid=0x${stats.lastCxid.toString(16)}`] : []),
    `lzxid=0x${zxidHexText(stats.lastZxid)}`,
    `lresp=${stats.lastResponseMs}`,
    `llat=${stats.lastLatencyMs}`,
    `minlat=${latency.min}`,
    `avglat=${latency.avg}`,
    `maxlat=${latency.max}`,
  ];
  return fields.map((field) => `,${field}`).join('');
}

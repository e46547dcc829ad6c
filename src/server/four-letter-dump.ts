/** The word dump: sessions, their ephemeral nodes and the connections, with when each runs out (ADM-20). */
import { peek } from '../base/parts.ts';
import { sortedKeys } from '../base/table.ts';
import { slotOf } from './connections.ts';
import type { ServerContext } from './context.ts';
import { dateText, hexText } from './java-text.ts';
import { liveConnections, viewEphemerals } from './server-view.ts';
import { sessionEntries } from './session-table.ts';
import { isInCharge, trackerOf, type RequestProcessors } from './thread-state.ts';

export function dumpText(ctx: ServerContext, chain: Readonly<RequestProcessors>): string {
  return [
    'SessionTracker dump:\n',
    isInCharge(chain.role) ? sessionSets(ctx, chain) : globalSessions(ctx),
    'ephemeral nodes dump:\n',
    ephemeralsText(ctx),
    'Connections dump:\n',
    connectionSets(ctx),
  ].join('');
}

function sessionSets(ctx: ServerContext, chain: Readonly<RequestProcessors>): string {
  const tracker = trackerOf(peek(ctx.parts, ctx.refs.trackers), chain.incarnation);
  const buckets =
    tracker === null ? [] : [...tracker.buckets].map(([time, sessions]) => ({ time: Number(time), lines: sortedKeys(sessions) }));
  return `Session ${setsText(
    buckets.map(({ time, lines }) => ({ time, lines: lines.map((session) => `0x${hexText(session)}`) })),
    tracker?.sessions.size ?? 0,
  )}`;
}

/** A learner knows of no bucket: only the leader expires sessions (SESS-14). */
function globalSessions(ctx: ServerContext): string {
  const entries = sessionEntries(ctx.parts, ctx.refs.sessions);
  const lines = entries.map(({ session, timeoutMs }) => `0x${hexText(session)}\t${timeoutMs}ms\n`);
  return `Global Sessions(${entries.length}):\n${lines.join('')}`;
}

function ephemeralsText(ctx: ServerContext): string {
  const entries = viewEphemerals(ctx);
  const lines = entries.map(({ session, paths }) => `0x${hexText(session)}:\n${paths.map((path) => `\t${path}\n`).join('')}`);
  return `Sessions with Ephemerals (${entries.length}):\n${lines.join('')}`;
}

function connectionSets(ctx: ServerContext): string {
  const { buckets, connections } = peek(ctx.parts, ctx.refs.stats);
  const live = liveConnections(ctx);
  const sets = [...buckets].flatMap(([text, count]) => {
    const time = Number(text);
    if (count === 0 && time <= ctx.now) return [];
    const inside = live.filter(({ id }) => connections[slotOf(id)]?.expiresAt === time);
    return [{ time, lines: inside.map(({ address, session }) => `ip: /${address} sessionId: 0x${hexText(session)}`) }];
  });
  return `Connections ${setsText(sets, live.length)}`;
}

interface Bucket {
  readonly time: number;
  readonly lines: readonly string[];
}

/** ExpiryQueue.dump. */
function setsText(buckets: readonly Bucket[], elements: number): string {
  const texts = buckets
    .toSorted((a, b) => a.time - b.time)
    .map(
      ({ time, lines }) =>
        `${lines.length} expire at ${dateText(Math.floor(time / 1000))}:\n${lines.map((line) => `\t${line}\n`).join('')}`,
    );
  return `Sets (${buckets.length})/(${elements}):\n${texts.join('')}`;
}

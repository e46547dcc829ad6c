/**
 * I-LIVE, bounded: within a time after the last fault has ended there is one leader, and every live server is in BROADCAST; and from then on
 * each call of a client is answered within that time, be it with an error,
 * and no server is so silent that a client gives the connection up: a client that only ever loses its calls is answered nothing.
 *
 * "Calm" says that everything is healed and started; a fault after it takes it back. Judged at the deadline. Being stuck is legitimate when the
 * servers that live are no quorum of the voters, because they refused to start (which is I-BOOT's) or have ended by themselves: the report
 * then says so and nothing is judged. Exercised by a deadline, or an end of the run, that finds the ensemble stable.
 */
import type { Note } from '../ensemble/note.ts';
import type { CheckState, Property } from './check-state.ts';
import type { NoteOf, Where } from './fact.ts';
import { sidAt, type Ghost, type ServerGhost } from './ghost.ts';
import type { FindingOf } from './violation.ts';

type Action = NoteOf<'acted'>['action']['type'];

/** Not calm any more: the others mend, or are everyday operations. */
const FAULTS: ReadonlySet<Action> = new Set<Action>([
  'kill',
  'power-loss',
  'stop',
  'pause',
  'stall',
  'partition',
  'cut',
  'break',
  'disk',
  'tear-tail',
  'link',
  'message-rule',
  'packet',
  'packets',
]);

export const liveness: Property = {
  id: 'I-LIVE',
  types: ['calm', 'acted', 'client-state'],
  onNote: ({ live, ghost }, note: Note, where: Where) => {
    if (note.type === 'calm') {
      live.calmAt = where.at;
      live.phase = 'settling';
      live.deadline = where.at + live.withinUs;
      live.excuse = null;
    } else if (note.type === 'acted' && note.bit && FAULTS.has(note.action.type)) {
      live.calmAt = -1;
      live.phase = 'faults';
      live.deadline = Infinity;
    } else if (note.type === 'client-state') {
      return live.phase === 'stable' ? judgeSilence(ghost, note, where, live.calmAt) : null;
    }
    return null;
  },
  atEnd: (check, at) => {
    if (at >= check.live.deadline) return judgeDeadline(check, at);
    if (check.live.phase === 'settling' && instabilityOf(check) === null) check.counts['I-LIVE'] += 1;
    return null;
  },
};

/** Is everything there that would be asked for at the deadlines: one leader, all joined, no call without an answer? */
export function isWell(check: CheckState): boolean {
  if (excuseOf(check.ghost) !== null || instabilityOf(check) !== null) return false;
  return check.ghost.clients.every((client) => client === undefined || client.calls.size === 0);
}

/** The checker calls it with the first thing that happens at or after the deadline. */
export function judgeDeadline(check: CheckState, at: number): FindingOf<'I-LIVE'> | null {
  const { live, ghost } = check;
  live.deadline = Infinity;
  if (live.phase === 'stable') return judgeCalls(check, at);
  live.excuse = excuseOf(ghost);
  if (live.excuse !== null) {
    live.phase = 'excused';
    return null;
  }
  const found = instabilityOf(check);
  if (found !== null) return found;
  check.counts['I-LIVE'] += 1;
  live.phase = 'stable';
  live.stableAt = at;
  live.deadline = at + live.withinUs;
  return null;
}

function isLive(server: ServerGhost): boolean {
  return server.up && !server.refused;
}

function excuseOf({ servers }: Ghost): CheckState['live']['excuse'] {
  let voters = 0;
  let live = 0;
  let refused = 0;
  for (const server of servers) {
    if (server === undefined || !server.isVoter) continue;
    voters += 1;
    if (isLive(server)) live += 1;
    if (server.refused) refused += 1;
  }
  if (live * 2 > voters) return null;
  return refused > 0 ? 'refused-to-start' : 'no-quorum';
}

function instabilityOf({ ghost, live: { calmAt } }: CheckState): FindingOf<'I-LIVE'> | null {
  const live = ghost.servers.filter((server) => server !== undefined && isLive(server));
  const leaders = live.filter((server) => server?.state === 'LEADING' && server.zabState === 'BROADCAST');
  if (leaders.length !== 1) {
    const sids = (leaders.length === 0 ? live : leaders).map((server) => server?.sid ?? -1);
    return { property: 'I-LIVE', kind: leaders.length === 0 ? 'no-leader' : 'several-leaders', operands: { calmAt, sids } };
  }
  for (const server of live) {
    if (server === undefined || server.zabState === 'BROADCAST') continue;
    return { property: 'I-LIVE', kind: 'not-joined', operands: { calmAt, sid: server.sid, zabState: server.zabState } };
  }
  return null;
}

/** Pings are answered behind the session's requests, so silence is a session that is stuck. */
function judgeSilence(ghost: Ghost, { why, server }: NoteOf<'client-state'>, { node }: Where, calmAt: number): FindingOf<'I-LIVE'> | null {
  if (why !== 'read-timeout' || server === null) return null;
  const client = ghost.clients[node]?.name ?? '';
  return { property: 'I-LIVE', kind: 'silent', operands: { calmAt, client, sid: sidAt(ghost, server) } };
}

/** A client's calls are answered in order, so the oldest one tells. */
function judgeCalls({ ghost, live }: CheckState, at: number): FindingOf<'I-LIVE'> | null {
  let next = at + live.withinUs;
  for (const client of ghost.clients) {
    if (client === undefined) continue;
    for (const [call, madeAt] of client.calls) {
      const dueAt = Math.max(madeAt, live.stableAt) + live.withinUs;
      if (dueAt <= at) return { property: 'I-LIVE', kind: 'unanswered', operands: { calmAt: live.calmAt, client: client.name, call } };
      next = Math.min(next, dueAt);
      break;
    }
  }
  live.deadline = next;
  return null;
}

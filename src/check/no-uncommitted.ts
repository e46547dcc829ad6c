/**
 * I-UNC: no client is shown what is not committed. A reply or watch event shows the tree it comes from, so at that moment every transaction
 * in that tree must be committed: decided by a leader, or in the history of an established one (SYNC-57). A tree that a server only loaded
 * from its disk is shown to nobody until the server serves.
 *
 * Checked at each reply and event as the server queues it; pings tell nothing of the tree. A write's own transaction is in the tree by then.
 * Exercised by the first reply or event.
 */
import type { CheckState, Property } from './check-state.ts';
import type { ServerGhost } from './ghost.ts';
import { settle } from './line.ts';
import type { FindingOf } from './violation.ts';

export const noUncommitted: Property = {
  id: 'I-UNC',
  types: ['replied', 'watch-fired'],
  onNote: (check, note, where) => {
    const server = check.ghost.servers[where.node];
    if (server === undefined) return null;
    if (note.type === 'watch-fired') return judge(check, server, 'fired', note.session);
    return note.type === 'replied' && note.operation.op !== 'ping' ? judge(check, server, 'replied', note.session) : null;
  },
};

function judge(
  { ghost, counts }: CheckState,
  { line, sid }: ServerGhost,
  kind: 'replied' | 'fired',
  session: string,
): FindingOf<'I-UNC'> | null {
  counts['I-UNC'] += 1;
  if (line.tail.length === 0) return null;
  settle(line, ghost.committed);
  const [first] = line.tail;
  return first === undefined ? null : { property: 'I-UNC', kind, operands: { sid, session, uncommitted: first.zxid } };
}

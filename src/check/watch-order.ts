/**
 * I-WORD, watch before read: a client that watches a node gets the event before it sees the new state. Since all that a server tells a client
 * goes through one queue (WATCH-28), it must even come before any reply whose zxid covers the change.
 *
 * A reply that covers a change while the event is missing is a violation either of this property or of I-WLOST: of this one when a server
 * has queued the event, at that moment or at the latest when it comes. Exercised by an event for a change to a watched node.
 */
import type { CheckState, Property } from './check-state.ts';
import type { NoteOf, Where } from './fact.ts';
import type { FindingOf } from './violation.ts';
import { isToldBy, type Watch } from './watch-book.ts';

export const watchOrder: Property = {
  id: 'I-WORD',
  types: ['client-returned', 'client-event'],
  onNote: (check, note, where) => {
    if (note.type === 'client-event') return judgeEvent(check, note, where);
    return note.type === 'client-returned' && note.zxid !== -1 ? judgeReply(check, note.zxid, where.node) : null;
  },
  atEnd: (check) => {
    for (const [node, { due }] of check.watches.clients) {
      for (const watch of due) if (watch.overdueAt !== -1 && watch.fired) return finding('I-WORD', check, node, watch);
    }
    return null;
  },
};

/** Violations of both watch properties look alike. */
export function finding(
  property: 'I-WORD' | 'I-WLOST',
  { ghost }: CheckState,
  node: number,
  { path, table, due: changed, seen }: Watch,
): FindingOf<'I-WORD' | 'I-WLOST'> {
  return { property, kind: 'watch', operands: { client: ghost.clients[node]?.name ?? '', path, table, changed, seen } };
}

function judgeReply(check: CheckState, zxid: number, node: number): FindingOf<'I-WORD' | 'I-WLOST'> | null {
  for (const watch of check.watches.clients.get(node)?.due ?? []) {
    if (watch.due <= zxid && watch.fired) return finding('I-WORD', check, node, { ...watch, seen: zxid });
  }
  return null;
}

function judgeEvent(check: CheckState, note: NoteOf<'client-event'>, { node }: Where): FindingOf<'I-WORD' | 'I-WLOST'> | null {
  for (const watch of check.watches.clients.get(node)?.due ?? []) {
    if (!isToldBy(watch, note)) continue;
    check.counts['I-WORD'] += 1;
    if (watch.overdueAt !== -1) return finding('I-WORD', check, node, watch);
  }
  return null;
}

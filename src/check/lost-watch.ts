/**
 * I-WLOST: no watch is lost. A change to a node after a client's read set a watch on it, or a change that setWatches finds on reconnecting
 * (WATCH-33 to WATCH-39), comes to the client as an event.
 *
 * A watch is lost when a reply on the client's connection covers the change and the event has not followed within a grace time, which
 * leaves I-WORD the ones that are merely late; or when the run ends with a client connected all that time to a server that has long delivered
 * the change. A node that came and went while a client with an exist watch was away is no loss (WATCH-43). A watch of a read that was never
 * answered is none. Exercised by an event for a change to a watched node.
 */
import type { CheckState, Property } from './check-state.ts';
import type { NoteOf, Where } from './fact.ts';
import { lastOf } from './line.ts';
import type { FindingOf } from './violation.ts';
import { isToldBy } from './watch-book.ts';
import { finding } from './watch-order.ts';

export const lostWatch: Property = {
  id: 'I-WLOST',
  types: ['client-returned', 'client-event'],
  onNote: (check, note, where) => {
    if (note.type === 'client-event') countEvent(check, note, where);
    return note.type === 'client-returned' && note.zxid !== -1 ? judgeReply(check, where) : null;
  },
  atEnd: (check, at) => {
    for (const node of check.watches.clients.keys()) {
      const found = judgeAtEnd(check, node, at);
      if (found !== null) return found;
    }
    return null;
  },
};

function countEvent({ watches, counts }: CheckState, note: NoteOf<'client-event'>, { node }: Where): void {
  for (const watch of watches.clients.get(node)?.due ?? []) {
    if (isToldBy(watch, note)) counts['I-WLOST'] += 1;
  }
}

function judgeReply(check: CheckState, { node, at }: Where): FindingOf<'I-WORD' | 'I-WLOST'> | null {
  for (const watch of check.watches.clients.get(node)?.due ?? []) {
    if (watch.overdueAt !== -1 && at - watch.overdueAt > check.live.graceUs) return finding('I-WLOST', check, node, watch);
  }
  return null;
}

function judgeAtEnd(check: CheckState, node: number, at: number): FindingOf<'I-WORD' | 'I-WLOST'> | null {
  const { ghost, live } = check;
  const client = ghost.clients[node];
  const server = client === undefined ? undefined : ghost.servers[client.server];
  for (const watch of check.watches.clients.get(node)?.due ?? []) {
    if (watch.overdueAt !== -1 && !watch.fired) return finding('I-WLOST', check, node, watch);
    if (client === undefined || server === undefined || watch.fired) continue;
    const isSettled = Math.max(client.connectedAt, server.deliveredAt) + live.withinUs < at;
    if (isSettled && watch.armed && lastOf(server.line, ghost.committed) >= watch.due) return finding('I-WLOST', check, node, watch);
  }
  return null;
}

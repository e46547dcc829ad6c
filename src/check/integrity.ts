/**
 * I-INT, integrity (DSN'11): a server delivers only what some primary broadcast. Deliveries of every kind count, replays of the log as well,
 * for what a log holds came from a proposal.
 *
 * Checked at each delivery; exercised by the first.
 */
import type { Property } from './check-state.ts';
import { entryAt, entryOf } from './book.ts';
import { sidAt } from './ghost.ts';

export const integrity: Property = {
  id: 'I-INT',
  types: ['delivered'],
  onNote: ({ ghost, counts }, note, where) => {
    if (note.type !== 'delivered') return null;
    counts['I-INT'] += 1;
    const { zxid, txn } = note;
    if (entryOf(ghost.book, txn) !== null) return null;
    const kind = entryAt(ghost.book, zxid) === null ? 'never-broadcast' : 'other-content';
    return { property: 'I-INT', kind, operands: { sid: sidAt(ghost, where.node), zxid } };
  },
};

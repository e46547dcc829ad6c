/**
 * I-LEAD: at most one leader is ever established in an epoch. Established means a quorum has acknowledged NEWLEADER. A server that restarts
 * and is established in the same epoch again counts as a second one: it would give out the same zxids.
 *
 * Epoch 0 is a standalone server's, which begins it anew at each start and goes on behind its own log.
 *
 * Checked at each establishment; exercised by the first. Source: catalogue; the Zab paper's (DSN'11) assumption that epochs have one primary.
 */
import type { Property } from './check-state.ts';
import { sidAt } from './ghost.ts';

export const oneLeader: Property = {
  id: 'I-LEAD',
  types: ['established'],
  onNote: ({ ghost, counts }, note, where) => {
    if (note.type !== 'established' || note.epoch === 0) return null;
    counts['I-LEAD'] += 1;
    const { epoch } = note;
    const known = ghost.epochs.get(epoch);
    if (known === undefined) return null;
    const second = sidAt(ghost, where.node);
    if (known.leader === where.node) return { property: 'I-LEAD', kind: 'led-twice', operands: { epoch, sid: second } };
    return { property: 'I-LEAD', kind: 'two-leaders', operands: { epoch, first: sidAt(ghost, known.leader), second } };
  },
};

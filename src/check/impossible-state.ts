/**
 * I-CODE: nothing happens that the code holds to be impossible: an ack, a proposal or a commit that fits nothing, a null pointer, a state that
 * cannot be (I-11 to I-14 of Remix). And no follower opens its door before its tree holds the whole initial history of the leader it follows
 * (ZOOKEEPER-3023): the leader took its ack for that. An observer may (SYNC-50), and so may one whose leader is not established: what it shows
 * is I-UNC's.
 *
 * Checked at each 'bad' note and each opening of a door; exercised by the first opening.
 */
import type { CheckState, Property } from './check-state.ts';
import { itemAt } from './chunked.ts';
import type { ServerGhost } from './ghost.ts';
import { settle } from './line.ts';
import type { FindingOf } from './violation.ts';

export const impossibleState: Property = {
  id: 'I-CODE',
  types: ['bad', 'serving'],
  onNote: (check, note, where) => {
    const server = check.ghost.servers[where.node];
    if (server === undefined) return null;
    if (note.type === 'serving' && note.serving) return judgeOpening(check, server);
    if (note.type !== 'bad') return null;
    const { what, zxid, expected, why } = note;
    return { property: 'I-CODE', kind: `bad-${what}`, operands: { sid: server.sid, zxid, expected, why } };
  },
};

function judgeOpening({ ghost, counts }: CheckState, server: ServerGhost): FindingOf<'I-CODE'> | null {
  counts['I-CODE'] += 1;
  const { line, sid, ackedEpoch: epoch } = server;
  const known = ghost.epochs.get(epoch);
  if (!server.isVoter || server.state !== 'FOLLOWING' || known === undefined) return null;
  settle(line, ghost.committed);
  if (line.tail.length > 0 || line.agree >= known.length) return null;
  return {
    property: 'I-CODE',
    kind: 'served-before-history',
    operands: { sid, epoch, missing: itemAt(ghost.committed, line.agree)?.zxid ?? -1 },
  };
}

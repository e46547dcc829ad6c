/**
 * How a leader brings a learner to its own history: LearnerHandler.syncFollower as a pure function of what the leader knows. The rows are
 * tested in order, each by its id in the behaviour list; see SYNC-01 to SYNC-17.
 */
import { counterOf, epochOf, noZxid, type Zxid } from '../base/zxid.ts';
import type { SyncMode } from './note.ts';
import type { Txn } from './txn.ts';

/** The transaction log on disk from the newest file named below a zxid on (SYNC-07). */
export interface LogFrom {
  /** In the order of the log; starts with the first record of that file. */
  readonly txns: readonly Txn[];
  /** Lengths of the files after the one in which reading starts (SYNC-62). */
  readonly bytesAfter: number;
}

export interface SyncQuestion {
  /** P */
  readonly peerLastZxid: Zxid;
  /** L */
  readonly lastProcessedZxid: Zxid;
  readonly committedLog: readonly Txn[];
  readonly forceSnapshotSync: boolean;
  /** In thousandths; negative turns the log off (SYNC-05). */
  readonly snapshotSizePermille: number;
  readonly newestSnapshotBytes: () => number;
  /** null: it could not be read. */
  readonly readLog: (zxid: Zxid) => LogFrom | null;
  readonly looksForPeerZxid: boolean;
  readonly detectsLogGap: boolean;
  readonly truncatesAcrossEpochs: boolean;
}

export interface SyncAnswer {
  readonly mode: SyncMode;
  /** Of the table: SYNC-01 to SYNC-08, SYNC-09 where nothing fitted, SYNC-17 where TRUNC would cross epochs. */
  readonly row: string;
  /** Of the header packet; L for SNAP, whose packet carries the zxid of the moment it is written (SYNC-26). */
  readonly zxid: Zxid;
  /** Where forwarding begins. */
  readonly currentZxid: Zxid;
  /** Each is queued as PROPOSAL and COMMIT (SYNC-13). */
  readonly proposals: readonly Txn[];
  readonly minCommittedLog: Zxid;
  readonly maxCommittedLog: Zxid;
}

/** The handler's fields that queueCommittedProposals reads and writes. */
interface Queued {
  header: { readonly mode: 'DIFF' | 'TRUNC'; readonly zxid: Zxid } | null;
  proposals: Txn[];
}

export function planSync(question: SyncQuestion): SyncAnswer {
  const { peerLastZxid: P, lastProcessedZxid: L, committedLog } = question;
  const min = committedLog[0]?.zxid ?? L;
  const max = committedLog[committedLog.length - 1]?.zxid ?? L;
  const queued: Queued = { header: null, proposals: [] };
  const snap = (row: string, currentZxid = L): SyncAnswer => {
    return { mode: 'SNAP', row, zxid: L, currentZxid, proposals: [], minCommittedLog: min, maxCommittedLog: max };
  };
  const plain = (row: string, mode: 'DIFF' | 'TRUNC', zxid: Zxid): SyncAnswer => {
    return { mode, row, zxid, currentZxid: zxid, proposals: [], minCommittedLog: min, maxCommittedLog: max };
  };
  if (question.forceSnapshotSync) return snap('SYNC-01');
  if (P === L) return plain('SYNC-02', 'DIFF', P);
  if (P > max && counterOf(P) !== 0) {
    // Only within one epoch is what the learner has below the cut known to be this leader's history.
    return epochOf(P) === epochOf(max) || question.truncatesAcrossEpochs ? plain('SYNC-03', 'TRUNC', max) : snap('SYNC-17');
  }
  if (min <= P && P <= max) return finish(queued, 'SYNC-04', queueCommitted(queued, committedLog, P, null, max, question), min, max, snap);
  if (P >= min || question.snapshotSizePermille < 0) return snap('SYNC-06');

  const txns = usableLog(question);
  if (txns === null) return snap('SYNC-07');
  const onDisk = queueCommitted(queued, txns, P, min, max, question);
  if (onDisk < min && question.detectsLogGap) return snap('SYNC-08');
  return finish(queued, 'SYNC-05', queueCommitted(queued, committedLog, onDisk, null, max, question), min, max, snap);
}

function finish(
  { header, proposals }: Queued,
  row: string,
  currentZxid: Zxid,
  min: Zxid,
  max: Zxid,
  snap: (row: string, currentZxid: Zxid) => SyncAnswer,
): SyncAnswer {
  // The fallback is found only after forwarding began at the unmoved cursor (SYNC-09), so L is not read again here.
  if (header === null) return snap('SYNC-09', currentZxid);
  return { mode: header.mode, row, zxid: header.zxid, currentZxid, proposals, minCommittedLog: min, maxCommittedLog: max };
}

/** The log's records, or null where getProposalsFromTxnLog returns an empty iterator (SYNC-07). */
function usableLog(question: SyncQuestion): readonly Txn[] | null {
  const { peerLastZxid, snapshotSizePermille } = question;
  const log = question.readLog(peerLastZxid);
  const first = log?.txns[0];
  if (log === null || first === undefined || first.zxid > peerLastZxid) return null;
  const sizeLimit = Math.floor((question.newestSnapshotBytes() * snapshotSizePermille) / 1000);
  return sizeLimit > 0 && log.bytesAfter > sizeLimit ? null : log.txns;
}

/** LearnerHandler.queueCommittedProposals (SYNC-12 to SYNC-15). Returns the last zxid queued, or the learner's own. */
function queueCommitted(queued: Queued, txns: readonly Txn[], P: Zxid, limit: Zxid | null, max: Zxid, question: SyncQuestion): Zxid {
  const isNewEpoch = counterOf(P) === 0;
  let last = P;
  let previous: Zxid = noZxid;
  for (const txn of txns) {
    if (limit !== null && txn.zxid > limit) break;
    if (txn.zxid < P) {
      previous = txn.zxid;
      continue;
    }
    if (queued.header === null) {
      queued.header = headerFor(txn.zxid, P, previous, max, question);
      // TRUNC may not cross an epoch: such a learner gets a snapshot.
      if (queued.header === null) return last;
      if (txn.zxid === P) continue;
    }
    if (txn.zxid <= last) continue;
    queued.proposals.push(txn);
    last = txn.zxid;
  }
  if (queued.header === null && isNewEpoch) queued.header = { mode: 'DIFF', zxid: max };
  return last;
}

/** At the first proposal that is not older than the learner's last (SYNC-12). */
function headerFor(zxid: Zxid, P: Zxid, previous: Zxid, max: Zxid, question: SyncQuestion): Queued['header'] {
  if (zxid === P || counterOf(P) === 0 || !question.looksForPeerZxid) return { mode: 'DIFF', zxid: max };
  return epochOf(zxid) === epochOf(P) ? { mode: 'TRUNC', zxid: previous } : null;
}

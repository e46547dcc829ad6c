/** ZKDatabase without the tree: what is loaded, and the window of committed transactions for quick synchronisation (SYNC-19). */
import { makePartKind, own, peek } from '../base/parts.ts';
import { epochOf } from '../base/zxid.ts';
import type { DatabaseState, ZabContext } from './context.ts';
import type { Txn } from './txn.ts';

export const DATABASE = makePartKind<DatabaseState>('database', {
  copy: ({ initialized, lastProcessedZxid, committedLog }) => ({ initialized, lastProcessedZxid, committedLog: committedLog.slice() }),
});

export function makeDatabase(): DatabaseState {
  return { initialized: false, lastProcessedZxid: 0, committedLog: [] };
}

/**
 * ZKDatabase.addCommittedProposal (SYNC-19, SYNC-20). False when the txn leaves a hole inside an epoch: the original throws, which ends
 * a load, and the thread that applied it.
 */
export function addCommittedProposal(ctx: ZabContext, txn: Txn): boolean {
  const { committedLog } = peek(ctx.parts, ctx.refs.database);
  const newest = committedLog[committedLog.length - 1];
  if (newest !== undefined && ctx.decide.zab.checksCommittedLog) {
    if (txn.zxid <= newest.zxid) return true;
    if (txn.zxid !== newest.zxid + 1 && epochOf(txn.zxid) <= epochOf(newest.zxid)) {
      ctx.note({ type: 'bad', what: 'commit', zxid: txn.zxid, expected: newest.zxid + 1, why: 'hole-in-committed-log' });
      return false;
    }
  }
  const log = own(ctx.parts, ctx.refs.database).committedLog;
  log.push(txn);
  if (log.length > ctx.config.commitLogCount) log.shift();
  return true;
}

/** ZKDatabase.clear: the next one who needs the database loads it from disk. */
export function clearDatabase(ctx: ZabContext): void {
  ctx.app.clear(ctx);
  const database = own(ctx.parts, ctx.refs.database);
  database.initialized = false;
  database.lastProcessedZxid = 0;
  database.committedLog = [];
  ctx.note({ type: 'database-cleared' });
}

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nodeAt } from '../../src/server/data-tree.ts';
import type { ApplyOutcome } from '../../src/server/process-txn.ts';
import { setupQuotas } from '../../src/server/quota.ts';
import { bodyOf } from '../../src/server/txn-body.ts';
import type { Txn } from '../../src/zab/txn.ts';
import {
  apply,
  create,
  digestMismatches,
  makeDatabase,
  openSession,
  prepare,
  session,
  stateOf,
  write,
  type Database,
} from '../support/server-context.ts';
import { makeRandomWrite, type RandomWrite } from './random-writes.ts';
import { entriesOf, makeReferenceTree, perform, usageOf, type ReferenceAnswer } from './reference-tree.ts';

/** The outcome in the reference's words. */
function answerOf(txn: Txn, { error, result }: ApplyOutcome): ReferenceAnswer {
  const body = bodyOf(txn);
  if (body.type === 'closeSession') return { error, detail: body.paths2Delete };
  if (result?.op === 'multi') return { error, detail: result.results.map((each) => each.error) };
  return { error, detail: result !== null && 'path' in result ? result.path : null };
}

/** Applies what is prepared until at most `left` are outstanding. */
function applyAllBut(db: Database, prepared: [Txn, ReferenceAnswer][], left: number): void {
  while (prepared.length > left) {
    const [txn, expected] = prepared.shift() as [Txn, ReferenceAnswer];
    expect(answerOf(txn, apply(db, txn))).toEqual(expected);
  }
}

test('any writes, prepared any number ahead of the apply, do what they would do one by one [VAL-16] [MULTI-01] [DIG-04] [ACL-02] [TREE-27]', () => {
  const step = fc.record({ write: makeRandomWrite(['a', 'b', '__proto__', '1', '01']), ahead: fc.integer({ min: 0, max: 6 }) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const db = makeDatabase({}, { extendedTypesEnabled: true });
      const reference = makeReferenceTree();
      for (const by of [session(1), session(2)]) openSession(db, by);
      const prepared: [Txn, ReferenceAnswer][] = [];
      for (const { write, ahead } of steps) {
        const { zxid, timeMs } = db.next;
        const asker = { session: write.by, authInfo: write.authInfo, zxid, time: timeMs };
        prepared.push([prepare(db, write.operation, write.by, 'OK', write.authInfo), perform(reference, write.operation, asker)]);
        applyAllBut(db, prepared, ahead);
      }
      applyAllBut(db, prepared, 0);
      expect(stateOf(db)).toMatchObject({ nodes: entriesOf(reference) });
      expect(digestMismatches(db)).toEqual([]);
    }),
    { numRuns: 400, seed: 1 },
  );
});

test('usage is what is there below a quota, whatever was written, and counted anew it is the same [QUOTA-02] [QUOTA-04] [DISK-19]', () => {
  fc.assert(
    fc.property(fc.array(makeRandomWrite(['a', 'b']), { maxLength: 60 }), fc.nat({ max: 20 }), (writes, from) => {
      const db = makeDatabase({}, { extendedTypesEnabled: true });
      const reference = makeReferenceTree();
      const both = ({ operation, by, authInfo }: RandomWrite): void => {
        const { zxid, timeMs } = db.next;
        apply(db, prepare(db, operation, by, 'OK', authInfo));
        perform(reference, operation, { session: by, authInfo, zxid, time: timeMs });
      };
      writes.slice(0, from).forEach(both);
      for (const path of ['/zookeeper/quota/a', '/zookeeper/quota/b']) {
        for (const name of ['', '/zookeeper_limits', '/zookeeper_stats']) write(db, create(path + name, ''));
      }
      writes.slice(from).forEach(both);
      const usage = (path: string): string | null => nodeAt(db.parts, db.refs, `/zookeeper/quota${path}/zookeeper_stats`)?.data ?? null;
      for (const counted of [false, true]) {
        if (counted) setupQuotas(db.parts, db.refs);
        for (const path of ['/a', '/b']) {
          const { count, bytes } = usageOf(reference, path);
          expect(usage(path)).toBe(`count=${count},bytes=${bytes}`);
        }
      }
      expect(digestMismatches(db)).toEqual([]);
    }),
    { numRuns: 200, seed: 1 },
  );
});

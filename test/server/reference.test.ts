import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ApplyOutcome } from '../../src/server/process-txn.ts';
import { bodyOf } from '../../src/server/txn-body.ts';
import type { Txn } from '../../src/zab/txn.ts';
import { apply, digestMismatches, makeDatabase, openSession, prepare, session, stateOf, type Database } from '../support/server-context.ts';
import { makeRandomWrite } from './random-writes.ts';
import { entriesOf, makeReferenceTree, perform, type ReferenceAnswer } from './reference-tree.ts';

/** The outcome in the reference's words. */
function answerOf(txn: Txn, { error, result }: ApplyOutcome): ReferenceAnswer {
  const body = bodyOf(txn);
  if (body.type === 'closeSession') return { error, detail: body.paths2Delete };
  if (result?.op === 'multi') return { error, detail: result.results.map((each) => each.error) };
  return { error, detail: result?.op === 'create' ? result.path : null };
}

/** Applies what is prepared until at most `left` are outstanding. */
function applyAllBut(db: Database, prepared: [Txn, ReferenceAnswer][], left: number): void {
  while (prepared.length > left) {
    const [txn, expected] = prepared.shift() as [Txn, ReferenceAnswer];
    expect(answerOf(txn, apply(db, txn))).toEqual(expected);
  }
}

test('any writes, prepared any number ahead of the apply, do what they would do one by one [VAL-16] [MULTI-01] [DIG-04]', () => {
  const step = fc.record({ write: makeRandomWrite(['a', 'b', '__proto__', '1', '01']), ahead: fc.integer({ min: 0, max: 6 }) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const db = makeDatabase();
      const reference = makeReferenceTree();
      for (const by of [session(1), session(2)]) openSession(db, by);
      const prepared: [Txn, ReferenceAnswer][] = [];
      for (const { write, ahead } of steps) {
        const { zxid, timeMs } = db.next;
        prepared.push([prepare(db, write.operation, write.by), perform(reference, write.operation, write.by, zxid, timeMs)]);
        applyAllBut(db, prepared, ahead);
      }
      applyAllBut(db, prepared, 0);
      expect(stateOf(db)).toMatchObject({ nodes: entriesOf(reference) });
      expect(digestMismatches(db)).toEqual([]);
    }),
    { numRuns: 400, seed: 1 },
  );
});

// What the properties cost, printed for people to look at: 5 servers under a write load, all properties on.

import { expect, test } from 'vitest';
import { firstViolation, tell } from '../../src/check/checker.ts';
import type { Note } from '../../src/ensemble/note.ts';
import {
  broadcast,
  committed,
  connect,
  delivered,
  digest,
  logged,
  makeToldRun,
  makeTxn,
  replied,
  returned,
  startEnsemble,
  z,
} from '../support/told-run.ts';

const WRITES = 20_000;
const CLIENT = 5;

test('the cost of a note under a write load', () => {
  const run = makeToldRun({ servers: 5, clients: 1 });
  startEnsemble(run);
  connect(run, CLIENT, 1);
  const notes = [];
  for (let counter = 1; counter <= WRITES; counter++) for (const note of notesOfWrite(counter)) notes.push(note);
  const started = performance.now();
  const where = { event: 0, at: run.at, node: 0 };
  for (const { node, note } of notes) {
    where.event += 1;
    where.node = node;
    tell(run.checker, note, where);
  }
  const nanoseconds = ((performance.now() - started) * 1e6) / notes.length;
  console.log(`${notes.length} notes of ${WRITES} writes, ${nanoseconds.toFixed(0)} ns each`);
  expect(firstViolation(run.checker)).toBe(null);
});

function notesOfWrite(counter: number): { readonly node: number; readonly note: Note }[] {
  const zxid = z(1, counter);
  const txn = makeTxn(zxid, { cxid: counter });
  const followers = [1, 2, 3, 4];
  const text = zxid.toString(16).padStart(16, '0');
  const all = (...notes: readonly Note[]) => [0, ...followers].flatMap((node) => notes.map((note) => ({ node, note })));
  return [
    { node: 0, note: broadcast(txn) },
    ...all(logged(txn), { type: 'log-synced', zxid }),
    { node: 0, note: committed(txn) },
    ...all(digest(zxid, text), delivered(txn)),
    { node: 1, note: replied(zxid, { xid: counter, txnZxid: zxid }) },
    { node: CLIENT, note: returned(zxid, { xid: counter, call: counter }) },
  ];
}

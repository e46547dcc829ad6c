// One server alone: no election, no CommitProcessor; what the log has on disk is committed and applied on the log's own thread.

import { expect, test } from 'vitest';
import { peek } from '../../src/base/parts.ts';
import { FIXED } from '../../src/ensemble/spec.ts';
import { serverView } from '../../src/ensemble/views.ts';
import { swarmConfigOf, swarmPlanOf } from '../../src/hunt/swarm.ts';
import { runPlan } from '../../src/hunt/hunt-run.ts';
import { act, call, makeServing, nodeOf, notesOf, roles, runMs, type Serving } from '../support/serving-ensemble.ts';

const answers = (it: Serving) => notesOf(it, 'replied').filter(({ operation }) => (operation as { op: string }).op !== 'ping');
const powerOf = (it: Serving) => serverView(it.ensemble, 0).power;
const alone = () => makeServing({ voters: 1, clients: [['s1'], ['s1']] });

test('a single server serves without an election, from zxid 1 of epoch 0 [CFG-09] [PIPE-05]', () => {
  const it = alone();
  expect(roles(it)).toEqual(['LEADING']);
  expect(notesOf(it, 'election-started')).toEqual([]);
  expect(notesOf(it, 'committed').map(({ zxid }) => zxid)).toEqual([1, 2]); // the two sessions
  expect(call(it, 'c1', 'create /a x')).toMatchObject({ error: 'OK', result: { path: '/a' } });
  expect(call(it, 'c2', 'get /a')).toMatchObject({ error: 'OK', result: { data: 'x' } });
});

test('a write is applied when it is on the disk, not before [PIPE-05]', () => {
  const it = alone();
  act(it, { type: 'disk', node: 0, faults: { slow: 1000 } });
  expect(call(it, 'c1', 'create /a x', 100)).toBeNull();
  expect(notesOf(it, 'logged').at(-1)).toMatchObject({ zxid: 3 });
  expect(peek(it.ensemble.world.parts, it.ensemble.servers[0]!.refs.database).lastProcessedZxid).toBe(2);
  runMs(it, 20_000);
  const order = it.notes
    .map(({ note }) => note)
    .filter(({ type, zxid }) => zxid === 3 && ['log-synced', 'committed', 'delivered'].includes(type));
  expect(order.map(({ type }) => type)).toEqual(['log-synced', 'committed', 'delivered']);
  expect(answers(it).at(-1)).toMatchObject({ txnZxid: 3, error: 'OK' });
});

test('a read behind an open batch is answered after the writes before it, one without waits for no disk [LOGT-01]', () => {
  const it = alone();
  act(it, { type: 'disk', node: 0, faults: { slow: 1000 } });
  expect(call(it, 'c2', 'stat /zookeeper', 5)).toMatchObject({ error: 'OK' });
  expect(call(it, 'c1', 'create /a x', 5)).toBeNull();
  expect(call(it, 'c2', 'stat /a', 100)).toBeNull();
  runMs(it, 20_000);
  const replies = answers(it).slice(-2);
  expect(replies).toMatchObject([{ operation: { op: 'create' } }, { operation: { op: 'exists' }, error: 'OK' }]);
});

test('its session ids begin with 1, whatever its own id [ID-28]', () => {
  const it = alone();
  for (const { session } of notesOf(it, 'session-opened')) expect(String(session).slice(0, 2)).toBe('01');
});

test('a session goes on at the server that was killed and started again, with its ephemerals [SESS-32]', () => {
  const it = alone();
  call(it, 'c1', 'create -e /mine');
  act(it, { type: 'kill', node: nodeOf(it, 's1') });
  runMs(it, 500);
  act(it, { type: 'start', node: nodeOf(it, 's1') });
  runMs(it, 3000);
  expect(call(it, 'c1', 'stat /mine')).toMatchObject({ error: 'OK' });
  expect(notesOf(it, 'session-expired')).toEqual([]);
});

test('an expired session is closed, and its ephemerals go [SESS-14] [SESS-16]', () => {
  const it = alone();
  call(it, 'c1', 'create -e /mine');
  act(it, { type: 'kill', node: nodeOf(it, 'c1') });
  runMs(it, 10_000);
  expect(notesOf(it, 'session-expired').length).toBe(1);
  expect(call(it, 'c2', 'stat /mine')).toMatchObject({ error: 'NONODE' });
});

test('a failing disk ends the process, and a stop is orderly [LOGT-08]', () => {
  const it = alone();
  act(it, { type: 'disk', node: 0, faults: { failing: { op: 'append', times: 1 } } });
  call(it, 'c1', 'create /a x', 5000);
  expect(powerOf(it)).toBe('down');
  act(it, { type: 'start', node: 0 });
  runMs(it, 4000);
  expect(call(it, 'c2', 'create /b x')).toMatchObject({ error: 'OK' });
  act(it, { type: 'stop', node: 0 });
  runMs(it, 1000);
  expect(powerOf(it)).toBe('down');
  expect(notesOf(it, 'left-role').at(-1)).toMatchObject({ why: 'stopped' });
});

test('random faults on a server alone, 120 seeds: no property is violated', { timeout: 300_000 }, () => {
  const violations: string[] = [];
  let held = 0;
  for (let seed = 1; seed <= 120; seed++) {
    const config = { ...swarmConfigOf(`alone ${seed}`), voters: 1, observers: 0 };
    const result = runPlan(swarmPlanOf(config), FIXED);
    for (const { id, violation } of result.violations) violations.push(`seed ${seed}: ${id} ${JSON.stringify(violation)}`);
    held += result.properties.filter(({ status }) => status === 'held').length;
  }
  expect(violations).toEqual([]);
  expect(held).toBeGreaterThan(120 * 8);
});

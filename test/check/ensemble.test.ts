// The properties on real runs: a correct ensemble keeps all of them and exercises each; a broken decision violates the one that the catalogue names.

import { expect, test } from 'vitest';
import { copyChecker, makeChecker, observeEvent, reportOf, type Checker } from '../../src/check/checker.ts';
import { USUAL_PROPERTIES } from '../../src/check/violation.ts';
import { parseOperation } from '../../src/client/zkcli.ts';
import type { Action } from '../../src/ensemble/action.ts';
import { actOn, forkEnsemble, makeEnsemble, startAll, type Ensemble } from '../../src/ensemble/ensemble.ts';
import { FIXED, makeClient, makeSpec, ZOO_DEFAULTS, type Decisions } from '../../src/ensemble/spec.ts';
import { runUntil } from '../../src/kernel/run.ts';

interface Broken {
  readonly zab?: Partial<Decisions['zab']>;
  readonly server?: Partial<Decisions['server']>;
  readonly client?: Partial<Decisions['client']>;
}

interface Checked {
  readonly ensemble: Ensemble;
  readonly checker: Checker;
  calls: number;
}

const [S1, S2, S3, C1, C2] = [0, 1, 2, 3, 4];

/** Three servers, s3 leading, and two clients on s1. */
function start({ zab, server, client }: Broken = {}): Checked {
  const decisions = {
    zab: { ...FIXED.zab, ...zab },
    server: { ...FIXED.server, ...server },
    client: { ...FIXED.client, ...client },
    kernel: FIXED.kernel,
  };
  const clients = ['c1', 'c2'].map((name) => makeClient(name, { shufflesServers: false, connectDelayMs: 0, sessionTimeoutMs: 1500 }));
  const ensemble = makeEnsemble(makeSpec({ decisions, clients, zoo: { ...ZOO_DEFAULTS, tickTimeMs: 200, initLimit: 5, syncLimit: 3 } }));
  const checked: Checked = { ensemble, checker: makeChecker(ensemble), calls: 0 };
  ensemble.world.observe = () => observeEvent(checked.checker, ensemble);
  startAll(ensemble);
  wait(checked, 3000);
  return checked;
}

function wait({ ensemble: { world } }: Checked, ms: number): void {
  const until = world.now + ms * 1000;
  runUntil(world, until);
  world.now = Math.max(world.now, until);
}

function act(checked: Checked, ...actions: readonly Action[]): void {
  for (const action of actions) actOn(checked.ensemble, action);
}

function call(checked: Checked, client: number, text: string, ms = 0): void {
  act(checked, { type: 'invoke', node: client, call: ++checked.calls, operation: parseOperation(text) });
  wait(checked, ms);
}

function verdicts({ checker, ensemble }: Checked): string[] {
  const reports = reportOf(checker, ensemble).filter(({ status }) => status !== 'held');
  return reports.map(({ id, status, violation }) => `${id} ${violation?.kind ?? status}`);
}

/** Something for each property: writes, a watch, an ephemeral, a closed session, a lost leader, and a recovery. */
function playAll(checked: Checked): void {
  call(checked, C1, 'create /a v', 50);
  call(checked, C2, 'get -w /a');
  call(checked, C1, 'create -e /e v', 50);
  call(checked, C1, 'set /a w', 50);
  call(checked, C2, 'get /a');
  call(checked, C2, 'ls /', 50);
  call(checked, C2, 'lock /a', 50);
  call(checked, C1, 'close', 100);
  act(checked, { type: 'kill', node: S3 });
  wait(checked, 3000);
  act(checked, { type: 'calm' });
  wait(checked, 3000);
  call(checked, C2, 'get /a', 100);
}

test('a correct ensemble keeps every property, and one short run exercises all of them', () => {
  const checked = start();
  playAll(checked);
  expect(verdicts(checked)).toEqual([]);
  expect(checked.checker.properties.map(({ id }) => id)).toEqual(USUAL_PROPERTIES);
});

test('a forked checker follows its own fork to the same verdict', () => {
  const checked = start();
  call(checked, C1, 'create /a v', 50);
  const fork: Checked = { ensemble: forkEnsemble(checked.ensemble), checker: copyChecker(checked.checker), calls: checked.calls };
  fork.ensemble.world.observe = () => observeEvent(fork.checker, fork.ensemble);
  playAll(fork);
  playAll(checked);
  expect(reportOf(fork.checker, fork.ensemble)).toEqual(reportOf(checked.checker, checked.ensemble));
});

test('ephemerals that outlive their session violate I-EPH', () => {
  const checked = start({ server: { ephemeralsDeletedOnClose: false } });
  playAll(checked);
  expect(verdicts(checked)).toContain('I-EPH survives');
});

/** c1 writes through the leader, which is s3. */
function toLeader(checked: Checked): void {
  act(checked, { type: 'move-client', node: C1, server: S3 });
  wait(checked, 100);
  call(checked, C1, 'create /a v', 50);
}

test('a leader that commits alone loses what it committed: I-LOSS', () => {
  const checked = start({ zab: { commits: (_, acks) => acks.length >= 1 } });
  toLeader(checked);
  act(checked, { type: 'partition', groups: [[S3, C1, C2]] });
  call(checked, C1, 'create /b v', 400);
  act(checked, { type: 'kill', node: S3 }, { type: 'heal' });
  wait(checked, 4000);
  expect(verdicts(checked)).toContain('I-LOSS lost');
});

test('acks before the fsync lose a committed write when the power fails: I-LOSS', () => {
  const checked = start({ zab: { flushPlan: ['pass-on', 'fsync'] } });
  toLeader(checked);
  act(checked, { type: 'partition', groups: [[S1]] });
  for (const node of [S2, S3]) act(checked, { type: 'disk', node, faults: { slow: 1000 } });
  call(checked, C1, 'create /b v', 100);
  for (const node of [S2, S3]) act(checked, { type: 'power-loss', node, keep: 'none', torn: false });
  act(checked, { type: 'heal' });
  for (const node of [S2, S3]) act(checked, { type: 'disk', node, faults: { slow: 1 } }, { type: 'start', node });
  wait(checked, 6000);
  expect(verdicts(checked)).toContain('I-LOSS lost');
});

test('a leader that answers before the commit shows what is uncommitted: I-UNC', () => {
  const checked = start({ server: { leaderAppliesAt: 'proposal' } });
  toLeader(checked);
  for (let i = 0; i < 10; i++) call(checked, C1, `create /b${i} v`, 7);
  expect(verdicts(checked)).toContain('I-UNC replied');
});

test('events on a way of their own come after what they announce: I-WORD', () => {
  const checked = start({ server: { queuesEventsWithReplies: false } });
  call(checked, C1, 'create /a v', 50);
  for (let i = 0; i < 300; i++) {
    call(checked, C2, 'get -w /a');
    call(checked, C1, `set /a ${i}`, 1 + (i % 3));
  }
  wait(checked, 2000);
  expect(verdicts(checked)).toContain('I-WORD watch');
});

test('watches that are not set again on a new connection are lost: I-WLOST', () => {
  const checked = start({ client: { rearmsWatches: false } });
  call(checked, C1, 'create /a v', 50);
  call(checked, C2, 'get -w /a', 50);
  act(checked, { type: 'disconnect-client', node: C2 });
  wait(checked, 1000);
  call(checked, C1, 'set /a x', 100);
  call(checked, C2, 'get /a', 100);
  expect(verdicts(checked)).toContain('I-WLOST watch');
});

test('learners that expire sessions by their own clocks violate I-SESS', () => {
  const checked = start({ server: { learnersExpireSessions: true } });
  call(checked, C1, 'create -e /e v', 100);
  for (const node of [C1, C2]) act(checked, { type: 'pause', node });
  wait(checked, 4000);
  expect(verdicts(checked)).toContain('I-SESS expired-elsewhere');
});

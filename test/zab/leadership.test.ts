// Leading on the simulator: real elections, real learners, real disks and links.

import { describe, expect, test } from 'vitest';
import { own } from '../../src/base/parts.ts';
import { makeZxid } from '../../src/base/zxid.ts';
import { parseOperation } from '../../src/client/zkcli.ts';
import { actOn, makeEnsemble, startAll, type Ensemble } from '../../src/ensemble/ensemble.ts';
import { FIXED, makeClient, makeServers, makeSpec, ZOO_DEFAULTS, type EnsembleSpec, type ZooConfig } from '../../src/ensemble/spec.ts';
import { serverView } from '../../src/ensemble/views.ts';
import { runUntil } from '../../src/kernel/run.ts';
import { FIXED_ZAB, type ZabDecisions } from '../../src/zab/decisions.ts';
import type { ZabNote } from '../../src/zab/note.ts';

const z = makeZxid;
const MS = 1000;

interface Run {
  readonly ensemble: Ensemble;
  readonly notes: { readonly node: number; readonly at: number; readonly note: ZabNote }[];
  calls: number;
}

interface RunOptions {
  readonly voters?: number;
  readonly observers?: number;
  readonly zoo?: Partial<ZooConfig>;
  readonly decisions?: Partial<ZabDecisions>;
  readonly mode?: EnsembleSpec['mode'];
}

/** Servers s1, s2, ... at node 0, 1, ..., started; a client at the last node. */
function start(options: RunOptions = {}): Run {
  const { voters = 3, observers = 0, zoo = {}, decisions = {}, mode = 'fine' } = options;
  const spec = makeSpec({
    mode,
    servers: makeServers(voters, observers),
    clients: [makeClient('client', { servers: [voters > 1 ? 's2' : 's1'] })],
    zoo: { ...ZOO_DEFAULTS, ...zoo },
    decisions: { ...FIXED, zab: { ...FIXED_ZAB, ...decisions } },
    guard: true,
  });
  const ensemble = makeEnsemble(spec);
  const run: Run = { ensemble, notes: [], calls: 0 };
  ensemble.world.traced = true;
  ensemble.world.observe = ({ record }) => {
    for (const note of record.notes) run.notes.push({ node: record.node, at: record.at, note: note as ZabNote });
  };
  startAll(ensemble);
  return run;
}

function runMs(run: Run, ms: number): void {
  const { world } = run.ensemble;
  const until = world.now + ms * MS;
  runUntil(world, until);
  world.now = until;
}

function write(run: Run, ...lines: readonly string[]): void {
  for (const line of lines) {
    const node = run.ensemble.servers.length;
    run.calls += 1;
    actOn(run.ensemble, { type: 'invoke', node, call: run.calls, operation: parseOperation(line) as never });
  }
}

function states(run: Run): string[] {
  return run.ensemble.servers.map(({ node }) => serverView(run.ensemble, node).state);
}

function notesOf<T extends ZabNote['type']>(run: Run, type: T): Extract<ZabNote, { type: T }>[] {
  return run.notes.flatMap(({ note }) => (note.type === type ? [note as Extract<ZabNote, { type: T }>] : []));
}

describe('establishment', () => {
  test('three servers elect the highest id, agree on epoch 1, and serve [DISC-01] [DISC-25] [DISC-35] [LIVE-22]', () => {
    const run = start();
    runMs(run, 1000);
    expect(states(run)).toEqual(['FOLLOWING', 'FOLLOWING', 'LEADING']);
    expect(notesOf(run, 'established')).toEqual([{ type: 'established', epoch: 1, history: 0 }]);
    for (const { node } of run.ensemble.servers) {
      expect(serverView(run.ensemble, node)).toMatchObject({ zabState: 'BROADCAST', serving: true, acceptedEpoch: 1, currentEpoch: 1 });
    }
  });

  test('one server is a quorum of itself [QV-01]', () => {
    const run = start({ voters: 1, zoo: { standaloneEnabled: false } });
    runMs(run, 1000);
    write(run, 'create /a x');
    runMs(run, 1000);
    expect(states(run)).toEqual(['LEADING']);
    expect(notesOf(run, 'committed').map(({ zxid }) => zxid)).toEqual([z(1, 1), z(1, 2)]);
  });

  test('a fresh ensemble: the leader stands at (1, 0), those it gave an empty DIFF at 0 [SYNC-58] [ID-02]', () => {
    const run = start({ zoo: { snapCount: 100_000 } });
    actOn(run.ensemble, { type: 'kill', node: 3 });
    runMs(run, 1000);
    const zxids = run.ensemble.servers.map(({ node }) => serverView(run.ensemble, node).lastProcessedZxid);
    expect(zxids[2]).toBe(z(1, 0));
    expect(zxids).toContain(0);
  });

  test('acceptedEpoch is raised before LEADERINFO leaves, currentEpoch before NEWLEADER is acked [ID-10] [ID-11]', () => {
    const run = start();
    runMs(run, 1000);
    const order = run.notes.flatMap(({ node, note }) => {
      return node === 2 && ['accepted-epoch', 'sync-plan', 'current-epoch', 'established', 'serving'].includes(note.type)
        ? [note.type]
        : [];
    });
    const [accepted, current] = [order.lastIndexOf('accepted-epoch'), order.lastIndexOf('current-epoch')];
    expect(accepted).toBeLessThan(order.indexOf('sync-plan'));
    expect(current).toBeLessThan(order.indexOf('established'));
    expect(order.at(-1)).toBe('serving');
  });
});

describe('synchronisation', () => {
  test('an observer is synchronised like the others and hears commits as INFORM [SYNC-23] [BCAST-11]', () => {
    const run = start({ observers: 1 });
    runMs(run, 2000);
    write(run, 'create /a x', 'create /b y');
    runMs(run, 1000);
    expect(states(run)).toEqual(['FOLLOWING', 'FOLLOWING', 'LEADING', 'OBSERVING']);
    const views = run.ensemble.servers.map(({ node }) => serverView(run.ensemble, node));
    expect(new Set(views.map(({ digest }) => digest)).size).toBe(1);
    expect(new Set(views.map(({ lastProcessedZxid }) => lastProcessedZxid)).size).toBe(1);
  });

  test('a follower that was away gets DIFF inside the window of committedLog, SNAP where the log is no help [SYNC-04] [SYNC-07]', () => {
    const run = start({ zoo: { commitLogCount: 5, preAllocBytes: 65_536, snapCount: 6 } });
    runMs(run, 4000);
    write(run, 'create /a x');
    runMs(run, 500);
    actOn(run.ensemble, { type: 'kill', node: 0 });
    write(run, 'create /b x', 'create /c x');
    runMs(run, 500);
    actOn(run.ensemble, { type: 'start', node: 0 });
    runMs(run, 3000);
    expect(notesOf(run, 'sync-plan').at(-1)).toMatchObject({ sid: 1, mode: 'DIFF', row: 'SYNC-04' });
    actOn(run.ensemble, { type: 'kill', node: 0 });
    for (let i = 0; i < 30; i++) write(run, `create /n${i} x`);
    runMs(run, 5000);
    actOn(run.ensemble, { type: 'start', node: 0 });
    runMs(run, 3000);
    expect(notesOf(run, 'sync-plan').at(-1)).toMatchObject({ sid: 1, mode: 'SNAP', row: 'SYNC-07' });
    const views = run.ensemble.servers.map(({ node }) => serverView(run.ensemble, node));
    expect(new Set(views.map(({ digest }) => digest)).size).toBe(1);
  });
});

describe('the end of a term', () => {
  test('a leader without its followers steps down within a tick of their end, clients first [LIVE-02] [LIVE-06] [LIVE-27]', () => {
    const run = start();
    runMs(run, 1000);
    for (const node of [0, 1]) actOn(run.ensemble, { type: 'kill', node });
    runMs(run, 2 * ZOO_DEFAULTS.tickTimeMs);
    expect(notesOf(run, 'left-role').at(-1)).toEqual({ type: 'left-role', role: 'LEADING', why: 'no-quorum', operands: [3] });
    const at = run.notes.findIndex(({ note }) => note.type === 'left-role');
    const after = run.notes.slice(at).flatMap(({ node, note }) => (node === 2 ? [note.type] : []));
    expect(after.indexOf('serving')).toBeGreaterThan(0);
    expect(after.indexOf('serving')).toBeLessThan(after.indexOf('state'));
  });

  test('a silent quorum is noticed when its deadline in ticks is past [LIVE-04] [LIVE-27]', () => {
    const run = start({ zoo: { tickTimeMs: 200 } });
    runMs(run, 1000);
    const cutAt = run.ensemble.world.now;
    actOn(run.ensemble, {
      type: 'partition',
      groups: [
        [0, 1],
        [2, 3],
      ],
    });
    runMs(run, 3000);
    const left = run.notes.find(({ node, note }) => node === 2 && note.type === 'left-role');
    expect(left?.at).toBeGreaterThan(cutAt + 5 * 200 * MS);
    expect(left?.at).toBeLessThan(cutAt + 8 * 200 * MS);
  });

  test('every establishment raises the epoch by one, also without a write [DISC-35]', () => {
    const run = start({ zoo: { tickTimeMs: 200 } });
    runMs(run, 1000);
    for (let i = 0; i < 4; i++) {
      const leader = states(run).indexOf('LEADING');
      actOn(run.ensemble, { type: 'kill', node: leader });
      runMs(run, 1500);
      actOn(run.ensemble, { type: 'start', node: leader });
      runMs(run, 1500);
    }
    expect(notesOf(run, 'established').map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4, 5]);
  });

  test('asked to stop, a leader shuts its role down and ends [LIVE-11]', () => {
    const run = start();
    runMs(run, 1000);
    actOn(run.ensemble, { type: 'stop', node: 2 });
    runMs(run, 1500);
    expect(serverView(run.ensemble, 2)).toMatchObject({ power: 'down' });
    expect(states(run).slice(0, 2)).toContain('LEADING');
  });

  test('the last counter of an epoch brings a new one [BCAST-01]', () => {
    const run = start({ zoo: { maxCounter: 4 } });
    runMs(run, 1000);
    write(run, 'create /a x', 'create /b x', 'create /c x', 'create /d x');
    runMs(run, 4000);
    expect(notesOf(run, 'left-role').map(({ why }) => why)).toContain('counter-exhausted');
    expect(notesOf(run, 'established').map(({ epoch }) => epoch)).toEqual([1, 2]);
    expect(notesOf(run, 'committed').every(({ zxid }) => zxid !== z(1, 4))).toBe(true);
  });

  test('a learner that has accepted a later epoch brings a newer one, where the original refuses it for ever [DISC-13] [DISC-17]', () => {
    for (const stepsDownForNewerEpoch of [true, false]) {
      const run = start({ zoo: { tickTimeMs: 200 }, decisions: { stepsDownForNewerEpoch } });
      runMs(run, 1000);
      const { world, servers } = run.ensemble;
      // As after elections of its own, lost in time for nobody else to hear of them.
      own(world.parts, servers[0]!.refs.peer).acceptedEpoch = 5;
      actOn(run.ensemble, { type: 'break', a: 0, b: 2, port: 'quorum', how: null });
      runMs(run, 3000);
      expect(notesOf(run, 'established').at(-1)?.epoch).toBe(stepsDownForNewerEpoch ? 6 : 1);
    }
  });
});

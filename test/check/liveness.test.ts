// Bounded liveness on runs told by hand: what holds, each kind of violation, and what does not exercise it.

import { describe, expect, test } from 'vitest';
import type { Note } from '../../src/ensemble/note.ts';
import {
  establish,
  makeToldRun,
  returned,
  say,
  startEnsemble,
  verdictOf,
  violatedOperands,
  type ToldOptions,
  type ToldRun,
} from '../support/told-run.ts';

const C1 = 3;

function running(options: ToldOptions = {}): ToldRun {
  const run = makeToldRun(options);
  startEnsemble(run);
  return run;
}

describe('I-LIVE', () => {
  const live = { withinUs: 1_000_000 };
  const calm: Note = { type: 'calm' };

  /** Time goes on until something is due. */
  function wait(run: ToldRun, us: number): void {
    run.at += us;
    say(run, 0, { type: 'notification-timeout', timeoutMs: 200, resent: true });
  }

  test('a stable ensemble at the deadline holds it, and nothing is asked while faults last', () => {
    const run = running({ live });
    wait(run, 10_000_000);
    expect(verdictOf(run, 'I-LIVE')).toBe('not-exercised');
    say(run, -1, calm);
    wait(run, 2_000_000);
    expect(verdictOf(run, 'I-LIVE')).toBe('held');
  });

  test('no leader, two of them, or a server that has not joined violates it', () => {
    for (const [note, kind] of [
      [{ type: 'zab-state', zabState: 'ELECTION' }, 'no-leader'],
      [{ type: 'zab-state', zabState: 'BROADCAST' }, 'held'],
    ] as const) {
      const run = running({ live });
      say(run, -1, calm);
      say(run, 0, note);
      wait(run, 2_000_000);
      expect(verdictOf(run, 'I-LIVE')).toBe(kind);
    }
    const two = running({ live });
    establish(two, 1, 2);
    say(two, -1, calm);
    wait(two, 2_000_000);
    expect(violatedOperands(two, 'I-LIVE')).toMatchObject({ sids: [1, 2] });
    const late = running({ live });
    say(late, -1, calm);
    say(late, 2, { type: 'zab-state', zabState: 'SYNCHRONIZATION' });
    wait(late, 2_000_000);
    expect(violatedOperands(late, 'I-LIVE')).toMatchObject({ sid: 3, zabState: 'SYNCHRONIZATION' });
  });

  test('a fault after the calm takes it back; an operation does not', () => {
    const run = running({ live });
    say(run, -1, calm, { type: 'acted', action: { type: 'heal' }, bit: true });
    say(run, 0, { type: 'acted', action: { type: 'kill', node: 0 }, bit: true }, { type: 'node-down', how: 'kill', why: '' });
    wait(run, 5_000_000);
    expect(verdictOf(run, 'I-LIVE')).toBe('not-exercised');
  });

  test('servers that refuse to start excuse the others when these are no quorum', () => {
    const run = running({ live });
    say(run, -1, calm);
    for (const node of [0, 1]) say(run, node, { type: 'node-down', how: 'exit', why: '' });
    say(run, 0, { type: 'refused-to-start', why: 'corrupt-log', operands: [] });
    wait(run, 2_000_000);
    expect(verdictOf(run, 'I-LIVE')).toBe('not-exercised');
    expect(run.checker.state.live.excuse).toBe('refused-to-start');
  });

  test('a server that a client has no word from violates it, once the ensemble is stable', () => {
    const silence: Note = { type: 'client-state', state: 'CONNECTING', session: '', server: 0, why: 'read-timeout' };
    const run = running({ live });
    say(run, -1, calm);
    say(run, C1, silence);
    wait(run, 1_500_000);
    expect(verdictOf(run, 'I-LIVE')).toBe('held');
    say(run, C1, { ...silence, why: 'eof' });
    expect(verdictOf(run, 'I-LIVE')).toBe('held');
    say(run, C1, silence);
    expect(violatedOperands(run, 'I-LIVE')).toMatchObject({ client: 'c1', sid: 1 });
  });

  test('a call that nobody answers violates it; an answer of any kind holds', () => {
    const run = running({ live });
    say(run, -1, calm);
    say(
      run,
      C1,
      { type: 'client-invoked', call: 5, operation: { op: 'sync', path: '/' } },
      { type: 'client-invoked', call: 6, operation: { op: 'sync', path: '/' } },
    );
    say(run, C1, returned(-1, { call: 5, error: 'CONNECTIONLOSS' }));
    wait(run, 1_500_000);
    expect(verdictOf(run, 'I-LIVE')).toBe('held');
    wait(run, 1_500_000);
    wait(run, 1_500_000);
    expect(violatedOperands(run, 'I-LIVE')).toMatchObject({ client: 'c1', call: 6 });
  });
});

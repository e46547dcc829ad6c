// The outside without a gateway: its connections meet whatever the kernel does to servers and network.

import { describe, expect, test } from 'vitest';
import type { HostInput } from '../../src/base/step.ts';
import type { TcpAction } from '../../src/ensemble/tcp-action.ts';
import { actOn, makeEnsemble, startAll, type Ensemble } from '../../src/ensemble/ensemble.ts';
import { makeSpec } from '../../src/ensemble/spec.ts';
import { runUntil } from '../../src/kernel/run.ts';
import { NO_SESSION } from '../../src/server/protocol.ts';

const OUTSIDE = 3;
const SECOND = 1_000_000;

interface Heard {
  readonly ensemble: Ensemble;
  /** What the outside's threads were told, in short. */
  readonly told: string[];
  readonly act: (action: DistributiveOmit<TcpAction, 'node'>) => boolean;
  readonly runFor: (us: number) => void;
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

function serving(): Heard {
  const ensemble = makeEnsemble(makeSpec({ mode: 'coarse', outside: true, guard: true, startUs: 1_700_000_000 * SECOND }));
  const { world } = ensemble;
  startAll(ensemble);
  runUntil(world, world.now + 5 * SECOND);
  const told: string[] = [];
  world.observe = ({ record: { node, actor, input } }) => {
    if (node === OUTSIDE && actor === 'thread' && input !== null) told.push(shortOf(input as HostInput));
  };
  return {
    ensemble,
    told,
    act: (action) => actOn(ensemble, { ...action, node: OUTSIDE }),
    runFor: (us) => void runUntil(world, world.now + us),
  };
}

function shortOf(input: HostInput): string {
  if (input.type === 'packet') return input.packet.type;
  return input.type === 'closed' ? `closed ${input.how}` : input.type;
}

const open = { type: 'tcp-open', connection: 1, server: 0, address: '127.0.0.1:5000' } as const;
const hello = {
  type: 'tcp-packet',
  connection: 1,
  packet: { type: 'CONNECT', session: NO_SESSION, password: '', timeoutMs: 10_000, lastZxidSeen: 0, readOnly: false },
} as const;

describe('a connection from outside', () => {
  test('dials, is answered, and gets a session', () => {
    const { act, runFor, told } = serving();
    act(open);
    runFor(SECOND);
    expect(act(hello)).toBe(true);
    runFor(SECOND);
    expect(told).toEqual(['dial', 'connected', 'CONNECTED']);
  });

  test('is refused while the process is down, and hears nothing from a machine that is off', () => {
    const { act, runFor, told, ensemble } = serving();
    actOn(ensemble, { type: 'kill', node: 0 });
    actOn(ensemble, { type: 'power-loss', node: 1, keep: 'none', torn: false });
    act(open);
    act({ ...open, connection: 2, server: 1 });
    runFor(SECOND);
    expect(told).toEqual(['dial', 'dial', 'refused']);
  });

  test('ends with the process of its server', () => {
    const { act, runFor, told, ensemble } = serving();
    act(open);
    runFor(SECOND);
    actOn(ensemble, { type: 'kill', node: 0 });
    runFor(SECOND);
    expect(told).toEqual(['dial', 'connected', 'closed eof']);
    expect(act(hello)).toBe(false);
  });

  test('takes nothing while it is held', () => {
    const { act, runFor, told } = serving();
    act(open);
    runFor(SECOND);
    act({ type: 'tcp-hold', connection: 1 });
    act(hello);
    runFor(SECOND);
    // The read that was under way is the last one.
    expect(told).toEqual(['dial', 'connected', 'CONNECTED']);
    act({ type: 'tcp-packet', connection: 1, packet: { type: 'OP', xid: 1, operation: { op: 'ping' } } });
    runFor(SECOND);
    expect(told).toHaveLength(3);
    act({ type: 'tcp-take', connection: 1 });
    runFor(SECOND);
    expect(told.slice(3)).toEqual(['take', 'REPLY']);
  });

  test.each(['eof', 'reset'] as const)('is over for both sides when its client leaves by %s', (how) => {
    const { act, runFor, told } = serving();
    act(open);
    runFor(SECOND);
    expect(act({ type: 'tcp-close', connection: 1, how })).toBe(true);
    runFor(SECOND);
    expect(told).toEqual(['dial', 'connected', 'interrupted']);
    expect(act(hello)).toBe(false);
    expect(act({ type: 'tcp-close', connection: 1, how })).toBe(false);
  });

  test('that is still dialled can be left', () => {
    const { act, runFor, told, ensemble } = serving();
    actOn(ensemble, { type: 'cut', from: OUTSIDE, to: 0 });
    act(open);
    runFor(SECOND);
    act({ type: 'tcp-close', connection: 1, how: 'eof' });
    runFor(SECOND);
    expect(told).toEqual(['dial', 'interrupted']);
  });
});

import { expect, test } from 'vitest';
import { parseOperation } from '../../src/client/zkcli.ts';
import type { Action } from '../../src/ensemble/action.ts';
import { actOn, makeEnsemble } from '../../src/ensemble/ensemble.ts';
import { makeClient, makeServers, makeSpec } from '../../src/ensemble/spec.ts';
import { runUntil } from '../../src/kernel/run.ts';

test('a client takes nothing while it is down, nor before it has a SendThread, and the action says so', () => {
  const ensemble = makeEnsemble(makeSpec({ seed: '1', servers: makeServers(1), clients: [makeClient('c')] }));
  const taken = (): readonly boolean[] => {
    const actions: readonly Action[] = [
      { type: 'invoke', node: 1, call: 7, operation: parseOperation('sync /') },
      { type: 'move-client', node: 1, server: 0 },
      { type: 'disconnect-client', node: 1 },
      { type: 'open-client', node: 1 },
    ];
    return actions.map((action) => actOn(ensemble, action));
  };
  expect(taken()).toEqual([false, false, false, false]);
  expect(actOn(ensemble, { type: 'start', node: 1 })).toBe(true);
  expect(taken()).toEqual([false, false, false, false]);
  runUntil(ensemble.world, 100_000);
  expect(taken()).toEqual([true, true, true, true]);
});

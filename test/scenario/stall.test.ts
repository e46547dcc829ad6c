import { expect, test } from 'vitest';
import { serverView } from '../../src/ensemble/views.ts';
import { parseScenario } from '../../src/scenario/parse-scenario.ts';
import { openRun, runToEnd, type RunResult } from '../../src/scenario/run-scenario.ts';

function run(script: string, onEvent?: Parameters<typeof runToEnd>[1]): RunResult {
  const head = 'name: stall\nclients: [{ name: alice, servers: s3 }]\nscript:\n  - until: all serving\n  - alice: create /a x\n';
  return runToEnd(openRun(parseScenario(head + script, 'stall.yaml')), onEvent);
}

test('a stalled thread does nothing until it is let go, and the others go on', () => {
  const logged: (readonly [number, boolean])[] = [];
  let isStalled = false;
  const result = run(
    [
      '  - stall: { server: s1, thread: SyncThread }',
      '  - alice: create /b x',
      '  - check: s3 has applied 1.3',
      '  - wait: 1s',
      '  - unstall: { server: s1, thread: SyncThread }',
      '  - until: s1 has synced 1.3',
    ].join('\n'),
    ({ world }) => {
      for (const note of world.record.notes) {
        if (note.type === 'acted')
          isStalled = JSON.stringify(note).includes('"stall"') || (isStalled && !JSON.stringify(note).includes('"unstall"'));
        if (note.type === 'logged' && note.zxid === 0x100000003) logged.push([world.record.node, isStalled]);
      }
    },
  );
  expect(result.ok).toBe(true);
  expect(logged.filter(([node]) => node === 0)).toEqual([[0, false]]);
  expect(logged.filter(([node]) => node !== 0).every(([, stalled]) => stalled)).toBe(true);
});

test('a stall ends by itself after its time', () => {
  const result = run(
    '  - stall: { server: s1, thread: SyncThread, for: 1s }\n  - alice: create /b x\n  - check: s1 has logged 1.3\n  - until: s1 has synced 1.3\n    within: 1100ms\n',
  );
  expect(result.expectations.slice(1).map(({ ok }) => ok)).toEqual([false, true]);
});

test('a stall of the living threads leaves out those that start later', () => {
  const result = run(
    [
      '  - stall: { server: s1, thread: SyncThread, onlyLiving: true }',
      '  - kill: s3',
      '  - until: leader elected',
      '  - until: s1 serving',
      '  - move: { client: alice, to: s2 }',
      '  - alice: create /b x',
      '  - until: s1 has synced 2.1',
    ].join('\n'),
  );
  // The shutdown of the old role joins its thread: this server waits for it and never gets into a new role.
  expect(result.expectations.filter(({ ok }) => !ok).map(({ text }) => text)).toContain('until: s1 has synced 2.1');
});

test('what happens right after a noted event finds the world as the event left it', () => {
  let lastLogged = -1;
  const result = run(
    '  - alice: create /b x\n    async: true\n  - until: s1 noted logged zxid=1.3\n  - kill: s1\n',
    ({ servers, world, ...rest }) => {
      if (world.record.notes.some((note) => note.type === 'node-down'))
        lastLogged = serverView({ servers, world, ...rest }, 0).lastLoggedZxid;
    },
  );
  expect(result.ok).toBe(true);
  expect(lastLogged).toBe(0x100000003);
});

test('names of threads and notes are checked before anything runs', () => {
  expect(() => run('  - stall: { server: s1, thread: SincThread }\n')).toThrow('stall.yaml:6:12: unknown thread "SincThread"');
  expect(() => run('  - until: s1 noted lodged\n')).toThrow('unknown note "lodged"');
});

import { expect, test } from 'vitest';
import { benchJson } from '../../src/cli/bench/bench-json.ts';
import { FIGURES } from '../../src/cli/bench/figure.ts';
import { zablab } from '../support/command-line.ts';

test('bench --quick --json prints every figure in the documented shape', async () => {
  const { code, out, err } = await zablab(['bench', '--quick', '--json']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const { figures, quick, complete } = benchJson.parse(JSON.parse(out));
  expect({ quick, complete }).toEqual({ quick: true, complete: true });
  const small = Object.keys(FIGURES).filter((id) => !/-10{3,4}$/.test(id)); // no thousands of sessions
  expect(figures.map(({ id }) => id).sort()).toEqual(small.sort());
});

test('Ctrl-C ends it with what was measured so far', async () => {
  const { code, out } = await zablab(['bench', '--quick'], { interruptAfter: 1 });
  expect(code).toBe(130);
  expect(out).toContain('events a second, 5 servers writing, properties on  coarse');
  expect(out).toContain('\nInterrupted: what was measured so far.\n');
});

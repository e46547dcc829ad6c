import { expect, test } from 'vitest';
import { zablab } from '../support/command-line.ts';

const commands = ['run', 'list', 'explore', 'replay', 'shrink', 'explain', 'report', 'facts', 'bench'] as const;

test('zablab --help names every command', async () => {
  const { code, out, err } = await zablab(['--help']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  for (const command of commands) expect(out).toContain(`\n  ${command} `);
  await expect(out).toMatchFileSnapshot('../golden/cli/help.txt');
});

test.for(commands)('zablab %s --help shows its options and examples', async (command) => {
  const { code, out, err } = await zablab([command, '--help']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toContain(`zablab ${command} `);
  await expect(out).toMatchFileSnapshot(`../golden/cli/help-${command}.txt`);
});

test.for<[string, string[], string]>([
  ['no command', [], 'Usage: zablab'],
  ['an unknown command', ['rnu'], "zablab: unknown command 'rnu'; did you mean run?\n"],
  ['an unknown option', ['run', '--sed', '1', 'x'], "zablab: unknown option '--sed'; did you mean --seed?\n"],
  ['a missing argument', ['run'], "zablab: missing required argument 'scenario'\n"],
  ['an argument too many', ['run', 'a', 'b'], "zablab: too many arguments for 'run'. Expected 1 argument but got 2.\n"],
  ['an option without its value', ['run', 'a', '--seed'], "zablab: option '--seed <text>' argument missing\n"],
])('%s: exit 2 and one message', async ([, argv, message]) => {
  const { code, out, err } = await zablab(argv);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain(message);
});

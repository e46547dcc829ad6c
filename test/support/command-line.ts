// The `zablab` command inside the test's own process: what it printed and its exit code.

import pc from 'picocolors';
import { runProgram } from '../../src/cli/program.ts';
import type { Terminal } from '../../src/cli/terminal.ts';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface Around {
  readonly stdin?: string | Uint8Array;
  readonly isTerminal?: boolean;
  /** Ctrl-C is pressed after so many looks up. */
  readonly interruptAfter?: number;
  /** Ctrl-C for a command that waits for it. */
  readonly interrupt?: Promise<void>;
}

export async function zablab(argv: readonly string[], around: Around = {}): Promise<Ran> {
  const printed = { out: '', err: '' };
  const code = await runProgram(argv, memoryTerminal(printed, around));
  return { code, ...printed };
}

/** A terminal that remembers what was printed. */
export function memoryTerminal(
  printed: { out: string; err: string },
  { stdin = '', isTerminal = false, interruptAfter = Infinity, interrupt = Promise.resolve() }: Around = {},
): Terminal {
  let looks = 0;
  return {
    out: (text) => void (printed.out += text),
    err: (text) => void (printed.err += text),
    colours: pc.createColors(isTerminal),
    outIsTerminal: isTerminal,
    errIsTerminal: isTerminal,
    columns: 100,
    readStdin: () => Promise.resolve(typeof stdin === 'string' ? new TextEncoder().encode(stdin) : stdin),
    breathe: () => Promise.resolve(++looks > interruptAfter),
    untilInterrupted: () => interrupt,
  };
}

/** The `zablab` command. The launcher (zablab.mjs) imports the bundle of this file and calls `main` once. */
import { runProgram } from './program.ts';
import { processTerminal } from './terminal.ts';

export async function main(argv: readonly string[]): Promise<void> {
  process.exitCode = await runProgram(argv, processTerminal());
}

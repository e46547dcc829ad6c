/** What a person is told when a command could not do its work, and the exit code that goes with it. */
import { InputError } from '../scenario/input-error.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { BrokenRun } from './play.ts';
import { againCommand } from './run-options.ts';
import { settingsText } from './run-report.ts';
import type { Terminal } from './terminal.ts';

const STACK_LINES = 4;

export function tellError(error: unknown, terminal: Terminal): ExitCode {
  if (error instanceof InputError) {
    terminal.err(`zablab: ${error.message}\n`);
    return EXIT.badInput;
  }
  if (error instanceof BrokenRun) terminal.err(brokenText(error));
  else terminal.err(`zablab: a bug in Zablab\n${stackOf(error)}`);
  return EXIT.bug;
}

function brokenText({ run, named, event, cause }: BrokenRun): string {
  return [
    'zablab: a bug in Zablab ended the run\n',
    `  ${event}\n`,
    `  ${run.scenario.file}: ${settingsText(run)}\n`,
    stackOf(cause),
    `  Again: ${againCommand(run, named)} --trace events.ndjson\n`,
  ].join('');
}

function stackOf(error: unknown): string {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const lines = text.split('\n').slice(0, STACK_LINES);
  return lines.map((line) => `  ${line}\n`).join('');
}

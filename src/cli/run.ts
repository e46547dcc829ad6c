/** `zablab run`: runs a scenario, tells what happens and judges it. */
import type { Ensemble } from '../ensemble/ensemble.ts';
import { parseScenario } from '../scenario/parse-scenario.ts';
import { openRun } from '../scenario/run-scenario.ts';
import type { Level } from '../words/narrate.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { makeNarrator } from './narrator.ts';
import { play, type Asked, type Played } from './play.ts';
import { runJsonOf } from './run-json.ts';
import { headerText, verdictText } from './run-report.ts';
import { oneOf, runOptionsOf, type RunFlags } from './run-options.ts';
import { readScenarioInput } from './scenario-input.ts';
import type { Terminal } from './terminal.ts';
import { openTraceFile, type TraceFile } from './trace-file.ts';

export interface RunCommandFlags extends RunFlags {
  readonly level?: string;
  readonly json?: boolean;
  readonly trace?: string;
}

const LEVELS = ['story', 'detail'] as const;

export async function runCommand(named: string, flags: RunCommandFlags, terminal: Terminal): Promise<ExitCode> {
  const level: Level = oneOf(flags.level ?? 'story', LEVELS, '--level', 'level');
  const { text, file, choices, clicks } = await readScenarioInput(named, terminal);
  const run = openRun(parseScenario(text, file), {
    ...runOptionsOf(flags, choices),
    traced: level === 'detail' || flags.trace !== undefined,
  });
  const played = await playAloud(
    { run, named, clicks },
    { level: flags.json === true ? null : level, trace: flags.trace ?? null },
    terminal,
  );
  terminal.out(
    flags.json === true ? `${JSON.stringify(runJsonOf(run, named, played), null, 2)}\n` : verdictText(run, named, played, terminal),
  );
  return exitCodeOf(played);
}

export function exitCodeOf({ isComplete, result }: Played): ExitCode {
  if (!isComplete) return EXIT.interrupted;
  return result.ok ? EXIT.ok : EXIT.failed;
}

/** Plays a run, telling it at that level unless that is null, and writing its events to a file where one is named. */
export async function playAloud(
  asked: Asked,
  how: { readonly level: Level | null; readonly trace: string | null },
  terminal: Terminal,
): Promise<Played> {
  const trace = how.trace === null ? null : openTraceFile(how.trace, asked.run);
  const narrate = how.level === null ? null : makeNarrator(asked.run, how.level, terminal);
  if (narrate !== null) terminal.out(headerText(asked.run, terminal));
  try {
    return await play(asked, isTold(how.level, terminal) ? { ...terminal, errIsTerminal: false } : terminal, watcherOf(narrate, trace));
  } finally {
    trace?.close();
  }
}

/** Narration on the terminal is progress enough, and a line that is written over would get between its lines. */
function isTold(level: Level | null, { outIsTerminal }: Terminal): boolean {
  return level !== null && outIsTerminal;
}

function watcherOf(narrate: ((ensemble: Ensemble) => void) | null, trace: TraceFile | null): ((ensemble: Ensemble) => void) | undefined {
  if (narrate === null && trace === null) return undefined;
  return (ensemble) => {
    narrate?.(ensemble);
    trace?.add(ensemble.world.record);
  };
}

/** `zablab replay`: runs a counterexample again and tells whether it still is one: the same violation and, where the file names it, the same trace. */
import { InputError } from '../scenario/input-error.ts';
import { expectedViolations } from '../scenario/outcome.ts';
import { parseScenario, type Scenario } from '../scenario/parse-scenario.ts';
import { openRun } from '../scenario/run-scenario.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { secondsText } from './figures.ts';
import type { Played } from './play.ts';
import type { ReplayJson } from './replay-json.ts';
import { namesSession, replayRecorded } from './replay-recorded.ts';
import { playAloud } from './run.ts';
import { runJsonOf } from './run-json.ts';
import { oneOf } from './run-options.ts';
import { explanationOf, settingsText } from './run-report.ts';
import { readScenarioInput } from './scenario-input.ts';
import type { Terminal } from './terminal.ts';

export interface ReplayFlags {
  readonly level?: string;
  readonly json?: boolean;
  readonly trace?: string;
}

const LEVELS = ['story', 'detail'] as const;

export async function replayCommand(named: string, flags: ReplayFlags, terminal: Terminal): Promise<ExitCode> {
  const level = flags.level === undefined ? null : oneOf(flags.level, LEVELS, '--level', 'level');
  if (namesSession(named)) return replayRecorded(named, flags.json === true, terminal);
  const input = await readScenarioInput(named, terminal);
  const scenario = parseScenario(input.text, input.file);
  checkIsCounterexample(scenario);
  const run = openRun(scenario, { traced: level === 'detail' || flags.trace !== undefined });
  const played = await playAloud(
    { run, named, clicks: [] },
    { level: flags.json === true ? null : level, trace: flags.trace ?? null },
    terminal,
  );
  const verdict = verdictOf(scenario, played);
  if (flags.json === true) {
    const json: ReplayJson = { formatVersion: 1, ...verdict, run: runJsonOf(run, named, played) };
    terminal.out(`${JSON.stringify(json, null, 2)}\n`);
  } else {
    const lines = [
      `${scenario.document.name}: ${settingsText(run)}`,
      ...played.result.properties.flatMap(({ violation }) =>
        violation === null
          ? []
          : [`${violation.property} violated at event ${violation.event} (${secondsText(violation.at)}): ${explanationOf(run, violation)}`],
      ),
      `trace ${played.result.traceHash}`,
      verdict.reproduces ? terminal.colours.green('It reproduces.') : terminal.colours.red(`It does not reproduce: ${verdict.why}.`),
    ];
    terminal.out(`${lines.join('\n')}\n`);
  }
  if (!played.isComplete) return EXIT.interrupted;
  return verdict.reproduces ? EXIT.ok : EXIT.failed;
}

function checkIsCounterexample(scenario: Scenario): void {
  if (scenario.document.seed === undefined) {
    throw new InputError(
      scenario.placeOf([]),
      'found no seed, expected a counterexample: a scenario with a seed and the violation it expects',
    );
  }
  if (expectedViolations(scenario).length === 0 && scenario.document.traceHash === undefined) {
    throw new InputError(
      scenario.placeOf(['expect']),
      'found nothing to reproduce, expected `- violates: PROPERTY` under expect, or a traceHash',
    );
  }
}

function verdictOf(scenario: Scenario, { isComplete, result }: Played): { readonly reproduces: boolean; readonly why: string } {
  if (!isComplete) return { reproduces: false, why: 'it was interrupted' };
  const violated = result.properties.filter(({ status }) => status === 'violated').map(({ id }) => id);
  const missing = expectedViolations(scenario).filter((id) => !violated.some((one) => one === id));
  if (missing.length > 0) return { reproduces: false, why: `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not violated` };
  const { traceHash } = scenario.document;
  if (traceHash !== undefined && traceHash !== result.traceHash)
    return {
      reproduces: false,
      why: `the trace is ${result.traceHash} and was ${traceHash}: another version ran it, or the file was changed`,
    };
  return { reproduces: true, why: '' };
}

/** `zablab explain`: the first event where a scenario with its mutations and without them goes another way. */
import { differenceReport, differenceText } from '../hunt/difference-report.ts';
import { firstDifference } from '../hunt/first-difference.ts';
import { parseScenario } from '../scenario/parse-scenario.ts';
import { DIFFERENCE_WORDS } from '../words/english-difference.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { ExplainJson } from './explain-json.ts';
import { readScenarioInput } from './scenario-input.ts';
import type { Terminal } from './terminal.ts';

export interface ExplainFlags {
  readonly seed?: string;
  readonly json?: boolean;
}

export async function explainCommand(named: string, flags: ExplainFlags, terminal: Terminal): Promise<ExitCode> {
  const { text, file } = await readScenarioInput(named, terminal);
  const scenario = parseScenario(text, file);
  const found = firstDifference(scenario, flags.seed === undefined ? {} : { seed: flags.seed });
  const difference = found === null ? null : differenceReport(found);
  if (flags.json === true) {
    const json: ExplainJson = { formatVersion: 1, difference };
    terminal.out(`${JSON.stringify(json, null, 2)}\n`);
  } else {
    const body = difference === null ? `${DIFFERENCE_WORDS.none}\n` : differenceText(difference);
    terminal.out(`${terminal.colours.bold(scenario.document.name)}\n${body}`);
  }
  return difference === null ? EXIT.failed : EXIT.ok;
}

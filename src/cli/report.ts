/** `zablab report`: what a counterexample is about, in files to read, to look at and to load elsewhere. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { VERSION } from '../gateway/version.ts';
import { junitText } from '../hunt/report-junit.ts';
import { reportRun } from '../hunt/report-run.ts';
import { shivizText } from '../hunt/report-shiviz.ts';
import { spaceTimeSvg } from '../hunt/report-space-time.ts';
import { storyText } from '../hunt/report-story.ts';
import { InputError } from '../scenario/input-error.ts';
import { parseScenario } from '../scenario/parse-scenario.ts';
import { openRun } from '../scenario/run-scenario.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { readScenarioInput } from './scenario-input.ts';
import type { Terminal } from './terminal.ts';
import { openTraceFile } from './trace-file.ts';

export interface ReportFlags {
  readonly out: string;
}

export async function reportCommand(named: string, flags: ReportFlags, terminal: Terminal): Promise<ExitCode> {
  const { text, file } = await readScenarioInput(named, terminal);
  const scenario = parseScenario(text, file);
  const run = openRun(scenario, { traced: true });
  asOutput(flags.out, () => mkdirSync(flags.out, { recursive: true }));
  const start = performance.now();
  const trace = openTraceFile(join(flags.out, 'trace.ndjson'), run);
  const report = reportRun(run, trace.add);
  trace.close();
  const { violation, explanation } = report;
  const result = {
    name: scenario.document.name,
    property: violation?.property ?? '',
    message: violation === null ? null : explanation,
    seconds: (performance.now() - start) / 1000,
    repro: text,
  };
  const files = {
    'story.md': storyText(report, text, VERSION),
    'space-time.svg': spaceTimeSvg(report),
    'shiviz.log': shivizText(report),
    'junit.xml': junitText([result]),
    'result.json': `${JSON.stringify({ formatVersion: 1, version: VERSION, results: [result] }, null, 2)}\n`,
  };
  for (const [name, content] of Object.entries(files)) asOutput(flags.out, () => writeFileSync(join(flags.out, name), content));
  terminal.out(`${violation === null ? 'Nothing is violated' : `${violation.property}: ${explanation}`}\n`);
  for (const name of [...Object.keys(files), 'trace.ndjson']) terminal.out(`  ${join(flags.out, name)}\n`);
  return violation === null ? EXIT.failed : EXIT.ok;
}

function asOutput(folder: string, act: () => void): void {
  try {
    act();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new InputError(
      { file: '--out', line: 0, column: 0 },
      `"${folder}" cannot be written to (${why}), expected a folder for the report`,
    );
  }
}

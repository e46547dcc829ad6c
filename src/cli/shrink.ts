/** `zablab shrink`: a counterexample to a smaller one that violates the same property. */
import { writeFileSync } from 'node:fs';
import { openShrinking, shrunkOf, type OpenShrinking, type Shrunk } from '../hunt/shrink.ts';
import { InputError } from '../scenario/input-error.ts';
import { openRun } from '../scenario/run-scenario.ts';
import { deviationsOf } from '../hunt/shrink-document.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { countText } from './figures.ts';
import { explanationOf, settingsText } from './run-report.ts';
import { readScenarioInput } from './scenario-input.ts';
import type { ShrinkJson } from './shrink-json.ts';
import { makeProgress, type Terminal } from './terminal.ts';

export interface ShrinkFlags {
  readonly out?: string;
  readonly json?: boolean;
}

interface Worked {
  readonly open: OpenShrinking;
  readonly shrunk: Shrunk;
  readonly isComplete: boolean;
  readonly wallMs: number;
}

export async function shrinkCommand(named: string, flags: ShrinkFlags, terminal: Terminal): Promise<ExitCode> {
  const { text, file } = await readScenarioInput(named, terminal);
  const start = performance.now();
  const open = openShrinking(text, file);
  if (open === null) {
    terminal.err(`zablab: ${file}: nothing that it expects to be violated is: there is nothing to shrink\n`);
    return EXIT.failed;
  }
  const isComplete = await work(open, terminal);
  const shrunk = shrunkOf(open);
  const worked: Worked = { open, shrunk, isComplete, wallMs: performance.now() - start };
  if (flags.out !== undefined) writeOut(flags.out, shrunk.text);
  const json = jsonOf(worked);
  if (flags.json === true) terminal.out(`${JSON.stringify(json, null, 2)}\n`);
  else if (flags.out !== undefined) terminal.out(textOf(worked, json, flags.out));
  else {
    // The file is what was asked for: the rest must not get into it.
    terminal.out(shrunk.text);
    terminal.err(textOf(worked, json, null));
  }
  if (json.broke !== null) terminal.err(`zablab: a bug in Zablab ended a candidate's run, which was left out: ${json.broke}\n`);
  return isComplete ? EXIT.ok : EXIT.interrupted;
}

/** False when Ctrl-C ended it. */
async function work({ passes, shrinking, from }: OpenShrinking, terminal: Terminal): Promise<boolean> {
  const progress = makeProgress(terminal);
  let isInterrupted = false;
  try {
    while (!isInterrupted && passes.next().done !== true) {
      progress.show(() => `${from} to ${deviationsOf(shrinking.best)} deviations, ${countText(shrinking.runs)} runs`);
      isInterrupted = await terminal.breathe();
    }
  } finally {
    progress.clear();
  }
  return !isInterrupted;
}

function writeOut(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new InputError(
      { file: path, line: 0, column: 0 },
      `it cannot be written (${why}), expected a file for the shrunk counterexample`,
    );
  }
}

function jsonOf({ open, shrunk, isComplete, wallMs }: Worked): ShrinkJson {
  const { scenario, shrinking, from } = open;
  const { result, text, deviations } = shrunk;
  const { property } = shrinking.wanted;
  const violation = result.properties.find(({ id }) => id === property)?.violation ?? null;
  return {
    formatVersion: 1,
    scenario: scenario.document.name,
    file: scenario.file,
    property,
    explanation: violation === null ? '' : explanationOf(openRun(shrunk.scenario), violation),
    seed: result.seed,
    preset: result.preset,
    mutations: [...result.mutations],
    mode: result.mode,
    deviationsBefore: from,
    deviations,
    complete: isComplete,
    runs: shrinking.runs,
    events: shrinking.events,
    wallMs: Math.round(wallMs),
    traceHash: result.traceHash,
    broke: shrinking.broke,
    repro: text,
  };
}

function textOf({ shrunk, isComplete }: Worked, json: ShrinkJson, out: string | null): string {
  const lines = [
    `${json.property} is still violated: ${json.explanation}`,
    `  ${settingsText(openRun(shrunk.scenario))}`,
    `${isComplete ? '' : 'Interrupted: '}${json.deviationsBefore} to ${json.deviations} deviations in ${countText(json.runs)} runs, ` +
      `${countText(json.events)} events, ${(json.wallMs / 1000).toFixed(1)} s`,
    ...(out === null ? [] : [`Again: zablab replay ${out}`]),
  ];
  return `${lines.join('\n')}\n`;
}

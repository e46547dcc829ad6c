/** `zablab explore`: every order of what may happen in a small model, and the shortest way to a violation if there is one. */
import { writeFileSync } from 'node:fs';
import { BUDGETS, type BoundOptions, type Bounds } from '../hunt/explore-bounds.ts';
import { openModel, type Model } from '../hunt/explore-model.ts';
import { exploredOf, openExploration, type Entry, type Explored } from '../hunt/explore.ts';
import { parseDuration, DURATION_FORM } from '../scenario/duration.ts';
import { InputError } from '../scenario/input-error.ts';
import { parseScenario, type Scenario } from '../scenario/parse-scenario.ts';
import { openRun, runToEnd } from '../scenario/run-scenario.ts';
import { scheduledScenario } from '../scenario/scheduled-scenario.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { ExploreJson } from './explore-json.ts';
import { countText } from './figures.ts';
import { oneOf, runOptionsOf, type RunFlags } from './run-options.ts';
import { explanationOf, settingsText } from './run-report.ts';
import { readScenarioInput } from './scenario-input.ts';
import { makeProgress, type Terminal } from './terminal.ts';

type BoundFlag = 'depth' | 'states' | 'elections' | (typeof BUDGETS)[number];

export interface ExploreFlags extends Omit<RunFlags, 'until'>, Partial<Record<BoundFlag, string>> {
  readonly order?: string;
  readonly budget?: string;
  readonly out?: string;
  readonly json?: boolean;
}

const BOUND_FLAGS: readonly BoundFlag[] = ['depth', 'states', 'elections', ...BUDGETS];
const COUNT_MAX = 100_000_000;

/** What was found as a file, and whether that runs into it again. */
interface Repro {
  readonly text: string;
  readonly reproduces: boolean;
}

export async function exploreCommand(named: string, flags: ExploreFlags, terminal: Terminal): Promise<ExitCode> {
  const budgetMs = flags.budget === undefined ? Infinity : budgetOf(flags.budget);
  const bounds = boundOptionsOf(flags);
  const { text, file, choices } = await readScenarioInput(named, terminal);
  const scenario = parseScenario(text, file);
  const model = openModel(scenario, runOptionsOf(flags, choices), bounds);
  const start = performance.now();
  const exploration = openExploration(model);
  const progress = makeProgress(terminal);
  let isInterrupted = false;
  let isLate = false;
  while (!isInterrupted && !isLate && exploration.slices.next().done !== true) {
    const { seen, depth, transitions } = exploration.search;
    progress.show(() => `${countText(seen.size)} states, ${countText(transitions)} transitions, depth ${depth}`);
    isInterrupted = await terminal.breathe();
    isLate = performance.now() - start > budgetMs;
  }
  progress.clear();
  const wallMs = performance.now() - start;
  const explored = exploredOf(exploration);
  const repro = explored.violation === null ? null : reproOf(scenario, model, explored.violation);
  if (flags.out !== undefined && repro !== null) writeOut(flags.out, repro.text);
  const json = jsonOf(model, explored, { wallMs, repro, isLate: isLate && explored.stopped === 'interrupted' });
  terminal.out(flags.json === true ? `${JSON.stringify(json, null, 2)}\n` : textOf(model, json, flags.out ?? null, terminal));
  if (explored.violation !== null) return EXIT.failed;
  return isInterrupted ? EXIT.interrupted : EXIT.ok;
}

function budgetOf(text: string): number {
  const us = parseDuration(text);
  if (us === null) throw new InputError({ file: '--budget', line: 0, column: 0 }, `found "${text}", expected ${DURATION_FORM}`);
  return us / 1000;
}

function boundOptionsOf(flags: ExploreFlags): BoundOptions {
  const counts = BOUND_FLAGS.flatMap((flag) => {
    const text = flags[flag];
    return text === undefined ? [] : [[flag, countOf(text, flag)] as const];
  });
  const order = flags.order === undefined ? {} : { order: oneOf(flags.order, ['bfs', 'dfs'] as const, '--order', 'order') };
  return { ...Object.fromEntries(counts), ...order };
}

function countOf(text: string, flag: string): number {
  const n = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (n <= COUNT_MAX) return n;
  const file = `--${flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  throw new InputError({ file, line: 0, column: 0 }, `found "${text}", expected a whole number up to ${COUNT_MAX}`);
}

/** The file is run before it is shown: a counterexample that does not reproduce is said to be none. */
function reproOf(scenario: Scenario, { run, prefix }: Model, { violation, schedule }: NonNullable<Explored['violation']>): Repro {
  const { seed, preset, mode, mutations } = run;
  const text = scheduledScenario(scenario, { seed, preset, mode, mutations }, { prefix, schedule, violates: violation.property });
  const again = runToEnd(openRun(parseScenario(text, 'repro.yaml')));
  return { text, reproduces: again.properties.some(({ id, status }) => id === violation.property && status === 'violated') };
}

function writeOut(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new InputError({ file: path, line: 0, column: 0 }, `it cannot be written (${why}), expected a file for the counterexample`);
  }
}

interface Outcome {
  readonly wallMs: number;
  readonly repro: Repro | null;
  readonly isLate: boolean;
}

function jsonOf({ run, bounds }: Model, explored: Explored, { wallMs, repro, isLate }: Outcome): ExploreJson {
  const { states, transitions, depth, ends, outcomes, violation } = explored;
  const { seed, preset, mode, mutations, scenario } = run;
  return {
    formatVersion: 1,
    scenario: scenario.document.name,
    file: scenario.file,
    seed,
    preset,
    mutations: mutations.map(({ id }) => id),
    mode,
    order: bounds.order,
    bounds: boundsJson(bounds),
    exhausted: explored.stopped === null,
    stopped: isLate ? 'budget' : explored.stopped,
    states,
    transitions,
    depth,
    ends,
    outcomes: [...outcomes],
    wallMs: Math.round(wallMs),
    statesPerSecond: Math.round((states / Math.max(wallMs, 1)) * 1000),
    violation:
      violation === null || repro === null
        ? null
        : {
            property: violation.violation.property,
            explanation: explanationOf(run, violation.violation),
            schedule: [...violation.schedule],
            repro: repro.text,
            reproduces: repro.reproduces,
          },
  };
}

function boundsJson(bounds: Bounds): ExploreJson['bounds'] {
  return Object.fromEntries(BOUND_FLAGS.map((flag) => [flag, bounds[flag] === Infinity ? null : bounds[flag]]));
}

const STOPPED: Readonly<Record<NonNullable<ExploreJson['stopped']>, string>> = {
  depth: 'nothing is violated as far as the depth allowed to look',
  states: 'nothing is violated in the states that were allowed',
  budget: 'nothing is violated in what the time was enough for',
  interrupted: 'nothing is violated in what was seen before Ctrl-C',
  violation: '',
};

function textOf({ run }: Model, json: ExploreJson, out: string | null, { colours }: Terminal): string {
  const { violation, stopped } = json;
  const figures =
    `${countText(json.states)} states, ${countText(json.transitions)} transitions, depth ${json.depth}, ${countText(json.ends)} ends ` +
    `with ${json.outcomes.length} outcomes, ${countText(json.statesPerSecond)} states/s`;
  const lines = [colours.bold(json.scenario), `  ${settingsText(run)}, ${json.order}`, `  ${boundsText(json)}`, figures];
  if (violation === null) {
    lines.push(
      stopped === null
        ? colours.green('Exhausted: nothing is violated in any order of what may happen.')
        : colours.yellow(`Not exhausted: ${STOPPED[stopped]}.`),
    );
    return `${lines.join('\n')}\n`;
  }
  lines.push(colours.red(`${violation.property} violated after ${violation.schedule.length} steps: ${violation.explanation}`));
  lines.push(...violation.schedule.map((entry, i) => `  ${String(i + 1).padStart(3)}  ${entryText(entry)}`));
  if (!violation.reproduces) lines.push(colours.yellow('Its schedule does not run into it again: do not trust it.'));
  lines.push(out === null ? colours.dim('With --out FILE it is written as a scenario for zablab replay.') : `Again: zablab replay ${out}`);
  return `${lines.join('\n')}\n`;
}

function boundsText({ bounds }: ExploreJson): string {
  const said = Object.entries(bounds).filter(([, value]) => value !== null && value > 0);
  return `at most ${said.map(([name, value]) => `${name} ${countText(value ?? 0)}`).join(', ')}`;
}

function entryText(entry: Entry): string {
  return typeof entry === 'string' ? entry : JSON.stringify(entry).slice(1, -1).replaceAll('"', '').replace(':', ': ');
}

/**
 * The model of an exploration: a scenario, run by the clock up to a line; from there on its remaining lines may be done at any time, each
 * client's in their order and all others in theirs, and faults come from budgets.
 */
import { own } from '../base/parts.ts';
import { makeChecker, observeEvent, type Checker } from '../check/checker.ts';
import { USUAL_PROPERTIES } from '../check/violation.ts';
import { nextTime, runNext, runSuccessors } from '../kernel/run.ts';
import { DURATION_DEFAULTS } from '../scenario/defaults.ts';
import type { Document } from '../scenario/document.ts';
import { InputError } from '../scenario/input-error.ts';
import type { Scenario, ScriptLine } from '../scenario/parse-scenario.ts';
import { openRun, type Run, type RunOptions } from '../scenario/run-scenario.ts';
import { boundsOf, type BoundOptions, type Bounds } from './explore-bounds.ts';

/** A line that may be done. */
export interface ModelLine {
  readonly line: ScriptLine;
  /** As the file has it, without what stands beside the verb. */
  readonly plain: Readonly<Record<string, unknown>>;
  /** Names its call, if it is one. */
  readonly call: number;
}

export interface Model {
  readonly run: Run;
  /** The script up to where the exploration begins. */
  readonly prefix: number;
  readonly bounds: Bounds;
  /** Lines of one sequence come in their order. */
  readonly sequences: readonly (readonly ModelLine[])[];
  /** Nodes that faults may hit. */
  readonly targets: readonly number[];
  readonly checker: Checker;
  /** By slot: the node whose event it came with. */
  readonly births: readonly number[];
}

/** Calls that a timed run makes are named by events, of which there are never so many. */
const FIRST_CALL = 0x100_0000_0000;

/** Judged at the end of a run or by the clock alone, of which an exploration has neither; or from whole histories, which no state key holds. */
const NOT_EXPLORED: readonly string[] = ['I-LIVE', 'I-LIN'];

/** Runs the beginning of the script. Throws InputError. */
export function openModel(scenario: Scenario, options: RunOptions = {}, over: BoundOptions = {}): Model {
  // Every line is checked as for a run, also those that are not run by the clock.
  openRun(scenario, options);
  const { explore } = scenario.document;
  const prefix = beginningOf(scenario);
  const cut = { ...scenario, lines: scenario.lines.slice(0, prefix), schedule: [''] };
  const run = openRun(cut, { ...options, open: true });
  const checker = makeChecker(run.ensemble, { properties: USUAL_PROPERTIES.filter((id) => !NOT_EXPLORED.includes(id)) });
  const births = memoryOwners(run);
  playBeginning(run, checker, births);
  return {
    run,
    prefix,
    bounds: boundsOf(explore, over),
    sequences: sequencesOf(scenario, prefix),
    targets: run.ensemble.servers.filter(({ name }) => explore?.on?.includes(name) ?? true).map(({ node }) => node),
    checker,
    births,
  };
}

/** What was allotted with the world lies behind the disk of its node. */
function memoryOwners({ ensemble }: Run): number[] {
  const { parts, nodes } = ensemble.world;
  return parts.values.map((_, slot) => nodes.findLast(({ disk }) => disk < slot)?.index ?? -1);
}

/** Index of the first line that is not run by the clock. */
function beginningOf({ document, lines, placeOf }: Scenario): number {
  const from = document.explore?.from;
  if (from === undefined) {
    const first = lines.findIndex(({ verb }) => !isWaiting(verb));
    return first === -1 ? lines.length : first;
  }
  const said = lines.findIndex((line) => line.verb === 'say' && line.value === from);
  if (said === -1) throw new InputError(placeOf(['explore', 'from']), `found "${from}", expected the words of a say line of the script`);
  return said + 1;
}

function isWaiting(verb: string): boolean {
  return ['wait', 'until', 'check', 'pick', 'say'].includes(verb);
}

/** By client, then all other lines. */
function sequencesOf({ lines, document }: Scenario, prefix: number): ModelLine[][] {
  const bySource = new Map<string, ModelLine[]>();
  lines.forEach((line, i) => {
    if (i < prefix || line.verb === 'say') return;
    if (isWaiting(line.verb))
      throw new InputError(line.place, `found ${line.verb} among the lines that may come in any order, expected lines that do something`);
    const source = line.verb === 'operation' ? line.client : '';
    bySource.set(source, [...(bySource.get(source) ?? []), { line, plain: plainOf(document, i, line), call: FIRST_CALL + i }]);
  });
  return [...bySource.values()];
}

function plainOf({ script = [] }: Document, index: number, line: ScriptLine): Record<string, unknown> {
  const verb = line.verb === 'operation' ? line.client : line.verb;
  return { [verb]: script[index]?.[verb] };
}

/** Until the schedule would begin. What is noted on the way counts: a violation there is found as well. */
function playBeginning(run: Run, checker: Checker, births: number[]): void {
  const { ensemble, companion, scenario } = run;
  const { world } = ensemble;
  let kinds = world.parts.kinds.slice();
  world.observe = () => {
    for (let slot = 0; slot < world.parts.kinds.length; slot++) {
      if (world.parts.kinds[slot] !== kinds[slot]) births[slot] = world.record.node;
    }
    kinds = world.parts.kinds.slice();
    companion.onEvent(ensemble);
    observeEvent(checker, ensemble);
  };
  while (!world.choosing && nextTime(world) <= DURATION_DEFAULTS.runUs && runNext(world));
  if (!world.choosing) {
    const place = scenario.lines.at(-1)?.place ?? scenario.placeOf(['script']);
    throw new InputError(place, 'the run did not get beyond this line, expected a script that gets to what is explored');
  }
  const missed = companion.outcome.decided.find(({ ok }) => !ok);
  if (missed !== undefined)
    throw new InputError(missed.place, `"${missed.text}" was not met (${missed.found}), expected a script that gets to what is explored`);
  runSuccessors(world);
  own(world.parts, world.driver).dueAt = Infinity;
  world.observe = null;
  world.traced = false;
}

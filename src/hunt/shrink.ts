/**
 * Shrinking: a counterexample to a smaller one that violates the same property in the same way. What it did besides running by itself is counted
 * as deviations, and the fewest are sought; then everything that is left is made plain. Nothing is kept but what a run has shown.
 */
import { assert } from '../base/assert.ts';
import { formatDuration } from '../scenario/duration.ts';
import { InputError } from '../scenario/input-error.ts';
import { expectedViolations } from '../scenario/outcome.ts';
import { parseScenario, scenarioOfPlain, type Scenario } from '../scenario/parse-scenario.ts';
import { openRun, runToEnd, type RunResult } from '../scenario/run-scenario.ts';
import { scenarioText } from '../scenario/scenario-text.ts';
import { readYaml } from '../scenario/yaml-text.ts';
import { deviationsOf, isValues, linesOf, namesOf, textOf, withKey, type Values } from './shrink-document.ts';
import { fewerClients, fewerObservers, fewerServers, fewerSettings } from './shrink-ensemble.ts';
import { fewerMutations } from './shrink-mutations.ts';
import { tryCandidate, type Wanted } from './shrink-oracle.ts';
import {
  cutAfterViolation,
  fewerByOtherSeeds,
  fewerEntries,
  fewerLines,
  fewerPairs,
  joinedLines,
  noSchedule,
  smallerLines,
} from './shrink-script.ts';
import { noTimes, relativeTimes, roundTimes } from './shrink-times.ts';
import { coarseMode, constantLatency, plainerOperations, plainSeed } from './shrink-values.ts';
import { withoutMutations, withSlack, type Pass, type Shrinking } from './shrinking.ts';

/** In this order: what makes runs shorter and candidates fewer comes first. */
const DOWN: readonly Pass[] = [
  cutAfterViolation,
  fewerMutations,
  fewerEntries,
  noSchedule,
  fewerLines,
  cutAfterViolation,
  smallerLines,
  fewerClients,
  fewerObservers,
  fewerServers,
  fewerMutations,
  fewerPairs,
  fewerByOtherSeeds,
];

const PLAIN: readonly Pass[] = [
  coarseMode,
  noTimes,
  fewerLines,
  fewerSettings,
  constantLatency,
  plainerOperations,
  joinedLines,
  roundTimes,
  relativeTimes,
  roundTimes,
  plainSeed,
];

/** Fewer than that are needed; a list of passes that never came to rest would be a mistake of ours. */
const ROUNDS_MAX = 8;

/** A counterexample made ready: `passes` does the work, and stands still after every candidate. */
export interface OpenShrinking {
  readonly scenario: Scenario;
  readonly shrinking: Shrinking;
  /** Deviations that the counterexample had. */
  readonly from: number;
  readonly passes: Generator<void>;
}

/** Null where the file's own run does not violate what it says it does. Throws InputError. */
export function openShrinking(text: string, file: string): OpenShrinking | null {
  const scenario = parseScenario(text, file);
  const expected = expectedViolations(scenario);
  if (expected.length === 0)
    throw new InputError(scenario.placeOf(['expect']), 'found no violation that is expected, expected `- violates: PROPERTY` under expect');
  const result = runToEnd(openRun(scenario));
  const wanted = wantedOf(result, expected);
  const plain = readYaml(text, file).plain;
  if (wanted === null || !isValues(plain)) return null;
  const whole = essenceOf(plain, wanted);
  const { judged } = tryCandidate(whole, wanted, Infinity);
  if (judged === null) return null;
  const isFixedToo = tryCandidate(withoutMutations(whole), wanted, Infinity).judged !== null;
  const best = withKey(whole, 'until', null); // every candidate is given its own
  const shrinking: Shrinking = {
    wanted,
    best,
    judged,
    needsMutations: !isFixedToo,
    refused: new Set(),
    runs: 0,
    events: 0,
    broke: null,
  };
  return { scenario, shrinking, from: deviationsOf(best), passes: allPasses(shrinking) };
}

/** Of the properties that the file names the first one that is violated. */
function wantedOf({ properties }: RunResult, expected: readonly string[]): Wanted | null {
  for (const id of expected) {
    const found = properties.find((each) => each.id === id)?.violation ?? null;
    if (found !== null) return { property: found.property, kind: found.kind };
  }
  return null;
}

/** What is said for the reader, and what is checked on the way, has no part in the run. */
function essenceOf(plain: Values, { property }: Wanted): Values {
  const { name, seed, preset, mutations, mode, until, ensemble, network, clients, start, schedule } = plain;
  const named = namesOf(mutations);
  const script = linesOf(plain).filter((line) => !('say' in line) && !('check' in line));
  const kept = {
    name,
    seed: seed ?? '1',
    preset: preset === 'fixed' ? undefined : preset,
    mutations: named.length === 1 ? named[0] : mutations,
    mode,
    until,
    ensemble,
    network,
    clients,
    start,
    script,
    schedule,
    expect: [{ violates: property }],
  };
  const listed = typeof clients === 'string' ? { ...kept, clients: namesOf(clients) } : kept;
  return Object.fromEntries(Object.entries(listed).filter(([, value]) => value !== undefined));
}

function* allPasses(shrinking: Shrinking): Generator<void> {
  yield* toRest(shrinking, DOWN);
  yield* toRest(shrinking, PLAIN);
  yield* toRest(shrinking, [...DOWN, ...PLAIN]);
}

/** Until none of the passes finds anything. */
function* toRest(shrinking: Shrinking, passes: readonly Pass[]): Generator<void> {
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const before = JSON.stringify(shrinking.best);
    for (const pass of passes) yield* pass(shrinking);
    if (JSON.stringify(shrinking.best) === before) return;
  }
}

export interface Shrunk {
  /** The scenario file. */
  readonly text: string;
  readonly deviations: number;
  readonly scenario: Scenario;
  readonly result: RunResult;
}

/** The smallest file so far, run to its end as whoever replays it will. */
export function shrunkOf({ scenario: { document }, shrinking, from }: OpenShrinking): Shrunk {
  const { best, wanted } = shrinking;
  const { clients, script, schedule, expect, ...settings } = withKey(best, 'name', null);
  const deviations = deviationsOf(best);
  const about =
    `Found as "${document.name}" with seed ${document.seed ?? '1'} and shrunk from ${from} deviations to ${deviations}: ` +
    `what is done here makes ${wanted.property} be violated.`;
  const ended = endedFile({ name: titleOf(best, wanted), about, ...settings, clients, script, schedule, expect }, shrinking);
  const { traceHash } = ended.result;
  const text = textOfFile({ ...ended.file, traceHash });
  const scenario = parseScenario(text, 'shrunk');
  const result = runToEnd(openRun(scenario));
  assert(result.traceHash === traceHash && isViolated(result, wanted), 'a shrunk file runs as its values did');
  return { text, deviations, scenario, result };
}

/** The head, then who acts and what they do. */
function textOfFile({ clients, script, schedule, expect, ...head }: Values): string {
  const said = Object.entries({ ...head, clients, script, schedule, expect }).filter(([, value]) => value !== undefined);
  return scenarioText(Object.fromEntries(said));
}

function titleOf(document: Values, { property }: Wanted): string {
  const mutations = namesOf(document['mutations']);
  const preset = textOf(document['preset']) ?? 'fixed';
  return `${property} violated, ${[...(preset === 'fixed' && mutations.length > 0 ? [] : [preset]), ...mutations].join(' + ')}`;
}

interface Ended {
  readonly file: Values;
  readonly result: RunResult;
}

/** With the usual end if the violation comes before it, and so that every line of the script is over then, where that can be had. */
function endedFile(file: Values, { wanted, judged }: Shrinking): Ended {
  const { at } = judged.violation;
  const ends = [null, formatDuration((Math.floor(at / 1000) + 2) * 1000), textOf(withSlack(file, judged)['until'])];
  const lines = linesOf(file);
  const last = lines.at(-1);
  const scripts = last === undefined || 'async' in last ? [lines] : [lines, lines.with(lines.length - 1, { ...last, async: 'true' })];
  let found: Ended | null = null;
  for (const until of ends) {
    for (const script of scripts) {
      const ended = playFile({ ...withKey(file, 'until', until), script }, wanted);
      if (ended?.result.ok === true) return ended;
      found ??= ended;
    }
  }
  assert(found !== null, 'the smallest file violates what it was kept for');
  return found;
}

/** What is violated before it is named too. Null where it is not violated, or the file is none. */
function playFile(file: Values, wanted: Wanted): Ended | null {
  try {
    const result = runFile(file);
    if (!isViolated(result, wanted)) return null;
    const earlier = earlierThan(result, wanted);
    if (earlier.length === 0) return { file, result };
    const named = { ...file, expect: [wanted.property, ...earlier].map((violates) => ({ violates })) };
    return { file: named, result: runFile(named) };
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}

function runFile(file: Values): RunResult {
  const said = Object.fromEntries(Object.entries(file).filter(([, value]) => value !== undefined));
  return runToEnd(openRun(scenarioOfPlain(said, 'shrunk')));
}

/** Properties that were violated before it. */
function earlierThan({ properties }: RunResult, { property }: Wanted): string[] {
  const event = properties.find(({ id }) => id === property)?.violation?.event ?? 0;
  return properties.flatMap(({ id, violation }) => (violation !== null && id !== property && violation.event < event ? [id] : []));
}

function isViolated({ properties }: RunResult, { property, kind }: Wanted): boolean {
  return properties.some(({ violation }) => violation?.property === property && violation.kind === kind);
}

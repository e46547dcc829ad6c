/** The verdict on a run: every expectation decided, and which violations nobody expected. */
import type { PropertyReport } from '../check/checker.ts';
import type { Ensemble } from '../ensemble/ensemble.ts';
import type { Expectation } from './document.ts';
import { scriptOf } from './driver.ts';
import { formatDuration } from './duration.ts';
import type { Place } from './input-error.ts';
import { matchText } from './note-match.ts';
import { answerText, expectedViolations, stateResult, type ExpectationResult, type Outcome } from './outcome.ts';
import type { Scenario } from './parse-scenario.ts';

/**
 * Every expectation, in the order in which it was decided; those of `expect` come last. `violates` speaks of a run with the file's own
 * mutations: where they were taken out (`isMutated` is false) it is turned round, and the same properties must not be violated.
 */
export function decideOutcome(
  outcome: Outcome,
  scenario: Scenario,
  ensemble: Ensemble,
  properties: readonly PropertyReport[],
  isMutated: boolean,
): ExpectationResult[] {
  const { lines, document, placeOf } = scenario;
  const results = outcome.decided.slice();
  for (const index of outcome.calls.values()) {
    const line = lines[index];
    // The line that the script still waits for is told of below.
    if (line?.expect === undefined || (!outcome.scriptDone && index === scriptOf(ensemble.world).line)) continue;
    results.push({ text: answerText(line), place: line.place, ok: false, found: 'there was no answer until the run ended' });
  }
  (document.expect ?? []).forEach((expectation, i) =>
    results.push(decide(expectation, i, outcome, ensemble, properties, isMutated, placeOf(['expect', i]))),
  );
  if (!outcome.scriptDone) {
    const line = lines[Math.max(0, scriptOf(ensemble.world).line)];
    const found = `the run ended at ${formatDuration(Math.floor(ensemble.world.now / 1000) * 1000)}, before "${line?.text ?? ''}" was over`;
    results.push({ text: 'the script runs to its end', place: line?.place ?? placeOf(['script']), ok: false, found });
  }
  return results;
}

function decide(
  expectation: Expectation,
  i: number,
  outcome: Outcome,
  ensemble: Ensemble,
  properties: readonly PropertyReport[],
  isMutated: boolean,
  place: Place,
): ExpectationResult {
  const made = (text: string, ok: boolean, found: string): ExpectationResult => ({ text, place, ok, found: ok ? '' : found });
  const notSo = (ids: readonly string[], wanted: PropertyReport['status']): string => {
    const others = properties.filter(({ id, status }) => ids.includes(id) && status !== wanted);
    return others.map(({ id, status }) => `${id}: ${status}`).join(', ');
  };
  if ('violates' in expectation && !isMutated) {
    const broken = properties.filter(({ id, status }) => expectation.violates.includes(id) && status === 'violated');
    return made(
      `without the mutations nothing violates ${expectation.violates.join(', ')}`,
      broken.length === 0,
      broken.map(({ id }) => id).join(', '),
    );
  }
  if ('violates' in expectation) {
    const found = notSo(expectation.violates, 'violated');
    return made(`violates ${expectation.violates.join(', ')}`, found === '', found);
  }
  if ('holds' in expectation) {
    const found = notSo(expectation.holds, 'held');
    return made(`holds ${expectation.holds.join(', ')}`, found === '', found);
  }
  const count = outcome.traced[i] ?? 0;
  if ('trace' in expectation) {
    const { trace, times = '1+', after, before } = expectation;
    const when = `${after === undefined ? '' : ` after ${formatDuration(after)}`}${before === undefined ? '' : ` before ${formatDuration(before)}`}`;
    return made(`trace: ${matchText(trace)}, ${times} times${when}`, isCount(times, count), `${count} times`);
  }
  if ('order' in expectation) {
    const next = expectation.order[count];
    return made(
      `order: ${expectation.order.map(matchText).join(', then ')}`,
      next === undefined,
      next === undefined ? '' : `number ${count + 1} did not follow: ${matchText(next)}`,
    );
  }
  const condition = outcome.wanted.states[i] ?? null;
  if (condition === null) return made(expectation.state, false, 'it is no condition');
  const now = stateResult(ensemble, condition, expectation.state, place);
  if (!('before' in expectation)) return now;
  return made(
    `${expectation.state} before ${formatDuration(expectation.before)}`,
    outcome.seen[i] === true,
    now.ok ? 'it holds now, but did not in time' : now.found,
  );
}

const COUNT = /^(\d{1,9})(?:(\+)|\.\.(\d{1,9}))?$/;

/** `2`, `2+`, `2..4`. */
export function isCountForm(text: string): boolean {
  return COUNT.test(text);
}

function isCount(text: string, count: number): boolean {
  const [, low = '', plus, high = low] = COUNT.exec(text) ?? [];
  return count >= Number(low) && (plus !== undefined || count <= Number(high));
}

/**
 * Violations that the scenario does not expect, the first to be seen first. What is violated after one that it expects follows from that:
 * a broken ensemble breaks on.
 */
export function unexpectedViolations(scenario: Scenario, properties: readonly PropertyReport[], isMutated: boolean): PropertyReport[] {
  const expected = isMutated ? expectedViolations(scenario) : [];
  const violated = properties.filter(({ status }) => status === 'violated').sort((a, b) => eventOf(a) - eventOf(b));
  const first = violated.find(({ id }) => expected.includes(id));
  return violated.filter((report) => !expected.includes(report.id) && (first === undefined || eventOf(report) < eventOf(first)));
}

function eventOf({ violation }: PropertyReport): number {
  return violation?.event ?? 0;
}

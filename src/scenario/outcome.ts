/** What a run has shown of its scenario's expectations: follows the events beside the world and goes back with it. */
import { utf8OfBytes } from '../base/bytes.ts';
import { zxidText } from '../base/zxid.ts';
import type { Item } from '../base/step.ts';
import type { Ensemble } from '../ensemble/ensemble.ts';
import type { Note } from '../ensemble/note.ts';
import type { Result, Stat } from '../server/protocol.ts';
import { holds, operandText, parseCondition } from './condition.ts';
import type { Expectation } from './document.ts';
import type { ScriptState } from './driver.ts';
import { peek } from '../base/parts.ts';
import type { Place } from './input-error.ts';
import type { Scenario } from './parse-scenario.ts';

/** An expectation that has been decided. */
export interface ExpectationResult {
  readonly text: string;
  readonly place: Place;
  readonly ok: boolean;
  /** What was found instead, for one that failed. */
  readonly found: string;
}

export interface Outcome {
  /** Call number to index of the script line. */
  calls: Map<number, number>;
  decided: ExpectationResult[];
  /** How often each trace expectation was met, by its index in `expect`. */
  traced: number[];
  /** `before` expectations that were seen to hold in time. */
  seen: boolean[];
  scriptDone: boolean;
}

export function makeOutcome(scenario: Scenario): Outcome {
  const expectations = scenario.document.expect ?? [];
  return { calls: new Map(), decided: [], traced: expectations.map(() => 0), seen: expectations.map(() => false), scriptDone: scenario.lines.length === 0 };
}

export function copyOutcome(outcome: Outcome): Outcome {
  const { calls, decided, traced, seen, scriptDone } = outcome;
  return { calls: new Map(calls), decided: decided.slice(), traced: traced.slice(), seen: seen.slice(), scriptDone };
}

/** Looks at the event just run. */
export function observeOutcome(outcome: Outcome, scenario: Scenario, ensemble: Ensemble): void {
  const { world } = ensemble;
  let line = -1;
  for (const item of world.record.notes) {
    const note = item as Note;
    if (note.type === 'script') {
      if (note.what === 'entered') line = note.line;
      onScript(outcome, scenario, ensemble, note.line, note.what);
    } else if (note.type === 'acted' && note.action.type === 'invoke' && world.record.actor === 'driver') {
      outcome.calls.set(note.action.call, line === -1 ? lineOf(ensemble) : line);
    } else if (note.type === 'client-returned') {
      onReturned(outcome, scenario, note);
    }
    countTrace(outcome, scenario, ensemble, item);
  }
  seeBefore(outcome, scenario, ensemble);
}

function lineOf(ensemble: Ensemble): number {
  const state = peek(ensemble.world.parts, ensemble.world.driver).state as ScriptState;
  return state.line;
}

function onScript(outcome: Outcome, scenario: Scenario, ensemble: Ensemble, index: number, what: string): void {
  if (what === 'done') outcome.scriptDone = true;
  const line = scenario.lines[index];
  if (line === undefined) return;
  if (what === 'timed-out') {
    const text = line.verb === 'until' ? `until: ${line.value}` : line.verb === 'operation' ? `${line.client}: ${line.text}` : line.verb;
    outcome.decided.push({ text, place: line.place, ok: false, found: 'it did not happen in time' });
  }
  if (what === 'reached' && line.verb === 'until') outcome.decided.push({ text: `until: ${line.value}`, place: line.place, ok: true, found: '' });
  if (what === 'entered' && line.verb === 'check') for (const text of line.value) outcome.decided.push(stateResult(ensemble, text, line.place));
}

function stateResult(ensemble: Ensemble, text: string, place: Place): ExpectationResult {
  const condition = parseCondition(text);
  const { bindings } = peek(ensemble.world.parts, ensemble.world.driver).state as ScriptState;
  const ok = condition !== null && holds(ensemble, condition, bindings ?? []);
  return { text, place, ok, found: ok ? '' : 'it does not hold' };
}

function onReturned(outcome: Outcome, scenario: Scenario, note: Extract<Note, { type: 'client-returned' }>): void {
  const index = outcome.calls.get(note.call);
  const line = index === undefined ? undefined : scenario.lines[index];
  if (line?.verb !== 'operation' || line.expect === undefined) return;
  const accepted = typeof line.expect === 'string' ? [line.expect] : line.expect;
  const ok = accepted.some((text) => meets(text, note.error, note.result));
  const found = note.error === 'OK' ? (resultText(note.result) ?? 'ok') : note.error;
  outcome.decided.push({ text: `${line.client}: ${line.text} gives ${accepted.join(' or ')}`, place: line.place, ok, found: ok ? '' : found });
}

/** `ok`, an error code, what the operation printed, or a field of its Stat such as `version = 3`. */
function meets(text: string, error: string, result: Result | null): boolean {
  if (text === error || (text === 'ok' && error === 'OK')) return true;
  if (error !== 'OK' || result === null) return false;
  if (resultText(result) === text) return true;
  const match = /^(\w+) = (\S+)$/.exec(text);
  const stat = 'stat' in result ? result.stat : null;
  return match !== null && stat !== null && statField(stat, match[1] ?? '') === match[2];
}

function statField(stat: Stat, field: string): string | null {
  for (const [key, value] of Object.entries(stat)) {
    if (key === field) return key.endsWith('zxid') && typeof value === 'number' ? zxidText(value) : String(value);
  }
  return null;
}

/** What an operation printed: data, a path, names. */
export function resultText(result: Result | null): string | null {
  if (result === null) return null;
  if (result.op === 'getData') return result.data === null ? 'null' : utf8OfBytes(result.data);
  if (result.op === 'getChildren') return result.children.join(', ');
  return result.op === 'create' ? result.path : null;
}

function countTrace(outcome: Outcome, scenario: Scenario, ensemble: Ensemble, note: Item): void {
  const expectations = scenario.document.expect ?? [];
  for (let i = 0; i < expectations.length; i++) {
    const expectation = expectations[i];
    if (expectation !== undefined && 'trace' in expectation && matchesNote(expectation.trace, note, ensemble)) outcome.traced[i] = (outcome.traced[i] ?? 0) + 1;
  }
}

/** Each key but `note` and `at` names an operand of the note; `at` is where it was noted. */
function matchesNote(wanted: Readonly<Record<string, string>>, note: Item, ensemble: Ensemble): boolean {
  for (const [key, value] of Object.entries(wanted)) {
    if (key === 'note') {
      if (note.type !== value) return false;
    } else if (key === 'at') {
      if (ensemble.world.nodes[ensemble.world.record.node]?.name !== value) return false;
    } else {
      if (operandText(note, key) !== value) return false;
    }
  }
  return true;
}

function seeBefore(outcome: Outcome, scenario: Scenario, ensemble: Ensemble): void {
  const expectations = scenario.document.expect ?? [];
  for (let i = 0; i < expectations.length; i++) {
    const expectation = expectations[i];
    if (expectation === undefined || !('before' in expectation) || outcome.seen[i] === true || ensemble.world.now > expectation.before) continue;
    if (stateResult(ensemble, expectation.state, scenario.placeOf(['expect', i])).ok) outcome.seen[i] = true;
  }
}

/** The verdict on everything at the end of the run. `violated` are the ids of violated properties. */
export function decideOutcome(outcome: Outcome, scenario: Scenario, ensemble: Ensemble, violated: readonly string[]): ExpectationResult[] {
  const results = outcome.decided.slice();
  (scenario.document.expect ?? []).forEach((expectation, i) => {
    results.push(decide(expectation, i, outcome, ensemble, violated, scenario.placeOf(['expect', i])));
  });
  if (!outcome.scriptDone) {
    results.push({ text: 'the script runs to its end', place: scenario.placeOf(['script']), ok: false, found: 'the run ended first' });
  }
  return results;
}

function decide(expectation: Expectation, i: number, outcome: Outcome, ensemble: Ensemble, violated: readonly string[], place: Place): ExpectationResult {
  if ('violates' in expectation) {
    const missing = expectation.violates.filter((id) => !violated.includes(id));
    return { text: `violates ${expectation.violates.join(', ')}`, place, ok: missing.length === 0, found: missing.length === 0 ? '' : `${missing.join(', ')} held` };
  }
  if ('holds' in expectation) {
    const broken = expectation.holds.filter((id) => violated.includes(id));
    return { text: `${expectation.holds.join(', ')} hold`, place, ok: broken.length === 0, found: broken.length === 0 ? '' : `${broken.join(', ')} violated` };
  }
  if ('trace' in expectation) {
    const count = outcome.traced[i] ?? 0;
    const wanted = expectation.times ?? '1+';
    const ok = wanted.endsWith('+') ? count >= Number(wanted.slice(0, -1)) : count === Number(wanted);
    return { text: `the trace has ${JSON.stringify(expectation.trace)}${expectation.times === undefined ? '' : ` ${expectation.times} times`}`, place, ok, found: ok ? '' : `${count} times` };
  }
  if ('before' in expectation) {
    const ok = outcome.seen[i] === true;
    return { text: `${expectation.state} within ${expectation.before / 1000}ms`, place, ok, found: ok ? '' : 'not in time' };
  }
  return stateResult(ensemble, expectation.state, place);
}

/** Properties that the scenario expects to be violated. */
export function expectedViolations(scenario: Scenario): string[] {
  return (scenario.document.expect ?? []).flatMap((expectation) => ('violates' in expectation ? expectation.violates : []));
}

/** What a run has shown of its scenario's expectations: follows the events beside the world and goes back with it. */
import { isSequence } from '../client/sequence.ts';
import type { Ensemble } from '../ensemble/ensemble.ts';
import { notesOf, type Note } from '../ensemble/note.ts';
import type { Bindings } from './server-ref.ts';
import { parseCondition, type Condition } from './condition.ts';
import { foundInstead, holds } from './condition-holds.ts';
import type { Expectation, NoteMatch } from './document.ts';
import { scriptOf } from './driver.ts';
import type { Place } from './input-error.ts';
import { matchesNote } from './note-match.ts';
import type { Scenario, ScriptLine } from './parse-scenario.ts';
import { foundSequenceText, foundText, meets, meetsSequence } from './result-match.ts';

/** An expectation that has been decided. */
export interface ExpectationResult {
  readonly text: string;
  readonly place: Place;
  readonly ok: boolean;
  /** What was found instead, for one that failed. */
  readonly found: string;
}

/** What the events are looked at for, made once. */
export interface Wanted {
  /** Conditions of `check` lines, by the index of the line. */
  readonly checks: readonly (readonly Condition[])[];
  /** Of `expect`, by index; null where it is not a state. */
  readonly states: readonly (Condition | null)[];
  readonly hasTimed: boolean;
  /** Types of notes that some expectation counts. */
  readonly notes: ReadonlySet<string>;
}

export interface Outcome {
  readonly wanted: Wanted;
  /** Call number to index of the script line, for calls that are not answered yet. */
  calls: Map<number, number>;
  decided: ExpectationResult[];
  /** By index in `expect`: how often a note was found, or how far an order got. */
  traced: number[];
  /** `before` expectations that were seen to hold in time. */
  seen: boolean[];
  scriptDone: boolean;
}

export function makeOutcome(scenario: Scenario): Outcome {
  const expectations = scenario.document.expect ?? [];
  const none = expectations.map(() => 0);
  const seen = expectations.map(() => false);
  return { wanted: wantedOf(scenario), calls: new Map(), decided: [], traced: none, seen, scriptDone: scenario.lines.length === 0 };
}

function wantedOf({ document, lines }: Scenario): Wanted {
  const expectations = document.expect ?? [];
  return {
    checks: lines.map((line) => (line.verb === 'check' ? line.value.flatMap((text) => parseCondition(text) ?? []) : [])),
    states: expectations.map((each) => ('state' in each ? parseCondition(each.state) : null)),
    hasTimed: expectations.some((each) => 'state' in each && 'before' in each),
    notes: new Set(expectations.flatMap((each) => matchesOf(each).flatMap(({ note }) => note ?? []))),
  };
}

export function matchesOf(expectation: Expectation): readonly NoteMatch[] {
  if ('order' in expectation) return expectation.order;
  return 'trace' in expectation ? [expectation.trace] : [];
}

export function copyOutcome(outcome: Outcome): Outcome {
  const { calls, decided, traced, seen } = outcome;
  return { ...outcome, calls: new Map(calls), decided: decided.slice(), traced: traced.slice(), seen: seen.slice() };
}

/** Looks at the event just run. */
export function observeOutcome(outcome: Outcome, scenario: Scenario, ensemble: Ensemble): void {
  const { record } = ensemble.world;
  for (const note of notesOf(record)) {
    if (note.type === 'script') onScript(outcome, scenario, ensemble, note);
    else if (note.type === 'acted' && note.action.type === 'invoke') {
      if (record.actor === 'driver') outcome.calls.set(note.action.call, scriptOf(ensemble.world).line - (isLeaving(ensemble) ? 1 : 0));
    } else if (note.type === 'client-returned') onReturned(outcome, scenario, note);
    else if (note.type === 'client-sequence-done') onSequenceDone(outcome, scenario, note);
    if (outcome.wanted.notes.has(note.type)) countNote(outcome, scenario, ensemble, note);
  }
  if (outcome.wanted.hasTimed) seeInTime(outcome, scenario, ensemble);
}

/** After an operation that it does not wait for, the script stands at the next line already. */
function isLeaving(ensemble: Ensemble): boolean {
  return scriptOf(ensemble.world).phase === 'enter';
}

type ScriptNote = Extract<Note, { readonly type: 'script' }>;

function onScript(outcome: Outcome, scenario: Scenario, ensemble: Ensemble, note: ScriptNote): void {
  const line = scenario.lines[note.line];
  switch (note.what) {
    case 'done':
      outcome.scriptDone = true;
      return;
    case 'entered':
      for (const condition of outcome.wanted.checks[note.line] ?? [])
        if (line !== undefined) outcome.decided.push(checkResult(ensemble, condition, line));
      return;
    case 'reached':
      if (line?.verb === 'until') outcome.decided.push({ text: note.text, place: line.place, ok: true, found: '' });
      return;
    default:
      if (line === undefined) return;
      outcome.decided.push({ text: note.text, place: line.place, ok: false, found: failureText(note, line, ensemble) });
      forgetCalls(outcome, note.line);
  }
}

/** A line that has failed says so once. */
function forgetCalls(outcome: Outcome, line: number): void {
  for (const [call, own] of outcome.calls) if (own === line) outcome.calls.delete(call);
}

function failureText({ what, name }: ScriptNote, line: ScriptLine, ensemble: Ensemble): string {
  switch (what) {
    case 'nobody':
      return `there is no ${name}`;
    case 'down':
      return `${name} is down`;
    case 'nothing':
      return name === '' ? 'there was nothing to act on' : `${name}: there was nothing to act on`;
    default: {
      const condition = line.verb === 'until' ? parseCondition(line.value) : null;
      return `it did not happen in time${condition === null ? '' : `; ${foundInstead(ensemble, condition, bindingsOf(ensemble))}`}`;
    }
  }
}

function bindingsOf(ensemble: Ensemble): Bindings {
  return scriptOf(ensemble.world).bindings;
}

function checkResult(ensemble: Ensemble, condition: Condition, line: ScriptLine): ExpectationResult {
  return stateResult(ensemble, condition, line.text, line.place);
}

/** Does the condition hold now? */
export function stateResult(ensemble: Ensemble, condition: Condition, text: string, place: Place): ExpectationResult {
  const bindings = bindingsOf(ensemble);
  const ok = holds(ensemble, condition, bindings);
  return { text, place, ok, found: ok ? '' : foundInstead(ensemble, condition, bindings) };
}

function onReturned(outcome: Outcome, scenario: Scenario, note: Extract<Note, { type: 'client-returned' }>): void {
  const line = lineOfCall(outcome, scenario, note.call);
  if (line === null || isSequence(line.operation)) return;
  outcome.calls.delete(note.call);
  // Nothing was sent, so that whatever the script means by the line has not been done.
  const isInVain = note.error === 'SESSIONEXPIRED' && note.xid === 0;
  if (line.expect === undefined && isInVain)
    outcome.decided.push({ text: line.text, place: line.place, ok: false, found: `the session of ${line.client} is over` });
  if (line.expect === undefined) return;
  const ok = line.expect.some((text) => meets(text, note));
  outcome.decided.push({ text: answerText(line), place: line.place, ok, found: ok ? '' : foundText(note) });
}

type OperationLine = Extract<ScriptLine, { readonly verb: 'operation' }>;

function lineOfCall({ calls }: Outcome, { lines }: Scenario, call: number): OperationLine | null {
  const index = calls.get(call);
  const line = index === undefined ? undefined : lines[index];
  return line?.verb === 'operation' ? line : null;
}

function onSequenceDone(outcome: Outcome, scenario: Scenario, note: Extract<Note, { type: 'client-sequence-done' }>): void {
  const line = lineOfCall(outcome, scenario, note.call);
  outcome.calls.delete(note.call);
  if (line?.expect === undefined) return;
  const ok = line.expect.some((text) => meetsSequence(text, note));
  outcome.decided.push({ text: answerText(line), place: line.place, ok, found: ok ? '' : foundSequenceText(note) });
}

export function answerText(line: ScriptLine): string {
  return `${line.text} gives ${(line.expect ?? []).join(' or ')}`;
}

function countNote(outcome: Outcome, scenario: Scenario, ensemble: Ensemble, note: Note): void {
  const expectations = scenario.document.expect ?? [];
  const { now } = ensemble.world;
  for (let i = 0; i < expectations.length; i++) {
    const expectation = expectations[i];
    if (expectation === undefined) continue;
    const count = outcome.traced[i] ?? 0;
    const isInTime = !('trace' in expectation) || (now >= (expectation.after ?? 0) && now <= (expectation.before ?? Infinity));
    const match = 'order' in expectation ? expectation.order[count] : matchesOf(expectation)[0];
    if (match !== undefined && isInTime && matchesNote(match, note, ensemble, bindingsOf(ensemble))) outcome.traced[i] = count + 1;
  }
}

function seeInTime(outcome: Outcome, scenario: Scenario, ensemble: Ensemble): void {
  const expectations = scenario.document.expect ?? [];
  for (let i = 0; i < expectations.length; i++) {
    const expectation = expectations[i];
    const condition = outcome.wanted.states[i] ?? null;
    if (expectation === undefined || !('before' in expectation) || condition === null || outcome.seen[i] === true) continue;
    if (ensemble.world.now <= (expectation.before ?? 0) && holds(ensemble, condition, bindingsOf(ensemble))) outcome.seen[i] = true;
  }
}

/** Properties that the scenario expects to be violated. */
export function expectedViolations(scenario: Scenario): string[] {
  return (scenario.document.expect ?? []).flatMap((expectation) => ('violates' in expectation ? expectation.violates : []));
}

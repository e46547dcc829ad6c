/** Runs a candidate and tells whether it still violates what the counterexample did. */
import { Bug } from '../base/assert.ts';
import { report, reportOf } from '../check/checker.ts';
import type { PropertyId, Violation } from '../check/violation.ts';
import { notesOf } from '../ensemble/note.ts';
import { InputError } from '../scenario/input-error.ts';
import { scenarioOfPlain } from '../scenario/parse-scenario.ts';
import { openRun, slicesOf, type Run } from '../scenario/run-scenario.ts';
import type { Values } from './shrink-document.ts';

/** What must still be violated, and in the same way. */
export interface Wanted {
  readonly property: PropertyId;
  readonly kind: string;
}

export interface Judged {
  readonly violation: Violation;
  /** When each line of the script that was reached began, virtual microseconds. */
  readonly entered: readonly number[];
  readonly events: number;
}

export interface Tried {
  /** Null when it does not violate it. */
  readonly judged: Judged | null;
  readonly events: number;
  /** An error of ours that ended the run; null for none. */
  readonly broke: string | null;
}

/** So often it is asked whether the violation has come. */
const SLICE_EVENTS = 200;

/** A candidate whose run goes round in circles is none. */
export function tryCandidate(document: Values, wanted: Wanted, eventsMax: number): Tried {
  try {
    return judge(openRun(scenarioOfPlain(document, 'candidate')), wanted, eventsMax);
  } catch (error) {
    // A name that is gone, two mutations that contradict one another: no scenario.
    if (error instanceof InputError) return { judged: null, events: 0, broke: null };
    if (error instanceof Bug) return { judged: null, events: 0, broke: error.message };
    throw error;
  }
}

function judge(run: Run, wanted: Wanted, eventsMax: number): Tried {
  const { ensemble, companion } = run;
  const { checker } = companion;
  const { world } = ensemble;
  const entered: number[] = [];
  const slices = slicesOf(run, SLICE_EVENTS, () => {
    for (const note of notesOf(world.record)) if (note.type === 'script' && note.what === 'entered') entered[note.line] = world.now;
  });
  let isOver = false;
  while (!isOver && world.events < eventsMax && !checker.violations.some((each) => isWanted(each, wanted)))
    isOver = slices.next().done === true;
  const reports = isOver ? reportOf(checker, ensemble) : report(checker);
  const violation = reports.flatMap((each) => each.violation ?? []).find((each) => isWanted(each, wanted));
  if (violation === undefined) return { judged: null, events: world.events, broke: null };
  const reached = entered.filter((at) => at <= violation.at);
  return { judged: { violation, entered: reached, events: violation.event }, events: world.events, broke: null };
}

function isWanted({ property, kind }: Violation, wanted: Wanted): boolean {
  return property === wanted.property && kind === wanted.kind;
}

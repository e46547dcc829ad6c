/** Where a shrinking stands: the smallest file so far, and what has been asked already. Passes propose, this decides. */
import { formatDuration } from '../scenario/duration.ts';
import { withKey, type Values } from './shrink-document.ts';
import { tryCandidate, type Judged, type Wanted } from './shrink-oracle.ts';

export interface Shrinking {
  readonly wanted: Wanted;
  best: Values;
  /** Of the best one. */
  judged: Judged;
  /** Without its mutations the counterexample violates nothing: nor may what it is shrunk to. */
  readonly needsMutations: boolean;
  /** Candidates by their text that were refused. */
  readonly refused: Set<string>;
  runs: number;
  events: number;
  /** The first error of ours that a candidate ran into; null for none. */
  broke: string | null;
}

/** A pass tries candidates one by one; between two its caller may look up. */
export type Pass = (shrinking: Shrinking) => Generator<void>;

/** Takes the candidate for the best one if it still violates the property, and by the same defects. */
export function* accepts(shrinking: Shrinking, candidate: Values): Generator<void, boolean> {
  const { refused, best, needsMutations } = shrinking;
  const text = JSON.stringify(candidate);
  if (refused.has(text) || text === JSON.stringify(best)) return false;
  const judged = run(shrinking, candidate);
  // A small script may run into another defect, of the default ensemble even.
  const isOther = judged !== null && needsMutations && run(shrinking, withoutMutations(candidate)) !== null;
  if (judged === null || isOther) refused.add(text);
  else {
    shrinking.best = candidate;
    shrinking.judged = judged;
  }
  yield;
  return judged !== null && !isOther;
}

function run(shrinking: Shrinking, candidate: Values): Judged | null {
  const { wanted, judged: own } = shrinking;
  const { judged, events, broke } = tryCandidate(withSlack(candidate, own), wanted, EVENTS_TIMES * own.events + EVENTS_MORE);
  shrinking.runs += 1;
  shrinking.events += events;
  shrinking.broke ??= broke;
  return judged;
}

export function withoutMutations(document: Values): Values {
  return withKey(withKey(document, 'preset', null), 'mutations', null);
}

/** The first of the candidates that will do. */
export function* acceptsOneOf(shrinking: Shrinking, candidates: Iterable<Values>): Generator<void, boolean> {
  for (const candidate of candidates) if (yield* accepts(shrinking, candidate)) return true;
  return false;
}

/** Other elections may take longer: a candidate is given more time than the best one took, whatever it says itself. */
export function withSlack(candidate: Values, { violation }: Judged): Values {
  return withKey(candidate, 'until', formatDuration(violation.at + Math.floor(violation.at / 4) + SLACK_US));
}

const SLACK_US = 2_000_000;

/** A candidate that takes so many more events than the best one to its violation goes round in circles. */
const EVENTS_TIMES = 3;
const EVENTS_MORE = 3_000;

/** Those that a person would try. */
export const FIRST_SEEDS: readonly string[] = ['1', '2', '3', '4', '5'];

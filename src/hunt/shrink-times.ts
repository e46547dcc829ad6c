/** Times: none at all where a line may follow at once, a condition to wait for where that will do, else as round and as short as they may be. */
import { formatDuration, parseDuration } from '../scenario/duration.ts';
import {
  clientName,
  clientsOf,
  isActing,
  isValues,
  linesOf,
  namesOf,
  textOf,
  verbOf,
  withKey,
  withLine,
  withLines,
  type Values,
} from './shrink-document.ts';
import { acceptsOneOf, type Shrinking } from './shrinking.ts';

/** From the first line to the last: a line without a time comes at once after the one before it. */
export function* noTimes(shrinking: Shrinking): Generator<void> {
  if (yield* acceptsOneOf(shrinking, withoutAnyTime(shrinking.best))) return;
  for (let i = 0; i < linesOf(shrinking.best).length; i++) {
    const { best } = shrinking;
    const lines = linesOf(best);
    const line = lines[i];
    if (line === undefined || !('at' in line)) continue;
    const free = withKey(line, 'at', null);
    const candidates = [
      withLines(best, lines.with(i, free)),
      ...conditionsBefore(best, i).map((until) => withLines(best, [...lines.slice(0, i), { until }, free, ...lines.slice(i + 1)])),
    ];
    yield* acceptsOneOf(shrinking, candidates);
  }
}

/** All times at once, with waiting for a whole ensemble at the beginning. */
function* withoutAnyTime(document: Values): Generator<Values> {
  const lines = linesOf(document);
  if (!lines.some((line) => 'at' in line)) return;
  const free = lines.map((line) => withKey(line, 'at', null));
  yield withLines(document, free);
  yield withLines(document, [{ until: 'all serving' }, ...free]);
}

/** What a reader would wait for before the line; the plainest first. */
function conditionsBefore(document: Values, index: number): string[] {
  const lines = linesOf(document).slice(0, index);
  const line = linesOf(document)[index];
  const clients = clientsOf(document).map(clientName);
  const general = lines.some(isActing) ? ['leader elected', 'all serving'] : ['all serving'];
  const touched = lines.flatMap((each) => (['start', 'resume'].includes(verbOf(each)) ? namesOf(each[verbOf(each)]) : [])).toReversed();
  const own = line !== undefined && clients.includes(verbOf(line)) ? [`${verbOf(line)} is connected`] : [];
  const states = [...new Set(touched)]
    .slice(0, 2)
    .flatMap((name) => (clients.includes(name) ? [] : STATES.map((state) => `${name} ${state}`)));
  return [...own, ...general, ...states];
}

const STATES = ['serving', 'is LEADING', 'is FOLLOWING', 'is SYNCHRONIZATION', 'is DISCOVERY'];

/** A wait from the line before in place of a time from the beginning: then what comes earlier may get shorter. */
export function* relativeTimes(shrinking: Shrinking): Generator<void> {
  for (let i = 0; i < linesOf(shrinking.best).length; i++) {
    const { best, judged } = shrinking;
    const lines = linesOf(best);
    const line = lines[i];
    const at = parseDuration(textOf(line?.['at']) ?? '');
    if (line === undefined || at === null) continue;
    const gap = at - (i === 0 ? 0 : (judged.entered[i - 1] ?? at));
    if (gap <= 0) continue;
    const free = withKey(line, 'at', null);
    const waits = [...rounder(gap), gap].map((us) => ({ wait: formatDuration(us) }));
    yield* acceptsOneOf(
      shrinking,
      waits.map((wait) => withLines(best, [...lines.slice(0, i), wait, free, ...lines.slice(i + 1)])),
    );
  }
}

const UNITS_US = [1_000_000, 100_000, 10_000, 1_000, 100] as const;

/** Rounder than it, the roundest first, and no longer than half as much again. */
function rounder(us: number): number[] {
  const found = UNITS_US.flatMap((unit) => [Math.floor(us / unit) * unit, Math.ceil(us / unit) * unit]);
  return [...new Set(found)].filter((each) => each > 0 && each !== us && each <= us + us / 2 && shorter(each, us));
}

function shorter(each: number, us: number): boolean {
  return formatDuration(each).length < formatDuration(us).length;
}

/** Every duration of the script. */
export function* roundTimes(shrinking: Shrinking): Generator<void> {
  for (let i = 0; i < linesOf(shrinking.best).length; i++) {
    const line = linesOf(shrinking.best)[i];
    if (line === undefined) continue;
    for (const path of durationsOf(line)) {
      const us = parseDuration(textOf(valueAt(line, path)) ?? '');
      if (us === null) continue;
      yield* acceptsOneOf(
        shrinking,
        rounder(us).map((round) => withLine(shrinking.best, i, withValue(line, path, formatDuration(round)))),
      );
    }
  }
}

/** `at`, `within`, `wait`, and what stands in a line under `for` and `by`. */
function durationsOf(line: Values): (readonly string[])[] {
  const verb = verbOf(line);
  const value = line[verb];
  const inner = isValues(value) ? ['for', 'by'].filter((key) => key in value).map((key) => [verb, key]) : [];
  return [...['at', 'within', 'wait'].filter((key) => key in line).map((key) => [key]), ...inner];
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce((found, key) => (isValues(found) ? found[key] : undefined), value);
}

function withValue(values: Values, [key = '', ...rest]: readonly string[], to: string): Values {
  const inner = values[key];
  return { ...values, [key]: rest.length === 0 || !isValues(inner) ? to : withValue(inner, rest, to) };
}

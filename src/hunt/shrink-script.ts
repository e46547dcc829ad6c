/** Lines of the script and entries of the schedule: as few as will do. */
import { smallestPart, withoutPairs } from './delta-debugging.ts';
import {
  deviationsOf,
  isActing,
  isValues,
  linesOf,
  namesOf,
  scheduleOf,
  verbOf,
  withKey,
  withLine,
  withLines,
  type Values,
} from './shrink-document.ts';
import { accepts, acceptsOneOf, FIRST_SEEDS, type Shrinking } from './shrinking.ts';

/** What begins after the violation has no part in it. */
export function* cutAfterViolation(shrinking: Shrinking): Generator<void> {
  const { best, judged } = shrinking;
  if (scheduleOf(best).length > 0) return;
  const kept = linesOf(best).slice(0, judged.entered.length);
  if (kept.length < linesOf(best).length) yield* accepts(shrinking, withLines(best, kept));
}

export function* fewerLines(shrinking: Shrinking): Generator<void> {
  const { best } = shrinking;
  yield* smallestPart(linesOf(best), (kept) => accepts(shrinking, withLines(best, kept)));
}

export function* fewerEntries(shrinking: Shrinking): Generator<void> {
  const { best } = shrinking;
  const entries = scheduleOf(best);
  if (entries.length === 0) return;
  yield* smallestPart(entries, (kept) => accepts(shrinking, withKey(best, 'schedule', kept.length === 0 ? null : kept)));
}

/** Of a schedule without events the lines may be the script's. */
export function* noSchedule(shrinking: Shrinking): Generator<void> {
  const { best } = shrinking;
  const lines = scheduleOf(best).filter(isValues);
  if (lines.length === 0 || lines.length < scheduleOf(best).length) return;
  yield* accepts(shrinking, withLines(withKey(best, 'schedule', null), [...linesOf(best), ...lines]));
}

/** A crash and the restart after it may need one another. Too many pairs are too long a wait. */
const PAIRS_OF = 24;

export function* fewerPairs(shrinking: Shrinking): Generator<void> {
  const { best } = shrinking;
  const lines = linesOf(best);
  if (lines.length > PAIRS_OF || deviationsOf(best) < 2) return;
  yield* withoutPairs(lines, (kept) => accepts(shrinking, withLines(best, kept)));
}

/** With other delays a line more may be spared. */
export function* fewerByOtherSeeds(shrinking: Shrinking): Generator<void> {
  for (let i = linesOf(shrinking.best).length - 1; i >= 0; i--) {
    const { best } = shrinking;
    const lines = linesOf(best);
    const line = lines[i];
    if (line === undefined || lines.length > PAIRS_OF || !isActing(line)) continue;
    const fewer = withLines(best, lines.toSpliced(i, 1));
    yield* acceptsOneOf(
      shrinking,
      FIRST_SEEDS.map((seed) => withKey(fewer, 'seed', seed)),
    );
  }
}

const TOGETHER = ['start', 'stop', 'kill', 'pause', 'resume'];

/** `kill: s1` and `kill: s2` at the same moment as one line. */
export function* joinedLines(shrinking: Shrinking): Generator<void> {
  for (let i = 0; i + 1 < linesOf(shrinking.best).length;) {
    const joined = joinAt(shrinking.best, i);
    if (joined === null || !(yield* accepts(shrinking, joined))) i += 1;
  }
}

function joinAt(document: Values, i: number): Values | null {
  const lines = linesOf(document);
  const [line, next] = [lines[i], lines[i + 1]];
  if (line === undefined || next === undefined) return null;
  const verb = verbOf(line);
  if (!TOGETHER.includes(verb) || verbOf(next) !== verb || 'as' in line || 'as' in next) return null;
  const names = [...namesOf(line[verb]), ...namesOf(next[verb])];
  const joined = { ...line, [verb]: [...new Set(names)].join(', ') };
  return withLines(document, [...lines.slice(0, i), joined, ...lines.slice(i + 2)]);
}

/** Servers named together in a line of which not all are needed, parts of a partition, and a crash where a power loss is said. */
export function* smallerLines(shrinking: Shrinking): Generator<void> {
  for (let i = 0; i < linesOf(shrinking.best).length; i++) {
    for (let again = true; again;) {
      const { best } = shrinking;
      const line = linesOf(best)[i];
      again = false;
      if (line === undefined || !isActing(line)) break;
      for (const smaller of smallerOf(line)) {
        again = yield* accepts(shrinking, withLine(best, i, smaller));
        if (again) break;
      }
    }
  }
}

function* smallerOf(line: Values): Generator<Values> {
  const verb = verbOf(line);
  const value = line[verb];
  if (TOGETHER.includes(verb)) {
    const names = namesOf(value);
    if (names.length > 1) for (const name of names) yield { ...line, [verb]: names.filter((each) => each !== name).join(', ') };
  }
  if (verb === 'power-loss') {
    const server = isValues(value) ? value['server'] : value;
    yield instead(line, 'kill', server);
    if (isValues(value)) yield { ...line, [verb]: server };
  }
  if (verb === 'partition' && Array.isArray(value)) yield* smallerPartitions(line, value);
  if (isValues(value))
    for (const key of Object.keys(value)) if (!NEEDED.includes(key)) yield { ...line, [verb]: withKey(value, key, null) };
  if (verb === 'break' && isValues(value) && Object.keys(value).length === 1)
    yield { ...line, [verb]: namesOf(value['between']).join(' - ') };
  for (const key of ['expect', 'within']) if (key in line) yield withKey(line, key, null);
}

/** Without these a line is none. */
const NEEDED = ['server', 'thread', 'from', 'to', 'client', 'between', 'file', 'type', 'by'];

function instead(line: Values, verb: string, value: unknown): Values {
  return Object.fromEntries(Object.entries(line).map(([key, own]) => (key === verbOf(line) ? [verb, value] : [key, own])));
}

/** Who is named nowhere is a group of its own, so that one group may be left unsaid. */
function* smallerPartitions(line: Values, groups: readonly unknown[]): Generator<Values> {
  for (let i = 0; i < groups.length && groups.length > 1; i++) yield { ...line, partition: groups.filter((_, at) => at !== i) };
  for (let i = 0; i < groups.length; i++) {
    const names = namesOf(groups[i]);
    for (const name of names.length > 1 ? names : [])
      yield {
        ...line,
        partition: groups.with(
          i,
          names.filter((each) => each !== name),
        ),
      };
  }
}

/** The figures of hunts as a table: one bug a line. */
import { countText } from '../figures.ts';
import { table } from '../terminal.ts';
import type { HuntBenchJson } from './bench-json.ts';

export function huntTable(bugs: readonly HuntBenchJson[]): string {
  const head = ['bug', 'property', 'difficulty', 'found', 'median', 'worst', 'runs, median', 'runs, worst', 'deviations'];
  const rows = bugs.map(({ mutation, property, difficulty, hunts, deviations }) => {
    const found = hunts.filter((hunt) => hunt.found);
    // A hunt that found nothing counts as longer than all that did.
    const sortedBy = (what: 'ms' | 'runs'): number[] =>
      hunts.map((hunt) => (hunt.found ? hunt[what] : Infinity)).sort((a, b) => (a === b ? 0 : a - b));
    const [ms, runs] = [sortedBy('ms'), sortedBy('runs')];
    const middle = Math.floor((hunts.length - 1) / 2);
    const seconds = (value: number | undefined): string =>
      value === undefined ? '' : value === Infinity ? 'not in time' : `${(value / 1000).toFixed(1)} s`;
    const count = (value: number | undefined): string => (value === undefined || value === Infinity ? '-' : countText(value));
    return [
      mutation,
      property,
      String(difficulty),
      `${found.length} of ${hunts.length}`,
      seconds(ms[middle]),
      seconds(ms.at(-1)),
      count(runs[middle]),
      count(runs.at(-1)),
      deviations === null ? '' : String(deviations),
    ];
  });
  return table([head, ...rows]);
}

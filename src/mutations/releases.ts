/**
 * The releases a defect is in, as data: `3.4.10-3.4.14, 3.5.3-3.8.4, master` is a list of releases and of ranges, both ends belonging to
 * it. Versions are in the order of their numbers, so that a range that runs on into the next line takes all of that line up to its end.
 */
import { assert } from '../base/assert.ts';

/** The last release of each line; master comes after all of them. */
const LAST_OF_LINE: Readonly<Record<string, number>> = {
  '3.0': 1,
  '3.1': 2,
  '3.2': 2,
  '3.3': 6,
  '3.4': 14,
  '3.5': 10,
  '3.6': 4,
  '3.7': 2,
  '3.8': 6,
  '3.9': 5,
};

/** Is `release` one of `versions`? The empty text names none. */
export function isInReleases(versions: string, release: string): boolean {
  const rank = rankOf(release);
  return versions
    .split(', ')
    .filter((range) => range !== '')
    .some((range) => {
      const [first = '', last = first, ...more] = range.split('-');
      assert(more.length === 0 && rankOf(first) <= rankOf(last), `${range} is no range of releases`);
      return rankOf(first) <= rank && rank <= rankOf(last);
    });
}

/** A number that orders releases. A release that never was is a mistake of whoever wrote it down. */
function rankOf(release: string): number {
  if (release === 'master') return Infinity;
  const [, line = '', minor, patch] = /^(3\.(\d))\.(\d+)$/.exec(release) ?? [];
  const last = LAST_OF_LINE[line];
  assert(last !== undefined && Number(patch) <= last, `${release} is no release of ZooKeeper`);
  return Number(minor) * 100 + Number(patch);
}
